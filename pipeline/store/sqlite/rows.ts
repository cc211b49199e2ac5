import type { Key, Rows, RowsQuery } from "../engine.ts";
import { keyOf, PACKED } from "../record_columns.ts";
import type { SqlValue } from "../sql.ts";
import type { RecordTable } from "../tables.ts";
import { NO_ADDRESS, NO_PORT } from "../keys.ts";
import type { Database } from "./database.ts";

/**
 * Most rows per query, about 3 ms: small enough for the young generation of the
 * heap. Asking for chunks by key costs half of what `iterate()` does, and
 * holds no read lock while the caller works.
 */
const CHUNK_ROWS = 1024;

/** Rows that one query may pass over or remove; 10 ms. */
const STRETCH_ROWS = 32_768;

const KEY = "orig_h, resp_h, resp_p, ts_us, seq";

/** Sorts before every key. */
const FIRST: Key = [
  NO_ADDRESS,
  NO_ADDRESS,
  NO_PORT,
  Number.MIN_SAFE_INTEGER,
  -1,
];

/** Sorts after every key: no address has more than 16 bytes. */
const LAST: Key = [new Uint8Array(17).fill(255), NO_ADDRESS, NO_PORT, 0, 0];

/** See `Engine.rowsAfter`. */
export function rowsAfter(
  db: Database,
  table: RecordTable,
  { importId, logType, after, from, to, all, placed, limit }: RowsQuery,
): Rows {
  const select = `SELECT ${PACKED.selectList(table, placed)} FROM ${table.sql}
    WHERE import_id = ? AND (${KEY}) > (?, ?, ?, ?, ?)`;
  const most = Math.min(limit, CHUNK_ROWS);
  const order = `ORDER BY ${KEY} LIMIT ${most}`;
  const key = after ?? FIRST;
  if (all) {
    const rows = db.arrays(`${select} ${order}`, [importId, ...key]);
    return { rows, next: lastOf(rows, most) };
  }
  const end = stretchEnd(db, table, importId, key);
  const rows = db.arrays(
    `${select} AND (${KEY}) <= (?, ?, ?, ?, ?)
      AND log_type = ? AND ts_us >= ? AND ts_us < ? ${order}`,
    [importId, ...key, ...(end ?? LAST), logType, from, to],
  );
  return { rows, next: lastOf(rows, most) ?? end };
}

/**
 * Removes a stretch of an import's rows.
 *
 * @returns whether there may be more.
 */
export function removeRows(
  db: Database,
  table: RecordTable,
  importId: number,
): boolean {
  const end = stretchEnd(db, table, importId, FIRST);
  db.run(
    `DELETE FROM ${table.sql} WHERE import_id = ? AND (${KEY}) <= (?, ?, ?, ?, ?)`,
    importId,
    ...(end ?? LAST),
  );
  return end !== null;
}

/** The key so many rows further on; null where there are fewer. */
function stretchEnd(
  db: Database,
  table: RecordTable,
  importId: number,
  key: Key,
): SqlValue[] | null {
  const [end] = db.arrays(
    `SELECT ${KEY} FROM ${table.sql}
      WHERE import_id = ? AND (${KEY}) > (?, ?, ?, ?, ?)
      ORDER BY ${KEY} LIMIT 1 OFFSET ${STRETCH_ROWS - 1}`,
    [importId, ...key],
  );
  return end ?? null;
}

/** Fewer rows than were asked for are the last. */
function lastOf(rows: readonly SqlValue[][], most: number): Key | null {
  return rows.length === most ? keyOf(rows[most - 1], PACKED) : null;
}
