/** How the intervals of one period scatter. */
export interface JitterLaw {
  /**
   * "constant": within 1 %; "shortened": a sleep that is cut by a random share
   * (Cobalt Strike's jitter), recognised by its round longest value;
   * "two-sided": around the period; "none": too few intervals of one period.
   */
  readonly kind: "constant" | "shortened" | "two-sided" | "none";
  /** Seconds: the sleep that is set, or the middle. */
  readonly sleep: number;
  /** Share of the sleep by which an interval may differ, in [0, 1]. */
  readonly share: number;
}

export const NO_LAW: JitterLaw = Object.freeze({
  kind: "none",
  sleep: NaN,
  share: NaN,
});

/** What people set a sleep to: seconds with one or two leading digits. */
const ROUND = [
  1,
  1.2,
  1.5,
  1.8,
  2,
  2.4,
  2.5,
  3,
  3.6,
  4,
  4.5,
  5,
  6,
  7.2,
  7.5,
  8,
  9,
  9.6,
];
const CONSTANT = 0.01;
const NEAR = 0.015;
/** A hole this wide, in periods, parts one beat from two. */
const HOLE = 0.08;

/**
 * The law of the intervals that span one period; scattered ends are left out
 * (2 % on either side), since one late packet would set the range.
 *
 * ```ts
 * import { jitterLaw } from "./jitter_law.ts";
 * import assert from "node:assert/strict";
 *
 * const gaps = Float64Array.from({ length: 61 }, (_, i) => 240 + i);
 * const { kind, sleep, share } = jitterLaw(gaps, 270);
 * assert.deepEqual([kind, sleep, Math.round(100 * share)], ["shortened", 300, 20]);
 * ```
 * @param gaps seconds, ascending.
 */
export function jitterLaw(gaps: Float64Array, period: number): JitterLaw {
  const one = oneBeat(gaps, period);
  const n = one.length;
  if (n < 8) return NO_LAW;
  const cut = Math.floor(0.02 * n);
  const low = one[cut], high = one[n - 1 - cut];
  const middle = (low + high) / 2;
  const share = (high - low) / (high + low);
  if (share < CONSTANT) return { kind: "constant", sleep: one[n >> 1], share };
  const set = roundNear(high);
  if (set !== null && roundNear(middle) === null) {
    return { kind: "shortened", sleep: set, share: 1 - low / set };
  }
  return { kind: "two-sided", sleep: middle, share };
}

/**
 * Gaps of one period: below the widest hole on its upper side, where there is
 * one, since a missed beat leaves a gap of two.
 */
function oneBeat(gaps: Float64Array, period: number): Float64Array {
  const near = gaps.filter((g) => g >= period / 10 && g < 1.95 * period);
  let end = near.length, widest = HOLE * period;
  for (let i = 1; i < near.length; i++) {
    if (near[i] <= period || near[i] - near[i - 1] <= widest) continue;
    widest = near[i] - near[i - 1];
    end = i;
  }
  return near.subarray(0, end);
}

/** A round value within 1.5 % of `seconds`, or null. */
function roundNear(seconds: number): number | null {
  const scale = 10 ** Math.floor(Math.log10(seconds));
  for (const digits of [...ROUND, 10]) {
    const value = digits * scale;
    if (Math.abs(seconds / value - 1) <= NEAR) return value;
  }
  return null;
}
