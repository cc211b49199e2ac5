import { SEVERITIES, type Severity } from "./finding.ts";
import { count, plural } from "./wording.ts";

interface Scored {
  readonly id: string;
  readonly severity: Severity;
}

/** What another hunt would change in a list of findings. */
export interface HuntChange {
  readonly before: number;
  readonly after: number;
  /** Findings that only one of them has. */
  readonly more: number;
  readonly fewer: number;
  /** Findings that both have, with another severity. */
  readonly otherSeverity: number;
  /** Findings of each severity, worst first. */
  readonly severities: readonly {
    readonly severity: Severity;
    readonly before: number;
    readonly after: number;
  }[];
}

/**
 * How many findings change from one hunt to another.
 *
 * ```ts
 * import { huntChange } from "./hunt_preview.ts";
 * import assert from "node:assert/strict";
 *
 * const { fewer, otherSeverity } = huntChange(
 *   [{ id: "a", severity: "high" }, { id: "b", severity: "low" }],
 *   [{ id: "a", severity: "medium" }],
 * );
 * assert.deepEqual([fewer, otherSeverity], [1, 1]);
 * ```
 */
export function huntChange(
  before: readonly Scored[],
  after: readonly Scored[],
): HuntChange {
  const old = new Map(before.map(({ id, severity }) => [id, severity]));
  const both = after.filter(({ id }) => old.has(id));
  const of = (list: readonly Scored[], wanted: Severity) =>
    list.filter(({ severity }) => severity === wanted).length;
  return {
    before: before.length,
    after: after.length,
    more: after.length - both.length,
    fewer: before.length - both.length,
    otherSeverity: both.filter(({ id, severity }) => old.get(id) !== severity)
      .length,
    severities: SEVERITIES.map((severity) => ({
      severity,
      before: of(before, severity),
      after: of(after, severity),
    })),
  };
}

/** "17 findings instead of 18: 0 more, 1 fewer, 2 of another severity; …". */
export function huntChangeText(change: HuntChange): string {
  const { before, after, more, fewer, otherSeverity } = change;
  if (more + fewer + otherSeverity === 0) {
    return `the same ${plural(after, "finding")}, each as severe as before`;
  }
  const bands = change.severities
    .filter((band) => band.before !== band.after)
    .map(({ severity, before, after }) =>
      `${severity} ${count(before)} → ${count(after)}`
    );
  return [
    `${plural(after, "finding")} instead of ${count(before)}: ` +
    `${count(more)} more, ${count(fewer)} fewer, ` +
    `${count(otherSeverity)} of another severity`,
    ...(bands.length > 0 ? [bands.join(", ")] : []),
  ].join("; ");
}
