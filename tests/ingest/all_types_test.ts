import assert from "node:assert/strict";
import { findLogs, readLogs } from "../../pipeline/ingest/mod.ts";
import { CONN_HEADER, fixture, read, sharedTest, withFile } from "./_logs.ts";

const ALL = { logTypes: "all" } as const;

const WEIRD = CONN_HEADER.replace("#path\tconn", "#path\tweird")
  .replace("\tproto\tconn_state", "\tname\taddl\tnotice\tseen\tparts")
  .replace("\tenum\tstring", "\tstring\tstring\tbool\tcount\tset[string]");

Deno.test("readLog keeps a TSV log of any type by its own header", async () => {
  const text = WEIRD +
    "1.5\tC1\t192.0.2.1\t1\t::2\t2\tline\\x09one\t-\tT\t7\ta,b\n" +
    "2.5\t-\t-\t-\t-\t-\tdata_before\t(empty)\tF\t-\t(empty)\n" +
    "3.5\t-\t-\t-\t-\t-\tbad\t-\tperhaps\t-\t-\n";
  const { batches, rows, report } = await withFile(
    text,
    (path) => read(path, ALL),
    "weird.log",
  );
  assert.equal(batches[0].schema.path, "weird");
  assert.deepEqual(
    batches[0].schema.fields.slice(-3),
    [
      { name: "notice", type: "bool" },
      { name: "seen", type: "count" },
      { name: "parts", type: "set[string]" },
    ],
  );
  assert.deepEqual(rows, [
    {
      ts: 1.5,
      uid: "C1",
      "id.orig_h": "192.0.2.1",
      "id.orig_p": 1,
      "id.resp_h": "::2",
      "id.resp_p": 2,
      name: "line\tone",
      notice: "T",
      seen: 7,
      parts: "a,b",
    },
    { ts: 2.5, name: "data_before", addl: "", notice: "F", parts: "" },
  ]);
  assert.deepEqual(report.streams[0].skippedByReason, {
    "notice: is not T or F": 1,
  });
  assert.deepEqual(report.otherTypes, {});
});

Deno.test("readLog gives JSON of any type the fields that its records have", async () => {
  const lines = [
    { _path: "ssh", ts: 1.5, id_orig_h: "192.0.2.1", client: "a", n: 3 },
    { _path: "ssh", ts: "2020-01-01T00:00:00Z", client: "b", ok: true },
    {
      _path: "ssh",
      ts: 2.5,
      client: "c",
      n: 1.5,
      more: { deep: [1, { a: 2 }] },
    },
    { _path: "ssh", ts: 3.5, list: ["x", 2, null], client: "d" },
    { _path: "ntp", ts: 4.5, version: 4 },
    { _path: "ssh", ts: 5.5, client: "e" },
  ];
  const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
  const { rows, batches, report } = await withFile(
    text,
    (path) => read(path, ALL),
  );
  const of = (path: string) =>
    batches.filter(({ schema }) => schema.path === path).flatMap((batch) =>
      Array.from({ length: batch.length }, (_, i) => batch.row(i))
    );
  assert.equal(rows.length, 6);
  assert.deepEqual(of("ssh"), [
    { ts: 1.5, "id.orig_h": "192.0.2.1", client: "a", n: "3" },
    { ts: 1577836800, client: "b", ok: "T" },
    { ts: 2.5, client: "c", n: "1.5", "more.deep": '[1,{"a":2}]' },
    { ts: 3.5, list: "x,2,-", client: "d" },
    { ts: 5.5, client: "e" },
  ]);
  assert.deepEqual(of("ntp"), [{ ts: 4.5, version: 4 }]);
  assert.deepEqual(
    report.streams.map(({ logType, records }) => [logType, records]),
    [["ssh", 5], ["ntp", 1]],
  );
});

Deno.test("readLog reads known types the same when all are asked for", async () => {
  for (const name of ["conn.log", "conn.json", "http.json", "dns.log"]) {
    const path = fixture(`two_formats/${name}`);
    assert.deepEqual((await read(path, ALL)).rows, (await read(path)).rows);
  }
});

Deno.test("readLog counts a type of too many fields, and does not keep it", async () => {
  const names = Array.from({ length: 1500 }, (_, i) => `f${i}`);
  const text = `#path\twide\n#fields\t${names.join("\t")}\n` +
    `${names.join("\t")}\n`;
  const { rows, report } = await withFile(text, (path) => read(path, ALL));
  assert.equal(rows.length, 0);
  assert.deepEqual(report.otherTypes, { wide: 1 });
});

sharedTest(
  "readLogs accounts for every data line of all shared logs",
  ".",
  async (folder) => {
    const { logs } = await findLogs(folder);
    assert.ok(logs.length > 1900);
    let lines = 0, kept = 0, files = 0;
    for await (const event of readLogs(logs, { ...ALL, lend: true })) {
      if ("batch" in event) {
        kept += event.batch.length;
        continue;
      }
      const { report } = event;
      const accounted = report.streams.reduce(
        (n, { records, skipped }) => n + records + skipped,
        Object.values(report.otherTypes).reduce((n, k) => n + k, 0),
      );
      assert.equal(accounted, report.lines, report.path);
      assert.deepEqual(report.otherTypes, {}, report.path);
      kept -= report.streams.reduce((n, { records }) => n + records, 0);
      lines += report.lines;
      files++;
    }
    assert.equal(files, logs.length);
    assert.equal(kept, 0, "every record kept is in a batch");
    assert.ok(lines > 500_000, `${lines} lines`);
  },
);
