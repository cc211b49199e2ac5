import assert from "node:assert/strict";
import { schemas } from "../../../pipeline/ingest/log_type.ts";
import { batchOf, connRow, importBatches } from "../_records.ts";
import { conn, HOSTILE, type Test } from "./shared.ts";

export function sessionTests(test: Test): void {
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
