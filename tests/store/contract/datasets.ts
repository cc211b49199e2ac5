import assert from "node:assert/strict";
import { schemas } from "../../../pipeline/ingest/log_type.ts";
import type { Dataset } from "../../../pipeline/store/session_store.ts";
import {
  batchOf,
  connRow,
  fileOf,
  importBatches,
  rowsOf,
} from "../_records.ts";
import { rankedFinding, runReport } from "../_runs.ts";
import { conn, HOSTILE_KEYS, sameRows, type Test } from "./shared.ts";

export function datasetTests(test: Test): void {
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
