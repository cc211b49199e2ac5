import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { number, plural } from "./_format.ts";
import type { Answer, NetView, PairRow } from "./_net.ts";
import { useKeys } from "./_keys.ts";
import { Head, Row } from "./_net_pair_row.tsx";

/** Rows that one order shows. */
const SHOWN = 200;

/** Rows at first: a page that one can see the end of. */
const AT_FIRST = 25;

type Order = "surest" | "unsure";

interface Props {
  readonly dataset: string;
  readonly view: NetView;
  readonly threshold: number;
  /** Takes the answer back where it is null. */
  readonly onDecide: (pair: PairRow, answer: Answer | null) => void;
  readonly onUndo: () => void;
  readonly onRetrain: () => void;
  /** While a net is trained. */
  readonly busy: boolean;
}

/** Whom the net calls beacons, to confirm or reject by mouse or keyboard. */
export function PairsPanel(p: Props) {
  const { view, threshold } = p;
  const [order, setOrder] = useState<Order>("surest");
  const [selected, setSelected] = useState<string | null>(null);
  const [open, setOpen] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const listed = useMemo(
    () => ordered(view.pairs, order, threshold),
    [view.pairs, order, order === "unsure" ? threshold : 0],
  );
  const rows = all ? listed : listed.slice(0, AT_FIRST);
  const current = rows.find(({ id }) => id === selected);
  const body = useRef<HTMLTableSectionElement>(null);
  useKeys((key) => {
    const at = rows.findIndex(({ id }) => id === selected);
    if (key === "j" || key === "k") {
      const next = rows[Math.max(0, key === "j" ? at + 1 : at - 1)];
      if (next) setSelected(next.id);
    } else if (key === "u") p.onUndo();
    else if (current && (key === "c" || key === "r")) {
      const answer = key === "c" ? "beacon" : "benign";
      p.onDecide(current, current.answer === answer ? null : answer);
    } else if (current && key === "Enter") {
      setOpen(open === current.id ? null : current.id);
    } else return false;
    return true;
  });
  useEffect(() => {
    body.current?.querySelector("[aria-current]")
      ?.scrollIntoView({ block: "nearest" });
  }, [selected]);

  const fresh =
    view.pairs.filter(({ answer, learned }) => answer !== learned).length;
  const below = order === "surest"
    ? rows.findIndex(({ probability }) => !(probability > threshold))
    : -1;
  return (
    <section class="panel pad0 w12">
      <header>
        <h2>Predicted beacons</h2>
        <OrderButtons order={order} onChange={setOrder} />
        <span class="small soft">
          <kbd>j</kbd> <kbd>k</kbd> move · <kbd>c</kbd> confirm · <kbd>r</kbd>
          {" "}
          reject · <kbd>u</kbd> undo · <kbd>Enter</kbd> its {view.unit}s
        </span>
        <button
          type="button"
          id="retrain"
          disabled={fresh === 0 || p.busy}
          onClick={p.onRetrain}
        >
          Retrain with {plural(fresh, "decision")}
        </button>
      </header>
      {rows.length === 0
        ? <p class="note inset">Nothing was left to ask the net about.</p>
        : (
          <div
            class="scroll"
            tabIndex={0}
            role="region"
            aria-label="Predicted beacons"
          >
            <table class="pairs">
              <Head unit={view.unit} />
              <tbody ref={body}>
                {rows.map((row, i) => (
                  <Row
                    key={row.id}
                    row={row}
                    dataset={p.dataset}
                    unit={view.unit}
                    line={i === below ? threshold : null}
                    selected={row.id === selected}
                    open={row.id === open}
                    onSelect={() => setSelected(row.id)}
                    onOpen={() => {
                      setSelected(row.id);
                      setOpen(open === row.id ? null : row.id);
                    }}
                    onDecide={(answer) => {
                      setSelected(row.id);
                      p.onDecide(row, answer);
                    }}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      <div class="row inset">
        {rows.length < listed.length
          ? (
            <button type="button" id="all" onClick={() => setAll(true)}>
              Show {number(listed.length - rows.length)} more
            </button>
          )
          : null}
        <p class="note">{countSentence(view, listed.length, order)}</p>
      </div>
    </section>
  );
}

function ordered(
  pairs: readonly PairRow[],
  order: Order,
  threshold: number,
): PairRow[] {
  const far = ({ probability }: PairRow) =>
    order === "surest" ? -probability : Math.abs(probability - threshold);
  return pairs.toSorted((a, b) => far(a) - far(b)).slice(0, SHOWN);
}

function countSentence(view: NetView, shown: number, order: Order): string {
  const { totalPairs } = view;
  const asked = `The net was asked about ${plural(view.asked, view.unit)} of ${
    plural(totalPairs, "pair")
  }${view.origin === "trained" ? " that it did not learn from" : ""}`;
  if (shown === totalPairs) return asked + ".";
  return `${asked}; the ${number(shown)} ${
    order === "surest" ? "surest" : "least sure"
  } are listed.`;
}

function OrderButtons(
  { order, onChange }: { order: Order; onChange: (order: Order) => void },
) {
  const choose = (value: Order, text: string) => (
    <button
      type="button"
      id={`order-${value}`}
      aria-pressed={order === value}
      onClick={() => onChange(value)}
    >
      {text}
    </button>
  );
  return (
    <span class="seg" role="group" aria-label="Order">
      {choose("surest", "Surest first")}
      {choose("unsure", "Most uncertain first")}
    </span>
  );
}
