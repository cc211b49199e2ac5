import { BATCH_ROWS } from "../../../pipeline/record_batch.ts";
import assert from "node:assert/strict";
import { SkerryError } from "../../../pipeline/errors.ts";
import { schemas } from "../../../pipeline/ingest/log_type.ts";
import { batchOf, connRow, importBatches, rowsOf, TS } from "../_records.ts";
import {
  compareKeys,
  conn,
  keyOfRow,
  manyRows,
  sameRows,
  type Test,
} from "./shared.ts";

export function queryTests(test: Test): void {
  test("batches hold at most BATCH_ROWS rows, sorted by pair and time", async (store) => {
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
    assert.deepEqual(lengths, [
      ...new Array(4).fill(BATCH_ROWS),
      70_000 - 4 * BATCH_ROWS,
    ]);
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
