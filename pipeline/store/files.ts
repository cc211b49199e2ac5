import { SkerryError } from "../errors.ts";
import type { ImportReport } from "../run_report.ts";
import type { Dataset, ImportedFile, ReadContent } from "./session_store.ts";
import { type Sql, type SqlValue, textOf, textOrNull } from "./sql.ts";

/** A record by which its row is found again. */
export interface Tail {
  readonly logType: string;
  readonly src: string;
  readonly dst: string;
  readonly tsUs: number;
  readonly uid: string;
}

/** A file with what only the store needs to know of it. */
export interface FileEntry {
  readonly file: ImportedFile;
  /** Number of the file in the dataset; its records carry it. */
  readonly fileNo: number;
  readonly importId: number;
  /** The record made of a last line that had no end, if there was one. */
  readonly tail: Tail | null;
}

interface FileRow {
  readonly importId: number;
  readonly fileNo: number;
  readonly path: string | Uint8Array;
  readonly hash: string | Uint8Array;
  readonly size: number;
  readonly modifiedAt: number | null;
  readonly continues: string | Uint8Array | null;
  /** JSON, like the ones that follow. */
  readonly content: string | null;
  readonly reports: string;
  readonly otherRecords: string;
  readonly notes: string;
  readonly tail: string | null;
}

/**
 * Files of imports that are ready, or all that need not be read again: also of
 * imports that are to become ready, and of those that were pruned.
 */
export async function fileEntries(
  sql: Sql,
  dataset: Dataset,
  states: "ready" | "known",
): Promise<FileEntry[]> {
  const also = states === "known" ? "OR step > 0" : "";
  const rows = await sql.all<FileRow>(
    `SELECT import_id AS importId, file_no AS fileNo, path, hash, size,
        modified_at AS modifiedAt, continues, content, reports,
        other_records AS otherRecords, notes, tail
      FROM import_files f JOIN imports i ON i.id = f.import_id
      WHERE f.dataset_id = ? AND (state = 'ready' ${also})
      ORDER BY file_no, import_id`,
    dataset.id,
  );
  return rows.map(entryOf);
}

/** Paths of a dataset's files by their numbers. */
export async function pathsOf(
  sql: Sql,
  dataset: Dataset,
): Promise<Map<number, string>> {
  const rows = await sql.all<{ fileNo: number; path: SqlValue }>(
    // Files of the first version have all the number 0.
    `SELECT file_no AS fileNo, path FROM import_files
      WHERE dataset_id = ? AND file_no > 0`,
    dataset.id,
  );
  return new Map(rows.map(({ fileNo, path }) => [fileNo, textOf(path)]));
}

export async function importedFiles(
  sql: Sql,
  dataset: Dataset,
): Promise<ImportedFile[]> {
  const entries = await fileEntries(sql, dataset, "ready");
  return entries.map(({ file }) => file);
}

/** Whether of all its records none was kept. */
export function isUnkept(
  { reports, otherRecords }: Pick<ImportedFile, "reports" | "otherRecords">,
): boolean {
  return reports.length === 0 && Object.keys(otherRecords).length > 0;
}

/**
 * In the place of a file of which nothing was kept, where there is one.
 *
 * @throws SkerryError when the dataset holds the content already.
 */
export async function addFileEntry(
  sql: Sql,
  dataset: Dataset,
  { file, fileNo, importId, tail }: FileEntry,
): Promise<void> {
  const known = await sql.get<
    Pick<FileRow, "path" | "reports" | "otherRecords">
  >(
    `SELECT path, reports, other_records AS otherRecords FROM import_files
      WHERE dataset_id = ? AND hash = ?`,
    dataset.id,
    file.hash,
  );
  if (known) {
    const before = {
      reports: JSON.parse(textOf(known.reports)),
      otherRecords: JSON.parse(textOf(known.otherRecords)),
    };
    if (!isUnkept(before)) {
      throw knownContent(dataset, file, textOf(known.path));
    }
    await sql.run(
      "DELETE FROM import_files WHERE dataset_id = ? AND hash = ?",
      dataset.id,
      file.hash,
    );
  }
  await sql.run(
    `INSERT INTO import_files
      (import_id, dataset_id, file_no, hash, path, size, modified_at,
        continues, content, reports, other_records, notes, tail)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    importId,
    dataset.id,
    fileNo,
    file.hash,
    file.path,
    file.size,
    file.modifiedAt,
    file.continues,
    file.content && JSON.stringify(file.content),
    JSON.stringify(file.reports),
    JSON.stringify(file.otherRecords),
    JSON.stringify(file.notes),
    tail && JSON.stringify(tail),
  );
}

export function knownContent(
  dataset: Dataset,
  { path }: ImportedFile,
  known: string,
): SkerryError {
  return new SkerryError(
    `Cannot import ${path}: "${dataset.name}" already holds this file as ${known}`,
  );
}

/** What stands of a file's last line once the line has come whole. */
export async function withoutTail(
  sql: Sql,
  { file, fileNo, importId }: FileEntry,
): Promise<void> {
  const { tail } = file.content!;
  await sql.run(
    `UPDATE import_files SET tail = NULL, content = ?, reports = ?
      WHERE import_id = ? AND file_no = ?`,
    JSON.stringify({ ...file.content, tail: "none" }),
    JSON.stringify(file.reports.map((report) => lastLineLess(report, tail))),
    importId,
    fileNo,
  );
}

/** A file has one log type wherever its last line can be continued. */
function lastLineLess(
  report: ImportReport,
  tail: ReadContent["tail"],
): ImportReport {
  if (tail === "record") return { ...report, records: report.records - 1 };
  const { errors, skipped } = report;
  return {
    ...report,
    skipped: skipped - 1,
    errors: errors.length === skipped ? errors.slice(0, -1) : errors,
  };
}

function entryOf(row: FileRow): FileEntry {
  return {
    file: {
      path: textOf(row.path),
      hash: textOf(row.hash),
      size: row.size,
      modifiedAt: row.modifiedAt,
      content: row.content === null ? null : JSON.parse(textOf(row.content)),
      continues: textOrNull(row.continues),
      reports: JSON.parse(textOf(row.reports)),
      otherRecords: JSON.parse(textOf(row.otherRecords)),
      notes: JSON.parse(textOf(row.notes)),
    },
    fileNo: row.fileNo,
    importId: row.importId,
    tail: row.tail === null ? null : JSON.parse(textOf(row.tail)),
  };
}
