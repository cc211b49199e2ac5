import assert from "node:assert/strict";
import { BATCH_ROWS, type Schema } from "../../pipeline/record_batch.ts";
import { CollectedRows, ColumnMemory } from "../../pipeline/store/collected.ts";
import { batchOf } from "./_records.ts";

const SCHEMA: Schema = {
  path: "x",
  fields: [
    { name: "ts", type: "time" },
    { name: "uid", type: "string" },
    { name: "n", type: "count" },
    { name: "host", type: "string" },
  ],
};

/** Batches of so many rows; every third has neither `n` nor `host`. */
function* batches(sizes: readonly number[]) {
  let at = 0;
  for (const [b, size] of sizes.entries()) {
    const rows = Array.from({ length: size }, (_, i) => {
      const own = { ts: at + i, uid: `C${at + i}` };
      return b % 3 === 2 ? own : { ...own, n: at * i, host: `h${i % 5}` };
    });
    at += size;
    const fields = b % 3 === 2 ? SCHEMA.fields.slice(0, 2) : SCHEMA.fields;
    yield { batch: batchOf({ path: "x", fields }, rows), rows };
  }
}

Deno.test("CollectedRows holds the rows of all batches, unset where a batch lacks a field", () => {
  const memory = new ColumnMemory(4000);
  // Again: then the memory is used that held other rows.
  for (const sizes of [[900, 700, 1500, 3, 2000], [3, 5, 1, 4000]]) {
    const collected = new CollectedRows("x", memory);
    const wanted = [];
    for (const { batch, rows } of batches(sizes)) {
      assert.ok(collected.fits(batch.schema));
      collected.add(batch);
      wanted.push(...rows);
    }
    const all = collected.finish();
    assert.equal(collected.length, wanted.length);
    assert.deepEqual(
      Array.from({ length: all.length }, (_, i) => all.row(i)),
      wanted,
    );
    collected.free();
  }
});

Deno.test("CollectedRows keeps a text of few once, and does not fit a number where it has texts", () => {
  const collected = new CollectedRows("x", new ColumnMemory(4000));
  for (const { batch } of batches([900, 900])) collected.add(batch);
  assert.equal(collected.finish().texts("host").values.length, 6);
  const fields = [{ name: "host", type: "count" }];
  assert.equal(collected.fits({ path: "x", fields }), false);
  assert.equal(collected.fits({ path: "y", fields: [] }), false);
});

Deno.test("ColumnMemory gives memory again, in few sizes", () => {
  const memory = new ColumnMemory(100_000);
  const sizes = new Set<number>();
  for (let rows = 1; rows <= 100_000 + BATCH_ROWS; rows += 997) {
    const taken = memory.take(rows, 8);
    assert.ok(taken.byteLength >= 8 * rows);
    sizes.add(taken.byteLength);
    memory.free(taken);
    assert.equal(memory.take(rows, 8), taken);
    memory.free(taken);
  }
  assert.ok(sizes.size <= 8, String(sizes.size));
});
