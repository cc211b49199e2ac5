import assert from "node:assert/strict";
import { SkerryError } from "../../pipeline/errors.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { openSqlite } from "../../pipeline/store/sqlite/file.ts";
import { ReadingThreads } from "../../pipeline/store/sqlite/reading_threads.ts";
import { seed } from "../routes/seed.ts";

/** Works without an end in sight until it has counted so far. */
const COUNT = `WITH RECURSIVE n(i) AS
  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
  SELECT count(*) AS count FROM n`;

async function withFile(
  test: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/store.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("ReadingThreads answers a short question while a long one is worked on, and lets go of one that is given up", async () => {
  await withFile(async (path) => {
    const db = openSqlite(path);
    await using threads = new ReadingThreads(path, path, 2);
    const stop = new AbortController();
    const order: string[] = [];
    const long = threads.all(COUNT, [100_000_000], stop.signal)
      .then(() => order.push("long"), (error) => order.push(error.name));
    const [{ count }] = await threads.all<{ count: number }>(COUNT, [3]);
    order.push("short");
    assert.equal(count, 3);
    stop.abort();
    await long;
    assert.deepEqual(order, ["short", "AbortError"]);
    // As many as before can be asked at once.
    const some = await Promise.all(
      [1, 2, 3, 4].map((n) => threads.all<{ count: number }>(COUNT, [n])),
    );
    assert.deepEqual(some.map(([row]) => row.count), [1, 2, 3, 4]);
    db.close();
  });
});

Deno.test("ReadingThreads says what SQLite refuses, writes nothing, and answers nobody once it is closed", async () => {
  await withFile(async (path) => {
    const db = openSqlite(path);
    const threads = new ReadingThreads(path, path, 1);
    await assert.rejects(threads.all("SELECT absent", []), {
      name: "SkerryError",
      message: `Cannot read the store ${path}: no such column: absent`,
    });
    await assert.rejects(threads.all("DELETE FROM datasets", []), SkerryError);
    const waits = threads.all(COUNT, [100_000_000]);
    const refused = assert.rejects(waits, /it is closed/);
    await threads[Symbol.asyncDispose]();
    await refused;
    await assert.rejects(threads.all("SELECT 1", []), /it is closed/);
    db.close();
  });
});

Deno.test("a store with readers answers as one without, and leaves one file", async () => {
  await withFile(async (path) => {
    {
      await using store = await openStore(path, { readers: 2 });
      const { dataset } = await seed(store);
      await using other = await openStore(path);
      const ask = async (of: typeof store) => [
        await of.pairs(dataset, { dst: "203.0.113.7" }),
        await of.hosts(dataset),
        await of.host(dataset, "10.136.0.18"),
        await of.search(dataset, "honest"),
      ];
      const answers = await ask(store);
      assert.deepEqual(answers, await ask(other));
      assert.equal((answers[1] as unknown[]).length, 1);
    }
    const files = Array.from(
      Deno.readDirSync(path.slice(0, -"/store.db".length)),
      ({ name }) => name,
    );
    assert.deepEqual(
      files.filter((name) => /-(wal|shm)$/.test(name)),
      [],
    );
  });
});
