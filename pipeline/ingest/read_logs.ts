import { RecordBatch } from "../record_batch.ts";
import type { FileReport } from "./file_report.ts";
import type { LogFile } from "./log_file.ts";
import { FileReading, type ReadyEvent } from "./file_reading.ts";
import { fileReport, type LogStart } from "./read_log.ts";
import { type KeepOptions, readPart } from "./read_part.ts";
import { SharedRooms } from "./shared_rooms.ts";
import { type PartJob, WorkerPool } from "./worker_pool.ts";

export interface ReadLogsOptions extends KeepOptions {
  /** Where to begin in a log; at its beginning where undefined. */
  readonly start?: (log: LogFile) => LogStart | undefined;
  /**
   * Whether a batch is only lent until the next event is asked for: saves a
   * copy of everything for who takes what it needs at once.
   */
  readonly lend?: boolean;
  /** Workers; one per core where absent. With 1 none is started. */
  readonly workers?: number;
  /** Bytes of the parts that a plain log is read in. */
  readonly partBytes?: number;
  /** How many bytes of one log are read; never goes back. */
  readonly onLogProgress?: (log: LogFile, bytes: number) => void;
}

/** A batch of a log, or, after its last one, what became of it. */
export type LogEvent =
  | { readonly log: LogFile; readonly batch: RecordBatch }
  | { readonly log: LogFile; readonly report: FileReport };

/** Below this starting the workers takes longer than reading. */
const WORTH_BYTES = 1 << 25;
/** Text that one byte of compressed log stands for, roughly. */
const SWELLING = 6;

/**
 * Reads logs side by side, large plain ones in parts. The batches of one log
 * come in the order of its records and its report after them, the same for any
 * number of workers; those of several logs come as they are ready.
 *
 * Workers hold two batches each and wait until these are taken, so that memory
 * does not grow with the logs. Leaving the loop, an error and an abort stop all
 * of them.
 *
 * @throws SkerryError when a file cannot be read; the signal's reason when it
 * is aborted.
 *
 * ```ts
 * import { findLogs, readLogs } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const { logs } = await findLogs("fixtures/ingest/two_formats");
 * let records = 0;
 * for await (const event of readLogs(logs, { lend: true })) {
 *   if ("batch" in event) records += event.batch.length;
 *   else assert.equal(event.report.problem, undefined);
 * }
 * assert.ok(records > 0);
 * ```
 */
export async function* readLogs(
  logs: readonly LogFile[],
  options: ReadLogsOptions = {},
): AsyncGenerator<LogEvent> {
  const workers = options.workers ?? navigator.hardwareConcurrency;
  const text = (log: LogFile) =>
    log.compression === "none" ? log.size : log.size * SWELLING;
  const bytes = logs.reduce((sum, log) => sum + text(log), 0);
  const parallel = options.workers !== undefined || bytes >= WORTH_BYTES;
  if (workers > 1 && parallel) yield* readSideBySide(logs, workers, options);
  else yield* readInTurn(logs, options);
}

async function* readInTurn(
  logs: readonly LogFile[],
  { start, ...options }: ReadLogsOptions,
): AsyncGenerator<LogEvent> {
  let before = 0;
  const total = logs.reduce((sum, { size }) => sum + size, 0);
  const rooms = options.lend ? new SharedRooms() : undefined;
  for (const log of logs) {
    const { offset = 0, line } = start?.(log) ?? {};
    const batches = readPart(log, { from: offset, line }, {
      ...options,
      onProgress: (progress) => {
        const bytes = Math.min(progress.done, log.size);
        options.onLogProgress?.(log, bytes);
        options.onProgress?.({ ...progress, done: before + bytes, total });
      },
    }, { memory: rooms && ((bytes) => rooms.take(bytes)) });
    try {
      for (;;) {
        const { value, done } = await batches.next();
        if (done) yield { log, report: fileReport(value) };
        else yield { log, batch: value };
        if (done) break;
        rooms?.free(rooms.numberOf(value.memory));
      }
    } finally {
      await batches.return(undefined as never);
    }
    before += log.size;
  }
}

async function* readSideBySide(
  logs: readonly LogFile[],
  workers: number,
  options: ReadLogsOptions,
): AsyncGenerator<LogEvent> {
  options.signal?.throwIfAborted();
  const reading = new Reading(logs, options);
  const wake = () => reading.wake();
  options.signal?.addEventListener("abort", wake);
  using pool = new WorkerPool(workers, options, () => reading.nextJob());
  try {
    pool.start();
    while (!reading.done) {
      await reading.news();
      options.signal?.throwIfAborted();
      yield* reading.takeReady();
      // A part may have to be read again.
      pool.start();
    }
  } finally {
    options.signal?.removeEventListener("abort", wake);
  }
}

/** The parts of all logs on their way: given out in order, taken in order. */
class Reading {
  readonly #files: readonly FileReading[];
  readonly #options: ReadLogsOptions;
  readonly #total: number;
  readonly #again: PartJob[] = [];
  #ready: ReadyEvent[] = [];
  #left: number;
  #error?: Error;
  #wake = () => {};
  #fresh = 0;

  constructor(logs: readonly LogFile[], options: ReadLogsOptions) {
    this.#options = options;
    this.#left = logs.length;
    this.#total = logs.reduce((sum, { size }) => sum + size, 0);
    this.#files = logs.map((log) =>
      new FileReading(log, options.start?.(log), options.partBytes, {
        ready: (event) => this.#put(event),
        again: (job) => this.#again.push(job),
        fail: (error) => this.#fail(error),
        progress: (bytes) => this.#report(log, bytes),
        finish: () => this.#left--,
      })
    );
  }

  get done(): boolean {
    return this.#left === 0 && this.#ready.length === 0;
  }

  nextJob(): PartJob | undefined {
    const again = this.#again.shift();
    if (again) return again;
    for (; this.#fresh < this.#files.length; this.#fresh++) {
      const job = this.#files[this.#fresh].nextJob();
      if (job) return job;
    }
  }

  wake(): void {
    this.#wake();
  }

  /** @throws what a worker could not do. */
  async news(): Promise<void> {
    if (this.#ready.length === 0 && !this.#error && this.#left > 0) {
      if (this.#options.signal?.aborted) return;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    if (this.#error) throw this.#error;
  }

  *takeReady(): Generator<LogEvent> {
    for (const { log, parts, report, free } of this.#ready.splice(0)) {
      if (report) yield { log, report };
      else if (this.#options.lend) {
        yield { log, batch: RecordBatch.of(parts) };
        free();
      } else {
        const batch = RecordBatch.copyOf(parts);
        free();
        yield { log, batch };
      }
    }
  }

  #put(event: ReadyEvent): void {
    this.#ready.push(event);
    this.#wake();
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#wake();
  }

  #report(log: LogFile, bytes: number): void {
    this.#options.onLogProgress?.(log, bytes);
    this.#options.onProgress?.({
      stage: "reading",
      done: this.#files.reduce((sum, { bytesDone }) => sum + bytesDone, 0),
      total: this.#total,
      unit: "bytes",
    });
  }
}
