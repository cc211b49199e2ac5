import assert from "node:assert/strict";
import { LineRunsBuilder, putLines, shifted } from "../pipeline/line_runs.ts";

function runsOf(lines: readonly number[]) {
  const builder = new LineRunsBuilder();
  lines.forEach((line, row) => builder.add(row, line));
  return builder.finish();
}

function linesOf(runs: Float64Array, n: number): number[] {
  const lines = new Float64Array(n);
  putLines(runs, n, lines, 0);
  return [...lines];
}

Deno.test("LineRunsBuilder keeps lines that follow each other as one run", () => {
  assert.deepEqual([...runsOf([9, 10, 11, 12])], [0, 9]);
  const odd = [9, 11, 13, 14, 20, 22, 24, 26, 28, 31];
  assert.deepEqual(linesOf(runsOf(odd), odd.length), odd);
});

Deno.test("LineRunsBuilder begins anew after finish", () => {
  const builder = new LineRunsBuilder();
  builder.add(0, 5);
  assert.deepEqual([...builder.finish()], [0, 5]);
  builder.add(0, 5);
  assert.deepEqual([...builder.finish()], [0, 5]);
  assert.equal(builder.finish().length, 0);
});

Deno.test("shifted moves lines, not records; putLines says NaN before a run", () => {
  const lines = new Float64Array(6).fill(-1);
  putLines(shifted(Float64Array.of(2, 7), 100), 4, lines, 1);
  assert.deepEqual([...lines], [-1, NaN, NaN, 107, 108, -1]);
});
