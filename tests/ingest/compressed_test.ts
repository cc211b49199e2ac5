import assert from "node:assert/strict";
import { connLog, fixture, read, type Reading, withFile } from "./_logs.ts";

/** What the fixtures hold, as `bzip2 -1`, `xz` and `zstd` packed it in blocks. */
const N = 5000;
const KINDS = [["bzip2", "bz2"], ["xz", "xz"], ["zstd", "zst"]];

function packed(ending: string): Uint8Array {
  return Deno.readFileSync(fixture(`compressed/conn.log.${ending}`));
}

const readBytes = (bytes: Uint8Array): Promise<Reading> =>
  withFile(bytes, (path) => read(path), "conn.log.packed");

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function assertFirstRows({ rows }: Reading): void {
  assert.deepEqual(
    rows.map(({ uid }) => uid),
    rows.map((_, i) => `C${i}`),
  );
}

for (const [kind, ending] of KINDS) {
  Deno.test(`LogBytes reads ${kind} data as the plain log`, async () => {
    const plain = await withFile(connLog(N), (path) => read(path));
    const reading = await readBytes(packed(ending));
    assert.equal(reading.report.problem, undefined);
    assert.deepEqual(reading.rows, plain.rows);
    assert.equal(reading.report.end, plain.report.end);
  });

  Deno.test(`LogBytes reads ${kind} streams one after the other`, async () => {
    const bytes = packed(ending);
    const { report, rows } = await readBytes(join(bytes, bytes));
    assert.equal(report.problem, undefined);
    assert.equal(rows.length, 2 * N);
  });

  Deno.test(`LogBytes keeps the rows before ${kind} data end early`, async () => {
    const bytes = packed(ending);
    let last = 0;
    for (const share of [0.5, 0.8, 0.95]) {
      const reading = await readBytes(
        bytes.subarray(0, Math.floor(bytes.length * share)),
      );
      const n = reading.rows.length;
      assert.ok(n > 0 && n >= last && n < N, `${n} rows of ${share}`);
      assertFirstRows(reading);
      assert.match(
        reading.report.problem!,
        new RegExp(`ends early: .*; ${n} whole rows before that point`),
      );
      assert.equal(reading.report.streams[0].skipped, 0);
      last = n;
    }
  });

  Deno.test(`LogBytes keeps the rows before damage of ${kind} data`, async () => {
    const bytes = packed(ending), at = Math.floor(bytes.length * 0.7);
    bytes.fill(0x55, at, at + 64);
    const reading = await readBytes(bytes);
    const { problem } = reading.report;
    assert.ok(reading.rows.length > 1000, `${reading.rows.length} rows`);
    // A checksum tells only behind the block that it is of.
    if (!problem!.includes("checksum")) assertFirstRows(reading);
    assert.match(problem!, /damaged at byte|checksum at byte/);
  });

  Deno.test(`LogBytes tells what follows ${kind} data`, async () => {
    const bytes = packed(ending);
    const { report, rows } = await readBytes(
      join(bytes, new TextEncoder().encode("more")),
    );
    assert.equal(rows.length, N);
    assert.match(
      report.problem!,
      new RegExp(`^after the compressed data, at byte ${bytes.length} of`),
    );
  });

  Deno.test(`LogBytes never fails on ${kind} data with one byte changed`, async () => {
    const bytes = packed(ending);
    for (let at = 0; at < bytes.length; at += 997) {
      const other = bytes.slice();
      other[at] ^= 0x41;
      const { report, rows } = await readBytes(other)
        .catch((error: Error) => {
          // Its beginning may tell nothing any more.
          assert.match(error.message, /^no log: /);
          return { report: { problem: "no log" }, rows: [] };
        });
      assert.ok(report.problem !== undefined || rows.length === N, `at ${at}`);
    }
  });
}
