import { tellsPairs } from "../log_type_name.ts";
import { marks, type Sql } from "./sql.ts";
import { type RecordTable, tableOf } from "./tables.ts";

/** Seconds per bin of the table `bins`. */
export const BIN_SECONDS = 300;

/** Longer names are cut: they are looked for, not shown as evidence. */
const NAME_LENGTH = 255;

const NAMES: Readonly<Record<string, string>> = {
  http: "host",
  ssl: "server_name",
  dns: "query",
};

/**
 * Fills `pairs`, `hosts` and `bins` for what an import holds of one log type:
 * so that pages need not read the records to say who talked to whom, and when.
 *
 * @param bins records by bin where they are known; else they are counted.
 */
export async function summarise(
  sql: Sql,
  importId: number,
  logType: string,
  bins?: ReadonlyMap<number, number>,
): Promise<void> {
  const table = tableOf(logType);
  // Of other logs nobody asks who talked to whom: conn says it.
  if (tellsPairs(logType)) {
    await sql.run(pairsSql(table), importId, logType);
    await sql.run(HOSTS, importId, logType);
  }
  if (bins) return await addBins(sql, importId, logType, bins);
  await sql.run(
    `INSERT INTO bins (import_id, log_type, bin, nrows)
      SELECT import_id, log_type, ${BIN}, count(*) FROM ${table.sql}
      WHERE import_id = ? AND log_type = ? GROUP BY 1, 2, 3`,
    importId,
    logType,
  );
}

/** The number of a time's bin. */
export function binOf(us: number): number {
  return Math.floor(us / (BIN_SECONDS * 1e6));
}

/** Whole numbers divide alike in both engines only this way. */
const BIN = `(ts_us - ts_us % ${BIN_SECONDS}000000) / ${BIN_SECONDS}000000`;

/** Rows per statement. */
const BINS = 500;

async function addBins(
  sql: Sql,
  importId: number,
  logType: string,
  bins: ReadonlyMap<number, number>,
): Promise<void> {
  const rows = [...bins].map(([bin, nrows]) => [importId, logType, bin, nrows]);
  for (let at = 0; at < rows.length; at += BINS) {
    const some = rows.slice(at, at + BINS);
    await sql.run(
      `INSERT INTO bins (import_id, log_type, bin, nrows) VALUES ${
        some.map(() => marks(4)).join(", ")
      }`,
      ...some.flat(),
    );
  }
}

/** The groups come in the order of the key of `pairs`: no sorting. */
const HOSTS = `INSERT INTO hosts (import_id, log_type, orig_h, nrows, first_us,
    last_us)
  SELECT import_id, log_type, orig_h, sum(nrows), min(first_us), max(last_us)
  FROM pairs WHERE import_id = ? AND log_type = ?
  GROUP BY import_id, log_type, orig_h`;

/** Without names the groups come in the order of the key: no sorting. */
function pairsSql({ name: table, sql }: RecordTable): string {
  const name = table in NAMES
    ? `substr(${NAMES[table]}, 1, ${NAME_LENGTH})`
    : "NULL";
  return `INSERT INTO pairs (import_id, log_type, orig_h, resp_h, resp_p, seq,
      name, nrows, first_us, last_us)
    SELECT import_id, log_type, orig_h, resp_h, resp_p, min(seq),
      ${name} AS n, count(*), min(ts_us), max(ts_us)
    FROM ${sql} WHERE import_id = ? AND log_type = ?
    GROUP BY import_id, log_type, orig_h, resp_h, resp_p${
    table in NAMES ? ", n" : ""
  }`;
}

/** What the import holds of a log type, after rows of it have gone. */
export async function recount(
  sql: Sql,
  importId: number,
  logType: string,
): Promise<void> {
  const { nrows, firstUs, lastUs } = (await sql.get<
    { nrows: number; firstUs: number | null; lastUs: number | null }
  >(
    `SELECT count(*) AS nrows, min(ts_us) AS firstUs, max(ts_us) AS lastUs
      FROM ${tableOf(logType).sql} WHERE import_id = ? AND log_type = ?`,
    importId,
    logType,
  ))!;
  if (nrows === 0) {
    await sql.run(
      "DELETE FROM import_records WHERE import_id = ? AND log_type = ?",
      importId,
      logType,
    );
  } else {
    await sql.run(
      `UPDATE import_records SET nrows = ?, first_us = ?, last_us = ?
        WHERE import_id = ? AND log_type = ?`,
      nrows,
      firstUs,
      lastUs,
      importId,
      logType,
    );
  }
  // Whoever looks for a uid indexes the import again.
  await sql.run("DELETE FROM uids WHERE import_id = ?", importId);
  await sql.run("UPDATE imports SET uids_ready = 0 WHERE id = ?", importId);
  for (const details of ["pairs", "hosts", "bins"]) {
    await sql.run(
      `DELETE FROM ${details} WHERE import_id = ? AND log_type = ?`,
      importId,
      logType,
    );
  }
  await summarise(sql, importId, logType);
}
