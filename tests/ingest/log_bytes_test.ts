import assert from "node:assert/strict";
import { deflateRawSync, gzipSync } from "node:zlib";
import { connLog, read, type Reading, withFile } from "./_logs.ts";

const N = 2000;
const zip = (text: string) => new Uint8Array(gzipSync(text));
const readBytes = (bytes: Uint8Array): Promise<Reading> =>
  withFile(bytes, (path) => read(path), "conn.log.gz");

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test("LogBytes reads gzip members one after the other", async () => {
  const text = connLog(N);
  const cut = text.length >> 1;
  const { report, rows } = await readBytes(
    join(zip(text.slice(0, cut)), zip(text.slice(cut))),
  );
  assert.equal(rows.length, N);
  assert.equal(report.problem, undefined);
});

Deno.test("LogBytes keeps the whole rows before a gzip file stops", async () => {
  const bytes = zip(connLog(N));
  const { report, rows } = await readBytes(bytes.slice(0, 5000));
  assert.ok(rows.length > 0 && rows.length < N);
  assert.equal(
    report.problem,
    "the compressed data ends early: the file stops at byte 5000; " +
      `${rows.length} whole rows before that point were kept`,
  );
  assert.equal(report.streams[0].skipped, 0, "the cut line is no bad record");
  assert.deepEqual(
    rows.map(({ uid }) => uid),
    rows.map((_, i) => `C${i}`),
  );
});

Deno.test("LogBytes keeps the rows before damage, to the byte", async () => {
  // A stored block of invalid type after a sound one.
  const text = connLog(N);
  const raw = deflateRawSync(text, { finishFlush: 2 });
  const header = zip("").subarray(0, 10);
  const bytes = join(header, raw, Uint8Array.of(7, 0, 0, 0));
  const { report, rows } = await readBytes(bytes);
  assert.equal(rows.length, N);
  assert.match(
    report.problem!,
    new RegExp(
      `^the compressed data is damaged at byte \\d+ of ${bytes.length} ` +
        `\\(invalid block type\\); ${N} whole rows before that point were kept$`,
    ),
  );
});

Deno.test("LogBytes reports a wrong checksum and keeps all rows", async () => {
  const bytes = zip(connLog(N));
  bytes[bytes.length - 8] ^= 0xff;
  const { report, rows } = await readBytes(bytes);
  assert.equal(rows.length, N);
  assert.match(
    report.problem!,
    /^the checksum at byte \d+ of \d+ does not match/,
  );
});

Deno.test("LogBytes reports what follows the compressed data", async () => {
  const bytes = zip(connLog(N));
  const { report, rows } = await readBytes(
    join(bytes, new TextEncoder().encode("more")),
  );
  assert.equal(rows.length, N);
  assert.match(
    report.problem!,
    /^after the compressed data, at byte \d+ of \d+/,
  );
});

Deno.test("LogBytes reports what follows padding after the compressed data", async () => {
  const bytes = zip(connLog(N));
  const { report, rows } = await readBytes(
    join(bytes, new Uint8Array(50), bytes),
  );
  assert.equal(rows.length, N);
  assert.match(
    report.problem!,
    new RegExp(`^after the compressed data, at byte ${bytes.length} of`),
  );
});

Deno.test("LogBytes takes zeros after the compressed data for padding", async () => {
  const { report, rows } = await readBytes(
    join(zip(connLog(N)), new Uint8Array(100_000)),
  );
  assert.equal(rows.length, N);
  assert.equal(report.problem, undefined);
});

Deno.test("LogBytes reads the last line of a gzip file without newline", async () => {
  const { rows } = await readBytes(zip(connLog(3).trimEnd()));
  assert.equal(rows.length, 3);
});

Deno.test("LogBytes keeps rows of a gzip file cut anywhere", async () => {
  const bytes = zip(connLog(40));
  let last = 0;
  for (let size = 60; size < bytes.length; size += 7) {
    const { report, rows } = await readBytes(bytes.subarray(0, size))
      .catch(() => ({ report: undefined, rows: [] }));
    assert.ok(rows.length >= last, `fewer rows at ${size}`);
    last = rows.length;
    if (report) assert.match(report.problem!, /ends early/);
  }
  assert.ok(last > 30);
});

Deno.test("LogBytes keeps rows of half a megabyte before a wrong checksum", async () => {
  let seed = 1;
  const letter = () => {
    seed = Math.imul(seed, 1664525) + 1013904223 >>> 0;
    return "acgt"[seed >>> 30];
  };
  const state = Array.from({ length: 500_000 }, letter).join("");
  const bytes = zip(connLog(3).replaceAll("SF", state));
  bytes[bytes.length - 8] ^= 0xff;
  const { report, rows } = await readBytes(bytes);
  assert.deepEqual(rows.map((row) => row.conn_state), [state, state, state]);
  assert.match(report.problem!, /^the checksum .*; 3 whole rows/);
});
