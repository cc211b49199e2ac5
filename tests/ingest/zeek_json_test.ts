import assert from "node:assert/strict";
import { fixture, read, withFile } from "./_logs.ts";

Deno.test("ZeekJsonReader skips a record with a bad value and says which", async () => {
  const { report: { streams: [stream] }, rows } = await read(
    fixture("bad_values/conn.json"),
  );
  assert.deepEqual(
    rows.map(({ uid, resp_bytes }) => [uid, resp_bytes]),
    [
      ["CAlpha0000000001", 2 ** 53 - 1],
      ["CAlpha0000000001", undefined],
      ["CLast", 2 ** 53 - 1],
    ],
  );
  assert.equal(stream.skipped, 17);
  assert.deepEqual(stream.largeValues, [{
    line: 11,
    field: "resp_bytes",
    value: "18446744073709551615",
    reason: "is 2^53 or more",
  }]);
  const [cut, ...others] = stream.errors.slice(13);
  assert.deepEqual(
    stream.errors.slice(0, 13),
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

/** One record with these members, its type not named. */
function unnamed(members: Record<string, unknown>): string {
  const id = { orig_h: "192.0.2.1", orig_p: 1, resp_h: "192.0.2.2", resp_p: 2 };
  return JSON.stringify({ ts: 1.5, uid: "C1", id, ...members }) + "\n";
}

Deno.test("ZeekJsonReader tells an unnamed record's type also after the head of a file", async () => {
  const conn = unnamed({ proto: "tcp", conn_state: "SF" });
  const http = unnamed({ trans_depth: 1, method: "GET" });
  // Neither a state nor a method: taken for what the file is.
  const plain = unnamed({ proto: "tcp" });
  const { batches } = await withFile(
    conn.repeat(1000) + http.repeat(2) + plain,
    (path) => read(path),
    "all.json",
  );
  assert.deepEqual(
    batches.map((b) => [b.schema.path, b.length]),
    [["conn", 1001], ["http", 2]],
  );
  const open = await withFile(
    conn + plain,
    (path) => read(path),
    "open_conn.json",
  );
  assert.deepEqual(
    open.batches.map((b) => [b.schema.path, b.length]),
    [["open_conn", 2]],
  );
});

Deno.test("ZeekJsonReader reads a list written as one text like an array", async () => {
  const answer = (TTLs: unknown) =>
    unnamed({ trans_id: 1, query: "example.com", TTLs });
  const { rows, report } = await withFile(
    answer([60, 0.5]) + answer("60.000000,0.5") + answer(60) + answer("soon"),
    (path) => read(path),
  );
  assert.deepEqual(rows.map(({ TTLs }) => TTLs), ["60,0.5", "60,0.5", "60"]);
  assert.deepEqual(report.streams[0].errors, [{
    line: 4,
    field: "TTLs",
    value: "soon",
    reason: "is not a vector[interval]",
  }]);
});
