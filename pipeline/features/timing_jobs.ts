import { NO_LAW } from "./jitter_law.ts";
import { NO_TIMING, type Timing, timing } from "./timing.ts";

/** Series whose rhythms several threads measure; all of it in shared memory. */
export interface TimingPlan {
  /** Epoch seconds of all series, one after the other. */
  readonly times: Float64Array;
  /** Where each series ends in `times`. */
  readonly ends: Uint32Array;
  /** OUT, shape (nSeries, TIMING_FIELDS), row-major; see {@link writeTiming}. */
  readonly timings: Float64Array;
  /** One value: the series that is taken next. */
  readonly next: Int32Array;
  /** By series whether `timings` has it. */
  readonly done: Int32Array;
}

/** Numbers of a timing, in the order in which they are written. */
const NUMBERS = [
  "score",
  "log10p",
  "period",
  "jitter",
  "shortest",
  "median",
  "longest",
  "collapse",
  "checkIns",
  "missed",
  "active",
] as const satisfies readonly (keyof Timing)[];
const TEST_NAMES = [
  "none",
  "gini",
  "moran",
  "mode",
  "comb",
  "link",
] as const satisfies readonly Timing["test"][];
const LAW_KINDS = [
  "none",
  "constant",
  "shortened",
  "two-sided",
] as const satisfies readonly Timing["law"]["kind"][];
/** Cadences of a timing, at the most. */
const MOST_CADENCES = 3;

/** Numbers; test; kind, sleep and share of the law; cadences and how many. */
export const TIMING_FIELDS = NUMBERS.length + 5 + MOST_CADENCES;

/** A timing as numbers, from `at` on; {@link readTiming} gives it back. */
export function writeTiming(own: Timing, out: Float64Array, at: number): void {
  for (const name of NUMBERS) out[at++] = own[name];
  out[at++] = TEST_NAMES.indexOf(own.test);
  out[at++] = LAW_KINDS.indexOf(own.law.kind);
  out[at++] = own.law.sleep;
  out[at++] = own.law.share;
  out[at++] = own.cadences.length;
  for (const cadence of own.cadences) out[at++] = cadence;
}

export function readTiming(from: Float64Array, at: number): Timing {
  const own: Record<string, unknown> = { ...NO_TIMING };
  for (const name of NUMBERS) own[name] = from[at++];
  own.test = TEST_NAMES[from[at++]];
  const kind = LAW_KINDS[from[at++]], sleep = from[at++], share = from[at++];
  own.law = kind === "none" ? NO_LAW : { kind, sleep, share };
  const cadences = from[at++];
  own.cadences = cadences === 0
    ? NO_TIMING.cadences
    : Array.from(from.subarray(at, at + cadences));
  return own as unknown as Timing;
}

/** Measures the plan's next series; false where none is left. */
export function measureNext(plan: TimingPlan): boolean {
  const series = Atomics.add(plan.next, 0, 1);
  if (series >= plan.done.length) return false;
  measureSeries(plan, series);
  return true;
}

export function measureSeries(
  { times, ends, timings, done }: TimingPlan,
  series: number,
): void {
  const own = times.subarray(series === 0 ? 0 : ends[series - 1], ends[series]);
  writeTiming(timing(own), timings, TIMING_FIELDS * series);
  Atomics.store(done, series, 1);
}
