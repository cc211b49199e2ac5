import type { P } from "../kernels.ts";
import type { SharedLease } from "../shared_kernels.ts";
import {
  type FromHelp,
  type HelpJob,
  type HelpPass,
  NEXT,
  OPEN,
  STEP,
} from "./dbscan_passes.ts";

/** Bytes of the pairs that can wait (see assembly/dbscan.ts). */
export const PAIR_BYTES = 2 ** 19;
/** Bytes of what one instance tells another. */
const STATE_BYTES = 96;

/** A pass over the blocks of a clustering. */
export interface Pass {
  /** The first block of the next STEP, past the last one when all are taken. */
  next(): number;
  /** Waits for whom else has taken any; see {@link PassEnd}. */
  end(signal?: AbortSignal): Promise<PassEnd>;
}

/**
 * How a pass has ended: by this thread "alone", "shared" with another, or
 * "failed", when it is to be gone through again.
 */
export type PassEnd = "alone" | "shared" | "failed";

/** Most bytes that a helper's scratch takes. */
export function helperBytes(leaves: number, nFeatures: number): number {
  return leaves * 20 + nFeatures * 64 + PAIR_BYTES + STATE_BYTES + 320;
}

/**
 * A second thread for the passes of DBSCAN over its blocks. Both threads take
 * the next blocks from one shared counter: a worker that comes late finds fewer
 * or none, and nobody waits for one that has not begun. Which thread takes a
 * block changes nothing: it writes only what is its own, and the leaves that
 * each joins are joined in the end.
 */
export class DbscanHelper implements Disposable {
  /** Fulfilled when the worker is there or has failed; nobody has to wait. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #kernels: SharedLease;
  readonly #control = new Int32Array(new SharedArrayBuffer(8));
  #failed = false;
  #inside = false;
  #open = 0;
  #pairs = 0;
  #wake = () => {};
  /** Where its forest and its pairs are. */
  #forest: P = 0;
  #pairsAt: P = 0;

  constructor(
    kernels: SharedLease,
    newWorker: () => Worker = helperWorker,
  ) {
    this.#kernels = kernels;
    this.#worker = newWorker();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#worker.onmessage = ({ data }: MessageEvent<FromHelp>) => {
      if (data.type === "ready") return resolve();
      this.#inside = false;
      this.#pairs = data.pairs;
      this.#wake();
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      resolve();
      this.#failed = true;
      this.#inside = false;
      this.#wake();
    };
  }

  /** Lends the clustering that `startDbscan` has begun. */
  begin(leaves: number, blocks: number, nFeatures: number): void {
    const kernels = this.#kernels;
    const state = kernels.alloc(STATE_BYTES);
    this.#forest = kernels.alloc(leaves * 4);
    this.#pairsAt = kernels.alloc(PAIR_BYTES);
    kernels.threads.lendDbscan(state);
    const scratch = [
      state,
      this.#forest,
      kernels.alloc(blocks * 16),
      kernels.alloc(nFeatures * 64),
      this.#pairsAt,
    ] as const;
    const job: HelpJob = {
      type: "begin",
      ...kernels.parts,
      scratch: [...scratch],
      control: this.#control,
    };
    this.#worker.postMessage(job);
  }

  /** Opens a pass to the worker. */
  pass(
    step: HelpPass["step"],
    blocks: number,
    { forest, labels }: { forest: P; labels: P },
  ): Pass {
    this.#open += 2;
    const open = this.#open;
    Atomics.store(this.#control, NEXT, 0);
    Atomics.store(this.#control, OPEN, open);
    this.#inside = true;
    const pass: HelpPass = { type: "pass", step, open, blocks, forest, labels };
    this.#worker.postMessage(pass);
    return {
      next: () => Atomics.add(this.#control, NEXT, STEP),
      end: (signal) => this.#end(open, signal),
    };
  }

  async #end(open: number, signal?: AbortSignal): Promise<PassEnd> {
    if (Atomics.compareExchange(this.#control, OPEN, open, 0) === open) {
      this.#inside = false;
      return "alone";
    }
    const wake = () => this.#wake();
    signal?.addEventListener("abort", wake);
    try {
      while (this.#inside) {
        await new Promise<void>((resolve) => this.#wake = resolve);
        signal?.throwIfAborted();
      }
    } finally {
      signal?.removeEventListener("abort", wake);
    }
    return this.#failed ? "failed" : "shared";
  }

  /** Joins what the worker has joined; its pairs wait in place of this thread's. */
  merge(): void {
    const { threads } = this.#kernels;
    threads.mergeForest(this.#forest);
    threads.takePairs(this.#pairsAt, this.#pairs);
  }

  /** Stops the worker at once, whatever it does. */
  [Symbol.dispose](): void {
    if (this.#inside) this.#kernels.giveUp();
    this.#worker.terminate();
  }
}

function helperWorker(): Worker {
  return new Worker(new URL("./dbscan_worker.ts", import.meta.url), {
    type: "module",
  });
}
