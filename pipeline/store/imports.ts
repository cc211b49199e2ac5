import { type Database, textOf } from "./database.ts";
import type { Dataset, ImportedFile } from "./session_store.ts";
import { RECORD_TABLES } from "./tables.ts";

/** What a ready import holds of one log type. */
export interface ImportRecords {
  readonly importId: number;
  readonly nrows: number;
  /** Microseconds since the epoch. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** JSON of `Field[]`. */
  readonly moreFields: string;
}

/** @returns the id of an import that readers do not see yet. */
export function beginImport(db: Database, dataset: Dataset): number {
  return db.transaction(() => {
    // What a killed process left. One that still runs would lose its import
    // too, and notice at its next write: leases are to tell these apart.
    for (const id of importIds(db, dataset, "loading")) removeImport(db, id);
    return db.insert(
      "INSERT INTO imports (dataset_id, state, started_at) VALUES (?, 'loading', ?)",
      dataset.id,
      Date.now() / 1000,
    );
  });
}

/** Records, files and the import itself; to be called in a transaction. */
export function removeImport(db: Database, importId: number): void {
  for (const { name } of RECORD_TABLES) {
    db.run(`DELETE FROM ${name} WHERE import_id = ?`, importId);
  }
  db.run("DELETE FROM imports WHERE id = ?", importId);
}

export function importIds(
  db: Database,
  dataset: Dataset,
  state: "loading" | "ready",
): number[] {
  return db.all<{ id: number }>(
    "SELECT id FROM imports WHERE dataset_id = ? AND state = ? ORDER BY id",
    dataset.id,
    state,
  ).map(({ id }) => id);
}

/** Ready imports that hold records of a log type, oldest first. */
export function importsOf(
  db: Database,
  dataset: Dataset,
  logType: string,
): ImportRecords[] {
  return db.all<ImportRecords>(
    `SELECT id AS importId, r.nrows AS nrows, first_us AS firstUs,
        last_us AS lastUs, more_fields AS moreFields
      FROM imports JOIN import_records r ON import_id = id
      WHERE dataset_id = ? AND state = 'ready' AND log_type = ?
      ORDER BY id`,
    dataset.id,
    logType,
  );
}

export function importedFiles(db: Database, dataset: Dataset): ImportedFile[] {
  return db.all<FileRow>(
    `SELECT path, hash, size, reports, other_records AS otherRecords, notes
      FROM import_files f JOIN imports i ON i.id = f.import_id
      WHERE f.dataset_id = ? AND state = 'ready' ORDER BY f.rowid`,
    dataset.id,
  ).map(fileOf);
}

interface FileRow {
  readonly path: string | Uint8Array;
  readonly hash: string | Uint8Array;
  readonly size: number;
  /** JSON, like the two that follow. */
  readonly reports: string;
  readonly otherRecords: string;
  readonly notes: string;
}

function fileOf(row: FileRow): ImportedFile {
  return {
    path: textOf(row.path),
    hash: textOf(row.hash),
    size: row.size,
    reports: JSON.parse(row.reports),
    otherRecords: JSON.parse(row.otherRecords),
    notes: JSON.parse(row.notes),
  };
}
