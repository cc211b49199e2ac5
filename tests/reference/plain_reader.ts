/** Reads a log line by line without any kernel: the twin of readLog. */
import type { LineSink } from "../../pipeline/ingest/block_scanner.ts";
import { MAX_LINE_BYTES } from "../../pipeline/ingest/block_scanner.ts";
import type { FileReport, LogFile } from "../../pipeline/ingest/mod.ts";
import { schemas } from "../../pipeline/ingest/mod.ts";
import { RecordStreams } from "../../pipeline/ingest/record_streams.ts";
import { ZeekJsonReader } from "../../pipeline/ingest/zeek_json.ts";
import { ZeekTsvReader } from "../../pipeline/ingest/zeek_tsv.ts";
import { BatchBuilder, type RecordBatch } from "../../pipeline/record_batch.ts";

/** @param bytes the decompressed log. */
export function readPlainly(
  { path, format, logType }: LogFile,
  bytes: Uint8Array,
  logTypes: ReadonlySet<string> | "all" = new Set(schemas.keys()),
): { batches: RecordBatch[]; report: FileReport } {
  const streams = new RecordStreams(
    format,
    { logTypes },
    (schema) => new BatchBuilder(schema),
  );
  const reader: LineSink = format === "zeek-tsv"
    ? new ZeekTsvReader(streams, logType)
    : new ZeekJsonReader(streams, logType);
  const batches: RecordBatch[] = [];
  let from = [0xef, 0xbb, 0xbf].every((b, i) => bytes[i] === b) ? 3 : 0;
  let end = from, tail: FileReport["tail"] = "none";
  for (let line = 1; from < bytes.length; line++) {
    const lf = bytes.indexOf(10, from), to = lf < 0 ? bytes.length : lf;
    const { lines, skipped } = streams;
    give(reader, bytes.subarray(from, to), line);
    batches.push(...streams.takeFull());
    from = to + 1;
    if (lf >= 0) end = from;
    else if (streams.lines > lines) {
      tail = streams.skipped > skipped ? "skipped" : "record";
    }
  }
  batches.push(...streams.takeRest());
  return { batches, report: streams.finish(path, { end, tail }) };
}

function give(reader: LineSink, bytes: Uint8Array, line: number): void {
  const { length } = bytes;
  const to = bytes[length - 1] === 13 ? length - 1 : length;
  if (to > MAX_LINE_BYTES) reader.onLongLine(bytes.subarray(0, 200), line);
  else reader.onLine(bytes, 0, to, line);
}
