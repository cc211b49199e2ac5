import {
  duration,
  MISSING,
  number,
  plural,
  utc,
} from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { RankedFinding, Window } from "../../pipeline/mod.ts";
import { linkTo } from "../_links.ts";
import { Sentence } from "./log_text.tsx";
import { SeverityMark } from "./severity.tsx";
import { Sparkline } from "./sparkline.tsx";

interface Props {
  readonly findings: readonly RankedFinding[];
  readonly window: Window;
  readonly url: URL;
}

/** The list: one row per finding, best first. */
export function FindingRows({ findings, window, url }: Props) {
  const { from, to } = window;
  const length = from !== null && to !== null ? duration(to - from) : "";
  return (
    <div
      class="panel pad0 scroll"
      tabIndex={0}
      role="region"
      aria-label="Findings table"
    >
      <table class="find">
        <thead>
          <tr>
            <th scope="col" class="num">#</th>
            <th scope="col" aria-sort="descending">Score ↓</th>
            <th scope="col">What happens</th>
            <th scope="col">
              Activity <span class="soft">over {length}</span>
            </th>
            <th scope="col" class="num">Count</th>
            <th scope="col">First seen, UTC</th>
            <th scope="col">State</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {findings.map((finding) => (
            <Row key={finding.id} finding={finding} window={window} url={url} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** In the whole history, and not only in the run's window. */
function firstSeen({ firstSeen, firstTs }: RankedFinding): number {
  return firstSeen?.ts ?? firstTs;
}

function Row(
  { finding: f, window, url }: {
    finding: RankedFinding;
    window: Window;
    url: URL;
  },
) {
  return (
    <tr>
      <td class="num soft rank">{f.rank}</td>
      <td class="sevcell">
        <SeverityMark finding={f} />
      </td>
      <td class="keep">
        <div class="say">
          <Who finding={f} href={linkTo(`/findings/${f.id}`, url)} />
          <Sentence text={f.summary} names={[f.src, f.name, f.dst]} />
          <Meta finding={f} />
        </div>
      </td>
      <td class="act">
        <Sparkline ts={f.series.ts} window={window} />
      </td>
      <td class="num opt">{number(f.count)}</td>
      <td class="opt nowrap">{utc(firstSeen(f), "min")}</td>
      <td class="opt">
        <StateTag state={f.state} />
      </td>
      <td class="opt">
        {f.verdict ?? <span class="soft">{MISSING}</span>}
      </td>
    </tr>
  );
}

/** Longer names are cut here; the finding's page has them whole. */
const NAME_LENGTH = 72;

/** Who calls whom: the name where there is one, and the address. */
function Who({ finding: f, href }: { finding: RankedFinding; href: string }) {
  const name = cut(visible(f.name ?? f.dst), NAME_LENGTH);
  return (
    <span class="who">
      <a href={href}>
        <b>{visible(f.src)}</b> <span class="soft">→</span> <b>{name}</b>
        {f.port === null ? null : <span class="soft">:{f.port}</span>}
      </a>{" "}
      {f.name === null ? null : <span class="soft">{visible(f.dst)}</span>}{" "}
      <span class="tag">{visible(f.detector)}</span>
    </span>
  );
}

/** The strongest reason for it; what the narrow view has no column for. */
function Meta({ finding: f }: { finding: RankedFinding }) {
  const reason = f.reasons.find((r) => r.effect > 0) ?? f.reasons[0];
  const from = f.sensor === null ? null : `seen by ${visible(f.sensor)}`;
  const parts = [reason && visible(reason.text), from].filter(Boolean);
  return (
    <>
      {parts.length === 0
        ? null
        : <span class="meta">{parts.join(" · ")}</span>}
      <span class="meta narrow">
        {plural(f.count, "time")} · first {utc(firstSeen(f), "min")} · {f.state}
        {f.verdict === null ? null : ` · ${f.verdict}`}
      </span>
    </>
  );
}

function StateTag({ state }: { state: RankedFinding["state"] }) {
  const strong = state === "new" || state === "raised";
  return <span class={strong ? "tag strong" : "tag"}>{state}</span>;
}
