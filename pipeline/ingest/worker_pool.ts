import { SkerryError } from "../errors.ts";
import type { BatchParts } from "../record_batch.ts";
import type { LogFile } from "./log_file.ts";
import type { FromWorker, ToWorker } from "./parse_worker.ts";
import type { KeepOptions, Part, PartReport } from "./read_part.ts";

/** One part to be read, and what is told of it while it is. */
export interface PartJob {
  readonly log: LogFile;
  readonly part: Part;
  /** Whether parts that were read before it wait for it, holding batches. */
  readonly isAwaited: boolean;
  onBegin(header: readonly string[]): void;
  /** @param parts are to be given back, by `free`, once they are copied. */
  onBatch(parts: BatchParts, free: () => void): void;
  onProgress(bytes: number): void;
  onReport(report: PartReport): void;
  onError(error: Error): void;
}

/** Workers that read parts of logs, each one part at a time. */
export class WorkerPool implements Disposable {
  readonly #keep: Pick<
    KeepOptions,
    "extraFields" | "fields" | "logTypes" | "onlyFields" | "storable"
  >;
  readonly #next: () => PartJob | undefined;
  readonly #workers: Worker[] = [];
  readonly #idle: Worker[] = [];

  /** @param next the part to read next; undefined where there is none now. */
  constructor(
    size: number,
    { extraFields, fields, logTypes, onlyFields, storable }: KeepOptions,
    next: () => PartJob | undefined,
  ) {
    this.#keep = { extraFields, fields, logTypes, onlyFields, storable };
    this.#next = next;
    for (let i = 0; i < size; i++) this.#workers.push(newWorker());
    this.#idle.push(...this.#workers);
  }

  /** Gives parts to the workers that have none. */
  start(): void {
    for (let i = this.#idle.length; i > 0; i--) {
      const job = this.#next();
      if (!job) return;
      this.#give(this.#idle.shift()!, job);
    }
  }

  #give(worker: Worker, job: PartJob): void {
    const { log, part, isAwaited } = job;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) =>
      this.#hear(worker, job, data);
    worker.onerror = (event) => {
      event.preventDefault();
      job.onError(new Error(`Cannot read ${log.path}: ${event.message}`));
    };
    tell(worker, { type: "read", log, part, isAwaited, ...this.#keep });
  }

  #hear(worker: Worker, job: PartJob, message: FromWorker): void {
    switch (message.type) {
      case "begin":
        return job.onBegin(message.header);
      case "progress":
        return job.onProgress(message.bytes);
      case "batch":
        return job.onBatch(
          message.parts,
          () => tell(worker, { type: "credit", room: message.room }),
        );
      case "error":
        return job.onError(errorOf(message));
      case "report":
        this.#idle.push(worker);
        job.onReport(message.report);
        this.start();
    }
  }

  /** Stops all workers at once, whatever they do. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
    this.#workers.length = 0;
    this.#idle.length = 0;
  }
}

/**
 * A worker has the permissions of the program, though reading files and nothing
 * else would do. Deno 2.9.5 takes `deno: { permissions }` only with
 * --unstable-worker-options: without the flag it ends the whole program when
 * the worker is made, so that nobody could import from here without it.
 */
function newWorker(): Worker {
  return new Worker(new URL("./parse_worker.ts", import.meta.url), {
    type: "module",
  });
}

function tell(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}

function errorOf(
  { name, message, hint }: Extract<FromWorker, { type: "error" }>,
): Error {
  if (name === "SkerryError") return new SkerryError(message, { hint });
  return Object.assign(new Error(message), { name });
}
