import assert from "node:assert/strict";
import {
  BATCH_ROWS,
  BatchBuilder,
  isNumeric,
  type Schema,
} from "../pipeline/record_batch.ts";
import { RandomState } from "../pipeline/models/mod.ts";

const SCHEMA: Schema = {
  path: "conn",
  fields: [
    { name: "ts", type: "time" },
    { name: "uid", type: "string" },
    { name: "tags", type: "set[string]" },
    { name: "port", type: "port" },
  ],
};

Deno.test("BatchBuilder keeps unset apart from empty and from zero", () => {
  const builder = new BatchBuilder(SCHEMA);
  builder.setNumber(0, 0);
  builder.setText(1, "");
  builder.endRow();
  builder.endRow();
  const batch = builder.finish();
  assert.equal(batch.length, 2);
  assert.equal(batch.numbers("ts")[0], 0);
  assert.ok(Number.isNaN(batch.numbers("ts")[1]));
  const uid = batch.texts("uid");
  assert.deepEqual([...uid.codes], [1, 0]);
  assert.deepEqual([...uid.values], ["", ""]);
  assert.deepEqual(batch.row(0), { ts: 0, uid: "" });
  assert.deepEqual(batch.row(1), {});
});

Deno.test("BatchBuilder forgets a dropped row wholly", () => {
  const builder = new BatchBuilder(SCHEMA);
  builder.setNumber(0, 1);
  builder.setText(1, "bad");
  builder.dropRow();
  builder.setNumber(3, 443);
  builder.endRow();
  const batch = builder.finish();
  assert.equal(batch.length, 1);
  assert.deepEqual(batch.row(0), { port: 443 });
});

Deno.test("BatchBuilder keeps every row while it grows, as a plain list does", () => {
  const random = new RandomState(4);
  const builder = new BatchBuilder(SCHEMA);
  const rows: Record<string, string | number>[] = [];
  for (let i = 0; i < 5000; i++) {
    const row: Record<string, string | number> = {};
    if (random.random() < 0.7) builder.setNumber(0, row.ts = i / 7);
    if (random.random() < 0.7) builder.setText(1, row.uid = `C${i % 50}`);
    if (random.random() < 0.3) builder.setText(2, row.tags = "a,b");
    if (random.random() < 0.1) builder.dropRow();
    else {
      builder.endRow();
      rows.push(row);
    }
  }
  assert.equal(builder.length, rows.length);
  const batch = builder.finish();
  assert.equal(batch.length, rows.length);
  for (const [i, row] of rows.entries()) assert.deepEqual(batch.row(i), row);
  const { codes, values } = batch.texts("uid");
  assert.equal(new Set(values.slice(1)).size, values.length - 1);
  assert.ok(codes.every((code) => code < values.length));
});

Deno.test("BatchBuilder is empty after finish, and its first batch stays as it was", () => {
  const builder = new BatchBuilder(SCHEMA);
  builder.setText(1, "C1");
  builder.endRow();
  const first = builder.finish();
  builder.setText(1, "C2");
  builder.endRow();
  const second = builder.finish();
  assert.deepEqual([first.row(0), second.row(0)], [{ uid: "C1" }, {
    uid: "C2",
  }]);
  assert.deepEqual([...second.texts("uid").values], ["", "C2"]);
  assert.equal(builder.finish().length, 0);
});

Deno.test("BatchBuilder is full at BATCH_ROWS", () => {
  const builder = new BatchBuilder({ path: "x", fields: [SCHEMA.fields[0]] });
  for (let i = 1; i < BATCH_ROWS; i++) builder.endRow();
  assert.ok(!builder.full);
  builder.endRow();
  assert.ok(builder.full);
  assert.equal(builder.finish().numbers("ts").length, BATCH_ROWS);
});

Deno.test("RecordBatch gives unset columns for fields that the log lacks", () => {
  const builder = new BatchBuilder(SCHEMA);
  builder.endRow();
  const batch = builder.finish();
  assert.ok(batch.has("uid") && batch.has("ts") && !batch.has("host"));
  assert.deepEqual([...batch.texts("host").codes], [0]);
  assert.deepEqual([...batch.numbers("host")], [NaN]);
});

Deno.test("isNumeric keeps numbers as numbers and everything else as text", () => {
  for (const type of ["time", "interval", "double", "count", "int", "port"]) {
    assert.ok(isNumeric(type), type);
  }
  for (const type of ["addr", "string", "bool", "enum", "set[count]", ""]) {
    assert.ok(!isNumeric(type), type);
  }
});
