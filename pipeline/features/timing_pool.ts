import { Pacer } from "../progress.ts";
import type { Timing } from "./timing.ts";
import {
  measureNext,
  measureSeries,
  readTiming,
  TIMING_FIELDS,
  type TimingPlan,
} from "./timing_jobs.ts";

/** Times from which on a worker pays: it takes 80 ms to be there, a time 3 µs. */
const WORTH = 100_000;

/** How many workers pay for series of so many times together. */
export function timingHelpers(
  times: number,
  cores = navigator.hardwareConcurrency,
): number {
  return times < WORTH ? 0 : Math.max(0, cores - 1);
}

/** Series that are being measured. */
export interface TimingBatch {
  readonly plan: TimingPlan;
  /** What the plan is a part of. */
  readonly room: TimingPlan;
  /** When no helper works at it any more. */
  readonly ends: readonly Promise<void>[];
}

/**
 * Measures the rhythms of many series on this thread and `helpers` more: the
 * same as {@link timing} of each. Helpers work at a batch from `begin` on, this
 * thread from `end` on; what a helper that fails has not done is done here.
 */
export class TimingPool implements Disposable {
  readonly #workers: readonly Worker[];
  readonly #signal: AbortSignal | undefined;
  /** By worker: called for the batches that it has been given, oldest first. */
  readonly #waiting: (() => void)[][];
  readonly #failed = new Set<number>();
  /** Memory of batches that are done, for the next ones. */
  readonly #rooms: TimingPlan[] = [];

  constructor(
    helpers: number,
    signal?: AbortSignal,
    newWorker: () => Worker = timingWorker,
  ) {
    this.#signal = signal;
    this.#workers = Array.from({ length: helpers }, newWorker);
    this.#waiting = this.#workers.map(() => []);
    for (const [w, worker] of this.#workers.entries()) {
      worker.onmessage = () => this.#waiting[w].shift()?.();
      worker.onerror = (event) => {
        event.preventDefault();
        this.#failed.add(w);
        for (const resolve of this.#waiting[w].splice(0)) resolve();
      };
    }
    signal?.addEventListener("abort", this.#letGo, { once: true });
  }

  /** @param series each in epoch seconds, ascending; copied. */
  begin(series: readonly Float64Array[]): TimingBatch {
    const { plan, room } = planOf(series, this.#rooms.pop());
    const ends = this.#workers.flatMap((worker, w) => {
      if (this.#failed.has(w)) return [];
      const end = new Promise<void>((done) => this.#waiting[w].push(done));
      worker.postMessage(plan);
      return [end];
    });
    return { plan, room, ends };
  }

  /**
   * The timings of a batch, in the order of its series.
   *
   * @throws the signal's reason when it is aborted.
   */
  async end({ plan, room, ends }: TimingBatch): Promise<Timing[]> {
    const pacer = new Pacer(this.#signal);
    while (measureNext(plan)) if (pacer.due) await pacer.rest();
    await Promise.all(ends);
    this.#signal?.throwIfAborted();
    for (let series = 0; series < plan.done.length; series++) {
      if (Atomics.load(plan.done, series) === 0) measureSeries(plan, series);
      if (pacer.due) await pacer.rest();
    }
    const timings = Array.from(
      plan.done,
      (_, series) => readTiming(plan.timings, TIMING_FIELDS * series),
    );
    // A helper that failed may not have been the last to write into it.
    if (this.#failed.size === 0) this.#rooms.push(room);
    return timings;
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#letGo);
    for (const worker of this.#workers) worker.terminate();
    this.#letGo();
  }

  readonly #letGo = (): void => {
    for (const waiting of this.#waiting) {
      for (const resolve of waiting.splice(0)) resolve();
    }
  };
}

/**
 * @param known memory that a batch has left. Shared memory is given back only
 *   when each thread has looked for what it does not need any more: a hunt in
 *   ten million connections would hold 180 MB of it.
 */
function planOf(
  series: readonly Float64Array[],
  known?: TimingPlan,
): { plan: TimingPlan; room: TimingPlan } {
  const total = series.reduce((sum, { length }) => sum + length, 0);
  const fits = known && known.times.length >= total &&
    known.ends.length >= series.length;
  const room = fits ? known : roomFor(total, series.length);
  const times = room.times.subarray(0, total);
  const ends = room.ends.subarray(0, series.length);
  let at = 0;
  for (const [i, own] of series.entries()) {
    times.set(own, at);
    ends[i] = at += own.length;
  }
  room.next[0] = 0;
  const plan = {
    times,
    ends,
    timings: room.timings.subarray(0, TIMING_FIELDS * series.length),
    next: room.next,
    done: room.done.subarray(0, series.length).fill(0),
  };
  return { plan, room };
}

/** For a quarter more, so that the next batch may be a little larger. */
function roomFor(times: number, series: number): TimingPlan {
  const floats = (n: number) => new Float64Array(new SharedArrayBuffer(8 * n));
  const most = Math.ceil(1.25 * series);
  return {
    times: floats(Math.ceil(1.25 * times)),
    ends: new Uint32Array(new SharedArrayBuffer(4 * most)),
    timings: floats(TIMING_FIELDS * most),
    next: new Int32Array(new SharedArrayBuffer(4)),
    done: new Int32Array(new SharedArrayBuffer(4 * most)),
  };
}

function timingWorker(): Worker {
  return new Worker(new URL("./timing_worker.ts", import.meta.url), {
    type: "module",
  });
}
