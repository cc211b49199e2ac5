import { bindable, type Database, type SqlValue } from "./database.ts";
import { importIds, type ImportRecords } from "./imports.ts";
import { RecordColumns, selectList } from "./record_columns.ts";
import { moreFields } from "./record_reader.ts";
import type { Dataset, StoredRecord } from "./session_store.ts";
import { RECORD_TABLES, type RecordTable, schemaOf } from "./tables.ts";

/** Parameters per query; SQLite's own limit is 32,766. */
const UIDS_PER_QUERY = 500;

/** See `SessionStore.recordsOf`. */
export function recordsOf(
  db: Database,
  dataset: Dataset,
  uids: readonly string[],
): StoredRecord[] {
  const ready = new Set(importIds(db, dataset, "ready"));
  const wanted = [...new Set(uids)];
  const out: StoredRecord[] = [];
  for (let at = 0; at < wanted.length; at += UIDS_PER_QUERY) {
    const some = wanted.slice(at, at + UIDS_PER_QUERY);
    for (const table of RECORD_TABLES) {
      out.push(...recordsIn(db, table, ready, some));
    }
  }
  const time = ({ fields }: StoredRecord) => fields.ts as number;
  return out.sort((a, b) => time(a) - time(b));
}

function recordsIn(
  db: Database,
  table: RecordTable,
  ready: ReadonlySet<number>,
  uids: readonly string[],
): StoredRecord[] {
  const sql = `SELECT import_id, log_type, ${selectList(table)}
    FROM ${table.name} WHERE uid IN (${uids.map(() => "?").join(", ")})`;
  const rows = db.arrays(sql, uids.map(bindable));
  const seen = rows.filter(([importId]) => ready.has(importId as number));
  const byType = Map.groupBy(seen, ([, logType]) => logType as string);
  return [...byType].flatMap(([logType, rows]) =>
    decoded(db, table, logType, rows)
  );
}

function decoded(
  db: Database,
  table: RecordTable,
  logType: string,
  rows: readonly SqlValue[][],
): StoredRecord[] {
  const kept = db.all<Pick<ImportRecords, "moreFields">>(
    "SELECT more_fields AS moreFields FROM import_records WHERE log_type = ?",
    logType,
  );
  const schema = schemaOf(logType, table, moreFields(kept));
  const columns = new RecordColumns(schema, table, rows.length);
  columns.add(rows.map((row) => row.slice(2)));
  const batch = columns.finish();
  return rows.map((_, i) => ({ logType, fields: batch.row(i) }));
}
