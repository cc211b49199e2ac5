import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { schemas } from "../../pipeline/ingest/mod.ts";
import type { SkerryError } from "../../pipeline/errors.ts";
import { addressBytes } from "../../pipeline/address.ts";
import { APPLICATION_ID } from "../../pipeline/store/sqlite/migrate.ts";
import { STEPS } from "../../pipeline/store/sqlite/schema.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { openSqlite } from "../../pipeline/store/sqlite/file.ts";
import { batchOf, connRow, importBatches, rowsOf } from "./_records.ts";
import { filesBeside, fileTest, makeStore, recordCount } from "./_sqlite.ts";

const conn = schemas.get("conn")!;

fileTest(
  "openStore makes the folder, and leaves one file when closed",
  async (path) => {
    const deep = join(path, "..", "a", "b", "skerry.db");
    await makeStore(deep);
    assert.deepEqual(filesBeside(deep), ["skerry.db"]);
    await using store = await openStore(deep);
    assert.equal(await recordCount(store), 1);
    assert.equal((await store.opinion("f1")).verdict, "benign");
  },
);

fileTest(
  "openStore of a file that is no database leaves it as it was",
  async (path) => {
    for (
      const text of ["x", "#fields\tts\n".repeat(999), "SQLite format 2\0"]
    ) {
      await Deno.writeTextFile(path, text);
      for (const readOnly of [false, true]) {
        await assert.rejects(openStore(path, { readOnly }), {
          name: "SkerryError",
          message:
            `Cannot open the store ${path}: the file is no SQLite database`,
          hint: "Name a file that does not exist yet.",
        });
      }
      assert.equal(await Deno.readTextFile(path), text);
      assert.deepEqual(filesBeside(path), ["skerry.db"]);
    }
  },
);

fileTest(
  "openStore of a damaged database leaves it as it was",
  async (path) => {
    await makeStore(path);
    const bytes = await Deno.readFile(path);
    bytes.fill(7, 100);
    await Deno.writeFile(path, bytes);
    await assert.rejects(openStore(path), {
      name: "SkerryError",
      message: `Cannot open the store ${path}: the file is damaged`,
    });
    assert.deepEqual(await Deno.readFile(path), bytes);
  },
);

fileTest(
  "openStore of another program's database leaves it as it was",
  async (path) => {
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE bookmarks (url TEXT)");
    other.close();
    const bytes = await Deno.readFile(path);
    await assert.rejects(openStore(path), {
      message:
        `Cannot open the store ${path}: it is another program's database`,
    });
    assert.deepEqual(await Deno.readFile(path), bytes);
  },
);

fileTest(
  "openStore of another program's database leaves its mode and log, too",
  async (path) => {
    const other = new DatabaseSync(path);
    other.exec("PRAGMA journal_mode = WAL; CREATE TABLE bookmarks (url TEXT)");
    other.exec("PRAGMA wal_checkpoint; INSERT INTO bookmarks VALUES ('x')");
    const copy = `${path}-copy`;
    await Deno.copyFile(path, copy);
    await Deno.copyFile(`${path}-wal`, `${copy}-wal`);
    other.close();
    const bytes = async () => [
      await Deno.readFile(copy),
      await Deno.readFile(`${copy}-wal`),
    ];
    const before = await bytes();
    for (const readOnly of [false, true]) {
      await assert.rejects(openStore(copy, { readOnly }), {
        message:
          `Cannot open the store ${copy}: it is another program's database`,
      });
    }
    assert.deepEqual(await bytes(), before);
  },
);

fileTest(
  "openStore of an empty file makes a store of it, but not read-only",
  async (path) => {
    await Deno.writeTextFile(path, "");
    await assert.rejects(openStore(path, { readOnly: true }), {
      message: `Cannot open the store ${path}: there is nothing in it yet`,
      hint: "Run `skerry run` first: it makes the store.",
    });
    await makeStore(path);
    await using store = await openStore(path);
    assert.equal(await recordCount(store), 1);
  },
);

fileTest(
  "openStore refuses a store that a newer Skerry wrote",
  async (path) => {
    await makeStore(path);
    const later = new DatabaseSync(path);
    later.exec(`PRAGMA user_version = ${STEPS.length + 1}`);
    later.close();
    const bytes = await Deno.readFile(path);
    for (const readOnly of [false, true]) {
      await assert.rejects(openStore(path, { readOnly }), {
        name: "SkerryError",
        message: /a newer Skerry wrote it \(schema \d+, this one knows \d+\)$/,
      });
    }
    assert.deepEqual(await Deno.readFile(path), bytes);
  },
);

/** Steps of the first version. */
const FIRST_STEPS = STEPS.findIndex((step) => step.includes("file_no"));

/** A store as the first version left it, with two records. */
function makeOldStore(path: string): void {
  using db = new DatabaseSync(path);
  for (const step of STEPS.slice(0, FIRST_STEPS)) db.exec(step);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${FIRST_STEPS};
    INSERT INTO datasets VALUES (1, 'd', 5);
    INSERT INTO imports VALUES (1, 1, 'ready', 6, 2);
    INSERT INTO import_files
      VALUES (1, 1, 'aa', '/logs/conn.log', 1234, '[]', '{}', '[]');
    INSERT INTO import_records VALUES (1, 'conn', 2, 7000000, 8000000, '[]');
    INSERT INTO opinions VALUES ('f1', 'benign', 1, '[]');
    CREATE INDEX conn_uid ON conn (uid)`);
  const insert = db.prepare(
    `INSERT INTO conn (import_id, orig_h, resp_h, resp_p, ts_us, seq, log_type,
      uid) VALUES (1, ?, ?, 443, ?, ?, 'conn', ?)`,
  );
  const [src, dst] = ["10.0.0.1", "192.0.2.1"].map((a) => addressBytes(a)!);
  insert.run(src, dst, 7_000_000, 0, "Cold0000001");
  insert.run(src, dst, 8_000_000, 1, "Cold0000002");
}

fileTest("openStore brings an older store up to date", async (path) => {
  makeOldStore(path);
  await assert.rejects(openStore(path, { readOnly: true }), {
    message: /an older Skerry wrote it/,
  });
  await using store = await openStore(path);
  const dataset = (await store.findDataset("d"))!;
  assert.equal((await rowsOf(store, dataset, "conn")).length, 2);
  const [file] = await store.importedFiles(dataset);
  assert.deepEqual([file.hash, file.content], ["aa", null]);
  const [pair] = await store.pairs(dataset, {});
  assert.deepEqual([pair.count, pair.firstTs, pair.lastTs], [2, 7, 8]);
  const { records } = await store.search(dataset, "Cold0000002");
  assert.equal(records.length, 1);
  // Nobody counted its lines.
  assert.deepEqual(Object.keys(records[0]), ["logType", "fields"]);
  assert.deepEqual((await store.histogram(dataset)).counts, [2]);
  const { verdict, owner } = await store.opinion("f1");
  assert.deepEqual([verdict, owner], ["benign", null]);
  await importBatches(store, dataset, batchOf(conn, [connRow()]));
  assert.equal(await recordCount(store), 3);
});

fileTest(
  "openStore read-only reads, refuses to write and changes nothing",
  async (path) => {
    await assert.rejects(openStore(path, { readOnly: true }), {
      message: `Cannot open the store ${path}: there is no such file`,
    });
    assert.deepEqual(filesBeside(path), []);
    await makeStore(path);
    const bytes = await Deno.readFile(path);
    {
      await using store = await openStore(path, { readOnly: true });
      assert.equal(await recordCount(store), 1);
      const refused = {
        name: "SkerryError",
        message: `Cannot write the store ${path}: it may only be read`,
      };
      await assert.rejects(store.openDataset("new"), refused);
      await assert.rejects(store.setVerdict("f1", null), refused);
      const dataset = await store.openDataset("d");
      await assert.rejects(store.clearDataset(dataset), refused);
      await assert.rejects(store.beginImport(dataset), refused);
    }
    assert.deepEqual(await Deno.readFile(path), bytes);
    assert.deepEqual(filesBeside(path), ["skerry.db"]);
  },
);

fileTest(
  "openStore names a folder, a missing parent and a server as such",
  async (path) => {
    const folder = join(path, "..");
    await assert.rejects(openStore(folder), {
      message: `Cannot open the store ${folder}: it is a folder`,
    });
    await Deno.writeTextFile(path, "");
    for (const below of ["below.db", "further/below.db"]) {
      await assert.rejects(openStore(join(path, below)), {
        name: "SkerryError",
        message: /: a part of its path is a file, not a folder$/,
        hint: "Name a store in a folder.",
      });
    }
    for (
      const [location, why] of [
        ["", "its name is empty"],
        ["a\0b", "no file can have such a name"],
        ["x".repeat(300), "no file can have such a name"],
        ["/dev/null", "it is a device or a pipe"],
      ]
    ) {
      await assert.rejects(openStore(location), (error: SkerryError) => {
        assert.equal(
          error.message,
          `Cannot open the store ${location}: ${why}`,
        );
        assert.match(error.hint ?? "", /^Name /);
        return true;
      });
    }
    await assert.rejects(
      openStore("mysql://u:secret@host/db"),
      (error: Error) => {
        assert.match(error.message, /^Cannot open the store mysql:\/\/…@host/);
        assert.ok(!error.message.includes("secret"));
        return true;
      },
    );
  },
);

fileTest(
  "openStore of a file that another program has locked says so",
  async (path) => {
    await makeStore(path);
    const other = new DatabaseSync(path);
    other.exec("BEGIN EXCLUSIVE");
    assert.throws(() => openSqlite(path, { busyTimeout: 20 }), {
      name: "SkerryError",
      message: `Cannot open the store ${path}: another program is using it`,
      hint: "Wait until the other run has finished, then try again.",
    });
    other.exec("ROLLBACK");
    other.close();
  },
);

Deno.test(
  "openStore without permission for the place says so in a sentence",
  { permissions: { read: true, write: false } },
  async () => {
    const path = join(import.meta.dirname!, "none", "skerry.db");
    await assert.rejects(openStore(path), {
      name: "SkerryError",
      message:
        `Cannot open the store ${path}: this program may not use that place`,
      hint: /--allow-write must cover it\.$/,
    });
  },
);

Deno.test({
  name: "openStore of a file or a folder that may only be read says so",
  // To root no mode applies.
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const path = join(folder, "skerry.db");
    const refused = {
      name: "SkerryError",
      message: `Cannot open the store ${path}: it may only be read`,
      hint: /^Check the permissions /,
    };
    try {
      await makeStore(path);
      await Deno.chmod(path, 0o444);
      await assert.rejects(openStore(path), refused);
      await Deno.chmod(folder, 0o555);
      await using store = await openStore(path, { readOnly: true });
      assert.equal(await recordCount(store), 1);
    } finally {
      await Deno.chmod(folder, 0o755);
      await Deno.remove(folder, { recursive: true });
    }
  },
});

fileTest(
  "openStore read-only reads while another program is writing",
  async (path) => {
    await makeStore(path);
    const other = new DatabaseSync(path);
    other.exec("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE");
    other.exec("UPDATE opinions SET verdict = 'malicious'");
    {
      await using store = await openStore(path, { readOnly: true });
      assert.equal((await store.opinion("f1")).verdict, "benign");
      assert.equal(await recordCount(store), 1);
      other.exec("COMMIT");
      assert.equal((await store.opinion("f1")).verdict, "malicious");
    }
    other.close();
  },
);

fileTest("openStore makes one store when many programs begin", async (path) => {
  const children = Array.from({ length: 4 }, () => {
    const folder = join(path, "..");
    const args = ["run", "--no-prompt", `--allow-read=${folder}`];
    args.push(`--allow-write=${folder}`);
    args.push(new URL("./_opener.ts", import.meta.url).href, path);
    return new Deno.Command(Deno.execPath(), { args }).output();
  });
  for (const { code, stderr } of await Promise.all(children)) {
    assert.equal(code, 0, new TextDecoder().decode(stderr));
  }
  await using store = await openStore(path);
  assert.equal((await store.verdicts()).size, 4);
});
