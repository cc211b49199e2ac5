import { bindable, type Database, type SqlValue } from "./database.ts";
import { importIds, importsOf } from "./imports.ts";
import { RecordColumns, selectList } from "./record_columns.ts";
import { moreFields } from "./record_reader.ts";
import type { Dataset, StoredRecord } from "./session_store.ts";
import { RECORD_TABLES, type RecordTable, schemaOf } from "./tables.ts";

/** Parameters of every query, so that there is one statement per table. */
const UIDS_PER_QUERY = 100;

/** See `SessionStore.recordsOf`. */
export function recordsOf(
  db: Database,
  dataset: Dataset,
  uids: readonly string[],
): StoredRecord[] {
  const ready = new Set(importIds(db, dataset, "ready"));
  // Only the first import to finish makes the index of uids.
  const wanted = ready.size > 0 ? [...new Set(uids)] : [];
  const out: StoredRecord[] = [];
  for (let at = 0; at < wanted.length; at += UIDS_PER_QUERY) {
    const some = wanted.slice(at, at + UIDS_PER_QUERY);
    for (const table of RECORD_TABLES) {
      out.push(...recordsIn(db, dataset, table, ready, some));
    }
  }
  const time = ({ fields }: StoredRecord) => fields.ts as number;
  return out.sort((a, b) => time(a) - time(b));
}

function recordsIn(
  db: Database,
  dataset: Dataset,
  table: RecordTable,
  ready: ReadonlySet<number>,
  uids: readonly string[],
): StoredRecord[] {
  const sql = `SELECT import_id, log_type, ${selectList(table)}
    FROM ${table.name} WHERE uid IN (?${", ?".repeat(UIDS_PER_QUERY - 1)})`;
  const none = new Array<null>(UIDS_PER_QUERY - uids.length).fill(null);
  const rows = db.arrays(sql, [...uids.map(bindable), ...none]);
  const seen = rows.filter(([importId]) => ready.has(importId as number));
  const byType = Map.groupBy(seen, ([, logType]) => logType as string);
  return [...byType].flatMap(([logType, rows]) =>
    decoded(db, dataset, table, logType, rows)
  );
}

function decoded(
  db: Database,
  dataset: Dataset,
  table: RecordTable,
  logType: string,
  rows: readonly SqlValue[][],
): StoredRecord[] {
  const more = moreFields(importsOf(db, dataset, logType));
  const schema = schemaOf(logType, table, more);
  const columns = new RecordColumns(schema, table, rows.length);
  columns.add(rows.map((row) => row.slice(2)));
  const batch = columns.finish();
  return rows.map((_, i) => ({ logType, fields: batch.row(i) }));
}
