import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import {
  type LogFile,
  readBatches,
  type ReadOptions,
} from "../../pipeline/ingest/mod.ts";
import {
  newDecompressor,
  unpacked,
} from "../../pipeline/ingest/decompressor.ts";
import { isNumeric, type RecordBatch } from "../../pipeline/record_batch.ts";
import { readPlainly } from "../reference/plain_reader.ts";

/** Reads the log with and without kernels; both must give the same. */
export async function assertTwins(
  log: LogFile,
  options: Pick<ReadOptions, "logTypes"> = {},
): Promise<number> {
  const batches: RecordBatch[] = [];
  const { contentHash, ...report } = await readBatches(
    log,
    (batch) => void batches.push(batch),
    options,
  );
  const bytes = await Deno.readFile(log.path);
  const plain = await unpack(log, bytes);
  assert.equal(
    contentHash,
    log.compression === "none" ? undefined : createHash("sha256")
      .update(plain.subarray(0, report.end)).digest("hex"),
  );
  const twin = readPlainly(log, plain, options.logTypes);
  assert.deepEqual(report, { ...twin.report, problem: undefined }, log.path);
  assert.equal(batches.length, twin.batches.length, log.path);
  batches.forEach((batch, i) => assertSame(batch, twin.batches[i], log.path));
  return report.lines;
}

/** gzip by other means than ours. */
async function unpack(
  { compression }: LogFile,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  if (compression === "none") return bytes;
  if (compression === "gzip") return gunzipSync(bytes);
  const packed = newDecompressor(compression);
  const pieces = [
    ...await Array.fromAsync(unpacked(packed, bytes)),
    ...await Array.fromAsync(unpacked(packed, "end")),
  ];
  packed.close();
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}

function assertSame(a: RecordBatch, b: RecordBatch, path: string): void {
  assert.deepEqual(a.schema, b.schema);
  assert.equal(a.length, b.length);
  assert.deepEqual(a.lines, b.lines, path);
  for (const { name, type } of a.schema.fields) {
    const same = isNumeric(type)
      ? sameNumbers(a.numbers(name), b.numbers(name))
      : sameTexts(a.texts(name), b.texts(name));
    if (same >= 0) {
      assert.fail(
        `${path}: ${name} of record ${same}: ${a.row(same)[name]} ` +
          `and ${b.row(same)[name]}`,
      );
    }
  }
}

/** The first row that differs; −1 where none does. */
function sameNumbers(a: Float64Array, b: Float64Array): number {
  return a.findIndex((x, i) => !Object.is(x, b[i]));
}

type Texts = ReturnType<RecordBatch["texts"]>;

function sameTexts(a: Texts, b: Texts): number {
  const text = ({ codes, values }: Texts, i: number) =>
    codes[i] === 0 ? undefined : values[codes[i]].toWellFormed();
  return a.codes.findIndex((_, i) => text(a, i) !== text(b, i));
}
