/** Stores in files of their own. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { schemas } from "../../pipeline/ingest/mod.ts";
import { openStore, type SessionStore } from "../../pipeline/store/mod.ts";
import { batchOf, connRow, importBatches, rowsOf } from "./_records.ts";

const conn = schemas.get("conn")!;

export function fileTest(
  name: string,
  body: (path: string) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await body(join(folder, "skerry.db"));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** A store that holds one record and one verdict, closed. */
export async function makeStore(path: string): Promise<void> {
  await using store = await openStore(path);
  const dataset = await store.openDataset("d");
  await importBatches(store, dataset, batchOf(conn, [connRow()]));
  await store.setVerdict("f1", "benign");
}

export async function recordCount(store: SessionStore): Promise<number> {
  const dataset = await store.openDataset("d");
  return (await rowsOf(store, dataset, "conn")).length;
}

export function filesBeside(path: string): string[] {
  return [...Deno.readDirSync(join(path, ".."))].map(({ name }) => name).sort();
}

/** What SQLite itself says of the file, and how many records lie in it. */
export function sound(path: string, records: number): void {
  const db = new DatabaseSync(path, { readOnly: true });
  const check = db.prepare("PRAGMA integrity_check").get();
  const held = db.prepare("SELECT count(*) AS n FROM conn").get();
  db.close();
  assert.equal(check!.integrity_check, "ok");
  assert.equal(held!.n, records);
}
