/**
 * The store on both engines against the raw ceiling in the same run: the
 * engine's own client loading a ready file of the same rows into the same
 * table. Reading one import against the same rows in 72, and imports in a row.
 */
import { DatabaseSync } from "node:sqlite";
import { Mariadb, withoutMariadb } from "../_mariadb.ts";
import { connLog } from "./data.ts";
import type { Bench, Comparison, Measured } from "./run.ts";

const ROWS = Number(Deno.env.get("SKERRY_BENCH_ROWS") ?? 1_000_000);
const SQLITE = "/usr/bin/sqlite3";
const IMPORTS = 72;

/** Records of the 100 largest pairs of each of three datasets. */
const LARGEST_PAIRS = `SELECT ${
  [1, 2, 3].map((dataset) =>
    `(SELECT sum(n) FROM (SELECT count(*) AS n FROM conn WHERE import_id IN
      (SELECT id FROM imports WHERE dataset_id = ${dataset})
      GROUP BY orig_h, resp_h, resp_p ORDER BY n DESC LIMIT 100) AS p${dataset})`
  ).join(" + ")
}`;

export const storeBench: Bench = async function* (folder) {
  await Deno.mkdir(`${folder}/one`);
  await Deno.mkdir(`${folder}/many`);
  const log = connLog(ROWS);
  await Deno.writeTextFile(`${folder}/one/conn.log`, log);
  yield* sqlite(folder);
  yield* manyImports(folder, log);
  yield* mariadb(folder);
};

async function* sqlite(folder: string): AsyncGenerator<Comparison> {
  const store = `${folder}/one.db`, logs = `${folder}/one`;
  const first = await ours("import", store, logs);
  const ceiling = await sqliteCeiling(store, folder);
  const size = (await Deno.stat(store)).size / ROWS;
  yield {
    workload: `import ${millions(ROWS)} into SQLite, ${size.toFixed(0)} B/row`,
    ours: first,
    theirs: ceiling,
    against: "sqlite3 .import of a ready file",
    rows: ROWS,
  };
  yield {
    workload: `read ${millions(ROWS)} from SQLite`,
    ours: await ours("read", store, logs),
    theirs: await sqliteRead(folder),
    against: "sqlite3, the table as CSV",
    rows: ROWS,
  };
  await ours("import", store, logs);
  yield {
    workload: "third import in a row into SQLite",
    ours: await ours("import", store, logs),
    theirs: first,
    against: "the first",
    rows: ROWS,
  };
  yield {
    workload: `largest pairs of ${millions(3 * ROWS)}`,
    ours: await ours("pairs", store, logs),
    theirs: await command(SQLITE, [store, LARGEST_PAIRS]),
    against: "sqlite3, GROUP BY on the table",
  };
}

/** Our rows, written out by sqlite3 and read by it into a table as ours. */
async function sqliteCeiling(
  store: string,
  folder: string,
): Promise<Comparison["theirs"]> {
  if (!await exists(SQLITE)) {
    return { skipped: `${SQLITE} is not there (Debian: sqlite3)` };
  }
  using db = new DatabaseSync(store, { readOnly: true });
  const { sql } = db.prepare(
    "SELECT sql FROM sqlite_schema WHERE name = 'conn'",
  ).get() as { sql: string };
  const columns = db.prepare("SELECT name FROM pragma_table_info('conn')")
    .all().map(({ name }) => String(name));
  const shown = columns.map((name) =>
    name.endsWith("_h") ? `hex(${name})` : name
  ).join(", ");
  const csv = `${folder}/rows.csv`;
  await command(SQLITE, [
    "-csv",
    store,
    `.output ${csv}`,
    `SELECT ${shown} FROM conn ORDER BY import_id, orig_h, resp_h, resp_p, ts_us, seq`,
  ]);
  const ceiling = `${folder}/ceiling.db`;
  await command(SQLITE, [
    ceiling,
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + sql,
  ]);
  return await command(SQLITE, [
    ceiling,
    "PRAGMA synchronous = NORMAL",
    ".mode csv",
    `.import ${csv} conn`,
    "SELECT count(*) FROM conn",
  ]);
}

function sqliteRead(folder: string): Promise<Measured> {
  return command(SQLITE, [
    "-csv",
    `${folder}/ceiling.db`,
    ".output /dev/null",
    "SELECT * FROM conn",
    ".output stdout",
    "SELECT count(*) FROM conn",
  ]);
}

async function* manyImports(
  folder: string,
  log: string,
): AsyncGenerator<Comparison> {
  const lines = log.split(/(?<=\n)/);
  const header = lines.filter((line) => line.startsWith("#")).join("");
  const rows = lines.filter((line) => !line.startsWith("#"));
  const store = `${folder}/many.db`, each = Math.ceil(rows.length / IMPORTS);
  const { openStore } = await import("../../pipeline/store/mod.ts");
  const { importLogs } = await import("../../pipeline/import_logs.ts");
  {
    await using many = await openStore(store);
    const dataset = await many.openDataset("many");
    for (let i = 0; i < IMPORTS; i++) {
      const part = rows.slice(i * each, (i + 1) * each).join("");
      const path = `${folder}/many/conn.${i}.log`;
      await Deno.writeTextFile(path, header + part);
      await importLogs(many, dataset, path);
    }
  }
  const one = `${folder}/one.db`;
  yield {
    workload: `read ${millions(ROWS)} in pair order from ${IMPORTS} imports`,
    ours: await ours("read", store, folder),
    theirs: await ours("read", one, folder),
    against: "as one import",
    rows: ROWS,
  };
}

async function* mariadb(folder: string): AsyncGenerator<Comparison> {
  const workload = `import ${millions(ROWS)} into MariaDB`;
  if (withoutMariadb) {
    const none: Measured = { ms: NaN, rss: NaN, value: NaN };
    yield {
      workload,
      ours: none,
      theirs: { skipped: withoutMariadb },
      against: "LOAD DATA",
    };
    return;
  }
  await using server = await Mariadb.start({
    args: ["--innodb-buffer-pool-size=512M"],
  });
  const store = server.address("bench"), logs = `${folder}/one`;
  const first = await ours("import", store, logs);
  const file = `${server.folder}/rows.tsv`;
  await server.sql(
    `SELECT * INTO OUTFILE '${file}' CHARACTER SET binary FROM conn
      ORDER BY import_id, orig_h, resp_h, resp_p, ts_us, seq;
    CREATE DATABASE ceiling; CREATE TABLE ceiling.conn LIKE conn`,
    "bench",
  );
  const bytes = await server.sql(
    `ANALYZE TABLE conn; SELECT data_length / table_rows
      FROM information_schema.tables
      WHERE table_schema = 'bench' AND table_name = 'conn'`,
    "bench",
  );
  const size = Number(bytes.trim().split("\n").at(-1));
  const load =
    `LOAD DATA LOCAL INFILE '${file}' INTO TABLE conn CHARACTER SET binary;
      SELECT count(*) FROM conn`;
  yield {
    workload: `${workload}, ${size.toFixed(0)} B/row`,
    ours: first,
    theirs: await clocked(() => server.sql(load, "ceiling")),
    against: "mariadb, LOAD DATA of a ready file",
    rows: ROWS,
  };
  yield {
    workload: `read ${millions(ROWS)} from MariaDB`,
    ours: await ours("read", store, logs),
    theirs: await clocked(async () => {
      const text = await server.sql("SELECT * FROM conn", "ceiling");
      return String(text.split("\n").length - 1);
    }),
    against: "mariadb, the table as text",
    rows: ROWS,
  };
  await ours("import", store, logs);
  yield {
    workload: "third import in a row into MariaDB",
    ours: await ours("import", store, logs),
    theirs: first,
    against: "the first",
    rows: ROWS,
  };
  yield {
    workload: `largest pairs of ${millions(3 * ROWS)}`,
    ours: await ours("pairs", store, logs),
    theirs: await clocked(() => server.sql(LARGEST_PAIRS, "bench")),
    against: "mariadb, GROUP BY on the table",
  };
}

function ours(workload: string, location: string, logs: string) {
  const script = new URL("store_ours.ts", import.meta.url).pathname;
  const args = ["run", "-A", script, workload, location, logs];
  return command(Deno.execPath(), args);
}

/** Wall time of a command; its last line is a figure, or all it measured. */
async function command(path: string, args: string[]): Promise<Measured> {
  const began = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(path, { args })
    .output();
  const ms = performance.now() - began, text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  const last = text.decode(stdout).trim().split("\n").at(-1)!;
  if (last.startsWith("{")) return JSON.parse(last);
  return { ms, rss: NaN, value: Number(last) };
}

async function clocked(work: () => Promise<string>): Promise<Measured> {
  const began = performance.now();
  const text = await work();
  const value = Number(text.trim().split("\n").at(-1));
  return { ms: performance.now() - began, rss: NaN, value };
}

function millions(rows: number): string {
  return `${(rows / 1e6).toLocaleString("en")} M records`;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
