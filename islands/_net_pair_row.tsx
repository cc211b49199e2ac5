import { duration, MISSING, number, time, zoneName } from "./_format.ts";
import type { Answer, NetView, PairRow } from "./_net.ts";
import { chance } from "./_net_cuts.ts";
import { PairSessions, SessionLink } from "./_net_sessions.tsx";

const COLUMNS = 9;

export function Head({ unit }: { unit: NetView["unit"] }) {
  return (
    <thead>
      <tr>
        <th scope="col" class="num">Probability</th>
        <th scope="col">
          <span class="sr">as a bar</span>
        </th>
        <th scope="col">Pair</th>
        <th scope="col">Likeliest session</th>
        <th scope="col" class="num">Median wait</th>
        <th scope="col" class="num">
          {unit === "request" ? "Requests" : "Connections"}
        </th>
        <th scope="col">First ({zoneName()})</th>
        <th scope="col">Label in data</th>
        <th scope="col">Decision</th>
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly row: PairRow;
  readonly dataset: string;
  readonly unit: NetView["unit"];
  /** The threshold, where this is the first row below it. */
  readonly line: number | null;
  readonly selected: boolean;
  readonly open: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
  readonly onDecide: (answer: Answer | null) => void;
}

/** A pair, below the line where it is the first there, above its requests. */
export function Row(p: RowProps) {
  const { row } = p;
  return (
    <>
      {p.line === null ? null : (
        <tr class="line">
          <td colSpan={COLUMNS}>
            threshold {chance(p.line)}: the net says benign below this line
          </td>
        </tr>
      )}
      <tr
        aria-current={p.selected ? "true" : undefined}
        onClick={p.onSelect}
      >
        <td class="num p">{chance(row.probability)}</td>
        <td class="meter">
          <svg
            class="bar2"
            viewBox="0 0 100 10"
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <rect class="t" width="100" height="10" />
            <rect class="for" width={row.probability * 100} height="10" />
          </svg>
        </td>
        <td class="who">
          <button
            type="button"
            class="plain mono"
            aria-expanded={p.open}
            title={`Its ${p.unit}s (Enter)`}
            onClick={(e) => {
              e.stopPropagation();
              p.onOpen();
            }}
          >
            {row.src} → {row.dst}
          </button>
        </td>
        <td class="uid mono">
          <SessionLink uid={row.uid} dataset={p.dataset} />
        </td>
        <td class="num wait">
          {row.medianWait === null ? MISSING : duration(row.medianWait)}
        </td>
        <td class="num count">
          {number(row.rows)} <span class="narrow">{p.unit}s</span>
        </td>
        <td class="first nowrap">{time(row.firstTs)}</td>
        <td class="label">
          {row.label === null
            ? "–"
            : (
              <span class={row.label === "benign" ? "tag" : "tag strong"}>
                {row.label}
              </span>
            )}
        </td>
        <td class="act">
          <Decision row={row} dataset={p.dataset} onDecide={p.onDecide} />
        </td>
      </tr>
      {p.open
        ? (
          <tr class="sessions">
            <td colSpan={COLUMNS}>
              <PairSessions dataset={p.dataset} pair={row.id} unit={p.unit} />
            </td>
          </tr>
        )
        : null}
    </>
  );
}

/** A form, so that a decision needs no script; pressed again it is undone. */
function Decision(
  { row, dataset, onDecide }: {
    row: PairRow;
    dataset: string;
    onDecide: (answer: Answer | null) => void;
  },
) {
  const button = (answer: Answer, text: string) => {
    const pressed = row.answer === answer;
    return (
      <button
        type="submit"
        name="answer"
        value={pressed ? "none" : answer}
        aria-pressed={pressed}
        onClick={(e) => {
          e.preventDefault();
          e.stopPropagation();
          onDecide(pressed ? null : answer);
        }}
      >
        {text}
        <span class="sr">{row.src} → {row.dst}</span>
      </button>
    );
  };
  return (
    <form
      class="row"
      method="post"
      action={`/api/net/decide?${new URLSearchParams({ dataset })}`}
    >
      <input type="hidden" name="pair" value={row.id} />
      {button("beacon", "Confirm")}
      {button("benign", "Reject")}
    </form>
  );
}
