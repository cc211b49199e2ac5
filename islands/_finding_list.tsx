import { zoneName } from "./_format.ts";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { MarkChange } from "./_finding_api.ts";
import type { Of } from "./_finding_calls.ts";
import { EmptyRow, FindingRow } from "./_finding_row.tsx";
import type { FindingRows } from "./_finding_rows.ts";
import { Unfolded } from "./_finding_unfolded.tsx";
import { visible } from "./_visible.ts";

interface Props {
  readonly of: Of;
  readonly rows: FindingRows;
  readonly at: number;
  readonly chosen: ReadonlySet<number>;
  /** Which row is unfolded; −1 for none. */
  readonly open: number;
  /** Another list is being asked for. */
  readonly busy: boolean;
  pick(i: number): void;
  toggle(i: number): void;
  unfold(i: number): void;
  set(i: number, change: MarkChange): void;
}

/** Rows drawn above and below what is in view. */
const SPARE = 12;
/** Rows of the server's own picture: as many as a screen of 1440 lines shows. */
const FIRST = 24;

/**
 * Of 100,000 rows only those in view are in the document: all have one height,
 * and so has what an unfolded row shows.
 */
export function FindingListView(p: Props) {
  const { rows, at, open } = p;
  const box = useRef<HTMLDivElement>(null);
  const above = useRef<HTMLDivElement>(null);
  const below = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({
    from: 0,
    to: Math.min(FIRST, rows.length),
  });
  const size = () => sizes(box.current!);

  const look = () => {
    const { row, more, height, top } = size();
    const index = (y: number) =>
      Math.floor((open >= 0 && y > (open + 1) * row ? y - more : y) / row);
    const from = Math.max(0, index(top) - SPARE);
    const to = Math.min(rows.length, index(top + height) + SPARE);
    setView((old) => old.from === from && old.to === to ? old : { from, to });
    rows.need(from, to);
  };
  useEffect(look, [rows, open]);
  useEffect(() => {
    addEventListener("resize", look);
    return () => removeEventListener("resize", look);
  });
  useLayoutEffect(() => {
    const { row, more } = size();
    const inside = open >= view.from && open < view.to;
    const before = open >= 0 && open < view.from ? more : 0;
    const after = open >= 0 && !inside && before === 0 ? more : 0;
    above.current!.style.height = `${view.from * row + before}px`;
    below.current!.style.height = `${(rows.length - view.to) * row + after}px`;
  }, [view, rows, open]);
  useEffect(() => {
    const { row, more, height, top, head } = size();
    const y = at * row + (open >= 0 && open < at ? more : 0);
    const tall = row + (open === at ? more : 0);
    if (y < top) box.current!.scrollTop = y;
    else if (y + tall + head > top + height) {
      box.current!.scrollTop = y + tall + head - height;
    }
  }, [at, open]);

  const shown = [];
  for (let i = view.from; i < view.to; i++) shown.push(i);
  return (
    <>
      {rows.trouble === "" ? null : (
        <p role="alert" class="wrong row">
          Cannot load some rows: {visible(rows.trouble)}
          <button
            type="button"
            onClick={() => void rows.need(view.from, view.to)}
          >
            Retry
          </button>
        </p>
      )}
      <div
        ref={box}
        class="panel pad0 flist"
        aria-busy={p.busy}
        role="region"
        tabIndex={0}
        aria-label="Findings table"
        onScroll={look}
      >
        <div role="table" aria-label="Findings" aria-rowcount={rows.length + 1}>
          <Head />
          <div ref={above} />
          {shown.map((i) => <Row key={i} {...p} i={i} />)}
          <div ref={below} />
        </div>
      </div>
    </>
  );
}

function sizes(box: HTMLElement) {
  const row =
    box.querySelector(".frow:not(.fhead)")?.getBoundingClientRect().height ||
    52;
  const styles = getComputedStyle(box);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {
    row,
    /** As the style sheet says, for every unfolded row. */
    more: parseFloat(styles.getPropertyValue("--unfolded")) * rem,
    head: box.querySelector<HTMLElement>(".fhead")?.offsetHeight ?? 0,
    height: box.clientHeight,
    top: box.scrollTop,
  };
}

function Row(p: Props & { i: number }) {
  const { i, rows } = p;
  const row = rows.get(i);
  if (!row) return <EmptyRow index={i} />;
  return (
    <>
      <FindingRow
        row={row}
        index={i}
        href={hrefOf(p.of, row.best.id)}
        current={i === p.at}
        selected={p.chosen.has(i)}
        open={i === p.open}
        pick={() => p.pick(i)}
        toggle={() => p.toggle(i)}
        unfold={() => p.unfold(i)}
      />
      {i === p.open
        ? (
          <div role="row" aria-rowindex={i + 2} class="foldrow">
            <div role="cell">
              <Unfolded
                of={p.of}
                row={row}
                set={(change) => p.set(i, change)}
              />
            </div>
          </div>
        )
        : null}
    </>
  );
}

export function hrefOf({ dataset, run }: Of, id: string): string {
  const own = new URLSearchParams({ dataset, run: String(run) });
  return `/findings/${id}?${own}`;
}

function Head() {
  const titles = [
    ["c-pick", ""],
    ["c-sev", "Score"],
    ["c-what", "What happens"],
    ["c-spark", "Activity"],
    ["c-num", "Period"],
    ["c-num", "Count"],
    ["c-num c-prev", "Hosts"],
    ["c-first", `First seen, ${zoneName()}`],
    ["c-mark", "Answer"],
    ["c-open", ""],
  ] as const;
  return (
    <div role="row" class="frow fhead" aria-rowindex={1}>
      {titles.map(([name, text], i) => (
        <span key={i} role="columnheader" class={name} title={text}>
          {text === ""
            ? <span class="sr">{i === 0 ? "Select" : "Unfold"}</span>
            : text}
        </span>
      ))}
    </div>
  );
}
