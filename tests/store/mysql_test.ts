import assert from "node:assert/strict";
import { schemas } from "../../pipeline/ingest/mod.ts";
import { RecordBatch } from "../../pipeline/record_batch.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { RECORD_TABLES } from "../../pipeline/store/tables.ts";
import { Mariadb, withoutMariadb } from "../_mariadb.ts";
import { batchOf, connRow, fileOf, importBatches, rowsOf } from "./_records.ts";
import { storeContract, type StoreFixture } from "./contract.ts";

const conn = schemas.get("conn")!;

/** Settings of a server that would spoil texts and times if they were heeded. */
const SET_UP_BY_OTHERS = [
  "--character-set-server=latin1",
  "--collation-server=latin1_german2_ci",
  "--default-time-zone=-09:30",
  "--sql-mode=ANSI,NO_BACKSLASH_ESCAPES",
  "--innodb-strict-mode=OFF",
];

let shared: Mariadb | undefined;
let databases = 0;

if (withoutMariadb) {
  console.log(`MariaDB's tests are skipped: ${withoutMariadb}`);
} else {
  Deno.test.beforeAll(async () => {
    shared = await Mariadb.start({ args: SET_UP_BY_OTHERS });
  });
  Deno.test.afterAll(async () => {
    await shared?.[Symbol.asyncDispose]();
  });
  storeContract("a store in MariaDB", open);
}

async function open(): Promise<StoreFixture> {
  const store = await openStore(shared!.address(`contract${databases++}`));
  return { store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

function serverTest(
  name: string,
  body: (server: Mariadb, database: string) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: withoutMariadb !== null,
    fn: () => body(shared!, `own${databases++}`),
  });
}

serverTest("a store is reached by its socket, too", async (server, name) => {
  for (const address of [server.address(name), server.socketAddress(name)]) {
    await using store = await openStore(address);
    assert.equal(store.location, address);
    const dataset = await store.openDataset("d");
    await importBatches(store, dataset, batchOf(conn, [connRow()]));
  }
  await using store = await openStore(server.address(name), { readOnly: true });
  const dataset = (await store.findDataset("d"))!;
  assert.equal((await rowsOf(store, dataset, "conn")).length, 2);
});

serverTest(
  "a store that is older than the lines of records gets them, and keeps what it holds",
  async (server, name) => {
    {
      await using store = await openStore(server.address(name));
      const dataset = await store.openDataset("d");
      const writer = await store.beginImport(dataset);
      await writer.add(batchOf(conn, [connRow()]));
      await writer.addFile(fileOf("a"));
      await writer.finish();
    }
    const tables = RECORD_TABLES.map((table) => table.name);
    await server.sql(
      tables.slice(1).map((table) =>
        `ALTER TABLE \`${table}\` DROP COLUMN line_no;`
      ).join(" ") +
        `UPDATE skerry_schema SET version = version - ${tables.length}`,
      name,
    );
    // The first table has it already: the step was stopped half-way.
    await using store = await openStore(server.address(name));
    const dataset = (await store.findDataset("d"))!;
    const [record] = await Array.fromAsync(store.listed(dataset, "conn"));
    assert.deepEqual([record.file, record.line], ["/logs/a.log", undefined]);
    const writer = await store.beginImport(dataset);
    const { schema, length, ...rest } = batchOf(conn, [connRow({ ts: 9 })])
      .toParts();
    const lines = Float64Array.of(0, 5);
    await writer.add(RecordBatch.of({ ...rest, schema, length, lines }));
    await writer.addFile(fileOf("b"));
    await writer.finish();
    const all = await Array.fromAsync(store.listed(dataset, "conn"));
    assert.deepEqual(all.map(({ line }) => line).sort(), [5, undefined]);
  },
);

serverTest(
  "every column of tables.ts is in the server",
  async (server, name) => {
    await using _store = await openStore(server.address(name));
    for (const table of RECORD_TABLES) {
      const made =
        (await server.sql(`SHOW COLUMNS FROM \`${table.name}\``, name))
          .trim().split("\n").map((line) => line.split("\t")[0]);
      const own = [
        "import_id",
        "seq",
        "log_type",
        "more",
        "file_no",
        "line_no",
      ];
      const known = [...own, ...table.columns.map(({ sql }) => sql)];
      assert.deepEqual(made.toSorted(), known.toSorted());
    }
  },
);
