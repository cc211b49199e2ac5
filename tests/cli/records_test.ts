import assert from "node:assert/strict";
import { connLog } from "../ingest/_logs.ts";
import { json, skerry, withFolder } from "../_skerry.ts";

const LINES = [
  {
    _path: "notice",
    ts: 1700000000.5,
    uid: "CLinked01",
    note: "Scan::Port_Scan",
    msg: "=cmd|\u001b[31m scanned 15 ports",
  },
  { _path: "notice", ts: 1700000001, note: "SSL::Weak_Key", msg: "weak" },
  {
    _path: "files",
    ts: 1700000002,
    fuid: "FLinked01",
    conn_uids: ["CLinked01"],
    seen_bytes: 900,
  },
  { _path: "x509", ts: 1700000003, id: "FLinked01", "certificate.version": 3 },
  { _path: "stats", ts: 1700000004, mem: 5 },
];

function withoutPlace({ _file, _line, ...record }: Record<string, unknown>) {
  return record;
}

/** A dataset "office" in a store of its own, imported with these flags. */
function withRecords(
  use: (store: readonly string[], folder: string) => Promise<void>,
  ...flags: string[]
): Promise<void> {
  return withFolder(async (folder) => {
    const logs = `${folder}/logs`, store = ["--store", `${folder}/a.db`];
    await Deno.mkdir(logs);
    await Deno.writeTextFile(`${logs}/conn.log`, connLog(3));
    await Deno.writeTextFile(
      `${logs}/other.log`,
      LINES.map((line) => JSON.stringify(line) + "\n").join(""),
    );
    const office = ["--dataset", "office", ...store];
    const done = await skerry("import", logs, ...office, ...flags);
    assert.equal(done.code, 0, done.stderr);
    await use(store, done.stdout);
  });
}

Deno.test("skerry records lists a log by type, and all logs of a uid", () =>
  withRecords(async (store, imported) => {
    assert.match(imported, /not kept.*--records all.*stats 1/s);
    assert.deepEqual(await json("records", ...store), {
      conn: 3,
      files: 1,
      notice: 2,
      x509: 1,
    });
    const notices = await json("records", "--type", "notice", ...store);
    assert.deepEqual(notices.map(withoutPlace), LINES.slice(0, 2));
    for (const [i, { _file, _line }] of notices.entries()) {
      assert.match(_file, /logs\/other\.log$/);
      assert.equal(_line, i + 1);
    }
    const scans = ["records", "--type", "notice", "--match", "SCAN", ...store];
    assert.deepEqual((await json(...scans)).map(withoutPlace), [LINES[0]]);
    const some = await skerry(
      "records",
      "--type",
      "conn",
      "--limit",
      "2",
      ...store,
    );
    assert.equal(some.stdout.match(/ conn /g)?.length, 2);
    assert.match(some.stdout, /there are more/);
    assert.match(some.stdout, /logs\/conn\.log:9\n/);
    const linked = await json("records", "--uid", "CLinked01", ...store);
    assert.deepEqual(
      linked.map(({ _path }: { _path: string }) => _path),
      ["notice", "files", "x509"],
    );
    const later = ["--from", "1700000001", "--to", "1700000003"];
    const between = await json(
      ...["records", "--uid", "CLinked01", ...later, ...store],
    );
    assert.deepEqual(
      between.map(({ _path }: { _path: string }) => _path),
      ["files"],
    );
  }));

Deno.test("skerry records shows what is hostile harmlessly", () =>
  withRecords(async (store) => {
    const text = await skerry("records", "--type", "notice", ...store);
    assert.ok(!text.stdout.includes("\u001b"), "no control characters");
    const csv = await skerry(
      "records",
      "--type",
      "notice",
      "--csv",
      "-",
      ...store,
    );
    assert.match(csv.stdout, /,'=cmd\|/);
    const empty = await skerry("records", "--type", "", ...store);
    assert.equal(empty.code, 2);
    const none = await skerry("records", "--type", "weird", ...store);
    assert.match(none.stdout, /There is none/);
  }));

Deno.test("--records says which other logs are kept", () =>
  withRecords(
    async (store, imported) => {
      assert.doesNotMatch(imported, /not kept/);
      assert.equal((await json("records", ...store)).stats, 1);
      const wrong = await skerry("import", "x", "--records", "some", ...store);
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, /must be one of none, known, all, got "some"/);
    },
    "--records",
    "all",
  ));
