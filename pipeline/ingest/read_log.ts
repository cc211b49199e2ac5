import type { RunOptions } from "../progress.ts";
import type { Field, RecordBatch } from "../record_batch.ts";
import type { FileReport } from "./file_report.ts";
import { LineScanner } from "./line_scanner.ts";
import { LogBytes } from "./log_bytes.ts";
import type { LogFile } from "./log_file.ts";
import { schemas } from "./log_type.ts";
import { RecordStreams } from "./record_streams.ts";
import { ZeekJsonReader } from "./zeek_json.ts";
import { ZeekTsvReader } from "./zeek_tsv.ts";

export interface ReadOptions extends RunOptions {
  /** Fields to keep besides the schema's, as a column of labels. */
  readonly extraFields?: readonly Field[];
  /** Log types to keep; all that have a schema where absent. */
  readonly logTypes?: ReadonlySet<string>;
}

/**
 * The records of a log as batches, each of one schema; then what became of the
 * file. Records with a bad value are left out and counted, never fatal.
 *
 * @throws SkerryError when the file cannot be read; the signal's reason when it
 * is aborted.
 */
export async function* readLog(
  log: LogFile,
  options: ReadOptions = {},
): AsyncGenerator<RecordBatch, FileReport> {
  const kept = options.logTypes ?? new Set(schemas.keys());
  const streams = new RecordStreams(
    log.format,
    kept,
    options.extraFields ?? [],
  );
  const Reader = log.format === "zeek-tsv" ? ZeekTsvReader : ZeekJsonReader;
  const scanner = new LineScanner(new Reader(streams, log.logType));
  const bytes = new LogBytes(log, options);
  for await (const chunk of bytes.chunks()) {
    scanner.add(chunk);
    yield* streams.takeFull();
  }
  scanner.finish(!bytes.cut);
  yield* streams.takeFull();
  yield* streams.takeRest();
  return streams.finish(log.path, problemOf(bytes, streams));
}

function problemOf(
  { problem }: LogBytes,
  { records }: RecordStreams,
): string | undefined {
  if (problem === undefined) return undefined;
  const rows = records === 1 ? "1 whole row" : `${records} whole rows`;
  return `${problem}; ${rows} before that point ${
    records === 1 ? "was" : "were"
  } kept`;
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
