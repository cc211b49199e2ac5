import assert from "node:assert/strict";
import { LineScanner } from "../../pipeline/ingest/line_scanner.ts";

/** The lines of a text given in pieces of `size` bytes. */
function scan(text: string, size: number, whole = true): [number, string][] {
  const lines: [number, string][] = [];
  const decoder = new TextDecoder();
  const scanner = new LineScanner({
    onLine: (bytes, from, to, line) =>
      lines.push([line, decoder.decode(bytes.subarray(from, to))]),
    onLongLine: () => assert.fail("no line is long"),
  });
  const bytes = new TextEncoder().encode(text);
  for (let i = 0; i < bytes.length; i += size) {
    scanner.add(bytes.subarray(i, i + size));
  }
  scanner.finish(whole);
  return lines;
}

Deno.test("LineScanner finds the same lines however the bytes are cut", () => {
  const text = "\ufeffone\r\n\n日本\r\r\nlast";
  const lines = [[1, "one"], [2, ""], [3, "日本\r"], [4, "last"]];
  for (let size = 1; size <= text.length + 9; size++) {
    assert.deepEqual(scan(text, size), lines, `pieces of ${size}`);
  }
});

Deno.test("LineScanner drops a last line that is cut", () => {
  assert.deepEqual(scan("a\nb\nc", 2, false), [[1, "a"], [2, "b"]]);
});

Deno.test("LineScanner takes a text shorter than a byte order mark", () => {
  assert.deepEqual(scan("a", 1), [[1, "a"]]);
  assert.deepEqual(scan("", 1), []);
  assert.deepEqual(scan("\n", 1), [[1, ""]]);
});
