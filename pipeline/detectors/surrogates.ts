import { rhythmLog10p } from "../features/timing.ts";
import { RandomState } from "../models/random.ts";

/** Series that are drawn for one rhythm. */
export const SURROGATES = 32;
/** Check-ins drawn for one of them, at most. */
export const DRAWN = 400;

/** Jobs of several threads over the same times; all of it in shared memory. */
export interface SurrogatePlan {
  /** Epoch seconds that are drawn from, in two lots. */
  readonly lots: readonly [Float64Array, Float64Array];
  /** Shape (nJobs, 5), row-major: lot, from, to (not included), draws, seed. */
  readonly jobs: Float64Array;
  /** OUT, shape (nJobs, SURROGATES), row-major. */
  readonly log10p: Float64Array;
  /** One value: the job that is taken next. */
  readonly next: Int32Array;
  /** By job whether `log10p` has it. */
  readonly done: Int32Array;
}

export const JOB_FIELDS = 5;

/**
 * What the test of rhythm says of series drawn from other times: log10 p,
 * ascending, shape (SURROGATES,).
 *
 * @param times epoch seconds, not empty.
 * @param n check-ins of one series, at most {@link DRAWN}.
 */
export function surrogates(
  times: Float64Array,
  n: number,
  seed: number,
): Float64Array {
  const random = new RandomState(seed);
  const drawn = new Float64Array(n);
  return Float64Array.from({ length: SURROGATES }, () => {
    for (let i = 0; i < n; i++) drawn[i] = times[random.randint(times.length)];
    return rhythmLog10p(drawn.sort());
  }).sort();
}

/** Does the plan's next job; false where none is left. */
export function doNext(plan: SurrogatePlan): boolean {
  const job = Atomics.add(plan.next, 0, 1);
  if (job >= plan.done.length) return false;
  doJob(plan, job);
  return true;
}

export function doJob(
  { lots, jobs, log10p, done }: SurrogatePlan,
  job: number,
) {
  const [lot, from, to, n, seed] = jobs.subarray(
    JOB_FIELDS * job,
    JOB_FIELDS * (job + 1),
  );
  const times = lots[lot].subarray(from, to);
  log10p.set(surrogates(times, n, seed), SURROGATES * job);
  Atomics.store(done, job, 1);
}
