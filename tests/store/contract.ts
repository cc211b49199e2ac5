import assert from "node:assert/strict";
import { SkerryError } from "../../pipeline/errors.ts";
import { logTypes, schemas } from "../../pipeline/ingest/log_type.ts";
import { isNumeric, type Schema } from "../../pipeline/record_batch.ts";
import type {
  Dataset,
  SessionQuery,
  SessionStore,
} from "../../pipeline/store/session_store.ts";
import {
  batchOf,
  connRow,
  fileOf,
  importBatches,
  type Row,
  rowsOf,
  TS,
} from "./_records.ts";
import { rankedFinding, runReport } from "./_runs.ts";

/** An empty store, and how to be rid of it. */
export interface StoreFixture extends AsyncDisposable {
  readonly store: SessionStore;
}

type Body = (store: SessionStore) => Promise<void>;

const conn = schemas.get("conn")!;

/** Quotes, NUL, control characters, a bidi override, an emoji, SQL. */
const HOSTILE: readonly string[] = [
  "'; DROP TABLE conn; --",
  `"quoted" 'twice' \\back\\`,
  "a\0b",
  "\0",
  "\t\r\n\x1b[31m\x7f\u0085\u2028",
  "\u202egpj.exe\u200b",
  "🦀 ünïcödé 中文",
  "-",
  "(empty)",
  "NULL",
  "null",
  "[1,2]",
  "12",
  "",
  "🦀'\0".repeat(180_000), // 1 MB
];

/** Names and ids are shorter: a server keeps them in an index. */
const HOSTILE_KEYS = HOSTILE.filter((text) => text.length < 60);

/** What every store must do, whichever database lies below. */
export function storeContract(
  name: string,
  open: () => Promise<StoreFixture>,
): void {
  const test = (sentence: string, body: Body) =>
    Deno.test(`${name}: ${sentence}`, async () => {
      await using fixture = await open();
      await body(fixture.store);
    });
  datasetTests(test);
  roundTripTests(test);
  queryTests(test);
  importTests(test);
  sessionTests(test);
  overviewTests(test);
  runTests(test);
  opinionTests(test);
  modelAndLabelTests(test);
  closedTests(test);
}

type Test = (sentence: string, body: Body) => void;

function datasetTests(test: Test): void {
  test("openDataset makes a dataset once", async (store) => {
    assert.equal(await store.findDataset("office"), null);
    const made = await store.openDataset("office");
    assert.ok(Math.abs(made.createdAt - Date.now() / 1000) < 60);
    assert.deepEqual(await store.openDataset("office"), made);
    assert.deepEqual(await store.findDataset("office"), made);
    for (const name of HOSTILE_KEYS) {
      assert.equal((await store.openDataset(name)).name, name);
    }
    assert.equal((await store.datasets()).length, 1 + HOSTILE_KEYS.length);
    await assert.rejects(store.openDataset("é".repeat(1025)), {
      name: "SkerryError",
      message:
        /^Cannot name a dataset é+…: the name has 2050 bytes, at most 2048 fit$/,
    });
  });

  test("renameDataset gives another name, but not one that is taken", async (store) => {
    const dataset = await store.openDataset("office");
    await store.openDataset("lab");
    const renamed = await store.renameDataset(dataset, "hq");
    assert.deepEqual(renamed, { ...dataset, name: "hq" });
    assert.deepEqual(await store.findDataset("hq"), renamed);
    assert.equal(await store.findDataset("office"), null);
    await assert.rejects(store.renameDataset(renamed, "lab"), {
      name: "SkerryError",
      message: "Cannot rename hq: there is a dataset lab already",
    });
    assert.deepEqual(await store.renameDataset(renamed, "hq"), renamed);
  });

  test("deleteDataset leaves nothing of it", async (store) => {
    const dataset = await store.openDataset("office");
    await importBatches(store, dataset, batchOf(conn, [connRow()]));
    await store.saveRun(dataset, runReport("office", []));
    await store.deleteDataset(dataset);
    assert.deepEqual(await store.datasets(), []);
    assert.deepEqual(await store.runs(), []);
    const again = await store.openDataset("office");
    assert.deepEqual(await rowsOf(store, again, "conn"), []);
  });

  test("mergeDatasets moves all, and no file's records twice", async (store) => {
    const from = await store.openDataset("a"),
      into = await store.openDataset("b");
    const fill = async (dataset: Dataset, ...hashes: string[]) => {
      const writer = await store.beginImport(dataset);
      for (const hash of hashes) {
        await writer.add(batchOf(conn, [connRow({ uid: hash, ts: 1 })]));
        await writer.addFile(fileOf(hash));
      }
      await writer.finish();
    };
    await fill(from, "aa", "bb");
    await fill(into, "bb", "cc");
    await store.saveRun(from, runReport("a", [rankedFinding("f", 1, 0.9)]));
    const label = { uid: "C1", value: 1, source: "column" };
    await store.addLabels(from, [label, { ...label, uid: "C2" }]);
    await store.addLabels(into, [{ ...label, value: 0 }]);
    await store.mergeDatasets(from, into);
    assert.deepEqual((await store.datasets()).map(({ name }) => name), ["b"]);
    const [summary] = await store.datasets();
    assert.deepEqual(
      [summary.files, summary.records, summary.runs],
      [3, { conn: 3 }, 1],
    );
    sameRows(
      await rowsOf(store, into, "conn"),
      ["aa", "bb", "cc"].map((uid) => connRow({ uid, ts: 1 })),
    );
    assert.deepEqual(
      (await store.importedFiles(into)).map(({ hash }) => hash).toSorted(),
      ["aa", "bb", "cc"],
    );
    assert.deepEqual(await store.labels(into), [
      { ...label, value: 0 },
      { ...label, uid: "C2" },
    ]);
    const pairs = await store.pairs(into, {});
    assert.deepEqual(pairs.map(({ count }) => count), [3]);
    await fill(into, "dd");
    assert.equal((await store.datasets())[0].files, 4);
  });

  test("datasets count files, records, skipped lines and runs", async (store) => {
    const dataset = await store.openDataset("office");
    await store.openDataset("empty");
    const writer = await store.beginImport(dataset);
    await writer.add(batchOf(conn, [connRow(), connRow({ ts: 5 })]));
    await writer.add(
      batchOf(schemas.get("open_conn")!, [connRow({ ts: 9e9 })]),
    );
    await writer.addFile(fileOf("aa"));
    await writer.addFile(fileOf("bb"));
    await writer.finish();
    await store.saveRun(dataset, runReport("office", []));
    const [office, empty] = await store.datasets();
    assert.deepEqual(office, {
      ...dataset,
      files: 2,
      records: { conn: 2, open_conn: 1 },
      skipped: 2,
      firstTs: 5,
      lastTs: 9e9,
      runs: 1,
      unfinished: 0,
    });
    assert.deepEqual(
      [empty.files, empty.records, empty.firstTs, empty.lastTs, empty.runs],
      [0, {}, null, null, 0],
    );
  });

  test("clearDataset removes one dataset's records, files, labels and runs", async (store) => {
    const dataset = await store.openDataset("office");
    const other = await store.openDataset("lab");
    for (const d of [dataset, other]) {
      const writer = await store.beginImport(d);
      await writer.add(batchOf(conn, [connRow()]));
      await writer.addFile(fileOf("aa"));
      await writer.finish();
      await store.saveRun(d, runReport(d.name, [rankedFinding("a", 1, 0.9)]));
      await store.addLabels(d, [{ uid: "C1", value: 1, source: "column" }]);
    }
    await store.clearDataset(dataset);
    assert.deepEqual(await rowsOf(store, dataset, "conn"), []);
    assert.deepEqual(
      await store.recordsOf(dataset, [connRow().uid as string]),
      [],
    );
    assert.deepEqual(await store.importedFiles(dataset), []);
    assert.deepEqual(await store.labels(dataset), []);
    assert.deepEqual(await store.runs(dataset), []);
    assert.equal((await rowsOf(store, other, "conn")).length, 1);
    assert.equal((await store.runs(other))[0].findingCount, 1);
    await importBatches(store, dataset, batchOf(conn, [connRow()]));
    assert.equal((await rowsOf(store, dataset, "conn")).length, 1);
  });
}

/** Another value for every row and field. */
function valueFor(type: string, i: number, f: number): string | number {
  if (type === "time") return (1672843056914972 + i) / 1e6;
  if (type === "addr") return i % 2 ? `2001:db8::${i + 1}` : `10.0.${f}.${i}`;
  if (type === "port") return 1000 * f + i;
  if (isNumeric(type)) return f + i + 0.123456;
  return type === "bool" ? "TF"[i % 2] : `${type} ${f} of row ${i % 3}`;
}

function fullRows(schema: Schema): Row[] {
  return Array.from({ length: 7 }, (_, i) =>
    Object.fromEntries(
      schema.fields.map(({ name, type }, f) => {
        const value = valueFor(type, i, f);
        // Of the records of an open connection only the last is kept.
        return [name, name === "uid" ? `${value} ${i}` : value];
      }),
    ));
}

function roundTripTests(test: Test): void {
  for (const { schema } of logTypes) {
    test(`batches give back every field of ${schema.path}`, async (store) => {
      const dataset = await store.openDataset("d");
      const rows = fullRows(schema);
      await importBatches(store, dataset, batchOf(schema, rows));
      sameRows(await rowsOf(store, dataset, schema.path), rows);
    });

    test(`batches of ${schema.path} leave unset what was unset`, async (store) => {
      const dataset = await store.openDataset("d");
      const required = connRow();
      delete required.uid;
      const full = fullRows(schema);
      await importBatches(store, dataset, batchOf(schema, [required, ...full]));
      sameRows(await rowsOf(store, dataset, schema.path), [required, ...full]);
    });
  }

  test("batches have one schema per log type, with every column", async (store) => {
    const dataset = await store.openDataset("d");
    const few = { path: "conn", fields: conn.fields.slice(0, 7) };
    await importBatches(store, dataset, batchOf(few, [connRow()]));
    for await (const batch of store.batches(dataset, "conn")) {
      assert.equal(batch.schema.path, "conn");
      for (const { name, type } of conn.fields) {
        assert.ok(batch.has(name), name);
        if (isNumeric(type)) continue;
        assert.equal(batch.texts(name).values[0], "");
      }
      assert.ok(Number.isNaN(batch.numbers("duration")[0]));
      assert.equal(batch.texts("service").codes[0], 0);
    }
  });

  test("batches keep times to the microsecond", async (store) => {
    const dataset = await store.openDataset("d");
    const times = [
      -1.5,
      -0.000001,
      0,
      0.000001,
      0.1,
      1672843056.914972,
      1672843056.914973,
      1700000000,
      4102444799.999999,
    ];
    const rows = times.map((ts) => connRow({ ts }));
    await importBatches(store, dataset, batchOf(conn, rows));
    sameRows(await rowsOf(store, dataset, "conn"), rows);
  });

  test("batches keep what a key cannot hold: odd times, ports and addresses", async (store) => {
    const dataset = await store.openDataset("d");
    const rows = [
      connRow({ ts: 1672843056.9149723 }),
      connRow({ ts: 1e15 }),
      connRow({ ts: -1e15 }),
      connRow({ "id.resp_p": 70000 }),
      connRow({ "id.resp_p": 0.5 }),
      connRow({ "id.orig_h": "no address" }),
      connRow({ "id.resp_h": "" }),
      connRow({ "id.resp_h": "a\0'b" }),
    ];
    const bare = { ts: 1 };
    await importBatches(store, dataset, batchOf(conn, [...rows, bare]));
    sameRows(await rowsOf(store, dataset, "conn"), [...rows, bare]);
  });

  test("batches give addresses as Zeek writes them, else in canonical form", async (store) => {
    const dataset = await store.openDataset("d");
    const canonical = [
      "0.0.0.0",
      "255.255.255.255",
      "::",
      "::1",
      "fe80::1:0:0:1",
    ];
    const rows = canonical.map((a) => connRow({ "id.orig_h": a }));
    rows.push(connRow({ "id.orig_h": "2001:DB8:0:0::1" }));
    await importBatches(store, dataset, batchOf(conn, rows));
    rows.at(-1)!["id.orig_h"] = "2001:db8::1";
    sameRows(await rowsOf(store, dataset, "conn"), rows);
  });

  test("batches keep numbers to the last bit", async (store) => {
    const dataset = await store.openDataset("d");
    const numbers = [
      0.1,
      1 / 3,
      Number.MIN_VALUE,
      Number.MAX_VALUE,
      2 ** 53,
      2 ** 63,
      18446744073709551615,
      1e17,
      -7,
      Infinity,
    ];
    const rows = numbers.map((n) => connRow({ duration: n, orig_bytes: n }));
    await importBatches(store, dataset, batchOf(conn, rows));
    sameRows(await rowsOf(store, dataset, "conn"), rows);
  });

  test("batches give hostile texts back as they were", async (store) => {
    const dataset = await store.openDataset("d");
    const http = schemas.get("http")!;
    const texts = http.fields.filter(({ type }) =>
      type !== "addr" && !isNumeric(type)
    );
    const rows = HOSTILE.map((text) =>
      connRow(Object.fromEntries(texts.map(({ name }) => [name, text])))
    );
    await importBatches(store, dataset, batchOf(http, rows));
    sameRows(await rowsOf(store, dataset, "http"), rows);
  });

  test("batches bring fields back that have no column", async (store) => {
    const dataset = await store.openDataset("d");
    const schema = {
      path: "conn",
      fields: [
        ...conn.fields,
        { name: "ip_proto", type: "count" },
        { name: "tunnel_parents", type: "set[string]" },
      ],
    };
    const rows = [
      connRow({ ts: 1, ip_proto: 6, tunnel_parents: "a\0,b" }),
      connRow({ ts: 2, tunnel_parents: "" }),
      connRow({ ts: 3 }),
    ];
    await importBatches(store, dataset, batchOf(schema, rows));
    await importBatches(store, dataset, batchOf(conn, [connRow({ ts: 4 })]));
    sameRows(await rowsOf(store, dataset, "conn"), [
      ...rows,
      connRow({ ts: 4 }),
    ]);
    const records = await store.recordsOf(dataset, [connRow().uid as string]);
    assert.deepEqual(records[0].fields, rows[0]);
  });

  test("batches bring back a field of any name, a text where kinds differ", async (store) => {
    const dataset = await store.openDataset("d");
    const withField = (name: string, type: string, value: string | number) => {
      const schema = { path: "conn", fields: [...conn.fields, { name, type }] };
      return batchOf(schema, [Object.fromEntries([
        ...Object.entries(connRow()),
        [name, value],
      ])]);
    };
    await importBatches(
      store,
      dataset,
      withField("__proto__", "string", "x"),
      withField("vlan", "string", "lab"),
      withField("vlan", "count", 7),
    );
    await importBatches(store, dataset, withField("vlan", "count", 8));
    const rows = await rowsOf(store, dataset, "conn");
    assert.deepEqual(rows.map(({ vlan }) => vlan), [
      undefined,
      "lab",
      "7",
      "8",
    ]);
    for await (const batch of store.batches(dataset, "conn")) {
      const { codes, values } = batch.texts("__proto__");
      assert.equal(values[codes[0]], "x");
    }
  });

  test("batches keep ports from 0 to 65,535 apart from none", async (store) => {
    const dataset = await store.openDataset("d");
    const rows = [0, 1, 65_535].map((p) =>
      connRow({ "id.orig_p": p, "id.resp_p": p })
    );
    const { "id.orig_p": _, "id.resp_p": __, ...none } = connRow();
    await importBatches(store, dataset, batchOf(conn, [none, ...rows]));
    assert.deepEqual(await rowsOf(store, dataset, "conn"), [none, ...rows]);
  });

  test("add refuses a field of another kind and a log type that is not kept", async (store) => {
    const dataset = await store.openDataset("d");
    const writer = await store.beginImport(dataset);
    const wrong = {
      path: "conn",
      fields: [{ name: "ts", type: "time" }, {
        name: "duration",
        type: "string",
      }],
    };
    await assert.rejects(writer.add(batchOf(wrong, [{ ts: 1 }])), {
      name: "TypeError",
      message: "Cannot store conn: duration must be interval, got string",
    });
    const weird = { path: "weird", fields: [{ name: "ts", type: "time" }] };
    await assert.rejects(writer.add(batchOf(weird, [{ ts: 1 }])), TypeError);
    await assert.rejects(
      writer.add(batchOf(conn, [{ uid: "C1" }])),
      RangeError,
    );
    await writer.abort();
  });
}

/** Records of a few pairs, one per millisecond, in no order. */
function manyRows(length = 70_000): Row[] {
  return Array.from({ length }, (_, i) =>
    connRow({
      ts: (1672843056914972 + (i * 7919) % length * 1000) / 1e6,
      uid: `C${i}`,
      "id.orig_h": `10.0.0.${i % 3}`,
      "id.resp_p": [443, 80][i % 2],
    }));
}

function queryTests(test: Test): void {
  test("batches hold at most 65,536 rows, sorted by pair and time", async (store) => {
    const dataset = await store.openDataset("d");
    const rows = manyRows();
    const middle = 40_000;
    await importBatches(
      store,
      dataset,
      batchOf(conn, rows.slice(0, middle)),
      batchOf(conn, rows.slice(middle)),
    );
    const lengths: number[] = [];
    for await (const batch of store.batches(dataset, "conn")) {
      lengths.push(batch.length);
    }
    assert.deepEqual(lengths, [65_536, 70_000 - 65_536]);
    const read = await rowsOf(store, dataset, "conn");
    const sorted = rows.map(keyOfRow).toSorted(compareKeys);
    assert.deepEqual(read.map(keyOfRow), sorted);
    assert.equal(new Set(read.map(({ uid }) => uid)).size, rows.length);
  });

  test("batches give the records of a window: from ≤ ts < to", async (store) => {
    const dataset = await store.openDataset("d");
    const times = [-1, 0, TS - 0.000001, TS, TS + 0.000001, TS + 1];
    const exact = times.map((ts) => Math.round(ts * 1e6) / 1e6);
    const rows = exact.map((ts) => connRow({ ts }));
    await importBatches(store, dataset, batchOf(conn, rows.slice(0, 3)));
    await importBatches(store, dataset, batchOf(conn, rows.slice(3)));
    const within = async (from?: number, to?: number) =>
      (await rowsOf(store, dataset, "conn", { from, to })).map(({ ts }) => ts);
    assert.deepEqual(await within(), exact);
    assert.deepEqual(await within(TS), exact.slice(3));
    assert.deepEqual(await within(undefined, TS), exact.slice(0, 3));
    assert.deepEqual(await within(0, exact[4]), exact.slice(1, 4));
    assert.deepEqual(await within(exact[2], exact[2]), []);
    assert.deepEqual(await within(TS + 2), []);
    assert.deepEqual(await within(-Infinity, Infinity), exact);
  });

  test("batches give a short window of a large import", async (store) => {
    const dataset = await store.openDataset("d");
    const rows = manyRows();
    await importBatches(
      store,
      dataset,
      batchOf(conn, rows.slice(0, 35_000)),
      batchOf(conn, rows.slice(35_000)),
      batchOf(schemas.get("open_conn")!, [connRow()]),
    );
    const from = TS + 30, to = TS + 30.01;
    const window = await rowsOf(store, dataset, "conn", { from, to });
    const expected = rows.filter(({ ts }) =>
      Number(ts) >= from && Number(ts) < to
    );
    assert.equal(expected.length, 10);
    sameRows(window, expected);
    assert.equal((await rowsOf(store, dataset, "open_conn")).length, 1);
  });

  test("batches of a log type that is not kept are none", async (store) => {
    const dataset = await store.openDataset("d");
    await importBatches(store, dataset, batchOf(conn, [connRow()]));
    for (const logType of ["http", "open_conn", "weird"]) {
      assert.deepEqual(await rowsOf(store, dataset, logType), []);
    }
  });

  test("batches keep an open_ log apart from the log itself", async (store) => {
    const dataset = await store.openDataset("d");
    const open = schemas.get("open_conn")!;
    await importBatches(
      store,
      dataset,
      batchOf(conn, [connRow({ ts: 1 }), connRow({ ts: 3 })]),
      batchOf(open, [connRow({ ts: 2 })]),
    );
    const times = async (logType: string) =>
      (await rowsOf(store, dataset, logType)).map(({ ts }) => ts);
    assert.deepEqual(await times("conn"), [1, 3]);
    assert.deepEqual(await times("open_conn"), [2]);
    const records = await store.recordsOf(dataset, [connRow().uid as string]);
    assert.deepEqual(
      records.map(({ logType }) => logType),
      ["conn", "open_conn", "conn"],
    );
  });

  test("batches of several imports come in one order, the oldest import first", async (store) => {
    const dataset = await store.openDataset("d");
    const rows = manyRows(4000);
    for (let i = 0; i < 7; i++) {
      const some = rows.filter((_, r) => r % 7 === i);
      await importBatches(store, dataset, batchOf(conn, some));
    }
    const same = Array.from({ length: 3 }, (_, i) => connRow({ orig_pkts: i }));
    for (const row of same) {
      await importBatches(store, dataset, batchOf(conn, [row]));
    }
    const read = await rowsOf(store, dataset, "conn");
    sameRows(read, [...rows, ...same]);
    const keys = read.map(keyOfRow);
    assert.deepEqual(keys, keys.toSorted(compareKeys));
    assert.deepEqual(
      read.filter((row) => row["id.orig_h"] === "10.55.100.100"),
      same,
    );
    const from = TS + 1, to = TS + 2;
    sameRows(
      await rowsOf(store, dataset, "conn", { from, to }),
      rows.filter(({ ts }) => Number(ts) >= from && Number(ts) < to),
    );
  });

  test("batches stop with the signal's reason, before and between them", async (store) => {
    const dataset = await store.openDataset("d");
    await importBatches(store, dataset, batchOf(conn, [connRow()]));
    const reason = new Error("enough");
    const is = (error: unknown) => error === reason;
    const signal = AbortSignal.abort(reason);
    await assert.rejects(rowsOf(store, dataset, "conn", { signal }), is);
    await importBatches(store, dataset, batchOf(conn, manyRows()));
    await assert.rejects(rowsOf(store, dataset, "conn", { signal }), is);
    const controller = new AbortController();
    let batches = 0;
    await assert.rejects(async () => {
      const query = { signal: controller.signal };
      for await (const _ of store.batches(dataset, "conn", query)) {
        batches++;
        controller.abort(reason);
      }
    }, is);
    assert.equal(batches, 1);
  });

  test("batches report progress", async (store) => {
    const dataset = await store.openDataset("d");
    await importBatches(
      store,
      dataset,
      batchOf(conn, manyRows().slice(0, 20_000)),
    );
    const seen: number[] = [];
    await rowsOf(store, dataset, "conn", {
      onProgress: ({ done, total, unit }) => {
        assert.deepEqual([total, unit], [20_000, "rows"]);
        seen.push(done);
      },
    });
    assert.equal(seen.at(-1), 20_000);
    assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
  });

  test("batches refuse to go on when the dataset is cleared meanwhile", async (store) => {
    const dataset = await store.openDataset("d");
    await importBatches(store, dataset, batchOf(conn, manyRows()));
    await assert.rejects(async () => {
      for await (const _ of store.batches(dataset, "conn")) {
        await store.clearDataset(dataset);
      }
    }, SkerryError);
  });
}

function importTests(test: Test): void {
  test("an import is invisible until finish, and whole after it", async (store) => {
    const dataset = await store.openDataset("d");
    const writer = await store.beginImport(dataset);
    await writer.add(batchOf(conn, [connRow()]));
    await writer.addFile(fileOf("aa"));
    assert.deepEqual(await rowsOf(store, dataset, "conn"), []);
    assert.deepEqual(
      await store.recordsOf(dataset, [connRow().uid as string]),
      [],
    );
    assert.deepEqual(await store.importedFiles(dataset), []);
    assert.deepEqual((await store.datasets())[0].records, {});
    await writer.finish();
    assert.equal((await rowsOf(store, dataset, "conn")).length, 1);
    assert.deepEqual(await store.importedFiles(dataset), [fileOf("aa")]);
    await assert.rejects(writer.add(batchOf(conn, [connRow()])), SkerryError);
    await writer.abort();
    assert.equal((await rowsOf(store, dataset, "conn")).length, 1);
  });

  test("abort leaves nothing", async (store) => {
    const dataset = await store.openDataset("d");
    const writer = await store.beginImport(dataset);
    await writer.add(batchOf(conn, [connRow()]));
    await writer.addFile(fileOf("aa"));
    await writer.abort();
    await writer.abort();
    await assert.rejects(writer.finish(), SkerryError);
    const next = await store.beginImport(dataset);
    await next.addFile(fileOf("aa"));
    await next.finish();
    assert.deepEqual(await rowsOf(store, dataset, "conn"), []);
  });

  test("addFile refuses content that the dataset already holds", async (store) => {
    const dataset = await store.openDataset("d");
    const writer = await store.beginImport(dataset);
    await writer.addFile(fileOf("aa", "/logs/conn.log"));
    const copy = fileOf("aa", "/logs/copy.log");
    const refusal = {
      name: "SkerryError",
      message:
        'Cannot import /logs/copy.log: "d" already holds this file as /logs/conn.log',
    };
    await assert.rejects(writer.addFile(copy), refusal);
    await writer.finish();
    const next = await store.beginImport(dataset);
    await assert.rejects(next.addFile(copy), refusal);
    await next.abort();
    const other = await store.openDataset("other");
    const elsewhere = await store.beginImport(other);
    await elsewhere.addFile(copy);
    await elsewhere.finish();
    assert.deepEqual(await store.importedFiles(other), [copy]);
  });

  test("beginImport waits until the import before it has ended", async (store) => {
    const dataset = await store.openDataset("d");
    for (const end of ["finish", "abort"] as const) {
      const first = await store.beginImport(dataset);
      let begun = false;
      const second = store.beginImport(dataset).then((writer) => {
        begun = true;
        return writer;
      });
      const other = await store.beginImport(await store.openDataset("other"));
      await other.abort();
      assert.equal(begun, false);
      await first.addFile(fileOf(`of ${end}`));
      await first[end]();
      const writer = await second;
      assert.deepEqual(writer.known, [fileOf("of finish")]);
      await writer.abort();
    }
  });

  test("imports are listed, and can be removed with their files", async (store) => {
    const dataset = await store.openDataset("d");
    for (const [hash, ts] of [["aa", 5], ["bb", 7]] as const) {
      const writer = await store.beginImport(dataset);
      await writer.add(batchOf(conn, [connRow({ ts }), connRow({ ts: 9 })]));
      await writer.addFile(fileOf(hash));
      await writer.finish();
    }
    const [first, second] = await store.imports(dataset);
    assert.ok(Math.abs(first.startedAt - Date.now() / 1000) < 60);
    assert.deepEqual(
      [first.records, first.firstTs, first.lastTs],
      [{ conn: 2 }, 5, 9],
    );
    const bytes = await store.size();
    assert.ok(bytes > 0);
    await store.removeImports(dataset, [first.id]);
    assert.deepEqual(await store.imports(dataset), [second]);
    assert.deepEqual(await store.importedFiles(dataset), [fileOf("bb")]);
    assert.deepEqual(
      (await rowsOf(store, dataset, "conn")).map(({ ts }) => ts),
      [7, 9],
    );
    const again = await store.beginImport(dataset);
    await again.addFile(fileOf("aa"));
    await again.finish();
  });

  test("a row of running totals gives way to the latest and to the closed one", async (store) => {
    const dataset = await store.openDataset("d");
    const open = schemas.get("open_conn")!;
    const row = (uid: string, orig_bytes: number) =>
      connRow({ uid, orig_bytes, ts: 10 });
    await importBatches(
      store,
      dataset,
      batchOf(open, [row("C1", 1), row("C2", 1), row("C1", 2)]),
    );
    sameRows(await rowsOf(store, dataset, "open_conn"), [
      row("C1", 2),
      row("C2", 1),
    ]);
    await importBatches(
      store,
      dataset,
      batchOf(open, [row("C1", 3)]),
      batchOf(conn, [row("C2", 9)]),
    );
    assert.deepEqual(await rowsOf(store, dataset, "open_conn"), [row("C1", 3)]);
    assert.deepEqual(await rowsOf(store, dataset, "conn"), [row("C2", 9)]);
    await importBatches(store, dataset, batchOf(conn, [row("C1", 4)]));
    // Late: the connection was closed before.
    await importBatches(store, dataset, batchOf(open, [row("C1", 3)]));
    assert.deepEqual(await rowsOf(store, dataset, "open_conn"), []);
    const [{ records }] = await store.datasets();
    assert.deepEqual(records, { conn: 2 });
    const seen = await store.pairs(dataset, {});
    assert.deepEqual(seen.map(({ count }) => count), [2]);
  });

  test("a file's last record goes when the line turns out to be cut", async (store) => {
    const dataset = await store.openDataset("d");
    const cut = fileOf("aa"), whole = fileOf("bb");
    const content = { ...cut.content!, tail: "record" as const };
    const writer = await store.beginImport(dataset);
    const rows = [connRow({ uid: "C1" }), connRow({ resp_bytes: 1 })];
    await writer.add(batchOf(conn, rows));
    await writer.addFile({ ...cut, content });
    await writer.finish();
    assert.equal((await rowsOf(store, dataset, "conn")).length, 2);
    const next = await store.beginImport(dataset);
    assert.equal(next.known[0].content!.tail, "record");
    await next.add(batchOf(conn, [connRow({ resp_bytes: 12 })]));
    await next.addFile({ ...whole, continues: "aa" });
    await next.finish();
    sameRows(await rowsOf(store, dataset, "conn"), [
      rows[0],
      connRow({ resp_bytes: 12 }),
    ]);
    const files = await store.importedFiles(dataset);
    assert.deepEqual(
      files.map(({ hash, content }) => [hash, content!.tail]),
      [["aa", "none"], ["bb", "none"]],
    );
    assert.equal(files[0].reports[0].records, cut.reports[0].records - 1);
    assert.equal((await store.datasets())[0].files, 1);
  });
}

function sessionTests(test: Test): void {
  test("recordsOf gives all records of the uids in time order", async (store) => {
    const dataset = await store.openDataset("d");
    const other = await store.openDataset("other");
    const row = (uid: string, ts: number) => connRow({ uid, ts });
    const http = schemas.get("http")!, dns = schemas.get("dns")!;
    await importBatches(
      store,
      dataset,
      batchOf(conn, [row("C1", 3), row("C2", 1), row("C3", 0)]),
      batchOf(http, [row("C1", 5), row("C1", 4)]),
    );
    await importBatches(store, dataset, batchOf(dns, [row("C2", 2)]));
    await importBatches(store, other, batchOf(conn, [row("C1", 9)]));
    const records = await store.recordsOf(dataset, ["C1", "C2", "C1", "none"]);
    assert.deepEqual(
      records.map(({ logType, fields }) => [logType, fields.uid, fields.ts]),
      [
        ["conn", "C2", 1],
        ["dns", "C2", 2],
        ["conn", "C1", 3],
        ["http", "C1", 4],
        ["http", "C1", 5],
      ],
    );
    assert.deepEqual(records[0].fields, row("C2", 1));
    assert.deepEqual(await store.recordsOf(dataset, []), []);
  });

  test("recordsOf finds hostile uids, and many at once", async (store) => {
    const dataset = await store.openDataset("d");
    const uids = [
      ...HOSTILE,
      ...Array.from({ length: 2000 }, (_, i) => `C${i}`),
    ];
    const rows = uids.map((uid, i) => connRow({ uid, ts: i }));
    await importBatches(store, dataset, batchOf(conn, rows));
    const records = await store.recordsOf(dataset, uids);
    assert.deepEqual(records.map(({ fields }) => fields), rows);
  });
}

/** Three hosts that ask one server, and a scan of ports. */
const TALK: readonly Row[] = [1, 2, 3].flatMap((host) =>
  Array.from({ length: host * 10 }, (_, i) =>
    connRow({
      ts: 1000 + 60 * i + host,
      uid: `Ctalk${host}n${i}`,
      "id.orig_h": `10.0.0.${host}`,
      "id.resp_h": "192.0.2.1",
      "id.resp_p": i % 10 === 9 ? 8443 : 443,
    }))
);

/** In three imports, each with a part of every pair. */
async function talk(store: SessionStore): Promise<Dataset> {
  const dataset = await store.openDataset("d");
  const http = schemas.get("http")!;
  for (const part of [0, 1, 2]) {
    await importBatches(
      store,
      dataset,
      batchOf(conn, TALK.filter((_, i) => i % 3 === part)),
      batchOf(http, [
        { ...TALK[part], host: "Www.Example.ORG" },
        { ...TALK[59], ts: 5000 + part, host: "100%_safe.test" },
      ]),
    );
  }
  return dataset;
}

function overviewTests(test: Test): void {
  test("sessions are paged in time order, over all imports", async (store) => {
    const dataset = await talk(store);
    const times = TALK.filter((row) => row["id.orig_h"] === "10.0.0.3")
      .map(({ ts }) => ts as number);
    const read = async (query: Partial<SessionQuery>) => {
      const out: number[] = [];
      let after: string | undefined;
      do {
        const page = await store.sessions(dataset, {
          src: "10.0.0.3",
          limit: 7,
          ...query,
          after,
        });
        assert.ok(page.sessions.length <= 7);
        out.push(...page.sessions.map(({ fields }) => fields.ts as number));
        after = page.next ?? undefined;
      } while (after);
      return out;
    };
    assert.deepEqual(await read({}), times);
    assert.deepEqual(await read({ dst: "192.0.2.1" }), times);
    assert.deepEqual(
      await read({ dst: "192.0.2.1", port: 8443 }),
      times.filter((_, i) => i % 10 === 9),
    );
    assert.deepEqual(
      await read({ from: times[4], to: times[9] }),
      times.slice(4, 9),
    );
    assert.deepEqual(await read({ dst: "192.0.2.2" }), []);
    assert.deepEqual(await read({ logType: "http" }), [5000, 5001, 5002]);
    await assert.rejects(
      store.sessions(dataset, { src: "10.0.0.3", after: "x" }),
      RangeError,
    );
  });

  test("sessions of one instant are paged without loss", async (store) => {
    const dataset = await store.openDataset("d");
    const rows = Array.from(
      { length: 25 },
      (_, i) => connRow({ uid: `C${i}` }),
    );
    for (const part of [0, 1]) {
      const some = rows.filter((_, i) => i % 2 === part);
      await importBatches(store, dataset, batchOf(conn, some));
    }
    const uids: unknown[] = [];
    let after: string | undefined;
    do {
      const page = await store.sessions(dataset, {
        src: "10.55.100.100",
        limit: 4,
        after,
      });
      uids.push(...page.sessions.map(({ fields }) => fields.uid));
      after = page.next ?? undefined;
    } while (after);
    assert.deepEqual(
      uids.toSorted(),
      rows.map(({ uid }) => uid).toSorted(),
    );
  });

  test("pairs sum what all imports hold, most records first", async (store) => {
    const dataset = await talk(store);
    const [first, ...rest] = await store.pairs(dataset, {});
    assert.deepEqual(first, {
      logType: "conn",
      src: "10.0.0.3",
      dst: "192.0.2.1",
      port: 443,
      name: null,
      count: 27,
      firstTs: 1003,
      lastTs: 1003 + 60 * 28,
    });
    assert.deepEqual(rest.map(({ count }) => count), [18, 9, 3, 3, 3, 2, 1]);
    assert.deepEqual(
      (await store.pairs(dataset, { src: "10.0.0.1" })).map((p) => p.count),
      [9, 3, 1],
    );
    assert.equal((await store.pairs(dataset, { dst: "10.0.0.1" })).length, 0);
    assert.equal((await store.pairs(dataset, { limit: 2 })).length, 2);
    const named = await store.pairs(dataset, { name: "example.o" });
    assert.deepEqual(named.map((p) => [p.name, p.logType, p.count]), [
      ["Www.Example.ORG", "http", 3],
    ]);
    assert.equal((await store.pairs(dataset, { name: "0%_S" })).length, 1);
    assert.equal((await store.pairs(dataset, { name: "0_%" })).length, 0);
  });

  test("host says whom an address spoke to, and by which names", async (store) => {
    const dataset = await talk(store);
    const server = await store.host(dataset, "192.0.2.1");
    assert.deepEqual(
      [server.asDestination.peers, server.asDestination.records],
      [3, 60],
    );
    assert.deepEqual(
      [server.asDestination.firstTs, server.asDestination.lastTs],
      [1001, 1003 + 60 * 29],
    );
    assert.deepEqual(server.asSource, {
      peers: 0,
      records: 0,
      firstTs: null,
      lastTs: null,
      top: [],
    });
    const client = await store.host(dataset, "10.0.0.3");
    assert.deepEqual(client.asSource.top.map(({ count }) => count), [27, 3]);
    assert.deepEqual(client.names.map(({ name }) => name), ["100%_safe.test"]);
  });

  test("search finds addresses, parts of names and uids", async (store) => {
    const dataset = await talk(store);
    const found = async (text: string) => {
      const { pairs, records } = await store.search(dataset, text);
      return [pairs.length, records.map(({ logType }) => logType)];
    };
    assert.deepEqual(await found("192.0.2.1"), [8, []]);
    assert.deepEqual(await found("10.0.0.1"), [3, []]);
    assert.deepEqual(await found("EXAMPLE"), [1, []]);
    assert.deepEqual(await found(`${TALK[0].uid}`), [0, ["conn", "http"]]);
    assert.deepEqual(await found("Ctalk9n999"), [0, []]);
    assert.deepEqual(await found(" "), [0, []]);
  });

  test("recordsOf finds the same with and without whose they are", async (store) => {
    const dataset = await talk(store);
    const uids = [TALK[0], TALK[20], TALK[59]].map(({ uid }) => uid as string);
    const all = await store.recordsOf(dataset, uids);
    assert.equal(all.length, 3 + 1 + 3);
    const src = "10.0.0.3", dst = "192.0.2.1";
    const of = (host: string) =>
      all.filter(({ fields }) => fields["id.orig_h"] === host);
    assert.deepEqual(await store.recordsOf(dataset, uids, { src }), of(src));
    assert.deepEqual(
      await store.recordsOf(dataset, uids, { src, dst }),
      of(src),
    );
    assert.deepEqual(
      await store.recordsOf(dataset, uids, { src, dst: src }),
      [],
    );
  });

  test("clusterSessions pages the sessions of a kept model's cluster", async (store) => {
    const dataset = await talk(store);
    const { id } = await store.saveModel("k", "kmeans", {}, dataset.name);
    const uids = TALK.map(({ uid }) => uid as string);
    const hostile = HOSTILE[2];
    await store.saveClusterMembers(id, [
      { label: 0, uids: [...uids.slice(0, 25), hostile] },
      { label: -1, uids: uids.slice(25, 27) },
    ]);
    const read = async (label: number, limit: number, logType?: string) => {
      const pages: unknown[][] = [];
      let after: string | undefined;
      do {
        const page = await store.clusterSessions(dataset, id, {
          label,
          limit,
          logType,
          after,
        });
        pages.push(page.sessions.map(({ fields }) => fields.uid));
        after = page.next ?? undefined;
      } while (after);
      return pages;
    };
    const pages = await read(0, 10);
    assert.deepEqual(pages.map(({ length }) => length), [10, 10, 5]);
    assert.deepEqual(pages.flat().toSorted(), uids.slice(0, 25).toSorted());
    assert.equal((await read(-1, 10)).flat().length, 2);
    assert.deepEqual(await read(7, 10), [[]]);
    assert.equal((await read(0, 100, "http")).flat().length, 3);
    await assert.rejects(
      store.clusterSessions(dataset, id, { label: 0, after: "x" }),
      RangeError,
    );
    await store.saveModel("k", "kmeans", {}, dataset.name);
    assert.deepEqual(await read(0, 10), [[]], "another fit has other clusters");
    await store.saveClusterMembers(id, [{ label: 0, uids }]);
    await store.deleteModel("k", "kmeans");
    assert.deepEqual(await read(0, 10), [[]]);
  });

  test("firstSeen looks at all imports, by address and by name", async (store) => {
    const dataset = await talk(store);
    const src = "10.0.0.3", dst = "192.0.2.1";
    const seen = (dst: string, name: string | null) =>
      store.firstSeen(dataset, { src, dst, name });
    assert.equal(await seen(dst, null), 1003);
    assert.equal(await seen(dst, "100%_SAFE.test"), 5000);
    assert.equal(await seen("192.0.2.9", null), null);
    assert.equal(await seen(dst, "other.test"), null);
  });

  test("histogram counts records by time", async (store) => {
    const dataset = await talk(store);
    const { from, width, counts } = await store.histogram(dataset);
    assert.deepEqual([from, width], [900, 300]);
    assert.deepEqual(counts.reduce((a, b) => a + b), 66);
    const conn = await store.histogram(dataset, { logType: "conn", bins: 2 });
    assert.deepEqual([conn.width, conn.counts], [1200, [48, 12]]);
    const part = await store.histogram(dataset, { from: 1200, to: 1500 });
    assert.deepEqual([part.from, part.counts], [1200, [15]]);
    const empty = await store.openDataset("empty");
    assert.deepEqual((await store.histogram(empty)).counts, []);
  });
}

function runTests(test: Test): void {
  test("saveRun keeps report, findings and series", async (store) => {
    const dataset = await store.openDataset("d");
    const given = HOSTILE.map((name, i) =>
      rankedFinding(name, i + 1, 1 - i / 20)
    );
    const runId = await store.saveRun(dataset, runReport("d", given));
    const { findings: _, ...report } = runReport("d", given);
    assert.deepEqual(await store.lastRun(dataset), {
      id: runId,
      dataset: "d",
      startedAt: report.startedAt,
      findingCount: given.length,
      report,
    });
    assert.deepEqual(await store.findings(runId), given);
    assert.deepEqual(await store.finding(runId, given[2].id), given[2]);
    assert.equal(await store.finding(runId, "none"), null);
    assert.equal(await store.finding(runId + 1, given[2].id), null);
    assert.deepEqual(
      await store.scores(runId),
      new Map(given.map(({ id, score }) => [id, score])),
    );
  });

  test("findings are cut by limit and by score", async (store) => {
    const dataset = await store.openDataset("d");
    const given = [0.9, 0.5, 0.1].map((s, i) =>
      rankedFinding(`n${i}`, i + 1, s)
    );
    const runId = await store.saveRun(dataset, runReport("d", given));
    const names = async (query: { limit?: number; minScore?: number }) =>
      (await store.findings(runId, query)).map(({ name }) => name);
    assert.deepEqual(await names({ limit: 2 }), ["n0", "n1"]);
    assert.deepEqual(await names({ limit: 0 }), []);
    assert.deepEqual(await names({ minScore: 0.5 }), ["n0", "n1"]);
    assert.deepEqual(await names({ minScore: 0.6, limit: 5 }), ["n0"]);
    assert.deepEqual(await store.findings(runId + 1), []);
  });

  test("findings without series are the same but for them", async (store) => {
    const dataset = await store.openDataset("d");
    const given = [0.9, 0.5].map((s, i) => rankedFinding(`n${i}`, i + 1, s));
    const runId = await store.saveRun(dataset, runReport("d", given));
    const none = { ts: new Float64Array(), bytes: new Float64Array() };
    assert.deepEqual(
      await store.findings(runId, { withSeries: false }),
      given.map((finding) => ({ ...finding, series: none })),
    );
    assert.deepEqual(await store.findings(runId, { withSeries: true }), given);
  });

  test("a finding's id may be any text", async (store) => {
    const dataset = await store.openDataset("d");
    const given = HOSTILE_KEYS.map((id, i) => ({
      ...rankedFinding("n", i + 1, 0.9),
      id,
    }));
    const runId = await store.saveRun(dataset, runReport("d", given));
    assert.deepEqual(
      await store.scores(runId),
      new Map(HOSTILE_KEYS.map((id) => [id, 0.9])),
    );
    for (const id of HOSTILE_KEYS) {
      await store.setVerdict(id, "unsure");
      assert.equal((await store.finding(runId, id))?.verdict, "unsure");
    }
    assert.deepEqual(
      await store.verdicts(),
      new Map(HOSTILE_KEYS.map((id) => [id, "unsure"])),
    );
  });

  test("runs are listed newest first, of one dataset or of all", async (store) => {
    const a = await store.openDataset("a"), b = await store.openDataset("b");
    assert.equal(await store.lastRun(), null);
    const ids: number[] = [];
    for (const d of [a, b, a]) {
      ids.push(await store.saveRun(d, runReport(d.name, [])));
    }
    const idsOf = (runs: readonly { id: number }[]) => runs.map(({ id }) => id);
    assert.deepEqual(idsOf(await store.runs()), ids.toReversed());
    assert.deepEqual(idsOf(await store.runs(a)), [ids[2], ids[0]]);
    assert.equal((await store.lastRun(b))?.id, ids[1]);
    assert.equal((await store.lastRun())?.id, ids[2]);
  });
}

function opinionTests(test: Test): void {
  test("an opinion begins empty and keeps what is said", async (store) => {
    assert.deepEqual(await store.opinion("f1"), {
      verdict: null,
      regular: null,
      notes: [],
      tags: [],
      owner: null,
      history: [],
    });
    await store.setTags("f1", HOSTILE);
    await store.setVerdict("f1", "malicious", { who: "ann", why: HOSTILE[0] });
    await store.setRegular("f1", false);
    await store.setOwner("f1", "bob", { who: "ann" });
    for (const text of HOSTILE) await store.addNote("f1", text);
    const said = await store.opinion("f1");
    assert.deepEqual([said.verdict, said.regular], ["malicious", false]);
    assert.deepEqual(said.tags, HOSTILE);
    assert.deepEqual(said.notes.map(({ text }) => text), HOSTILE);
    assert.ok(Math.abs(said.notes[0].at - Date.now() / 1000) < 60);
    await store.setRegular("f1", true);
    await store.setVerdict("f2", "benign");
    assert.equal((await store.opinion("f1")).regular, true);
    assert.deepEqual(
      await store.verdicts(),
      new Map([["f1", "malicious"], ["f2", "benign"]]),
    );
    await store.setVerdict("f1", null);
    await store.setRegular("f1", null);
    assert.deepEqual(await store.verdicts(), new Map([["f2", "benign"]]));
    const { regular, owner, history } = await store.opinion("f1");
    assert.deepEqual([regular, owner], [null, "bob"]);
    assert.deepEqual(
      history.map(({ who, why, about, value }) => [who, why, about, value]),
      [
        ["ann", HOSTILE[0], "verdict", "malicious"],
        ["", "", "regular", "no"],
        ["ann", "", "owner", "bob"],
        ["", "", "regular", "yes"],
        ["", "", "verdict", null],
        ["", "", "regular", null],
      ],
    );
    assert.ok(Math.abs(history[0].at - Date.now() / 1000) < 60);
  });

  test("safelist entries are kept until they are removed", async (store) => {
    const entry = {
      kind: "name",
      value: HOSTILE[1],
      reason: HOSTILE[6],
      author: "ann",
      expiresAt: 5,
    } as const;
    const added = await store.addSafelistEntry(entry);
    const port = {
      ...entry,
      kind: "port",
      value: "53",
      expiresAt: null,
    } as const;
    const second = await store.addSafelistEntry(port);
    assert.ok(Math.abs(added.createdAt - Date.now() / 1000) < 60);
    assert.deepEqual(await store.safelist(), [added, second]);
    assert.deepEqual(added, { ...added, ...entry });
    assert.equal(await store.removeSafelistEntry(added.id), true);
    assert.equal(await store.removeSafelistEntry(added.id), false);
    assert.deepEqual(await store.safelist(), [second]);
  });

  test("findings carry today's verdict, not the one when they were saved", async (store) => {
    const dataset = await store.openDataset("d");
    const saved = { ...rankedFinding("a", 1, 0.9), verdict: "unsure" } as const;
    const runId = await store.saveRun(dataset, runReport("d", [saved]));
    assert.equal((await store.findings(runId))[0].verdict, null);
    await store.setVerdict(saved.id, "benign");
    assert.equal((await store.findings(runId))[0].verdict, "benign");
    assert.equal((await store.finding(runId, saved.id))?.verdict, "benign");
  });

  test("opinions outlive clearDataset and show in the next run", async (store) => {
    const dataset = await store.openDataset("d");
    const given = rankedFinding("a", 1, 0.9);
    await store.saveRun(dataset, runReport("d", [given]));
    await store.setVerdict(given.id, "malicious");
    await store.addNote(given.id, "seen before");
    await store.clearDataset(dataset);
    assert.equal((await store.opinion(given.id)).notes.length, 1);
    const runId = await store.saveRun(dataset, runReport("d", [given]));
    assert.equal((await store.findings(runId))[0].verdict, "malicious");
  });
}

function modelAndLabelTests(test: Test): void {
  test("saveModel replaces a model of the same name and kind", async (store) => {
    const first = await store.saveModel("m", "mlp", {
      layers: [1, 2],
      data: "AAAA",
    });
    await store.saveModel("m", "kmeans", { k: 3 });
    await store.saveModel("a\0'b", "mlp", null);
    const second = await store.saveModel("m", "mlp", { layers: [] });
    assert.equal(second.id, first.id);
    assert.deepEqual(await store.model("m", "mlp"), second);
    assert.deepEqual(second.model, { layers: [] });
    assert.equal((await store.model("a\0'b", "mlp"))?.name, "a\0'b");
    assert.equal(await store.model("m", "dbscan"), null);
    const names = (await store.models()).map(({ name, kind }) => [name, kind]);
    assert.deepEqual(names, [["m", "mlp"], ["m", "kmeans"], ["a\0'b", "mlp"]]);
    assert.ok(!("model" in (await store.models())[0]));
  });

  test("addLabels replaces a label of the same uid and source", async (store) => {
    const dataset = await store.openDataset("d");
    const other = await store.openDataset("other");
    await store.addLabels(dataset, [
      { uid: "C1", value: 0, source: "column" },
      { uid: "C1", value: 1, source: "analyst" },
      { uid: "C\0'", value: -1.5, source: "intel" },
    ]);
    await store.addLabels(dataset, [{ uid: "C1", value: 1, source: "column" }]);
    const labels = await store.labels(dataset);
    assert.equal(labels.length, 3);
    const of = (uid: string, source: string) =>
      labels.find((l) => l.uid === uid && l.source === source)?.value;
    assert.deepEqual(
      [of("C1", "column"), of("C1", "analyst"), of("C\0'", "intel")],
      [1, 1, -1.5],
    );
    assert.deepEqual(await store.labels(other), []);
  });
}

/** Whoever adds a method is asked what it does when the store is closed. */
type Method = Extract<
  {
    [M in keyof SessionStore]: SessionStore[M] extends
      (...args: never[]) => unknown ? M : never;
  }[keyof SessionStore],
  string
>;

function closedTests(test: Test): void {
  test("every method of a closed store throws", async (store) => {
    const dataset = await store.openDataset("d");
    const writer = await store.beginImport(dataset);
    await store[Symbol.asyncDispose]();
    const calls: Record<Exclude<Method, "batches">, () => Promise<unknown>> = {
      openDataset: () => store.openDataset("d"),
      findDataset: () => store.findDataset("d"),
      datasets: () => store.datasets(),
      clearDataset: () => store.clearDataset(dataset),
      deleteDataset: () => store.deleteDataset(dataset),
      renameDataset: () => store.renameDataset(dataset, "x"),
      mergeDatasets: () => store.mergeDatasets(dataset, { ...dataset, id: 9 }),
      beginImport: () => store.beginImport(dataset),
      imports: () => store.imports(dataset),
      removeImports: () => store.removeImports(dataset, []),
      size: () => store.size(),
      sessions: () => store.sessions(dataset, { src: "10.0.0.1" }),
      pairs: () => store.pairs(dataset, {}),
      host: () => store.host(dataset, "10.0.0.1"),
      search: () => store.search(dataset, "example"),
      histogram: () => store.histogram(dataset),
      firstSeen: () =>
        store.firstSeen(dataset, { src: "10.0.0.1", dst: "", name: null }),
      importedFiles: () => store.importedFiles(dataset),
      recordsOf: () => store.recordsOf(dataset, ["C1"]),
      saveRun: () => store.saveRun(dataset, runReport("d", [])),
      runs: () => store.runs(),
      lastRun: () => store.lastRun(dataset),
      findings: () => store.findings(1),
      finding: () => store.finding(1, "f"),
      scores: () => store.scores(1),
      opinion: () => store.opinion("f"),
      setVerdict: () => store.setVerdict("f", null),
      setRegular: () => store.setRegular("f", true),
      setOwner: () => store.setOwner("f", "me"),
      addNote: () => store.addNote("f", "x"),
      setTags: () => store.setTags("f", []),
      verdicts: () => store.verdicts(),
      saveModel: () => store.saveModel("m", "mlp", {}),
      models: () => store.models(),
      model: () => store.model("m", "mlp"),
      deleteModel: () => store.deleteModel("m", "mlp"),
      saveClusterMembers: () => store.saveClusterMembers(1, []),
      clusterSessions: () => store.clusterSessions(dataset, 1, { label: 0 }),
      addSafelistEntry: () =>
        store.addSafelistEntry({
          kind: "port",
          value: "53",
          reason: "",
          author: "",
          expiresAt: null,
        }),
      safelist: () => store.safelist(),
      removeSafelistEntry: () => store.removeSafelistEntry(1),
      addLabels: () => store.addLabels(dataset, []),
      labels: () => store.labels(dataset),
    };
    const closed = { name: "SkerryError", message: /it is closed$/ };
    for (const call of Object.values(calls)) await assert.rejects(call, closed);
    await assert.rejects(rowsOf(store, dataset, "conn"), closed);
    await assert.rejects(rowsOf(store, dataset, "weird"), closed);
    await assert.rejects(writer.add(batchOf(conn, [connRow()])), closed);
    await assert.rejects(writer.addFile(fileOf("aa")), closed);
    await assert.rejects(writer.finish(), closed);
    await assert.rejects(writer.abort(), closed);
    await store[Symbol.asyncDispose]();
  });
}

/** The same records, whatever their order. */
function sameRows(actual: readonly Row[], expected: readonly Row[]): void {
  const text = (row: Row) =>
    JSON.stringify(
      Object.entries(row).toSorted().map(([name, value]) =>
        typeof value === "number" ? [name, String(value)] : [name, value]
      ),
    );
  const sorted = (rows: readonly Row[]) => rows.map(text).toSorted();
  assert.deepEqual(sorted(actual), sorted(expected));
}

function keyOfRow(row: Row): (string | number)[] {
  return [row["id.orig_h"], row["id.resp_p"], row.ts];
}

function compareKeys(
  a: readonly (string | number)[],
  b: readonly (string | number)[],
): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  if (at < 0) return 0;
  return a[at] < b[at] ? -1 : 1;
}
