/**
 * Measures DuckDB or polars reading a conn.log into columns in memory:
 * deno run -A peer_theirs.ts PEER WORKLOAD FOLDER MODULES THREADS. Prints JSON:
 * what it took, or why it cannot do that.
 */
import { createRequire } from "node:module";
import { type Measured, timed } from "./run.ts";

const [peer, workload, folder, modules, threads] = Deno.args;
const load = createRequire(`${modules}peers.cjs`);

/** Cells of a line: their names, and their types in SQL. */
const FIELDS: readonly (readonly [string, string])[] = [
  ["ts", "DOUBLE"],
  ["uid", "VARCHAR"],
  ["id.orig_h", "VARCHAR"],
  ["id.orig_p", "BIGINT"],
  ["id.resp_h", "VARCHAR"],
  ["id.resp_p", "BIGINT"],
  ["proto", "VARCHAR"],
  ["service", "VARCHAR"],
  ["duration", "DOUBLE"],
  ["orig_bytes", "BIGINT"],
  ["resp_bytes", "BIGINT"],
  ["conn_state", "VARCHAR"],
  ["missed_bytes", "BIGINT"],
  ["history", "VARCHAR"],
  ["orig_pkts", "BIGINT"],
  ["orig_ip_bytes", "BIGINT"],
  ["resp_pkts", "BIGINT"],
  ["resp_ip_bytes", "BIGINT"],
];

/** The fields that a workload keeps, by their places in a line. */
const SEVEN = [0, 2, 4, 5, 8, 9, 10];
const kept = workload.startsWith("seven")
  ? SEVEN
  : Array.from(FIELDS, (_, i) => i);
const isJson = workload.endsWith("Json");
const path = `${folder}/large/conn.` +
  (isJson ? "json" : workload === "readGzip" ? "log.gz" : "log");

interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>;
}

async function duckdb(): Promise<Measured> {
  const { DuckDBInstance } = load("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads });
  const db: Connection = await instance.connect();
  const columns = FIELDS.map(([name, type]) => `'${name}': '${type}'`).join();
  const source = isJson
    ? `read_json('${path}', format = 'newline_delimited', columns = {${
      kept.map((i) => `'${FIELDS[i][0]}': '${FIELDS[i][1]}'`).join()
    }})`
    : `read_csv('${path}', delim = '\t', header = false, comment = '#', ` +
      `nullstr = '-', quote = '', auto_detect = false, columns = {${columns}})`;
  const names = kept.map((i) => `"${FIELDS[i][0]}"`).join();
  const rows = async () => {
    await db.run(
      `CREATE OR REPLACE TEMP TABLE conn AS SELECT ${names} FROM ${source}`,
    );
    const got = await db.runAndReadAll("SELECT count(*) FROM conn");
    return Number(got.getRows()[0][0]);
  };
  const measured = await timed(5, rows);
  const sum = await db.runAndReadAll("SELECT sum(orig_bytes) FROM conn");
  return { ...measured, sum: Number(sum.getRows()[0][0]) };
}

interface Frame {
  readonly height: number;
  getColumn(name: string): { sum(): number };
}

async function polars(): Promise<Measured> {
  const pl = load("nodejs-polars");
  const names = kept.map((i) => isJson ? FIELDS[i][0] : `column_${i + 1}`);
  let frame: Frame | undefined;
  const read = () => {
    frame = undefined;
    const lazy = isJson ? pl.scanJson(path) : pl.scanCSV(path, {
      sep: "\t",
      hasHeader: false,
      commentPrefix: "#",
      nullValues: "-",
    });
    frame = lazy.select(...names).collectSync() as Frame;
    return frame.height;
  };
  const measured = await timed(5, read);
  const bytes = isJson ? "orig_bytes" : "column_10";
  return { ...measured, sum: Number(frame!.getColumn(bytes).sum()) };
}

async function measure(): Promise<Measured | { readonly skipped: string }> {
  try {
    return await (peer === "DuckDB" ? duckdb() : polars());
  } catch (error) {
    return { skipped: String((error as Error).message).split("\n")[0] };
  }
}

console.log(JSON.stringify(await measure()));
