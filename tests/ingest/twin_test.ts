import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import {
  findLogs,
  type LogFile,
  readBatches,
} from "../../pipeline/ingest/mod.ts";
import { isNumeric, type RecordBatch } from "../../pipeline/record_batch.ts";
import { readPlainly } from "../reference/plain_reader.ts";
import { allFixtures, damaged, rounds } from "./_damage.ts";
import { fixture, sharedTest } from "./_logs.ts";

/** Reads the log with and without kernels; both must give the same. */
async function assertTwins(log: LogFile): Promise<number> {
  const batches: RecordBatch[] = [];
  const report = await readBatches(log, (batch) => void batches.push(batch));
  const bytes = await Deno.readFile(log.path);
  const plain = log.compression === "gzip" ? gunzipSync(bytes) : bytes;
  const twin = readPlainly(log, plain);
  assert.deepEqual(report, { ...twin.report, problem: undefined }, log.path);
  assert.equal(batches.length, twin.batches.length, log.path);
  batches.forEach((batch, i) => assertSame(batch, twin.batches[i], log.path));
  return report.lines;
}

function assertSame(a: RecordBatch, b: RecordBatch, path: string): void {
  assert.deepEqual(a.schema, b.schema);
  assert.equal(a.length, b.length);
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

Deno.test("readLog reads every fixture as its plain twin does", async () => {
  const { logs } = await findLogs(fixture("."));
  assert.ok(logs.length > 20);
  for (const log of logs) await assertTwins(log);
});

Deno.test("readLog reads damaged logs as its plain twin does", async () => {
  const files = allFixtures();
  let lines = 0;
  await rounds(1000, async (path, random) => {
    await Deno.writeFile(path, damaged(files, random));
    for (const log of (await findLogs(path)).logs) {
      lines += await assertTwins(log);
    }
  });
  assert.ok(lines > 2000);
});

for (
  const folder of [
    "10-rita-missing-host",
    "12-rita-proxy-rolling",
    "20-ctu-testing",
    "30-iot23-34-1",
    "40-m57-2009",
    "60-dns-tunnel-derived",
    "95-http-beacon-labelled",
    "90-parser-torture",
  ]
) {
  sharedTest(
    `readLog reads ${folder} as its plain twin does`,
    folder,
    async (path) => {
      const { logs } = await findLogs(path);
      let lines = 0;
      for (const log of logs) {
        // Damaged data end where each decoder happens to notice.
        if (/corrupt|truncated|badcrc/.test(log.path)) continue;
        lines += await assertTwins(log);
      }
      assert.ok(lines > 0);
    },
  );
}
