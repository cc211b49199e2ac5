import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { SkerryError } from "../../pipeline/errors.ts";
import {
  type FileReport,
  findLogs,
  type LogFormat,
  readBatches,
} from "../../pipeline/ingest/mod.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { allFixtures, damaged, LONGEST, rounds } from "./_damage.ts";

/** Lines of a text that hold a record or what should have been one. */
function recordLines(bytes: Uint8Array, format: LogFormat): number {
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = new TextDecoder("latin1").decode(bytes.subarray(bom ? 3 : 0));
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.replace(/\r$/, ""))
    .filter((line) => line.length > LONGEST || isRecord(line, format)).length;
}

function isRecord(line: string, format: LogFormat): boolean {
  if (format === "zeek-json") return line.trim() !== "";
  const header = /^(?:#|[\t ]\s*#separator )/.test(line.slice(0, 32));
  return line !== "" && !header;
}

function accounted({ streams, otherTypes }: FileReport): number {
  const ofStreams = streams.reduce((n, s) => n + s.records + s.skipped, 0);
  return Object.values(otherTypes).reduce((n, k) => n + k, ofStreams);
}

/** What must hold of any report and its batches, whatever the file was. */
function assertSound(report: FileReport, batches: RecordBatch[]): void {
  for (const { logType, records, skipped, ...stream } of report.streams) {
    const of = batches.filter(({ schema }) => schema.path === logType);
    assert.equal(of.reduce((n, { length }) => n + length, 0), records);
    const reasons = Object.values(stream.skippedByReason);
    assert.equal(reasons.reduce((n, k) => n + k, 0), skipped);
    assert.equal(stream.errors.length, Math.min(skipped, 100));
    assert.equal(stream.firstTs <= stream.lastTs, records > 0);
  }
  for (const batch of batches) {
    const inRange = (x: number) => Number.isInteger(x) && x >= 0 && x <= 65_535;
    assert.ok(batch.numbers("ts").every((ts) => ts >= 0 && ts < 1e11));
    assert.ok(batch.numbers("id.orig_p").every(inRange));
    assert.ok(batch.numbers("id.resp_p").every(inRange));
    const { codes, values } = batch.texts("id.orig_h");
    assert.ok(codes.every((code) => code > 0 && code < values.length));
  }
}

interface Outcome {
  readonly format?: LogFormat;
  readonly report?: FileReport;
}

/** Finds and reads the file; anything but a SkerryError is a defect. */
async function readAnything(path: string): Promise<Outcome> {
  try {
    const { logs: [log], ignored } = await findLogs(path);
    if (!log) {
      assert.ok(ignored[0].reasons.length > 0);
      return {};
    }
    const batches: RecordBatch[] = [];
    const report = await readBatches(log, (b) => void batches.push(b));
    assertSound(report, batches);
    return { format: log.format, report };
  } catch (error) {
    if (error instanceof SkerryError) return {};
    throw error;
  }
}

const files = allFixtures();

Deno.test("readLog accounts for every line of a damaged log", async () => {
  const read = { "zeek-tsv": 0, "zeek-json": 0, "flow-csv": 0 };
  await rounds(1500, async (path, random) => {
    const bytes = damaged(files, random);
    const zip = random() < 0.3;
    await Deno.writeFile(path, zip ? gzipSync(bytes) : bytes);
    const { format, report } = await readAnything(path);
    if (!report || !format) return;
    read[format]++;
    assert.equal(accounted(report), recordLines(bytes, format));
    assert.equal(report.lines, accounted(report));
    assert.equal(report.problem, undefined);
  });
  assert.ok(read["zeek-tsv"] > 400 && read["zeek-json"] > 300);
});

Deno.test("readLog keeps its word on damaged gzip data", async () => {
  const zipped = files.map((bytes) => new Uint8Array(gzipSync(bytes)));
  let problems = 0;
  await rounds(500, async (path, random) => {
    await Deno.writeFile(path, damaged(zipped, random));
    const { report } = await readAnything(path);
    if (report?.problem !== undefined) problems++;
  });
  assert.ok(problems > 100);
});
