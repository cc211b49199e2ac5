import assert from "node:assert/strict";
import { logTypes, schemas } from "../../../pipeline/ingest/log_type.ts";
import { isNumeric, type Schema } from "../../../pipeline/record_batch.ts";
import {
  batchOf,
  connRow,
  importBatches,
  type Row,
  rowsOf,
} from "../_records.ts";
import { conn, HOSTILE, sameRows, type Test } from "./shared.ts";

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

export function roundTripTests(test: Test): void {
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

  test("add refuses a field of another kind and a log type of no possible name", async (store) => {
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
    const odd = { path: "w eird", fields: [{ name: "ts", type: "time" }] };
    await assert.rejects(writer.add(batchOf(odd, [{ ts: 1 }])), {
      name: "TypeError",
      message: "Cannot store w eird: no log type has such a name",
    });
    await assert.rejects(
      writer.add(batchOf(conn, [{ uid: "C1" }])),
      RangeError,
    );
    await writer.abort();
  });
}
