import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Pacer } from "../progress.ts";
import type { KMeansEnd, KMeansResult } from "./kmeans_moves.ts";
import type { StartsPlan } from "./kmeans_starts.ts";
import type { FromStarts, StartsJob } from "./kmeans_worker.ts";

/**
 * Values times starts from which on a worker pays: it takes 80 ms to be there
 * and loads the rows anew, and starts on five million values take 200 ms.
 */
const WORTH = 5_000_000;
/** Each has the rows and their tree in a memory of its own. */
const MOST_HELPERS = 3;
/** Values copied to shared memory between two rests. */
const STEP = 1 << 20;

/** How many workers pay for so many starts on these rows. */
export function helpersFor(
  { data }: FeatureMatrix,
  nInit: number,
  cores = navigator.hardwareConcurrency,
): number {
  if (data.length * nInit < WORTH) return 0;
  return Math.max(0, Math.min(cores - 1, nInit - 1, MOST_HELPERS));
}

/**
 * Starts of k-means on several threads. All take the next start from one shared
 * counter, this thread too: a worker that comes late finds fewer, one that
 * fails leaves its starts to this thread.
 */
export class StartHelpers implements Disposable {
  readonly #workers: Set<Worker>;
  readonly #next = new Int32Array(new SharedArrayBuffer(4));
  readonly #done = new Set<number>();
  #best?: KMeansResult & { readonly start: number };
  #wake = () => {};
  #onStart: (done: number) => void;

  /** @param onStart called with how many starts there were. */
  constructor(
    count: number,
    onStart: (done: number) => void,
    newWorker: () => Worker = startsWorker,
  ) {
    this.#onStart = onStart;
    this.#workers = new Set(Array.from({ length: count }, newWorker));
    for (const worker of this.#workers) this.#listen(worker);
  }

  #listen(worker: Worker): void {
    worker.onmessage = ({ data }: MessageEvent<FromStarts>) => {
      if (data.type === "start") this.add(data.start, data.end, data.labels);
      else this.#leave(worker);
      this.#wake();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#leave(worker);
      this.#wake();
    };
  }

  #leave(worker: Worker): void {
    worker.terminate();
    this.#workers.delete(worker);
  }

  /** Gives the workers the rows. */
  async begin(
    { data, featureNames }: FeatureMatrix,
    mean: Float64Array,
    plan: StartsPlan,
    pacer: Pacer,
  ): Promise<void> {
    if (this.#workers.size === 0) return;
    const job: StartsJob = {
      data: await shared(data, pacer),
      featureNames,
      mean,
      plan,
      next: this.#next,
    };
    for (const worker of this.#workers) worker.postMessage(job);
  }

  /** Workers that may still end starts. */
  get size(): number {
    return this.#workers.size;
  }

  /** The next start that this thread makes. */
  take(): number {
    return Atomics.add(this.#next, 0, 1);
  }

  /** Whether labels would be kept: a tie goes to the earlier start. */
  isBest(start: number, { inertia }: KMeansEnd): boolean {
    const best = this.#best;
    return !best || inertia < best.inertia ||
      (inertia === best.inertia && start < best.start);
  }

  /** @param labels left out by who knows a better start. */
  add(start: number, end: KMeansEnd, labels?: Int32Array): void {
    if (labels && this.isBest(start, end)) {
      this.#best = { ...end, labels, start };
    }
    this.#done.add(start);
    this.#onStart(this.#done.size);
  }

  /**
   * Waits for what workers have begun.
   *
   * @returns the starts that are missing because a worker failed, rising.
   * @throws the signal's reason when it is aborted.
   */
  async missing(nInit: number, signal?: AbortSignal): Promise<number[]> {
    const wake = () => this.#wake();
    signal?.addEventListener("abort", wake);
    try {
      while (this.#done.size < nInit && this.#workers.size > 0) {
        await new Promise<void>((resolve) => this.#wake = resolve);
        signal?.throwIfAborted();
      }
    } finally {
      signal?.removeEventListener("abort", wake);
    }
    return Array.from({ length: nInit }, (_, start) => start)
      .filter((start) => !this.#done.has(start));
  }

  /** The start with the least inertia, the earliest of equal ones. */
  get best(): KMeansResult | undefined {
    return this.#best;
  }

  /** Stops all workers at once, whatever they do. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) this.#leave(worker);
  }
}

function startsWorker(): Worker {
  return new Worker(new URL("./kmeans_worker.ts", import.meta.url), {
    type: "module",
  });
}

/** The values in shared memory: themselves where they are. */
async function shared(
  data: Float64Array,
  pacer: Pacer,
): Promise<Float64Array> {
  if (data.buffer instanceof SharedArrayBuffer) return data;
  const copy = new Float64Array(new SharedArrayBuffer(data.byteLength));
  for (let from = 0; from < data.length; from += STEP) {
    copy.set(data.subarray(from, from + STEP), from);
    if (pacer.due) await pacer.rest();
  }
  return copy;
}
