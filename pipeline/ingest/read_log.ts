import type { RecordBatch } from "../record_batch.ts";
import type { FileReport } from "./file_report.ts";
import type { LogFile } from "./log_file.ts";
import { type KeepOptions, type PartReport, readPart } from "./read_part.ts";

/** Where to begin in a log. */
export interface LogStart {
  /** Byte of the decompressed log, at the start of a line. */
  readonly offset: number;
  /** Number of that line, for errors; 1 where absent. */
  readonly line?: number;
}

export interface ReadOptions extends KeepOptions {
  /**
   * Begins there instead of at the beginning, from where the header lines of a
   * TSV log are still taken: how a grown file is read on.
   */
  readonly start?: LogStart;
}

/**
 * The records of a log as batches, each of one schema; then what became of the
 * file. Records with a bad value are left out and counted, never fatal.
 *
 * @throws SkerryError when the file cannot be read or is shorter than `start`;
 * the signal's reason when it is aborted.
 */
export async function* readLog(
  log: LogFile,
  options: ReadOptions = {},
): AsyncGenerator<RecordBatch, FileReport> {
  const { offset = 0, line } = options.start ?? {};
  return fileReport(yield* readPart(log, { from: offset, line }, options));
}

/** The report of a file's only part. */
export function fileReport(
  { nextLine: _nextLine, header: _header, ...report }: PartReport,
): FileReport {
  return Object.freeze(report);
}

/**
 * Reads a log, giving each batch to `use`; returns what became of the file,
 * which a `for await` over {@link readLog} would lose.
 */
export async function readBatches(
  log: LogFile,
  use: (batch: RecordBatch) => void | Promise<void>,
  options: ReadOptions = {},
): Promise<FileReport> {
  const batches = readLog(log, options);
  try {
    for (;;) {
      const { value, done } = await batches.next();
      if (done) return value;
      await use(value);
    }
  } finally {
    // Closes the file also when `use` throws.
    await batches.return(undefined as never);
  }
}
