import assert from "node:assert/strict";
import { fixture, read, withFile } from "./_logs.ts";

Deno.test("ZeekJsonReader skips a record with a bad value and says which", async () => {
  const { report: { streams: [stream] }, rows } = await read(
    fixture("bad_values/conn.json"),
  );
  assert.deepEqual(rows.map(({ uid }) => uid), ["CAlpha0000000001", "CLast"]);
  assert.equal(stream.skipped, 18);
  const [cut, ...others] = stream.errors.slice(14);
  assert.deepEqual(
    stream.errors.slice(0, 14),
    [
      [2, "ts", "yesterday", "is not a number"],
      [3, "ts", "", "is unset"],
      [4, "ts", "[1]", "is not a number"],
      [5, "id.orig_h", "300.1.2.3", "is not an IP address"],
      [6, "id.resp_h", "", "is unset"],
      [7, "id.orig_p", "99999", "is not a port in [0, 65535]"],
      [8, "id.resp_p", "http", "is not a number"],
      [9, "duration", "abc", "is not a number"],
      [10, "orig_bytes", "-5", "is negative"],
      [11, "resp_bytes", "18446744073709552000", "is 2^53 or more"],
      [12, "orig_pkts", "1.5", "is not a whole number"],
      [13, "local_orig", "maybe", "is not T or F"],
      [14, "service", '{"a":1}', "is not a string"],
      [15, "history", '["S"]', "is not a string"],
    ].map(([line, field, value, reason]) => ({ line, field, value, reason })),
  );
  assert.match(cut.value, /^\{"ts": 1700000000\.123456, /);
  assert.deepEqual(
    [cut, ...others].map(({ line, field, reason }) => [line, field, reason]),
    [16, 17, 18, 20].map((line) => [line, "", "is not a JSON object"]),
  );
});

const FORMS = [
  "underscored",
  "nested",
  "iso_ts",
  "text_numbers",
  "millis_ts",
  "nulls",
];
for (const name of FORMS) {
  Deno.test(`ZeekJsonReader reads ${name}.json like dotted.json`, async () => {
    const { rows } = await read(fixture(`json_forms/${name}.json`));
    const expected = (await read(fixture("json_forms/dotted.json"))).rows;
    const want = expected.map((row) => {
      if (name === "underscored") return { ...row, _system_name: "sensor-1" };
      if (name !== "millis_ts") return row;
      return { ...row, ts: Math.round(Number(row.ts) * 1000) / 1000 };
    });
    assert.deepEqual(rows, want);
  });
}

for (const name of ["mixed", "mixed_unnamed"]) {
  Deno.test(`ZeekJsonReader gives each log type of ${name}.json its own batch`, async () => {
    const { batches, report } = await read(fixture(`json_forms/${name}.json`));
    const paths = batches.map((b) => [b.schema.path, b.length]);
    const ssl = name === "mixed" ? [] : [["ssl", 1]];
    assert.deepEqual(paths, [["conn", 2], ["http", 1], ["dns", 1], ...ssl]);
    assert.deepEqual(report.otherTypes, name === "mixed" ? { weird: 1 } : {});
    assert.deepEqual(report.streams.map((s) => s.skipped), paths.map(() => 0));
  });
}

Deno.test("ZeekJsonReader follows a type that comes after the head of a file", async () => {
  const weird = '{"_path":"weird","ts":1.5,"name":"x"}\n'.repeat(5000);
  const conn = await Deno.readTextFile(fixture("two_formats/conn.json"));
  const { batches, report } = await withFile(
    weird + conn,
    (path) => read(path),
  );
  assert.deepEqual(batches.map((b) => [b.schema.path, b.length]), [[
    "conn",
    3,
  ]]);
  assert.deepEqual(report.otherTypes, { weird: 5000 });
});

Deno.test("ZeekJsonReader keeps the letters of a text as they are", async () => {
  const text =
    '{"_path":"conn","ts":1.5,"uid":"\ufeffé\\u0000","id.orig_h":"::1",' +
    '"id.orig_p":1,"id.resp_h":"::2","id.resp_p":2,"conn_state":""}\r\n';
  const { rows } = await withFile(text, (path) => read(path));
  assert.equal(rows[0].uid, "\ufeffé\0");
  assert.equal(rows[0].conn_state, "");
});
