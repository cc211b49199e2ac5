import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows drawn above and below those in sight. */
const SPARE = 8;

interface Props {
  readonly count: number;
  /** Pixels; every row has this height. */
  readonly rowHeight: number;
  /** What the rows are, for a screen reader. */
  readonly label: string;
  readonly head: ComponentChildren;
  readonly row: (index: number) => ComponentChildren;
  readonly columns: number;
  /** Name of the table's class. */
  readonly table?: string;
}

/** A table of any length that holds only the rows in sight. */
export function VirtualRows(props: Props) {
  const { count, rowHeight, label, head, row, columns, table } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  useEffect(() => {
    const seen = new ResizeObserver(() =>
      setHeight(box.current?.clientHeight ?? 0)
    );
    seen.observe(box.current!);
    return () => seen.disconnect();
  }, []);
  const from = Math.max(0, Math.floor(top / rowHeight) - SPARE);
  const to = Math.min(
    count,
    Math.ceil((top + height) / rowHeight) + SPARE,
  );
  return (
    <div
      ref={box}
      class="scroll virtual"
      role="region"
      tabIndex={0}
      aria-label={label}
      onScroll={(e) => setTop(e.currentTarget.scrollTop)}
    >
      <table class={table} aria-rowcount={count + 1}>
        <thead>{head}</thead>
        <tbody>
          <Filler height={from * rowHeight} columns={columns} />
          {Array.from({ length: Math.max(0, to - from) }, (_, i) =>
            row(from + i))}
          <Filler height={(count - to) * rowHeight} columns={columns} />
        </tbody>
      </table>
    </div>
  );
}

/** Room for the rows that are not drawn; a style attribute is forbidden here. */
function Filler({ height, columns }: { height: number; columns: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  useLayoutEffect(() => {
    if (cell.current) cell.current.style.height = `${Math.max(0, height)}px`;
  }, [height]);
  if (height <= 0) return null;
  return (
    <tr class="filler" aria-hidden="true">
      <td ref={cell} colSpan={columns} />
    </tr>
  );
}
