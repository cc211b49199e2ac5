import assert from "node:assert/strict";
import { SkerryError } from "../../../pipeline/errors.ts";
import { schemas } from "../../../pipeline/ingest/log_type.ts";
import {
  batchOf,
  connRow,
  fileOf,
  importBatches,
  rowsOf,
} from "../_records.ts";
import { conn, manyRows, sameRows, type Test } from "./shared.ts";

export function importTests(test: Test): void {
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

  test("imports are listed, and can be pruned: their files stay known", async (store) => {
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
    await store.pruneImports(dataset, [first.id]);
    assert.deepEqual(await store.imports(dataset), [second]);
    assert.deepEqual(await store.importedFiles(dataset), [fileOf("bb")]);
    assert.deepEqual(
      (await rowsOf(store, dataset, "conn")).map(({ ts }) => ts),
      [7, 9],
    );
    const again = await store.beginImport(dataset);
    assert.deepEqual(again.known, [fileOf("aa"), fileOf("bb")]);
    await assert.rejects(
      again.addFile(fileOf("aa")),
      /already holds this file/,
    );
    await again.abort();
    await store.clearDataset(dataset);
    const anew = await store.beginImport(dataset);
    assert.deepEqual(anew.known, []);
    await anew.abort();
  });

  test("a pruning that is stopped has hidden its imports, and the next import ends it", async (store) => {
    const dataset = await store.openDataset("d");
    const writer = await store.beginImport(dataset);
    await writer.add(batchOf(conn, manyRows(2000)));
    await writer.addFile(fileOf("aa"));
    await writer.finish();
    const [{ id }] = await store.imports(dataset);
    const stop = new AbortController();
    const pruned = store.pruneImports(dataset, [id], {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await assert.rejects(pruned, { name: "AbortError" });
    assert.deepEqual(await rowsOf(store, dataset, "conn"), []);
    assert.deepEqual((await store.datasets())[0].unfinished, 0);
    const next = await store.beginImport(dataset);
    assert.deepEqual(next.known, [fileOf("aa")]);
    await next.add(batchOf(conn, [connRow({ ts: 3 })]));
    await next.addFile(fileOf("cc"));
    await next.finish();
    assert.equal((await rowsOf(store, dataset, "conn")).length, 1);
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
