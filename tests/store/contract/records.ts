import assert from "node:assert/strict";
import { RecordBatch, type Schema } from "../../../pipeline/record_batch.ts";
import type {
  Dataset,
  RecordQuery,
  SessionStore,
  StoredRecord,
} from "../../../pipeline/store/session_store.ts";
import {
  batchOf,
  connRow,
  fileOf,
  importBatches,
  type Row,
  rowsOf,
} from "../_records.ts";
import { conn, HOSTILE, sameRows, type Test } from "./shared.ts";

const UID = connRow().uid as string;

function schemaOf(path: string, fields: string): Schema {
  return {
    path,
    fields: `ts time, ${fields}`.split(", ").map((field) => {
      const [name, type] = field.split(" ");
      return { name, type };
    }),
  };
}

const NOTICE = schemaOf(
  "notice",
  "uid string, id.orig_h addr, id.orig_p port, id.resp_h addr, id.resp_p port, note enum, msg string, n count, actions set[enum], suppress_for interval, dropped bool",
);
const FILES = schemaOf(
  "files",
  "fuid string, conn_uids set[string], size count",
);
const X509 = schemaOf("x509", "id string, certificate.subject string");
const STAMPED = schemaOf("reporter", "message string");

const notice = (ts: number, more: Row = {}): Row => ({
  ...connRow({ ts }),
  note: "Scan::Port_Scan",
  ...more,
});

/** One connection with a file in it that is a certificate, and another one. */
async function linked(store: SessionStore): Promise<Dataset> {
  const dataset = await store.openDataset("d");
  await importBatches(
    store,
    dataset,
    batchOf(conn, [connRow({ ts: 1 }), connRow({ ts: 9, uid: "COther" })]),
    batchOf(NOTICE, [notice(2)]),
    batchOf(FILES, [
      { ts: 3, fuid: "FOne", conn_uids: `CElse,${UID}`, size: 7 },
      { ts: 3, fuid: "FTwo", conn_uids: "COther" },
    ]),
    batchOf(X509, [
      { ts: 4, id: "FOne", "certificate.subject": "CN=one" },
      { ts: 4, id: "FTwo", "certificate.subject": "CN=two" },
    ]),
  );
  return dataset;
}

const typesOf = (records: readonly StoredRecord[]) =>
  records.map(({ logType }) => logType);

/** All pages. */
async function listed(
  store: SessionStore,
  dataset: Dataset,
  query: RecordQuery,
): Promise<StoredRecord[]> {
  const out: StoredRecord[] = [];
  let after: string | undefined;
  do {
    const page = await store.records(dataset, { ...query, after });
    out.push(...page.sessions);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return out;
}

export function recordTests(test: Test): void {
  test("records of any log keep their fields and types", async (store) => {
    const dataset = await store.openDataset("d");
    const rows: Row[] = [
      notice(1, { n: 3, actions: "Notice::ACTION_LOG,Notice::ACTION_EMAIL" }),
      notice(2, { actions: "", suppress_for: 3600.5, dropped: "F" }),
      { ts: 3, msg: "nobody's" },
      ...HOSTILE.map((msg, i) => notice(4 + i, { msg })),
    ];
    await importBatches(store, dataset, batchOf(NOTICE, rows));
    sameRows(await rowsOf(store, dataset, "notice"), rows);
    for await (const batch of store.batches(dataset, "notice")) {
      const types = new Map(batch.schema.fields.map((f) => [f.name, f.type]));
      for (const { name, type } of NOTICE.fields) {
        assert.equal(types.get(name), type);
      }
    }
  });

  test("a record's file and line are kept, wherever it is listed", async (store) => {
    const dataset = await store.openDataset("d");
    const writer = await store.beginImport(dataset);
    const at = (batch: RecordBatch, ...lines: number[]) => {
      const { schema, length } = batch, runs = Float64Array.from(lines);
      return RecordBatch.of({
        ...batch.toParts(),
        schema,
        length,
        lines: runs,
      });
    };
    const rows = [1, 2, 3].map((ts) => connRow({ ts }));
    await writer.add(at(batchOf(conn, rows), 0, 9, 2, 5_000_000_000), 0);
    await writer.add(at(batchOf(NOTICE, [notice(4)]), 0, 77), 1);
    await writer.add(batchOf(NOTICE, [notice(5)]), 1);
    await writer.addFile(fileOf("a"), 0);
    await writer.addFile(fileOf("b"), 1);
    await writer.finish();
    const places = (records: readonly StoredRecord[]) =>
      records.map(({ file, line }) => `${file}:${line}`);
    const conns = ["/logs/a.log:9", "/logs/a.log:10", "/logs/a.log:5000000000"];
    const notices = ["/logs/b.log:77", "/logs/b.log:undefined"];
    assert.deepEqual(
      places(await Array.fromAsync(store.listed(dataset, "conn"))),
      conns,
    );
    const { sessions } = await store.sessions(dataset, {
      src: "10.55.100.100",
    });
    assert.deepEqual(places(sessions), conns);
    assert.deepEqual(
      places(await listed(store, dataset, { logType: "notice" })),
      notices,
    );
    assert.deepEqual(
      places(await store.session(dataset, UID)),
      [...conns, ...notices],
    );
    const part = store.listed(dataset, "conn", { from: 2, to: 3 });
    assert.deepEqual(places(await Array.fromAsync(part)), [conns[1]]);
  });

  test("records of several logs lie beside each other and stay apart", async (store) => {
    const dataset = await linked(store);
    assert.deepEqual((await store.datasets())[0].records, {
      conn: 2,
      files: 2,
      notice: 1,
      x509: 2,
    });
    assert.deepEqual(await rowsOf(store, dataset, "x509"), [
      { ts: 4, id: "FOne", "certificate.subject": "CN=one" },
      { ts: 4, id: "FTwo", "certificate.subject": "CN=two" },
    ]);
    assert.equal((await rowsOf(store, dataset, "notice")).length, 1);
    assert.equal((await rowsOf(store, dataset, "open_dns")).length, 0);
  });

  test("recordsOf finds a uid in every log, also in a list of them", async (store) => {
    const dataset = await linked(store);
    const found = await store.recordsOf(dataset, [UID]);
    assert.deepEqual(typesOf(found), ["conn", "notice", "files"]);
    assert.deepEqual(found[2].fields, {
      ts: 3,
      fuid: "FOne",
      conn_uids: `CElse,${UID}`,
      size: 7,
    });
    assert.deepEqual(
      typesOf(await store.recordsOf(dataset, ["FOne"])),
      ["files", "x509"],
    );
    const pair = { src: "10.55.100.100", dst: "34.223.124.45" };
    assert.deepEqual(
      typesOf(await store.recordsOf(dataset, [UID], pair)),
      ["conn", "notice"],
    );
  });

  test("session gives the certificates of its files, too, and no others", async (store) => {
    const dataset = await linked(store);
    const found = await store.session(dataset, UID);
    assert.deepEqual(typesOf(found), ["conn", "notice", "files", "x509"]);
    assert.equal(found[3].fields.id, "FOne");
    assert.deepEqual(await store.session(dataset, "CNobody"), []);
    const { records } = await store.search(dataset, "COtherOne");
    assert.deepEqual(records, []);
  });

  test("records lists one log in time order, page by page", async (store) => {
    const dataset = await store.openDataset("d");
    const rows = Array.from(
      { length: 250 },
      (_, i) => notice((i * 97) % 250, { msg: `m${(i * 97) % 250}` }),
    );
    await importBatches(store, dataset, batchOf(NOTICE, rows.slice(0, 90)));
    await importBatches(store, dataset, batchOf(NOTICE, rows.slice(90)));
    for (const limit of [1, 7, 100, 1000]) {
      const all = await listed(store, dataset, { logType: "notice", limit });
      assert.deepEqual(
        all.map(({ fields }) => fields.ts),
        Array.from({ length: 250 }, (_, i) => i),
      );
    }
    const some = await listed(store, dataset, {
      logType: "notice",
      from: 10,
      to: 20,
      text: "M1",
      limit: 3,
    });
    assert.deepEqual(
      some.map(({ fields }) => fields.msg),
      Array.from({ length: 10 }, (_, i) => `m${i + 10}`),
    );
    const none = await store.records(dataset, { logType: "weird" });
    assert.deepEqual(none, { sessions: [], next: null });
    await assert.rejects(store.records(dataset, { logType: "conn" }), {
      name: "RangeError",
      message: "Cannot list records: conn is listed by source, as sessions",
    });
  });

  test("records do not stretch the time that connections span", async (store) => {
    const dataset = await store.openDataset("d");
    await importBatches(
      store,
      dataset,
      batchOf(STAMPED, [{ ts: 0, message: "at the start" }]),
    );
    assert.equal((await store.datasets())[0].lastTs, 0);
    await importBatches(store, dataset, batchOf(conn, [connRow({ ts: 900 })]));
    const [{ firstTs, lastTs }] = await store.datasets();
    assert.deepEqual([firstTs, lastTs], [900, 900]);
    const { from, counts } = await store.histogram(dataset);
    assert.deepEqual([from, counts], [900, [1]]);
    const own = await store.histogram(dataset, { logType: "reporter" });
    assert.deepEqual([own.from, own.counts], [0, [1]]);
  });

  test("records of a file are dropped with it, by pruning, clearing and merging", async (store) => {
    const fill = async (name: string, ...hashes: string[]) => {
      const dataset = await store.openDataset(name);
      const writer = await store.beginImport(dataset);
      for (const hash of hashes) {
        await writer.add(batchOf(NOTICE, [notice(1, { msg: hash })]));
        await writer.add(batchOf(X509, [{ ts: 2, id: hash }]));
        await writer.addFile(fileOf(hash));
      }
      await writer.finish();
      return dataset;
    };
    const a = await fill("a", "one", "two"),
      b = await fill("b", "two", "three");
    await store.mergeDatasets(b, a);
    const messages = async () =>
      (await rowsOf(store, a, "notice")).map(({ msg }) => msg).toSorted();
    assert.deepEqual(await messages(), ["one", "three", "two"]);
    assert.equal((await rowsOf(store, a, "x509")).length, 3);
    assert.deepEqual(typesOf(await store.recordsOf(a, ["three"])), ["x509"]);
    const [first] = await store.imports(a);
    await store.pruneImports(a, [first.id]);
    assert.deepEqual(await messages(), ["three"]);
    assert.deepEqual(await store.recordsOf(a, ["one"]), []);
    await store.clearDataset(a);
    assert.deepEqual(await messages(), []);
  });

  test("addFile takes a file again of which nothing was kept", async (store) => {
    const dataset = await store.openDataset("d");
    const add = async (reports: "some" | "none") => {
      const writer = await store.beginImport(dataset);
      const file = fileOf("one");
      if (reports === "some") await writer.add(batchOf(NOTICE, [notice(1)]));
      await writer.addFile(
        reports === "some"
          ? { ...file, otherRecords: {} }
          : { ...file, reports: [], otherRecords: { notice: 1 } },
      );
      await writer.finish();
    };
    await add("none");
    await add("some");
    const files = await store.importedFiles(dataset);
    assert.deepEqual(files.map(({ otherRecords }) => otherRecords), [{}]);
    assert.equal((await rowsOf(store, dataset, "notice")).length, 1);
    await assert.rejects(add("some"), /already holds this file/);
  });
}
