import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { findLogs, type ReadOptions } from "../../pipeline/ingest/mod.ts";
import { connLog, fixture, read, withFile } from "./_logs.ts";

/** The offset of each line of a text, and that of its end. */
function lineStarts(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  const starts = [0];
  bytes.forEach((b, i) => {
    if (b === 10) starts.push(i + 1);
  });
  return starts;
}

const from = (offset: number, line?: number): ReadOptions => ({
  start: { offset, line },
});

for (const name of ["conn.log", "conn.json"]) {
  Deno.test(`readLog continues two_formats/${name} at any line`, async () => {
    const path = fixture(`two_formats/${name}`);
    const text = await Deno.readTextFile(path);
    const whole = await read(path);
    const starts = lineStarts(text);
    for (const offset of starts) {
      const rest = await read(path, from(offset));
      const kept = text.slice(offset).split("\n")
        .filter((line) => line !== "" && !line.startsWith("#")).length;
      assert.deepEqual(rest.rows, kept ? whole.rows.slice(-kept) : []);
      assert.equal(rest.report.lines, kept);
      assert.equal(rest.report.end, text.length);
    }
  });
}

Deno.test("readLog continues a compressed log in its decompressed bytes", async () => {
  const text = connLog(20_000), starts = lineStarts(text);
  const offset = starts[15_007];
  await withFile(new Uint8Array(gzipSync(text)), async (path) => {
    const { rows, report } = await read(path, from(offset));
    assert.equal(rows.length, 5000);
    assert.equal(rows[0].uid, "C15000");
    assert.equal(report.end, text.length);
  });
});

Deno.test("readLog counts the lines of errors from the line it starts at", async () => {
  const text = connLog(3) + "bad\n" + "worse";
  const starts = lineStarts(text);
  await withFile(text, async (path) => {
    const { report } = await read(path, from(starts[9], 10));
    assert.deepEqual(
      report.streams[0].errors.map(({ line }) => line),
      [11, 12],
    );
  });
});

Deno.test("readLog takes up a grown log where it stopped, for the same records", async () => {
  const text = connLog(5000);
  for (const size of [text.length, 200_000, 100_001, 70_000]) {
    const rows: unknown[] = [];
    let offset = 0, lines = 0;
    await withFile("", async (path) => {
      for (let have = size; offset < text.length; have += size) {
        await Deno.writeTextFile(path, text.slice(0, have));
        const { rows: more, report } = await read(path, from(offset));
        // A record that has no end yet is read again when it has.
        const unended = report.tail === "record" ? 1 : 0;
        rows.push(...more.slice(0, more.length - unended));
        lines += report.lines - (report.tail === "none" ? 0 : 1);
        offset = report.end;
      }
    });
    assert.equal(rows.length, 5000);
    assert.equal(lines, 5000);
  }
});

Deno.test("readLog tells what became of a last line without an end", async () => {
  const cases: [string, string][] = [
    [connLog(2), "none"],
    [connLog(2).slice(0, -1), "record"],
    [connLog(2).slice(0, -10), "skipped"],
    [connLog(2) + "#close", "none"],
  ];
  for (const [text, tail] of cases) {
    const { report } = await withFile(text, (path) => read(path));
    assert.equal(report.tail, tail);
    assert.equal(report.lines, 2);
    assert.equal(report.end, text.lastIndexOf("\n") + 1);
  }
});

Deno.test("readLog cannot start beyond the end of a log", async () => {
  const text = connLog(2);
  for (const content of [text, new Uint8Array(gzipSync(text))]) {
    await withFile(content, async (path) => {
      await assert.rejects(() => read(path, from(text.length + 1)), {
        name: "SkerryError",
        message: /^Cannot read .* from byte \d+: it ends at byte \d+$/,
      });
    });
  }
  await withFile(text, async (path) => {
    const { rows } = await read(path, from(text.length));
    assert.deepEqual(rows, []);
    assert.equal((await findLogs(path)).logs.length, 1);
  });
});
