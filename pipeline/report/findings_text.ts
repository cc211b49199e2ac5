import { type Direction, organisationText } from "../finding.ts";
import { byLane, LANE_DOCS } from "../lanes.ts";
import type { RankedFinding } from "../run_report.ts";
import { count, plural, seconds } from "../wording.ts";
import { hostLabel } from "./host_text.ts";
import { rule, severityMark, styled, type Terminal, wrap } from "./terminal.ts";
import { visible } from "./visible.ts";

interface ListOptions {
  readonly terminal: Terminal;
  /** Most findings to print; of `byLaneText`, in each lane. */
  readonly limit: number;
}

/** Rank, score, severity and summary; under it the strongest reasons and a uid. None: no line. */
export function findingsText(
  findings: readonly RankedFinding[],
  { terminal, limit }: ListOptions,
): string[] {
  if (findings.length === 0) return [];
  const out = [rule(terminal)];
  for (const finding of findings.slice(0, limit)) {
    out.push(...findingLines(finding, terminal));
  }
  out.push(rule(terminal));
  const rest = findings.length - Math.min(limit, findings.length);
  if (rest > 0) {
    out.push(`  ${count(limit)} of ${count(findings.length)} shown`);
  }
  return out;
}

/** So many of each lane are shown at least. */
const OF_EACH_LANE = 3;

/**
 * The best of each lane that the common list has not shown, so that a busy
 * lane pushes no other out of sight.
 */
export function lanesText(
  findings: readonly RankedFinding[],
  { terminal, limit }: ListOptions,
): string[] {
  const shown = new Set(findings.slice(0, limit));
  const lanes = byLane(findings);
  if (lanes.length < 2) return [];
  return lanes.flatMap(({ lane, own }) => {
    const best = own.slice(0, Math.min(OF_EACH_LANE, limit))
      .filter((finding) => !shown.has(finding));
    return best.length === 0 ? [] : [
      `${laneHead(terminal, lane)}; the best of ${
        plural(own.length, "finding")
      }`,
      ...best.flatMap((finding) => findingLines(finding, terminal)),
    ];
  });
}

/** Each lane as a list of its own, its best first. */
export function byLaneText(
  findings: readonly RankedFinding[],
  { terminal, limit }: ListOptions,
): string[] {
  return byLane(findings).flatMap(({ lane, own }) => [
    laneHead(terminal, lane),
    ...findingsText(own, { terminal, limit }),
  ]);
}

function laneHead(terminal: Terminal, lane: Direction): string {
  return `  ${styled(terminal, "bold", lane)}, ${LANE_DOCS[lane]}`;
}

const INDENT = 25;
/** Other keys of a finding that a list shows. */
const ALSO = 3;

/** One line with who, to whom and how; one with the reasons that fit and a uid. */
function findingLines(finding: RankedFinding, terminal: Terminal): string[] {
  const rank = String(finding.rank).padStart(3);
  const score = styled(terminal, "bold", finding.score.toFixed(2));
  const mark = severityMark(terminal, finding.severity).padEnd(INDENT - 11);
  const room = terminal.width - INDENT;
  const head = visible(`${subjectText(finding)}  ${rhythmText(finding)}`);
  const under = " ".repeat(INDENT);
  const [first, ...more] = wrap(head, room);
  return [
    `  ${rank} ${score} ${mark}${first}`,
    ...more.map((line) => under + line),
    ...wrap(visible(whyText(finding, room)), room).map((line) =>
      under + styled(terminal, "dim", line)
    ),
    ...alsoLines(finding, terminal, room).map((line) => under + line),
  ];
}

/** What other keys see of the same contacts, the first of them. */
function alsoLines(
  { evidence: { alsoSeenAs } }: RankedFinding,
  terminal: Terminal,
  room: number,
): string[] {
  if (!Array.isArray(alsoSeenAs)) return [];
  const shown = alsoSeenAs.slice(0, ALSO).join(", ");
  const more = alsoSeenAs.length > ALSO
    ? ` and ${alsoSeenAs.length - ALSO} more`
    : "";
  return wrap(visible(`also seen as: ${shown}${more}`), room).map((line) =>
    styled(terminal, "dim", line)
  );
}

function subjectText(finding: RankedFinding): string {
  const { src, dst, port, name, srcHost, dstHost, organisation } = finding;
  const from = srcHost?.name ? `${src} ${hostLabel(srcHost)}` : src;
  const to = name ?? (dst.includes(":") ? `[${dst}]` : dst);
  const whose = [
    hostLabel(dstHost),
    organisation ? organisationText(organisation) : "",
  ].filter(Boolean).map((text) => ` [${text}]`).join("");
  return `${from} → ${to}${port === null ? "" : `:${port}`}${whose}`;
}

function rhythmText({ evidence, count: n }: RankedFinding): string {
  const { period, jitter, longestSeconds, stillOpen, timingScore } = evidence;
  if (timingScore === undefined && typeof longestSeconds === "number") {
    return `open for ${seconds(longestSeconds)}${
      stillOpen ? ", still open" : ""
    }`;
  }
  const every = typeof period === "number" && Number(timingScore) > 0.1
    ? `every ${seconds(period)} ± ${seconds(Number(jitter))}, `
    : "";
  const unanswered = evidence.answered === false ? ", never answered" : "";
  return `${every}${plural(n, "time")}${unanswered}`;
}

/** The strongest reasons for, as many as fit, and a uid to look at. */
function whyText({ reasons, uids }: RankedFinding, room: number): string {
  const uid = uids[0] ? ` (uid ${uids[0]})` : "";
  const [first, ...others] = reasons
    .filter(({ name, effect }) => name !== "prior" && effect > 0)
    .map(({ text }) => text);
  let why = `why: ${first ?? "it repeats"}`;
  for (const text of others) {
    if (why.length + 2 + text.length + uid.length > room) break;
    why += `; ${text}`;
  }
  return why + uid;
}
