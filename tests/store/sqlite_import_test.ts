import assert from "node:assert/strict";
import { join } from "node:path";
import { schemas } from "../../pipeline/ingest/mod.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { batchOf, connRow, fileOf, importBatches, rowsOf } from "./_records.ts";
import { filesBeside, fileTest, recordCount, sound } from "./_sqlite.ts";

const conn = schemas.get("conn")!;

fileTest(
  "two programs importing into one dataset: the second waits for the first",
  async (path) => {
    await using a = await openStore(path);
    await using b = await openStore(path);
    const dataset = await a.openDataset("d");
    const first = await a.beginImport(dataset);
    const stages = new Set<string>();
    const waiting = b.beginImport(dataset, {
      onProgress: ({ stage }) => stages.add(stage),
    });
    const stopped = new AbortController();
    const never = b.beginImport(dataset, { signal: stopped.signal });
    await first.add(batchOf(conn, [connRow({ ts: 1 })]));
    await first.addFile(fileOf("aa"));
    setTimeout(() => stopped.abort(new Error("enough")), 150);
    await assert.rejects(never, { message: "enough" });
    assert.deepEqual([...stages], ["waiting for another import"]);
    await first.finish();
    const second = await waiting;
    assert.deepEqual(second.known, [fileOf("aa")]);
    await second.abort();
    sound(path, 1);
    assert.deepEqual(
      filesBeside(path).filter((name) => name.includes("import")),
      [],
    );
  },
);

fileTest(
  "an import whose lock was lost is told, and doubles nothing",
  async (path) => {
    await using a = await openStore(path);
    await using b = await openStore(path);
    const dataset = await a.openDataset("d");
    const batch = batchOf(conn, [connRow({ ts: 1 }), connRow({ ts: 2 })]);
    const first = await a.beginImport(dataset);
    await first.add(batch);
    // As a network file system may: the lock is there twice.
    for (const name of filesBeside(path)) {
      if (name.includes("import")) await Deno.remove(join(path, "..", name));
    }
    const second = await b.beginImport(dataset);
    await second.add(batch);
    await second.addFile(fileOf("aa"));
    await second.finish();
    await first.addFile(fileOf("aa"));
    await assert.rejects(first.finish(), {
      name: "SkerryError",
      message: /"d" already holds this file as \/logs\/aa.log$/,
    });
    await first.abort();
    await (await a.beginImport(dataset)).abort();
    sound(path, 2);
  },
);

fileTest("two stores on one file see each other's work", async (path) => {
  await using a = await openStore(path);
  await using b = await openStore(path);
  const dataset = await a.openDataset("d");
  assert.deepEqual(await b.openDataset("d"), dataset);
  const writer = await a.beginImport(dataset);
  await writer.add(batchOf(conn, [connRow()]));
  await b.setVerdict("f1", "malicious");
  assert.deepEqual(await rowsOf(b, dataset, "conn"), []);
  await writer.finish();
  assert.equal(await recordCount(b), 1);
  assert.equal((await a.opinion("f1")).verdict, "malicious");
  await using reader = await openStore(path, { readOnly: true });
  await a.setVerdict("f1", "benign");
  assert.equal((await reader.opinion("f1")).verdict, "benign");
});

fileTest("clearDataset gives the space back", async (path) => {
  {
    await using store = await openStore(path);
    const dataset = await store.openDataset("d");
    const rows = Array.from({ length: 20_000 }, (_, i) => connRow({ ts: i }));
    await importBatches(store, dataset, batchOf(conn, rows));
    await store.clearDataset(dataset);
  }
  const { size } = await Deno.stat(path);
  assert.ok(size < 400_000, `${size} bytes are left`);
});

fileTest(
  "a killed import is invisible, and gone after the next one",
  async (path) => {
    const folder = join(path, "..");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        `--allow-read=${folder}`,
        `--allow-write=${folder}`,
        new URL("./_killed_importer.ts", import.meta.url).href,
        path,
      ],
      stdout: "piped",
    }).spawn();
    const output = child.stdout.getReader();
    const { value } = await output.read();
    assert.equal(new TextDecoder().decode(value).trim(), "half");
    child.kill("SIGKILL");
    await child.status;
    await output.cancel();
    await using store = await openStore(path);
    const dataset = await store.openDataset("d");
    assert.deepEqual(await rowsOf(store, dataset, "conn"), []);
    assert.deepEqual(await store.importedFiles(dataset), []);
    assert.deepEqual((await store.datasets())[0].records, {});
    const writer = await store.beginImport(dataset);
    await writer.addFile(fileOf("aa"));
    await writer.add(batchOf(conn, [connRow()]));
    await writer.finish();
    assert.equal(await recordCount(store), 1);
    sound(path, 1);
  },
);
