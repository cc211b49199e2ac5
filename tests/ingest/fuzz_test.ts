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
import { fixture } from "./_logs.ts";

const LONGEST = 1 << 20;

type Random = () => number;

/** mulberry32: the same damage in every run. */
function randomOf(seed: number): Random {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, seed | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

function allFixtures(): Uint8Array[] {
  const folders = ["two_formats", "bad_values", "headers", "json_forms"];
  return folders.flatMap((folder) =>
    [...Deno.readDirSync(fixture(folder))].map(({ name }) => name).sort()
      .map((name) => Deno.readFileSync(fixture(`${folder}/${name}`)))
  );
}

function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** One way to damage bytes; `other` is spliced into them. */
type Damage = (
  bytes: Uint8Array,
  other: Uint8Array,
  random: Random,
) => Uint8Array;

const below = (random: Random, n: number) => Math.floor(random() * n);

const DAMAGES: readonly Damage[] = [
  function flip(bytes, _, random) {
    const out = bytes.slice();
    out[below(random, out.length)] ^= 1 << below(random, 8);
    return out;
  },
  function overwrite(bytes, _, random) {
    // What means something to a reader does more harm than chance does.
    const marks = '\n\r\t#\\"{}[],:- \0\xff\xef';
    const out = bytes.slice();
    const mark = marks.charCodeAt(below(random, marks.length));
    out[below(random, out.length)] = mark;
    return out;
  },
  function cutEnd(bytes, _, random) {
    return bytes.slice(0, below(random, bytes.length + 1));
  },
  function cutOut(bytes, _, random) {
    const from = below(random, bytes.length);
    const to = from + below(random, 60);
    return join(bytes.subarray(0, from), bytes.subarray(to));
  },
  function repeat(bytes, _, random) {
    const from = below(random, bytes.length);
    const piece = bytes.subarray(from, from + below(random, 400));
    return join(bytes.subarray(0, from), piece, bytes.subarray(from));
  },
  function splice(bytes, other, random) {
    const at = below(random, bytes.length);
    const from = below(random, other.length);
    const piece = other.subarray(from, from + below(random, other.length));
    return join(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
  function append(bytes, other) {
    return join(bytes, other);
  },
];

/** Rare, for it takes long: a line above the longest that is read. */
function swell(bytes: Uint8Array, random: Random): Uint8Array {
  const at = below(random, bytes.length);
  const piece = new Uint8Array(LONGEST + 1).fill(120);
  return join(bytes.subarray(0, at), piece, bytes.subarray(at));
}

function damaged(files: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = files[below(random, files.length)];
  for (let n = below(random, 4); n >= 0 && bytes.length > 0; n--) {
    const other = files[below(random, files.length)];
    bytes = DAMAGES[below(random, DAMAGES.length)](bytes, other, random);
  }
  return bytes.length > 0 && random() < 0.004 ? swell(bytes, random) : bytes;
}

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
    assert.equal(stream.errors.length, Math.min(skipped, 20));
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

/** Runs `n` times with a file of its own; a failure names its round. */
async function rounds(
  n: number,
  round: (path: string, random: Random) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (let i = 0; i < n; i++) {
      await round(`${folder}/conn.log`, randomOf(i)).catch((cause) => {
        throw new Error(`round ${i}: ${cause.message}`, { cause });
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const files = allFixtures();

Deno.test("readLog accounts for every line of a damaged log", async () => {
  const read = { "zeek-tsv": 0, "zeek-json": 0 };
  await rounds(1500, async (path, random) => {
    const bytes = damaged(files, random);
    const zip = random() < 0.3;
    await Deno.writeFile(path, zip ? gzipSync(bytes) : bytes);
    const { format, report } = await readAnything(path);
    if (!report || !format) return;
    read[format]++;
    assert.equal(accounted(report), recordLines(bytes, format));
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
