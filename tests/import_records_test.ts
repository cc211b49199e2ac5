import assert from "node:assert/strict";
import { importLogs } from "../pipeline/import_logs.ts";
import { RECORDS_KEPT } from "../pipeline/log_type_name.ts";
import { withLogs } from "./_with_logs.ts";
import { connLog } from "./ingest/_logs.ts";
import { rowsOf } from "./store/_records.ts";

const HEAD = [
  "#separator \\x09",
  "#set_separator\t,",
  "#empty_field\t(empty)",
  "#unset_field\t-",
].join("\n");

function tsvLog(path: string, fields: string, ...lines: string[]): string {
  const all = fields.split(" ").map((field) => field.split(":"));
  return [
    HEAD,
    `#path\t${path}`,
    `#fields\t${all.map(([name]) => name).join("\t")}`,
    `#types\t${all.map(([, type]) => type).join("\t")}`,
    ...lines.map((line) => line.replaceAll(" ", "\t")),
    "",
  ].join("\n");
}

const X509 =
  "ts:time id:string certificate.version:count certificate.not_valid_after:time san.dns:vector[string] san.email:vector[string] basic_constraints.ca:bool";

const LOGS = {
  "conn.log": connLog(2),
  "x509.log": tsvLog(
    "x509",
    X509,
    "1700000000.000001 FOne 3 1800000000 a.example,b.example (empty) T",
    "1700000001 FTwo - - - - -",
  ),
  "reporter.log": tsvLog(
    "reporter",
    "ts:time level:enum message:string",
    "0.000000 Reporter::INFO begun",
    "- Reporter::INFO timeless",
  ),
  "loaded_scripts.log": tsvLog("loaded_scripts", "name:string", "init.zeek"),
};

const KEPT: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  none: { conn: 2 },
  known: { conn: 2, x509: 2 },
  all: { conn: 2, reporter: 1, x509: 2 },
};

for (const records of RECORDS_KEPT) {
  Deno.test(`importLogs keeps of other logs ${records}, and says what it did not`, () =>
    withLogs(LOGS, async (folder, store, dataset) => {
      const done = await importLogs(store, dataset, folder, { records });
      assert.deepEqual((await store.datasets())[0].records, KEPT[records]);
      const files = await store.importedFiles(dataset);
      let kept = 0, skipped = 0, others = 0;
      for (const { reports, otherRecords } of files) {
        for (const n of Object.values(otherRecords)) others += n;
        for (const report of reports) {
          kept += report.records;
          skipped += report.skipped;
        }
      }
      assert.equal(kept + skipped + others, 7, "every data line is told of");
      assert.equal(done.records, kept);
      const notes = done.notes.join("\n");
      if (records === "all") {
        const reasons = files.flatMap(({ reports }) =>
          reports.flatMap(({ errors }) =>
            errors.map(({ line, field, reason }) => [line, field, reason])
          )
        );
        assert.deepEqual(reasons.sort(), [
          [8, "ts", "is not in #fields"],
          [9, "ts", "is unset"],
        ]);
        assert.doesNotMatch(notes, /not kept/);
      } else {
        assert.match(notes, /not kept.*loaded_scripts 1/);
        assert.match(notes, /--records/);
      }
    }));
}

Deno.test("importLogs reads a file again once its log is wanted, and only then", () =>
  withLogs(LOGS, async (folder, store, dataset) => {
    const files = async (records: "none" | "known" | "all") =>
      [...(await importLogs(store, dataset, folder, { records })).newFiles]
        .map((path) => path.slice(folder.length + 1)).sort();
    assert.deepEqual(await files("none"), ["conn.log"]);
    assert.deepEqual(await files("none"), []);
    assert.deepEqual(await files("known"), ["x509.log"]);
    assert.deepEqual(await files("known"), []);
    assert.deepEqual(await files("all"), [
      "loaded_scripts.log",
      "reporter.log",
    ]);
    assert.deepEqual(await files("all"), []);
    assert.deepEqual((await store.datasets())[0].records, KEPT.all);
    assert.equal((await store.importedFiles(dataset)).length, 4);
  }));

Deno.test("importLogs counts a file of which nothing is kept as read, not as known", () =>
  withLogs(LOGS, async (folder, store, dataset) => {
    const first = await importLogs(store, dataset, folder, { records: "none" });
    assert.deepEqual(
      [first.newFiles.size, first.filesRead, first.unchanged],
      [1, 4, 0],
    );
    const again = await importLogs(store, dataset, folder, { records: "none" });
    assert.deepEqual(
      [again.newFiles.size, again.filesRead, again.unchanged],
      [0, 0, 4],
    );
  }));

Deno.test("importLogs keeps a log alike from TSV and JSON, unset apart from empty", () =>
  withLogs({
    "x509.log": LOGS["x509.log"],
    "x509.json.log": [
      {
        _path: "x509",
        ts: 1700000000.000001,
        id: "FOne",
        "certificate.version": 3,
        "certificate.not_valid_after": 1800000000,
        "san.dns": ["a.example", "b.example"],
        "san.email": [],
        "basic_constraints.ca": true,
      },
      { _path: "x509", ts: 1700000001, id: "FTwo" },
    ].map((record) => JSON.stringify(record) + "\n").join(""),
  }, async (folder, store, dataset) => {
    const expected = [{
      ts: 1700000000.000001,
      id: "FOne",
      "certificate.version": 3,
      "certificate.not_valid_after": 1800000000,
      "san.dns": "a.example,b.example",
      "san.email": "",
      "basic_constraints.ca": "T",
    }, { ts: 1700000001, id: "FTwo" }];
    for (const name of ["x509.log", "x509.json.log"]) {
      const dataset = await store.openDataset(name);
      await importLogs(store, dataset, `${folder}/${name}`);
      assert.deepEqual(await rowsOf(store, dataset, "x509"), expected, name);
    }
    await importLogs(store, dataset, folder);
    assert.equal((await rowsOf(store, dataset, "x509")).length, 4);
  }));

Deno.test("importLogs takes logs of hostile names and fields for what they are", () =>
  withLogs({
    "conn.log": connLog(1),
    "odd.log": [
      { _path: "a b", ts: 1 },
      { _path: "x".repeat(65), ts: 1 },
      { _path: "open_dns", ts: 2, uid: 7, "id.orig_h": "192.0.2.9" },
      { _path: "records", ts: 3, uid: ["C1", "C2"], seq: 1, more: "{" },
      { _path: "records", ts: 3, "id.orig_h": "nobody" },
      { _path: "records", ts: "never" },
      { _path: "timeless", name: "a" },
      ...Array.from({ length: 300 }, (_, i) => ({ _path: `t${i}`, ts: 4 })),
    ].map((record) => JSON.stringify(record) + "\n").join(""),
  }, async (folder, store, dataset) => {
    await importLogs(store, dataset, folder, { records: "all" });
    const [, { reports, otherRecords }] = await store.importedFiles(dataset);
    const sum = (numbers: readonly number[]) =>
      numbers.reduce((total, n) => total + n, 0);
    const kept = sum(reports.map((report) => report.records));
    const skipped = sum(reports.map((report) => report.skipped));
    assert.equal(kept, 255, "and one that has no time: 256 types");
    assert.equal(skipped, 3);
    assert.equal(kept + skipped + sum(Object.values(otherRecords)), 307);
    assert.deepEqual(await rowsOf(store, dataset, "open_dns"), [
      { ts: 2, uid: "7", "id.orig_h": "192.0.2.9" },
    ]);
    assert.deepEqual(await rowsOf(store, dataset, "records"), [
      { ts: 3, uid: "C1,C2", seq: "1", more: "{" },
    ]);
  }));
