import {
  type DatasetSummary,
  messageOf,
  type Progress,
  SkerryError,
} from "../pipeline/mod.ts";
import {
  type ClusterView,
  type ComputeClusters,
  largestFirst,
  metaOf,
} from "./_clusters.ts";
import type { ServerEvent } from "./_events.ts";

/** Views kept; one of a million sessions takes about 100 MB. */
const KEPT = 2;

/** Milliseconds between two reports of progress. */
const PACE = 100;

/** Fits each dataset once, and again after it has grown. */
export class ClusterJobs {
  readonly #jobs = new Map<string, ClusterJob>();

  constructor(
    readonly clustering: ComputeClusters,
    readonly signal?: AbortSignal,
  ) {}

  /** The clustering of a dataset as it is now; null while there is none. */
  ready(dataset: DatasetSummary): ClusterView | null {
    return this.#jobs.get(keyOf(dataset))?.view ?? null;
  }

  /** The job of a dataset, started where there is none or it has failed. */
  start(dataset: DatasetSummary): ClusterJob {
    const key = keyOf(dataset);
    const known = this.#jobs.get(key);
    if (known && known.failure === null) return known;
    this.#jobs.delete(key);
    const job = new ClusterJob();
    this.#jobs.set(key, job);
    for (const old of this.#jobs.keys()) {
      if (this.#jobs.size > KEPT) this.#jobs.delete(old);
    }
    job.run((onProgress) =>
      this.clustering(dataset, { signal: this.signal, onProgress })
    );
    return job;
  }
}

/** Another import makes another key. */
function keyOf(dataset: DatasetSummary): string {
  return [dataset.id, dataset.files, dataset.lastTs].join(" ");
}

/** One fit, and what it says of itself. */
export class ClusterJob {
  view: ClusterView | null = null;
  failure: string | null = null;
  #progress: Progress | null = null;
  #told = 0;
  #news = Promise.withResolvers<void>();

  async run(
    fit: (onProgress: (progress: Progress) => void) => Promise<ClusterView>,
  ): Promise<void> {
    try {
      this.view = largestFirst(await fit((p) => this.#report(p)));
    } catch (error) {
      this.failure = isMeant(error)
        ? messageOf(error)
        : "Cannot compute clusters: an unexpected error stopped the fit";
    }
    this.#tell();
  }

  #report(progress: Progress): void {
    this.#progress = progress;
    if (performance.now() - this.#told > PACE) this.#tell();
  }

  #tell(): void {
    this.#told = performance.now();
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** "progress" as it goes, then one "done" or "failed". */
  async *events(): AsyncGenerator<ServerEvent> {
    for (;;) {
      const news = this.#news.promise;
      if (this.view) return yield { event: "done", data: metaOf(this.view) };
      if (this.failure !== null) {
        return yield { event: "failed", data: { message: this.failure } };
      }
      if (this.#progress) yield { event: "progress", data: this.#progress };
      await news;
    }
  }
}

/** Errors whose message is written for people. */
function isMeant(error: unknown): boolean {
  return error instanceof SkerryError || error instanceof RangeError;
}
