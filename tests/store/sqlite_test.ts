import { tellsPairs } from "../../pipeline/log_type_name.ts";
import assert from "node:assert/strict";
import { join } from "node:path";
import { schemas } from "../../pipeline/ingest/mod.ts";
import { isNumeric } from "../../pipeline/record_batch.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { openSqlite } from "../../pipeline/store/sqlite/file.ts";
import {
  RECORD_TABLES,
  tableOf,
  TYPED_TABLES,
} from "../../pipeline/store/tables.ts";
import { storeContract, type StoreFixture } from "./contract.ts";

storeContract("a store in memory", async () => {
  const store = await openStore(":memory:");
  return { store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
});

storeContract("a store in a file", async (): Promise<StoreFixture> => {
  const folder = await Deno.makeTempDir();
  const store = await openStore(join(folder, "skerry.db"));
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
});

Deno.test("every column of tables.ts is made by the migrations", () => {
  const db = openSqlite(":memory:");
  for (const { name, columns } of RECORD_TABLES) {
    const made = db.all<{ name: string }>(`PRAGMA table_info(${name})`)
      .map((column) => column.name);
    const own = ["import_id", "seq", "log_type", "more", "file_no", "line_no"];
    const known = [...own, ...columns.map(({ sql }) => sql)];
    assert.deepEqual(made.toSorted(), known.toSorted());
  }
  db.close();
});

/** Read since there have been stores: no column of theirs, so they go to `more`. */
const IN_MORE = new Set([
  "ssl sni_matches_cert",
  "open_ssl sni_matches_cert",
]);

Deno.test("tables.ts has a column for every field of ingest's schemas but those that came later", () => {
  for (const { path, fields } of schemas.values()) {
    const table = tableOf(path);
    assert.ok(tellsPairs(path), `${path} has a table of its own`);
    const kinds = new Map(
      table.columns.map(({ name, type }) => [name, isNumeric(type)]),
    );
    for (const { name, type } of fields) {
      const kind = IN_MORE.has(`${path} ${name}`) ? undefined : isNumeric(type);
      assert.equal(kinds.get(name), kind, `${path} ${name}`);
    }
  }
  for (const { name, columns } of TYPED_TABLES) {
    const read = new Set(schemas.get(name)!.fields.map((field) => field.name));
    const idle = columns.filter((column) => !read.has(column.name));
    assert.deepEqual(idle.map((column) => column.name), []);
  }
});
