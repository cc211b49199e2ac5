import assert from "node:assert/strict";
import {
  BlockScanner,
  CHUNK_BYTES,
  MAX_LINE_BYTES,
} from "../../pipeline/ingest/block_scanner.ts";
import { leaseParsers } from "../../pipeline/parser_kernels.ts";

/** The lines of a text given in pieces of `size` bytes. */
function scan(text: string, size: number, whole = true) {
  using parsers = leaseParsers();
  const lines: [number, string][] = [];
  const decoder = new TextDecoder();
  const scanner = new BlockScanner(parsers, {
    onLine: (bytes, from, to, line) =>
      lines.push([line, decoder.decode(bytes.subarray(from, to))]),
    onLongLine: (head, line) => lines.push([line, `long ${head.length}`]),
  });
  const bytes = new TextEncoder().encode(text);
  for (let i = 0; i < bytes.length; i += size) {
    scanner.add(bytes.subarray(i, i + size));
  }
  scanner.finish(whole);
  return { lines, end: scanner.consumed, line: scanner.line };
}

Deno.test("BlockScanner finds the same lines however the bytes are cut", () => {
  const text = "\ufeffone\r\n\n日本\r\r\nlast";
  const lines = [[1, "one"], [2, ""], [3, "日本\r"], [4, "last"]];
  for (let size = 1; size <= text.length + 9; size++) {
    const found = scan(text, size);
    assert.deepEqual(found.lines, lines, `pieces of ${size}`);
    assert.deepEqual([found.end, found.line], [18, 4]);
  }
});

Deno.test("BlockScanner drops a last line that is cut", () => {
  const { lines, end } = scan("a\nb\nc", 2, false);
  assert.deepEqual(lines, [[1, "a"], [2, "b"]]);
  assert.equal(end, 4);
});

Deno.test("BlockScanner takes a text shorter than a byte order mark", () => {
  assert.deepEqual(scan("a", 1).lines, [[1, "a"]]);
  assert.deepEqual(scan("", 1).lines, []);
  assert.deepEqual(scan("\n", 1).lines, [[1, ""]]);
});

Deno.test("BlockScanner passes over a long line, whole, and goes on after it", () => {
  const longest = "x".repeat(MAX_LINE_BYTES);
  const text = `a\n${longest}\r\n${longest}y\n${longest.repeat(3)}\nb\n`;
  for (const size of [10_000, CHUNK_BYTES, text.length]) {
    const { lines, end, line } = scan(text, size);
    assert.deepEqual(
      lines.map(([n, t]) => [n, t.length === MAX_LINE_BYTES ? "longest" : t]),
      [[1, "a"], [2, "longest"], [3, "long 200"], [4, "long 200"], [5, "b"]],
    );
    assert.deepEqual([end, line], [text.length, 6]);
  }
});

Deno.test("BlockScanner takes bytes read into its room as it takes others", () => {
  using parsers = leaseParsers();
  const lines: string[] = [];
  const scanner = new BlockScanner(parsers, {
    onLine: (bytes, from, to) =>
      lines.push(new TextDecoder().decode(bytes.subarray(from, to))),
    onLongLine: () => assert.fail("no line is long"),
  });
  for (const text of ["one\ntw", "o\nthree", "\n"]) {
    const room = scanner.room();
    const { written } = new TextEncoder().encodeInto(text, room);
    scanner.add(room.subarray(0, written));
  }
  assert.deepEqual(lines, ["one", "two", "three"]);
});
