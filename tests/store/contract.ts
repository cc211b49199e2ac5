import assert from "node:assert/strict";
import { SkerryError } from "../../pipeline/errors.ts";
import { logTypes, schemas } from "../../pipeline/ingest/log_type.ts";
import { isNumeric, type Schema } from "../../pipeline/record_batch.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
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
    for (const name of HOSTILE) {
      assert.equal((await store.openDataset(name)).name, name);
    }
    assert.equal((await store.datasets()).length, 1 + HOSTILE.length);
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
      schema.fields.map(({ name, type }, f) => [name, valueFor(type, i, f)]),
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

/** 70,000 records of a few pairs, in no order. */
function manyRows(): Row[] {
  return Array.from({ length: 70_000 }, (_, i) =>
    connRow({
      ts: (1672843056914972 + (i * 7919) % 70_000 * 1000) / 1e6,
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
    const key = (row: Row) => [row["id.orig_h"], row["id.resp_p"], row.ts];
    const sorted = rows.toSorted((a, b) => compareKeys(key(a), key(b)));
    assert.deepEqual(read.map(key), sorted.map(key));
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

  test("batches begin at once after an import, oldest import first", async (store) => {
    const dataset = await store.openDataset("d");
    for (const ts of [3, 1, 2]) {
      await importBatches(store, dataset, batchOf(conn, [connRow({ ts })]));
    }
    const rows = await rowsOf(store, dataset, "conn");
    assert.deepEqual(rows.map(({ ts }) => ts), [3, 1, 2]);
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

  test("beginImport removes what an unfinished import of the dataset left", async (store) => {
    const dataset = await store.openDataset("d");
    const left = await store.beginImport(dataset);
    await left.add(batchOf(conn, [connRow()]));
    await left.addFile(fileOf("aa"));
    const writer = await store.beginImport(dataset);
    await writer.addFile(fileOf("aa"));
    await writer.add(batchOf(conn, [connRow({ ts: 7 })]));
    await assert.rejects(left.add(batchOf(conn, [connRow()])), {
      name: "SkerryError",
      message: /another import of "d" has replaced this one/,
    });
    await writer.finish();
    assert.deepEqual(await rowsOf(store, dataset, "conn"), [
      connRow({ ts: 7 }),
    ]);
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
    const given = HOSTILE.map((id, i) => ({
      ...rankedFinding("n", i + 1, 0.9),
      id,
    }));
    const runId = await store.saveRun(dataset, runReport("d", given));
    assert.deepEqual(
      await store.scores(runId),
      new Map(HOSTILE.map((id) => [id, 0.9])),
    );
    for (const id of HOSTILE) {
      await store.setVerdict(id, "unsure");
      assert.equal((await store.finding(runId, id))?.verdict, "unsure");
    }
    assert.deepEqual(
      await store.verdicts(),
      new Map(HOSTILE.map((id) => [id, "unsure"])),
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
    });
    await store.setTags("f1", HOSTILE);
    await store.setVerdict("f1", "malicious");
    await store.setRegular("f1", false);
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
    assert.equal((await store.opinion("f1")).regular, null);
    assert.deepEqual(await store.verdicts(), new Map([["f2", "benign"]]));
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
      beginImport: () => store.beginImport(dataset),
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
      addNote: () => store.addNote("f", "x"),
      setTags: () => store.setTags("f", []),
      verdicts: () => store.verdicts(),
      saveModel: () => store.saveModel("m", "mlp", {}),
      models: () => store.models(),
      model: () => store.model("m", "mlp"),
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

function compareKeys(
  a: readonly (string | number)[],
  b: readonly (string | number)[],
): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  if (at < 0) return 0;
  return a[at] < b[at] ? -1 : 1;
}
