import type { FindingRowView } from "./_finding_api.ts";
import { duration, MISSING, number, time } from "./_format.ts";
import { saidOf } from "./_finding_said.ts";
import { cut, visible } from "./_visible.ts";
import { SeverityMark } from "./_severity.tsx";

interface Props {
  readonly row: FindingRowView;
  readonly index: number;
  readonly href: string;
  readonly current: boolean;
  readonly selected: boolean;
  readonly open: boolean;
  pick(): void;
  toggle(): void;
  unfold(): void;
}

const NAME_LENGTH = 60, SENTENCE_LENGTH = 220, TAGS = 2;

/** One row of the list: who calls whom, since when, and what is thought of it. */
export function FindingRow(p: Props) {
  const { best: f } = p.row;
  return (
    <div
      role="row"
      class={`frow${p.selected ? " chosen" : ""}`}
      aria-rowindex={p.index + 2}
      aria-current={p.current ? "true" : undefined}
      onMouseDown={p.pick}
    >
      <span role="cell" class="c-pick">
        <input
          type="checkbox"
          checked={p.selected}
          aria-label={`Select row ${p.index + 1}`}
          onChange={p.toggle}
        />
      </span>
      <span role="cell" class="c-sev">
        <SeverityMark finding={f} />
        <span class="lane" title={`${f.direction}: its rank in this lane`}>
          {f.direction}
          {f.laneRank === undefined ? null : ` ${number(f.laneRank)}`}
        </span>
      </span>
      <span role="cell" class="c-what">
        <span class="who">
          <Who row={p.row} href={p.href} />
        </span>
        <span class="says">
          {p.row.says === "" ? null : <b>{`${p.row.says}. `}</b>}
          {cut(visible(saidOf(f)), SENTENCE_LENGTH)}
        </span>
      </span>
      <span role="cell" class="c-spark">
        <Spark counts={p.row.spark} />
      </span>
      <span role="cell" class="c-num">
        {f.period === null ? MISSING : duration(f.period)}
      </span>
      <span role="cell" class="c-num">{number(f.count)}</span>
      <span role="cell" class="c-num c-prev">{f.prevalence ?? MISSING}</span>
      <span role="cell" class="c-first">{time(f.firstSeenTs, "min")}</span>
      <span role="cell" class="c-mark">
        <Mark row={p.row} />
      </span>
      <span role="cell" class="c-open">
        <button
          type="button"
          aria-expanded={p.open}
          aria-label={`Reasons of row ${p.index + 1}`}
          onClick={p.unfold}
        >
          {p.open ? "−" : "+"}
        </button>
      </span>
    </div>
  );
}

/** A row that has not come yet. */
export function EmptyRow({ index }: { index: number }) {
  return (
    <div role="row" class="frow" aria-rowindex={index + 2} aria-busy="true">
      <span role="cell" class="soft">{index + 1}</span>
      <span role="cell" class="skeleton">
        <i class="bar short" />
      </span>
      <span role="cell" class="skeleton">
        <i class="bar" />
        <i class="bar short" />
      </span>
    </div>
  );
}

function Who({ row, href }: { row: FindingRowView; href: string }) {
  const { best: f, detectors } = row;
  return (
    <>
      <a href={href}>
        <b>{visible(f.src)}</b> <span class="soft">→</span>{" "}
        <b>{cut(visible(f.name ?? f.dst), NAME_LENGTH)}</b>
        {f.port === null ? null : <span class="soft">:{f.port}</span>}
      </a>{" "}
      {f.name === null ? null : (
        <span class="soft dst">
          {visible(f.dst)}
          {f.nameSource === null ? "" : ` (${f.nameSource})`}
        </span>
      )} {f.organisation
        ? <span class="soft org">{cut(visible(f.organisation.name), 40)}</span>
        : null}{" "}
      {detectors.map((name) => (
        <span key={name} class="tag">{visible(name)}</span>
      ))}
      {f.state === "new" || f.state === "raised"
        ? <span class="tag strong">{f.state}</span>
        : null}
      {f.alsoSeenAs.length > 0
        ? (
          <span class="tag" title={visible(f.alsoSeenAs.join("; "))}>
            also seen {f.alsoSeenAs.length}×
          </span>
        )
        : null}
      {f.returned ? <span class="tag strong">returned</span> : null}
      {f.hiddenBy === null
        ? null
        : <span class="tag">hidden by {f.hiddenBy}</span>}
    </>
  );
}

function Mark({ row: { best: { mark } } }: { row: FindingRowView }) {
  const regular = mark.regular === null
    ? null
    : mark.regular
    ? "beacon"
    : "not a beacon";
  const said = [mark.verdict, regular].filter((text) => text !== null);
  return (
    <>
      {said.length === 0
        ? <span class="soft">undecided</span>
        : <b>{said.join(", ")}</b>}
      {mark.owner === null
        ? null
        : <span class="soft">{cut(visible(mark.owner), 20)}</span>}
      {mark.tags.slice(0, TAGS).map((tag) => (
        <span key={tag} class="tag">{cut(visible(tag), 20)}</span>
      ))}
    </>
  );
}

/** One path for all bars: a hundred rows stay light. */
function Spark({ counts }: { counts: readonly number[] }) {
  const most = Math.max(...counts, 1);
  const active = counts.filter((n) => n > 0).length;
  const d = counts.map((n, i) => {
    if (n === 0) return "";
    const height = Math.max(2, 24 * n / most).toFixed(1);
    return `M${i * 4} 26v-${height}h3v${height}z`;
  }).join("");
  return (
    <svg
      class="spark"
      viewBox="0 0 192 28"
      preserveAspectRatio="none"
      role="img"
      aria-label={`active in ${active} of ${counts.length} parts of the window`}
    >
      <path class="base" d="M0 26.5h192v1h-192z" />
      <path class="bars" d={d} />
    </svg>
  );
}
