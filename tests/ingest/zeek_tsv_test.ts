import assert from "node:assert/strict";
import { CONN_HEADER, connLog, fixture, read, withFile } from "./_logs.ts";

const UIDS = ["CAlpha0000000001", "CBravo0000000002", "CCharlie00000003"];
const LONG = 1 << 20;

Deno.test("ZeekTsvReader skips a record with a bad value and says which", async () => {
  const { report: { streams: [stream] }, rows } = await read(
    fixture("bad_values/conn.log"),
  );
  assert.deepEqual(
    rows.map(({ uid, resp_bytes }) => [uid, resp_bytes]),
    [[UIDS[0], 2 ** 53 - 1], [UIDS[0], undefined], ["CLast", 2 ** 53 - 1]],
  );
  assert.equal(stream.skipped, 16);
  assert.equal(stream.large, 1);
  assert.deepEqual(stream.largeValues, [{
    line: 19,
    field: "resp_bytes",
    value: "18446744073709551615",
    reason: "is 2^53 or more",
  }]);
  const whole = stream.errors.filter(({ field }) => field === "");
  assert.deepEqual(
    stream.errors.filter(({ field }) => field !== ""),
    [
      [10, "ts", "yesterday", "is not a number"],
      [11, "ts", "-", "is unset"],
      [12, "ts", "-1.0", "is not a time in seconds since 1970"],
      [13, "id.orig_h", "300.1.2.3", "is not an IP address"],
      [14, "id.resp_h", "-", "is unset"],
      [15, "id.orig_p", "99999", "is not a port in [0, 65535]"],
      [16, "id.resp_p", "http", "is not a number"],
      [17, "duration", "abc", "is not a number"],
      [18, "orig_bytes", "-5", "is negative"],
      [20, "orig_pkts", "1.5", "is not a whole number"],
      [21, "local_orig", "maybe", "is not T or F"],
      [22, "duration", "0x10", "is not a number"],
    ].map(([line, field, value, reason]) => ({ line, field, value, reason })),
  );
  assert.deepEqual(
    whole.map(({ line, reason }) => [line, reason]),
    [23, 24, 25, 26].map((line) => [line, "wrong number of fields"]),
  );
  assert.match(whole[0].value, /^1700000000\.123456\t.*\textra$/);
  assert.equal(whole[2].value, "garbage");
  assert.equal(whole[3].value, "\x00\x01\x02\x7f");
});

Deno.test("ZeekTsvReader honours a header in mid-file", async () => {
  const { batches, rows } = await read(fixture("headers/fields_change.log"));
  assert.equal(batches.length, 1);
  assert.deepEqual(rows.map(({ uid }) => uid), UIDS.slice(0, 2));
  assert.deepEqual(rows.map(({ duration }) => duration), [undefined, 0.000001]);
  assert.equal(rows[1]["id.orig_h"], "2001:db8::10");
});

Deno.test("ZeekTsvReader keeps the logs of a file apart by #path", async () => {
  const { batches, report } = await read(
    fixture("headers/conn_weird_http.log"),
  );
  assert.deepEqual(
    batches.map((b) => [b.schema.path, b.length]),
    [["conn", 1], ["http", 2]],
  );
  assert.deepEqual(report.otherTypes, { weird: 2 });
});

for (const name of ["pipe", "comma", "space", "two_bytes", "backslash_t"]) {
  Deno.test(`ZeekTsvReader reads separator_${name}.log like any other`, async () => {
    const { rows, report } = await read(
      fixture(`headers/separator_${name}.log`),
    );
    const expected = await read(fixture("headers/no_path.log"));
    assert.deepEqual(rows, expected.rows);
    assert.equal(report.streams[0].skipped, 0);
  });
}

Deno.test("ZeekTsvReader takes #unset_field and #empty_field from the header", async () => {
  const { rows } = await read(fixture("headers/markers.log"));
  assert.deepEqual(
    rows.map((r) => [r.conn_state, r.service, r.duration]),
    [["-", "", undefined], [undefined, undefined, 1.5]],
  );
});

Deno.test("ZeekTsvReader takes apart cells that join values by spaces", async () => {
  const { rows, report: { streams: [stream] } } = await read(
    fixture("headers/joined_columns.log"),
  );
  assert.deepEqual(rows.map(({ label }) => label), ["Benign", "Malicious"]);
  assert.deepEqual(
    stream.errors.map(({ line, reason }) => [line, reason]),
    [[11, "wrong number of fields"]],
  );
});

Deno.test("ZeekTsvReader copes with CRLF, BOM, blank lines and no last newline", async () => {
  const { rows, report } = await read(fixture("headers/crlf_bom_blank.log"));
  assert.deepEqual(rows.map(({ uid }) => uid), [...UIDS, UIDS[0]]);
  assert.equal(rows[3].conn_state, "SF");
  assert.equal(report.streams[0].skipped, 0);
});

Deno.test("ZeekTsvReader knows a log without #path by its fields", async () => {
  const { batches } = await read(fixture("headers/no_path.log"));
  assert.equal(batches[0].schema.path, "conn");
});

Deno.test("ZeekTsvReader replaces invalid UTF-8", async () => {
  const line = [..."1700000000.5\tcaf"].map((c) => c.charCodeAt(0));
  const rest = [..."\t192.0.2.1\t1\t192.0.2.2\t2\ttcp\tSF\n"]
    .map((c) => c.charCodeAt(0));
  const header = new TextEncoder().encode(CONN_HEADER);
  const bytes = Uint8Array.from([...header, ...line, 0xe9, ...rest]);
  const { rows } = await withFile(bytes, (path) => read(path));
  assert.equal(rows[0].uid, "caf\ufffd");
});

Deno.test("ZeekTsvReader decodes UTF-8 written as escapes", async () => {
  const text = CONN_HEADER +
    "1.5\t\\xe2\\x82\\xac\t192.0.2.1\t1\t192.0.2.2\t2\ttcp\t\\x2d\n";
  const { rows } = await withFile(text, (path) => read(path));
  assert.deepEqual([rows[0].uid, rows[0].conn_state], ["€", "-"]);
});

Deno.test("ZeekTsvReader takes no empty address", async () => {
  const text = CONN_HEADER +
    "1.5\tC1\t(empty)\t1\t192.0.2.2\t2\ttcp\tSF\n" +
    "1.5\tC1\t\t1\t192.0.2.2\t2\ttcp\tSF\n";
  const { report } = await withFile(text, (path) => read(path));
  assert.deepEqual(report.streams[0].skippedByReason, {
    "id.orig_h: is not an IP address": 2,
  });
});

Deno.test("ZeekTsvReader skips a line above 1 MiB, whole", async () => {
  const text = connLog(1) + "x".repeat(LONG + 1) + "\n" +
    "y".repeat(3 * LONG) + "\n" +
    "1700000009\tCLast\t192.0.2.1\t1\t192.0.2.2\t2\ttcp\tSF\n";
  const { rows, report: { streams: [stream] } } = await withFile(
    text,
    (path) => read(path),
  );
  assert.deepEqual(rows.map(({ uid }) => uid), ["C0", "CLast"]);
  assert.deepEqual(
    stream.errors,
    [[9, "x"], [10, "y"]].map(([line, c]) => ({
      line,
      field: "",
      value: String(c).repeat(200),
      reason: "the line is longer than 1 MiB",
    })),
  );
});

Deno.test("ZeekTsvReader names a required field that #fields lacks", async () => {
  const text =
    CONN_HEADER.replace("\tid.resp_p", "").replace("\tport\t", "\t") +
    "1.5\tC1\t192.0.2.1\t1\t192.0.2.2\ttcp\tSF\n";
  const { report } = await withFile(text, (path) => read(path));
  assert.deepEqual(report.streams[0].skippedByReason, {
    "id.resp_p: is not in #fields": 1,
  });
});

Deno.test("ZeekTsvReader takes the sensor from the first name that a log has", async () => {
  const header = CONN_HEADER.replace(
    "#fields\t",
    "#fields\tpeer\t_system_name\t",
  );
  const text = header +
    "zeek\ts1\t1.5\tC1\t192.0.2.1\t1\t192.0.2.2\t2\ttcp\tSF\n";
  const { rows } = await withFile(text, (path) => read(path));
  assert.equal(rows[0]._system_name, "s1");
});

Deno.test("ZeekTsvReader reads no record by the fields of an earlier log", async () => {
  const row = "1.5\tC1\t192.0.2.1\t1\t192.0.2.2\t2\ttcp\tSF\n";
  const second = CONN_HEADER.replace("#path\tconn", "#path\thttp")
    .replace("#fields", "#fjelds");
  const { report: { streams: [stream] } } = await withFile(
    CONN_HEADER + row + second + row,
    (path) => read(path),
  );
  assert.equal(stream.records, 1);
  assert.deepEqual(
    stream.errors.map(({ line, reason }) => [line, reason]),
    [[16, "no #fields line yet"]],
  );
});

Deno.test("ZeekTsvReader takes a log without #path for what its file is named", async () => {
  const text = connLog(2).replace("#path\tconn\n", "");
  const { batches } = await withFile(text, (path) => read(path), "open_conn.1");
  assert.deepEqual(batches.map((b) => [b.schema.path, b.length]), [
    ["open_conn", 2],
  ]);
});

Deno.test("ZeekTsvReader knows a log with an empty #path by its fields", async () => {
  const text = connLog(2).replace("#path\tconn\n", "#path\t\n");
  const { batches } = await withFile(text, (path) => read(path));
  assert.equal(batches[0].schema.path, "conn");
});

Deno.test("ZeekTsvReader takes a tab after #separator and escapes in #set_separator", async () => {
  const text = [
    "#separator\t\\x7c",
    "#set_separator|\\x3b",
    "#path|http",
    "#fields|ts|id.orig_h|id.orig_p|id.resp_h|id.resp_p|tags|resp_mime_types",
    "1.5|192.0.2.1|1|192.0.2.2|2|A::B;C|text/html",
    "",
  ].join("\n");
  const { rows: [row] } = await withFile(text, (path) => read(path));
  assert.equal(row.tags, "A::B,C");
  assert.equal(row.resp_mime_types, "text/html");
});
