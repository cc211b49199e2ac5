import { leaseParsers, type Parsers } from "../parser_kernels.ts";
import type { RunOptions } from "../progress.ts";
import {
  BatchBuilder,
  type Field,
  type RecordBatch,
  type RowBuilder,
  type Schema,
} from "../record_batch.ts";
import { BlockScanner } from "./block_scanner.ts";
import type { FileReport } from "./file_report.ts";
import { FlowCsvReader } from "./flow_csv.ts";
import { Hasher } from "./fingerprint.ts";
import { firstLine, headerLines } from "./header_lines.ts";
import { KernelColumns } from "./kernel_columns.ts";
import { LogBytes } from "./log_bytes.ts";
import type { LogFile } from "./log_file.ts";
import { schemas } from "./log_type.ts";
import type { BatchMemory } from "./packed_texts.ts";
import { RecordStreams } from "./record_streams.ts";
import { TsvPlan } from "./tsv_bulk.ts";
import { ZeekJsonReader } from "./zeek_json.ts";
import { ZeekTsvReader } from "./zeek_tsv.ts";

/** A part of a log: the lines that begin in [from, to) of its content. */
export interface Part {
  /** Bytes of the decompressed log, anywhere in a line. */
  readonly from: number;
  /** The end of the log where absent. */
  readonly to?: number;
  /** Number of the part's first line; 1 where absent. */
  readonly line?: number;
  /**
   * The header that stands before the part, as latin-1 characters; that at the
   * beginning of the log where absent.
   */
  readonly header?: readonly string[];
}

/** What to keep of a log. */
export interface KeepOptions extends RunOptions {
  /** Fields to keep besides the schema's, as a column of labels. */
  readonly extraFields?: readonly Field[];
  /**
   * Of the schema's fields only these; all where absent. What a record has in
   * others is not looked at, so that no bad value there matters.
   */
  readonly fields?: ReadonlySet<string>;
  /**
   * Log types to keep; those that have a schema here where absent. One without
   * has the fields that its header or its records have; "all" keeps any.
   */
  readonly logTypes?: ReadonlySet<string> | "all";
  /**
   * Only these fields, of whatever log, each as a text as the log has it, with
   * types as "raw count": for who wants a log's own columns, known or not.
   */
  readonly onlyFields?: readonly string[];
  /**
   * Whether of logs that have no schema here only what a store takes is kept:
   * logs with a plain name, and records with a `ts`; others are skipped.
   */
  readonly storable?: boolean;
}

/** What became of a part. */
export interface PartReport extends FileReport {
  /** Number of the line that follows the part. */
  readonly nextLine: number;
  /** The header that holds after the part, as {@link Part.header}. */
  readonly header: readonly string[];
}

export interface PartHooks {
  /** Is told the header that holds before the part. */
  readonly onBegin?: (header: readonly string[]) => void;
  /** Where batches are put. */
  readonly memory?: BatchMemory;
}

/**
 * The records of a part of a log as batches, then what became of it.
 *
 * @throws SkerryError when the file cannot be read or ends before the part; the
 * signal's reason when it is aborted.
 */
export async function* readPart(
  log: LogFile,
  part: Part,
  options: KeepOptions,
  { onBegin, memory }: PartHooks = {},
): AsyncGenerator<RecordBatch, PartReport> {
  using parsers = leaseParsers();
  const streams = new RecordStreams(
    log.format,
    { ...options, logTypes: options.logTypes ?? new Set(schemas.keys()) },
    builders(parsers, memory),
  );
  const tsv = log.format === "zeek-tsv"
    ? new ZeekTsvReader(streams, log.logType, new TsvPlan(parsers))
    : undefined;
  const reader = tsv ??
    (log.format === "flow-csv"
      ? new FlowCsvReader(streams)
      : new ZeekJsonReader(streams, log.logType, parsers));
  const before = part.header ??
    (tsv && part.from > 0 ? await headerLines(log, options) : []);
  for (const line of before) tsv?.onHeader(line);
  if (log.format === "flow-csv" && part.from > 0) {
    const first = await firstLine(log, options);
    reader.onLine(first, 0, first.length, 1);
  }
  onBegin?.(tsv?.headerLines ?? []);
  const scanner = new BlockScanner(parsers, reader, part.line, part.from > 0);
  const bytes = new LogBytes(log, {
    ...options,
    from: part.from,
    to: part.to,
    room: () => scanner.room(),
  });
  const hasher = log.compression !== "none" && part.from === 0
    ? new Hasher()
    : undefined;
  for await (const chunk of bytes.chunks()) {
    hasher?.add(chunk);
    scanner.add(chunk);
    yield* streams.takeFull();
  }
  const tail = finish(scanner, streams, !bytes.cut);
  yield* streams.takeFull();
  yield* streams.takeRest();
  const problem = problemOf(bytes, streams);
  const end = bytes.began + scanner.consumed;
  const lines = hasher?.finish().lines;
  const contentHash = lines?.end === end ? lines.hash : undefined;
  return {
    ...streams.finish(log.path, { end, tail, problem, contentHash }),
    nextLine: scanner.line + (tail === "none" ? 0 : 1),
    header: tsv?.headerLines ?? [],
  };
}

/** Log types of one file whose columns the parsers fill; more are rare. */
const MOST_KERNEL_COLUMNS = 32;

function builders(
  parsers: Parsers,
  memory?: BatchMemory,
): (schema: Schema) => RowBuilder {
  let made = 0;
  return (schema) =>
    made++ < MOST_KERNEL_COLUMNS
      ? new KernelColumns(parsers, schema, memory)
      : new BatchBuilder(schema);
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
