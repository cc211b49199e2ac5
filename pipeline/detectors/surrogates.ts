import { rhythmLog10p } from "../features/timing.ts";
import { RandomState } from "../models/random.ts";
import { gateOf } from "./gate.ts";

/** Series that are drawn for one rhythm, at most. */
export const SURROGATES = 32;
/** Check-ins drawn for one of them, at most. */
export const DRAWN = 400;

/**
 * Numbers of series after which is asked whether more could change anything,
 * each with the 0.1 % and 99.9 % points of χ² with twice as many degrees.
 */
const STAGES = [
  { series: 4, low: 0.857, high: 26.12 },
  { series: 8, low: 3.942, high: 39.25 },
  { series: 16, low: 11.979, high: 62.49 },
] as const;
/** From so many series on the number that is shown is close enough. */
const CLOSE = 16;
/**
 * An excess that few series may have missed, since most of them have none and
 * some a large one, times their number.
 */
const UNSEEN = 16;
/** Mean of −log10 p where p is uniform. */
const CHANCE = 1 / Math.LN10;

/** What the series are drawn for: the rhythm that they are held against. */
export interface Rhythm {
  /** Its own log10 p, ≤ 0. */
  readonly log10p: number;
  /** log10 of what the p is multiplied by for all pairs tested, ≥ 0. */
  readonly correction: number;
}

/** Jobs of several threads over the same times; all of it in shared memory. */
export interface SurrogatePlan {
  /** Epoch seconds that are drawn from, in two lots. */
  readonly lots: readonly [Float64Array, Float64Array];
  /**
   * Shape (nJobs, 7), row-major: lot, from, to (not included), check-ins, seed,
   * log10 p of the rhythm, its correction.
   */
  readonly jobs: Float64Array;
  /** OUT, shape (nJobs, SURROGATES), row-major; the first ones are filled. */
  readonly log10p: Float64Array;
  /** One value: the job that is taken next. */
  readonly next: Int32Array;
  /** By job how many series were drawn; 0 until `log10p` has them. */
  readonly done: Int32Array;
}

export const JOB_FIELDS = 7;

/**
 * What the test of rhythm says of series drawn from other times: log10 p,
 * ascending, shape (4, 8, 16 or {@link SURROGATES}).
 *
 * Sequential Monte Carlo (Besag & Clifford 1991): it ends as soon as more
 * series could not change what is said of the rhythm, with the risk of a
 * different answer held below a thousandth at each look (Gandy 2009). Most
 * rhythms are settled by four series.
 *
 * @param times epoch seconds, not empty.
 * @param n check-ins of one series, at most {@link DRAWN}.
 */
export function surrogates(
  times: Float64Array,
  n: number,
  seed: number,
  rhythm: Rhythm,
): Float64Array {
  const random = new RandomState(seed);
  const drawn = new Float64Array(n), log10p = new Float64Array(SURROGATES);
  const draw = (from: number, to: number) => {
    for (let s = from; s < to; s++) {
      for (let i = 0; i < n; i++) {
        drawn[i] = times[random.randint(times.length)];
      }
      log10p[s] = rhythmLog10p(drawn.sort());
    }
  };
  let made = 0;
  for (const { series, low, high } of STAGES) {
    draw(made, made = series);
    const doubled = 2 * excessOf(log10p.subarray(0, made)) * made;
    if (isSettled(rhythm, doubled / high, doubled / low, made)) {
      return log10p.subarray(0, made).sort();
    }
  }
  draw(made, SURROGATES);
  return log10p.sort();
}

/**
 * By how much series look more regular than chance: the mean of −log10 p
 * against that of uniform p.
 */
export function excessOf(log10p: Float64Array): number {
  let sum = 0;
  for (const p of log10p) sum -= p;
  return sum / log10p.length / CHANCE;
}

/** log10 of the false discovery rate of a rhythm whose null has that excess. */
export function heldAgainst(
  { log10p, correction }: Rhythm,
  excess: number,
): number {
  return Math.min(0, log10p / Math.max(1, excess) + correction);
}

/**
 * Whether all excesses from `low` to `high` open the gate, or none does. Where
 * they open it, the number that is shown must be known as well: it is where
 * none of them lowers it.
 *
 * The limits are those of a mean of exponentials, which −log10 p of uniform p
 * are; corrected for the tests of one rhythm, they scatter less.
 */
function isSettled(
  rhythm: Rhythm,
  low: number,
  high: number,
  series: number,
): boolean {
  if (gateOf(heldAgainst(rhythm, low)) === 0) return true;
  const most = Math.max(high, UNSEEN / series);
  return gateOf(heldAgainst(rhythm, most)) === 1 &&
    (high <= 1 || series >= CLOSE);
}

/** Does the plan's next job; false where none is left. */
export function doNext(plan: SurrogatePlan): boolean {
  const job = Atomics.add(plan.next, 0, 1);
  if (job >= plan.done.length) return false;
  doJob(plan, job);
  return true;
}

export function doJob(
  { lots, jobs, log10p: all, done }: SurrogatePlan,
  job: number,
) {
  const [lot, from, to, n, seed, log10p, correction] = jobs.subarray(
    JOB_FIELDS * job,
    JOB_FIELDS * (job + 1),
  );
  const times = lots[lot].subarray(from, to);
  const own = surrogates(times, n, seed, { log10p, correction });
  all.set(own, SURROGATES * job);
  Atomics.store(done, job, own.length);
}
