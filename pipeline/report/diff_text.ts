import {
  areComparable,
  countsOf,
  type DiffAspect,
  type FindingDiff,
  findingOf,
  intervalOf,
  type RunDiff,
  sizeOf,
} from "../diff.ts";
import type { RankedFinding } from "../run_report.ts";
import type { RunSummary } from "../store/session_store.ts";
import { bytes, count, seconds, time } from "../wording.ts";
import { csv } from "./csv.ts";
import { findingJson } from "./run_json.ts";
import { labelled, rule, styled, type Terminal, wrap } from "./terminal.ts";
import { visible } from "./visible.ts";

export interface DiffTextOptions {
  readonly terminal: Terminal;
  /** IANA name; changes display only. */
  readonly timeZone: string;
  /** Most findings to list. */
  readonly limit: number;
}

/** How two runs differ: which runs, how many findings of each kind, then each. */
export function diffText(
  diff: RunDiff,
  options: DiffTextOptions,
): string {
  const { before, after, findings } = diff;
  const { terminal, limit } = options;
  const line = (label: string, text: string) => labelled(terminal, label, text);
  const shown = findings.slice(0, limit);
  return [
    "",
    line("from", runText(before, options)),
    line("to", runText(after, options)),
    ...(areComparable(diff) ? [] : [
      line(
        "careful",
        "their windows differ in length: what is gone or new may only lie outside of one",
      ),
    ]),
    line("findings", countsText(findings)),
    "",
    ...(findings.length === 0 ? ["  Nothing differs."] : [
      rule(terminal),
      ...shown.flatMap((diff) => diffLines(diff, terminal)),
      rule(terminal),
    ]),
    ...(findings.length > shown.length
      ? [
        `  ${count(shown.length)} of ${
          count(findings.length)
        } shown: --limit N`,
      ]
      : []),
    "",
  ].join("\n");
}

function runText(run: RunSummary, { timeZone }: DiffTextOptions): string {
  const { from, to } = run.report.window;
  const window = from === null || to === null
    ? "no records"
    : `records of ${seconds(to - from)} up to ${time(to, timeZone)}`;
  return visible(
    `run ${run.id} of ${run.dataset}, ${
      time(run.startedAt, timeZone)
    } ${timeZone}: ${window}`,
  );
}

function countsText(findings: readonly FindingDiff[]): string {
  const { interval, size, unchanged, ...states } = countsOf(findings);
  const parts = Object.entries(states).map(([state, n]) => [n, state] as const);
  return [
    ...parts,
    [interval, "with another interval"] as const,
    [size, "with another size"] as const,
    [unchanged, "unchanged"] as const,
  ].filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`)
    .join(", ") || "none";
}

const INDENT = 12;

/** One line with what, who and to whom; one with how it was and how it is. */
function diffLines(diff: FindingDiff, terminal: Terminal): string[] {
  const { src, dst, port, name, detector } = findingOf(diff);
  const to = name ?? (dst.includes(":") ? `[${dst}]` : dst);
  const word = diff.state === "unchanged" && diff.changes.length > 0
    ? "changed"
    : diff.state;
  const head = visible(
    `${src} → ${to}${port === null ? "" : `:${port}`}  ${detector}`,
  );
  const room = terminal.width - INDENT;
  const under = " ".repeat(INDENT);
  const [first, ...more] = wrap(head, room);
  return [
    `  ${styled(terminal, "bold", word.padEnd(INDENT - 2))}${first}`,
    ...more.map((line) => under + line),
    ...wrap(visible(detailText(diff)), room).map((line) =>
      under + styled(terminal, "dim", line)
    ),
  ];
}

function detailText(diff: FindingDiff): string {
  const { before, after } = diff;
  if (!before || !after) return judgement(findingOf(diff));
  const score = judgement(before) === judgement(after)
    ? judgement(after)
    : `${judgement(before)} → ${judgement(after)}`;
  return [
    score,
    ...diff.changes.map((aspect) => aspectText(aspect, before, after)),
  ]
    .join("; ");
}

function judgement({ score, severity }: RankedFinding): string {
  return `${score.toFixed(2)} ${severity}`;
}

function aspectText(
  aspect: DiffAspect,
  before: RankedFinding,
  after: RankedFinding,
): string {
  return aspect === "interval"
    ? `every ${seconds(intervalOf(before)!)} → every ${
      seconds(intervalOf(after)!)
    }`
    : `${bytes(sizeOf(before)!)} → ${bytes(sizeOf(after)!)} sent each time`;
}

/** The document of `diff --json`. */
export function diffJson(
  { before, after, findings }: RunDiff,
): Record<string, unknown> {
  return {
    before: runSummaryJson(before),
    after: runSummaryJson(after),
    counts: countsOf(findings),
    findings: findings.map(({ state, changes, before, after }) => ({
      state,
      changes,
      before: before && findingJson(before),
      after: after && findingJson(after),
    })),
  };
}

function runSummaryJson({ id, dataset, startedAt, report }: RunSummary) {
  return { id, dataset, startedAt, window: report.window };
}

/** One line per finding, with a header. */
export function diffCsv({ findings }: RunDiff): string {
  return csv(
    [
      "state",
      "changes",
      "id",
      "detector",
      "src",
      "dst",
      "port",
      "proto",
      "name",
      "severityBefore",
      "severityAfter",
      "scoreBefore",
      "scoreAfter",
      "intervalBefore",
      "intervalAfter",
      "sizeBefore",
      "sizeAfter",
      "summary",
    ],
    findings.map((diff) => {
      const { id, detector, src, dst, port, proto, name, summary } = findingOf(
        diff,
      );
      const both = <T>(value: (finding: RankedFinding) => T) =>
        [diff.before, diff.after].map((finding) => finding && value(finding));
      return [
        diff.state,
        diff.changes.join(" "),
        id,
        detector,
        src,
        dst,
        port,
        proto,
        name,
        ...both(({ severity }) => severity),
        ...both(({ score }) => score),
        ...both(intervalOf),
        ...both(sizeOf),
        summary,
      ];
    }),
  );
}
