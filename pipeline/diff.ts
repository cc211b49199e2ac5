import { SkerryError } from "./errors.ts";
import {
  type Evidence,
  type Finding,
  SEVERITIES,
  type Severity,
  stateOf,
} from "./finding.ts";
import type { RankedFinding } from "./run_report.ts";
import type { RunSummary } from "./store/session_store.ts";
import { seconds } from "./wording.ts";

/** What became of a finding from one run to another. */
export type DiffState = "new" | "gone" | "raised" | "lowered" | "unchanged";

/** What else is different in a beacon that both runs found. */
export type DiffAspect = "interval" | "size";

export interface FindingDiff {
  readonly state: DiffState;
  readonly changes: readonly DiffAspect[];
  /** null where the run did not find it; not both are. */
  readonly before: RankedFinding | null;
  readonly after: RankedFinding | null;
}

export interface RunDiff {
  readonly before: RunSummary;
  readonly after: RunSummary;
  /** What became new or worse first, then what changed, went, and stayed. */
  readonly findings: readonly FindingDiff[];
}

/**
 * How the findings of two runs differ, by the findings' ids. Smaller steps than
 * those that a run itself calls raised or lowered are noise here, too.
 */
export function diffRuns(
  before: RunSummary,
  after: RunSummary,
  beforeFindings: readonly RankedFinding[],
  afterFindings: readonly RankedFinding[],
): RunDiff {
  const old = new Map(beforeFindings.map((finding) => [finding.id, finding]));
  const found = new Set(afterFindings.map(({ id }) => id));
  const findings = [
    ...afterFindings.map((finding) => diffOf(old.get(finding.id), finding)),
    ...beforeFindings.filter(({ id }) => !found.has(id)).map((finding) => ({
      state: "gone" as const,
      changes: [],
      before: finding,
      after: null,
    })),
  ];
  return { before, after, findings: findings.sort(compareDiffs) };
}

/** Whether anything about the finding is different. */
export function hasChanged({ state, changes }: FindingDiff): boolean {
  return state !== "unchanged" || changes.length > 0;
}

/** The higher of a finding's scores in the two runs. */
export function highestScore({ before, after }: FindingDiff): number {
  return Math.max(before?.score ?? 0, after?.score ?? 0);
}

/** Whether the runs looked at windows of about the same length. */
export function areComparable({ before, after }: RunDiff): boolean {
  const [a, b] = [before, after].map(({ report: { window } }) =>
    (window.to ?? 0) - (window.from ?? 0)
  );
  return Math.min(a, b) >= 0.5 * Math.max(a, b);
}

/** The finding as the newest run that has it says it. */
export function findingOf({ before, after }: FindingDiff): RankedFinding {
  return (after ?? before)!;
}

/** How many findings are new, gone, …, and how many changed in an aspect. */
export function countsOf(
  findings: readonly FindingDiff[],
): Record<DiffState | DiffAspect, number> {
  const out = {
    new: 0,
    gone: 0,
    raised: 0,
    lowered: 0,
    unchanged: 0,
    interval: 0,
    size: 0,
  };
  for (const diff of findings) {
    for (const aspect of diff.changes) out[aspect]++;
    if (diff.state !== "unchanged" || !hasChanged(diff)) out[diff.state]++;
  }
  return out;
}

function diffOf(
  before: RankedFinding | undefined,
  after: RankedFinding,
): FindingDiff {
  if (!before) return { state: "new", changes: [], before: null, after };
  const changes: DiffAspect[] = [];
  if (intervalChanged(before, after)) changes.push("interval");
  if (sizeChanged(before, after)) changes.push("size");
  return { state: stateOf(before.score, after.score), changes, before, after };
}

/** A tenth, and more than the check-ins vary by anyway. */
const STEP = 0.1;

/** Seconds between check-ins; null without a rhythm. */
export function intervalOf({ evidence }: Finding): number | null {
  return numberOf(evidence.timingScore) > 0.1 && numberOf(evidence.period) > 0
    ? numberOf(evidence.period)
    : null;
}

/** Bytes of most check-ins; null where they have no size in common. */
export function sizeOf({ evidence }: Finding): number | null {
  return numberOf(evidence.sizeShare) >= 0.5 && numberOf(evidence.size) > 0
    ? numberOf(evidence.size)
    : null;
}

function intervalChanged(before: Finding, after: Finding): boolean {
  const a = intervalOf(before), b = intervalOf(after);
  if (a === null || b === null) return false;
  const varies = Math.max(
    ...[before, after].map(({ evidence }) => numberOf(evidence.jitter) || 0),
  );
  return Math.abs(a - b) > Math.max(STEP * Math.max(a, b), varies);
}

function sizeChanged(before: Finding, after: Finding): boolean {
  const a = sizeOf(before), b = sizeOf(after);
  return a !== null && b !== null && Math.abs(a - b) > STEP * Math.max(a, b);
}

function numberOf(value: Evidence | undefined): number {
  return typeof value === "number" ? value : NaN;
}

const ORDER: readonly DiffState[] = [
  "new",
  "raised",
  "lowered",
  "gone",
  "unchanged",
];

function compareDiffs(a: FindingDiff, b: FindingDiff): number {
  return placeOf(a) - placeOf(b) || findingOf(a).rank - findingOf(b).rank;
}

/** A changed interval or size stands after what was raised. */
function placeOf(diff: FindingDiff): number {
  const place = ORDER.indexOf(diff.state);
  return diff.state === "unchanged" && hasChanged(diff) ? 1.5 : place;
}

/** Whether a severity is at least another. */
export function atLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}

/**
 * The newest of a dataset's runs that began at least `age` seconds before
 * `after` did.
 *
 * @throws SkerryError where none is as old.
 */
export function baselineOf(
  runs: readonly RunSummary[],
  after: RunSummary,
  age: number,
): RunSummary {
  const older = runs.filter(({ dataset, startedAt }) =>
    dataset === after.dataset && startedAt <= after.startedAt - age
  ).sort((a, b) => b.startedAt - a.startedAt);
  if (older.length > 0) return older[0];
  throw new SkerryError(
    `Cannot compare: no run of ${after.dataset} is ${
      seconds(age)
    } older than run ${after.id}`,
    { hint: "skerry runs lists them" },
  );
}
