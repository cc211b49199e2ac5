// One connection is one row: running totals give way to the latest, and at
// last to the closed record; the record of half a line to that of the line.
import { fileEntries, type FileEntry, withoutTail } from "./files.ts";
import { addressKey } from "./keys.ts";
import { recount } from "./overview.ts";
import type { Dataset } from "./session_store.ts";
import { type Sql, type SqlValue, textOf } from "./sql.ts";
import { type RecordTable, tableOf, TYPED_TABLES } from "./tables.ts";

/** Where a row lies. */
interface Place {
  readonly importId: number;
  readonly origH: Uint8Array;
  readonly respH: Uint8Array;
  readonly respP: number;
  readonly tsUs: number;
  readonly seq: number;
}

const PLACE = `import_id AS importId, orig_h AS origH, resp_h AS respH,
  resp_p AS respP, ts_us AS tsUs, seq`;

/**
 * A file that has grown may have ended within a line. Its continuation begins
 * with that line; what was made of the half of it goes.
 */
export async function dropContinuedTails(
  sql: Sql,
  dataset: Dataset,
): Promise<void> {
  const entries = await fileEntries(sql, dataset, "known");
  const byHash = new Map(entries.map((entry) => [entry.file.hash, entry]));
  for (const { file } of entries) {
    const before = file.continues && byHash.get(file.continues);
    if (!before || !before.file.content) continue;
    if (before.file.content.tail === "none") continue;
    await dropTail(sql, before);
    await withoutTail(sql, before);
  }
}

/** Its record lies in the part with the end of the file. */
async function dropTail(
  sql: Sql,
  { importId, fileNo, tail }: FileEntry,
): Promise<void> {
  if (!tail) return;
  const table = tableOf(tail.logType);
  const [place] = await sql.all<Place>(
    `SELECT ${PLACE} FROM ${table.sql}
      WHERE import_id = ? AND orig_h = ? AND resp_h = ? AND ts_us = ?
        AND file_no = ? AND log_type = ? AND coalesce(uid, '') = ?
      ORDER BY seq DESC LIMIT 1`,
    importId,
    addressKey(tail.src),
    addressKey(tail.dst),
    tail.tsUs,
    fileNo,
    tail.logType,
    tail.uid,
  );
  if (place) await drop(sql, table, tail.logType, [place]);
}

/** A row of running totals, and the connection or request that it is of. */
interface OpenRow extends Place {
  readonly uid: string;
  readonly depth: number | null;
}

/** Keeps of each open connection the latest row, none where it was closed. */
export async function replaceOpen(sql: Sql, dataset: Dataset): Promise<void> {
  const held = await sql.all<
    { importId: number; logType: string; firstUs: number; lastUs: number }
  >(
    `SELECT import_id AS importId, log_type AS logType, first_us AS firstUs,
        last_us AS lastUs
      FROM import_records r JOIN imports i ON i.id = r.import_id
      WHERE dataset_id = ? AND (state = 'ready' OR step = 1)
      ORDER BY import_id`,
    dataset.id,
  );
  for (const table of TYPED_TABLES) {
    const open = held.filter(({ logType }) => logType === `open_${table.name}`);
    if (open.length === 0) continue;
    const closed = held.filter(({ logType }) => logType === table.name);
    const stale: OpenRow[] = [];
    const latest = new Map<string, OpenRow>();
    for (const { importId } of open) {
      for (const row of await openRows(sql, table, importId)) {
        const key = `${row.uid}\n${row.depth ?? ""}`;
        const before = latest.get(key);
        if (before) stale.push(before);
        latest.set(key, row);
      }
    }
    for (const row of latest.values()) {
      for (const { importId, firstUs, lastUs } of closed) {
        if (row.tsUs < firstUs || row.tsUs > lastUs) continue;
        if (!await isClosed(sql, table, importId, row)) continue;
        stale.push(row);
        break;
      }
    }
    await drop(sql, table, `open_${table.name}`, stale);
  }
}

/** In the order in which they were written. */
async function openRows(
  sql: Sql,
  table: RecordTable,
  importId: number,
): Promise<OpenRow[]> {
  const depth = table.name === "http" ? "trans_depth" : "NULL";
  const rows = await sql.all<OpenRow & { uid: SqlValue }>(
    `SELECT ${PLACE}, uid, ${depth} AS depth FROM ${table.sql}
      WHERE import_id = ? AND log_type = ? AND uid IS NOT NULL
      ORDER BY file_no, seq`,
    importId,
    `open_${table.name}`,
  );
  return rows.map((row) => ({ ...row, uid: textOf(row.uid) }));
}

/** The closed record of a connection has its addresses, port, time and uid. */
async function isClosed(
  sql: Sql,
  table: RecordTable,
  importId: number,
  row: OpenRow,
): Promise<boolean> {
  const closed = await sql.get(
    `SELECT 1 AS one FROM ${table.sql}
      WHERE import_id = ? AND orig_h = ? AND resp_h = ? AND resp_p = ?
        AND ts_us = ? AND log_type = ? AND uid = ? LIMIT 1`,
    importId,
    row.origH,
    row.respH,
    row.respP,
    row.tsUs,
    table.name,
    row.uid,
  );
  return closed !== null;
}

async function drop(
  sql: Sql,
  table: RecordTable,
  logType: string,
  places: readonly Place[],
): Promise<void> {
  const byImport = Map.groupBy(places, ({ importId }) => importId);
  for (const [importId, rows] of byImport) {
    for (const { origH, respH, respP, tsUs, seq } of rows) {
      await sql.run(
        `DELETE FROM ${table.sql} WHERE import_id = ? AND orig_h = ?
          AND resp_h = ? AND resp_p = ? AND ts_us = ? AND seq = ?`,
        importId,
        origH,
        respH,
        respP,
        tsUs,
        seq,
      );
    }
    await recount(sql, importId, logType);
  }
}
