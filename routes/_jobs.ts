import type { JobView } from "../islands/_job_view.ts";
import {
  messageOf,
  type Progress,
  type RunOptions,
  SkerryError,
} from "../pipeline/mod.ts";
import type { ServerEvent } from "./_events.ts";
import { HttpError } from "./_page.ts";

interface Outcome {
  readonly text: string;
  readonly href?: string;
}

/** Something long that the server does for a page. */
export interface JobSpec<T> {
  /** What kind of work, one short word: "import", "cluster", "train". */
  readonly kind: string;
  /** What it works on, for people: "k-means on office, 7 features". */
  readonly title: string;
  /** A job under way with the same key is joined, not started again. */
  readonly key: string;
  run(options: RunOptions): Promise<T>;
  /** What came of it, as a sentence, and the page that shows it. */
  outcome(result: T): Outcome;
}

/** Jobs that are kept after their end. */
const KEPT = 200;

/** Milliseconds between two reports of progress. */
const PACE = 100;

/** All that the server does in the background; newest first. */
export class Jobs {
  readonly #jobs: Job<unknown>[] = [];
  #next = 1;
  #news = Promise.withResolvers<void>();

  /** @param signal ends every job with the server. */
  constructor(readonly signal?: AbortSignal) {}

  /** Starts a job, or joins the one of the same key that is under way. */
  start<T>(spec: JobSpec<T>): Job<T> {
    const same = this.#jobs.find((job) =>
      job.key === spec.key && job.state === "running"
    );
    if (same) return same as Job<T>;
    const job = new Job(this.#next++, spec, () => this.#tell(), this.signal);
    this.#jobs.unshift(job);
    this.#trim();
    this.#tell();
    return job;
  }

  get(id: number): Job<unknown> | null {
    return this.#jobs.find((job) => job.id === id) ?? null;
  }

  list(): JobView[] {
    return this.#jobs.map((job) => job.view());
  }

  /** "jobs" with the whole list, at once and whenever one has changed. */
  async *events(): AsyncGenerator<ServerEvent> {
    for (;;) {
      const news = this.#news.promise;
      yield { event: "jobs", data: this.list() };
      await news;
    }
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  #trim(): void {
    const ended = this.#jobs.filter((job) => job.state !== "running");
    for (const old of ended.slice(KEPT)) {
      this.#jobs.splice(this.#jobs.indexOf(old), 1);
    }
  }
}

/** One piece of work, and what it says of itself. */
export class Job<T> {
  readonly kind: string;
  readonly key: string;
  /** Settles when the job has ended, whichever way; never rejects. */
  readonly ended: Promise<void>;
  state: JobView["state"] = "running";
  /** Null until the job is done. */
  result: T | null = null;
  #progress: Progress | null = null;
  #outcome: Outcome | null = null;
  #told = 0;
  #endedAt: number | null = null;
  #news = Promise.withResolvers<void>();
  readonly #startedAt = Date.now();
  readonly #stop = new AbortController();

  constructor(
    readonly id: number,
    readonly spec: JobSpec<T>,
    readonly onChange: () => void,
    signal?: AbortSignal,
  ) {
    this.kind = spec.kind;
    this.key = spec.key;
    this.ended = this.#run(
      signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal,
    );
  }

  cancel(): void {
    this.#stop.abort(new DOMException("Cancelled", "AbortError"));
  }

  view(): JobView {
    return {
      id: this.id,
      kind: this.kind,
      title: this.spec.title,
      state: this.state,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      progress: this.#progress,
      outcome: this.#outcome?.text ?? null,
      href: this.#outcome?.href ?? null,
    };
  }

  /** "job" with the view, at once and at each change, until the end. */
  async *events(): AsyncGenerator<ServerEvent> {
    for (;;) {
      const news = this.#news.promise;
      const view = this.view();
      yield { event: "job", data: view };
      if (view.state !== "running") return;
      await news;
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const onProgress = (progress: Progress) => {
      this.#progress = progress;
      if (performance.now() - this.#told > PACE) this.#tell();
    };
    try {
      this.result = await this.spec.run({ signal, onProgress });
      this.#end("done", this.spec.outcome(this.result));
    } catch (error) {
      if (signal.aborted) this.#end("cancelled", { text: "Cancelled." });
      else this.#end("failed", { text: told(error) });
    }
  }

  #end(state: JobView["state"], outcome: Outcome): void {
    this.state = state;
    this.#outcome = outcome;
    this.#endedAt = Date.now();
    this.#tell();
  }

  #tell(): void {
    this.#told = performance.now();
    this.#news.resolve();
    this.#news = Promise.withResolvers();
    this.onChange();
  }
}

/** The text of an error that was written for people; never another's. */
function told(error: unknown): string {
  const meant = error instanceof SkerryError || error instanceof HttpError ||
    error instanceof RangeError ||
    error instanceof TypeError && error.message.startsWith("Cannot");
  if (meant) return messageOf(error);
  return "Cannot finish: an unexpected error stopped it";
}
