/** How far a long step is. Counts things and never goes back. */
export interface Progress {
  /** What is happening, as a short word: "reading", "scoring". */
  readonly stage: string;
  readonly done: number;
  /** Absent where the end is not known. */
  readonly total?: number;
  /** What is counted: "files", "rows", "pairs", "bytes". */
  readonly unit: string;
}

/** The last argument of everything that takes long. */
export interface RunOptions {
  /** Aborting makes the step throw the signal's reason, within 50 ms of work. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Lets one macrotask pass, then checks the signal. A long loop calls it at
 * least every 50 ms: after a resolved promise alone no OS signal, message or
 * event is ever delivered, so a loop that only awaits could not be stopped.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}

/** Breathes when 40 ms have passed since it last did; cheap to call in a loop. */
export class Pacer {
  #last = performance.now();

  constructor(readonly signal?: AbortSignal) {}

  /** True when it is time to `await pacer.rest()`. */
  get due(): boolean {
    return performance.now() - this.#last > 40;
  }

  /** @throws the signal's reason when it is aborted. */
  async rest(): Promise<void> {
    await breathe(this.signal);
    this.#last = performance.now();
  }
}
