import { leaseParsers } from "../parser_kernels.ts";
import type { RunOptions } from "../progress.ts";
import type { Field, RecordBatch } from "../record_batch.ts";
import { BlockScanner } from "./block_scanner.ts";
import type { FileReport } from "./file_report.ts";
import { headerLines } from "./header_lines.ts";
import { KernelColumns } from "./kernel_columns.ts";
import { LogBytes } from "./log_bytes.ts";
import type { LogFile } from "./log_file.ts";
import { schemas } from "./log_type.ts";
import { RecordStreams } from "./record_streams.ts";
import { TsvPlan } from "./tsv_bulk.ts";
import { ZeekJsonReader } from "./zeek_json.ts";
import { ZeekTsvReader } from "./zeek_tsv.ts";

/** Where to begin in a log. */
export interface LogStart {
  /** Byte of the decompressed log, at the start of a line. */
  readonly offset: number;
  /** Number of that line, for errors; 1 where absent. */
  readonly line?: number;
}

export interface ReadOptions extends RunOptions {
  /** Fields to keep besides the schema's, as a column of labels. */
  readonly extraFields?: readonly Field[];
  /** Log types to keep; all that have a schema where absent. */
  readonly logTypes?: ReadonlySet<string>;
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
  using parsers = leaseParsers();
  const streams = new RecordStreams(
    log.format,
    options.logTypes ?? new Set(schemas.keys()),
    options.extraFields ?? [],
    (schema) => new KernelColumns(parsers, schema),
  );
  const { offset = 0, line = 1 } = options.start ?? {};
  const reader = log.format === "zeek-tsv"
    ? new ZeekTsvReader(streams, log.logType, new TsvPlan(parsers))
    : new ZeekJsonReader(streams, log.logType);
  if (offset > 0 && log.format === "zeek-tsv") {
    for (const bytes of await headerLines(log, options)) {
      reader.onLine(bytes, 0, bytes.length, 0);
    }
  }
  const scanner = new BlockScanner(parsers, reader, offset, line);
  const bytes = new LogBytes(log, {
    ...options,
    from: offset,
    room: () => scanner.room(),
  });
  for await (const chunk of bytes.chunks()) {
    scanner.add(chunk);
    yield* streams.takeFull();
  }
  const tail = finish(scanner, streams, !bytes.cut);
  yield* streams.takeFull();
  yield* streams.takeRest();
  const problem = problemOf(bytes, streams);
  return streams.finish(log.path, { end: scanner.end, tail, problem });
}

/** What became of a last line without an end. */
function finish(
  scanner: BlockScanner,
  streams: RecordStreams,
  whole: boolean,
): FileReport["tail"] {
  const { lines, skipped } = streams;
  scanner.finish(whole);
  if (streams.lines === lines) return "none";
  return streams.skipped === skipped ? "record" : "skipped";
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
