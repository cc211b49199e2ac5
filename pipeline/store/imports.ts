import { tellsPairs } from "../log_type_name.ts";
import type { RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { seconds } from "./keys.ts";
import { recount } from "./overview.ts";
import type { Dataset, ImportSummary } from "./session_store.ts";
import type { Sql } from "./sql.ts";
import { RECORD_TABLES, type RecordTable, tableOf } from "./tables.ts";

/**
 * How far a part of an import is that is not 'ready': rows are being added, or
 * all of them are there; its rows are being removed, or only its files are
 * remembered.
 */
export const STEP = { loading: 0, loaded: 1, pruning: 2, pruned: 3 } as const;

/** What a ready import holds of one log type. */
export interface ImportRecords {
  readonly importId: number;
  readonly logType: string;
  readonly nrows: number;
  /** Microseconds since the epoch. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** JSON of `Field[]`. */
  readonly moreFields: string;
}

/** Tables with rows that belong to an import, besides records and files. */
const DETAILS = ["import_records", "pairs", "hosts", "bins", "uids"];

/** @returns the id of a part that readers do not see yet. */
export function beginPart(sql: Sql, dataset: Dataset): Promise<number> {
  return sql.insert(
    "INSERT INTO imports (dataset_id, state, started_at) VALUES (?, 'loading', ?)",
    dataset.id,
    Date.now() / 1000,
  );
}

/**
 * Removes what a killed or stopped import left of files that are not whole: a
 * part that was being loaded, and in the parts before it the rows of files
 * that have no entry; and what a stopped pruning has left.
 */
export async function removeHalves(
  engine: Engine,
  dataset: Dataset,
  options: RunOptions,
): Promise<void> {
  const left = await engine.all<{ id: number; step: number }>(
    `SELECT id, step FROM imports
      WHERE dataset_id = ? AND state = 'loading' ORDER BY id`,
    dataset.id,
  );
  const halves = left.filter(({ step }) => step === STEP.loading);
  await removeImports(engine, dataset, halves.map(({ id }) => id), options);
  const pruning = left.filter(({ step }) => step === STEP.pruning);
  await pruneImports(engine, dataset, pruning.map(({ id }) => id), options);
  const whole = await engine.all<{ fileNo: number }>(
    "SELECT file_no AS fileNo FROM import_files WHERE dataset_id = ?",
    dataset.id,
  );
  const files = new Set(whole.map(({ fileNo }) => fileNo));
  const loaded = left.filter(({ step }) => step === STEP.loaded);
  for (const { id } of loaded) {
    await engine.transaction((sql) => removeRowsOf(sql, id, files));
  }
}

async function removeRowsOf(
  sql: Sql,
  importId: number,
  whole: ReadonlySet<number>,
): Promise<void> {
  for (const table of RECORD_TABLES) {
    const rows = await sql.all<{ fileNo: number }>(
      `SELECT DISTINCT file_no AS fileNo FROM ${table.sql} WHERE import_id = ?`,
      importId,
    );
    for (const { fileNo } of rows) {
      if (!whole.has(fileNo)) await dropFile(sql, table, importId, fileNo);
    }
  }
}

/** Removes what an import holds of a file, in one table. */
export async function dropFile(
  sql: Sql,
  table: RecordTable,
  importId: number,
  fileNo: number,
): Promise<void> {
  const dropped = await sql.run(
    `DELETE FROM ${table.sql} WHERE import_id = ? AND file_no = ?`,
    importId,
    fileNo,
  );
  if (dropped === 0) return;
  const held = await sql.all<{ logType: string }>(
    "SELECT log_type AS logType FROM import_records WHERE import_id = ?",
    importId,
  );
  for (const { logType } of held) {
    if (tableOf(logType) === table) await recount(sql, importId, logType);
  }
}

/**
 * Hides the imports at once, then removes them bit by bit: what a stop in
 * between leaves is removed by the next import. Their files are forgotten.
 */
export async function removeImports(
  engine: Engine,
  dataset: Dataset,
  ids: readonly number[],
  options: RunOptions,
): Promise<void> {
  await engine.transaction(async (sql) => {
    for (const id of ids) {
      await hide(sql, dataset, id, STEP.loading);
      await sql.run("DELETE FROM import_files WHERE import_id = ?", id);
    }
  });
  await emptyImports(
    engine,
    ids,
    options,
    (sql, id) => sql.run("DELETE FROM imports WHERE id = ?", id),
  );
}

/** As {@link removeImports}, but the files stay known and are not read again. */
export async function pruneImports(
  engine: Engine,
  dataset: Dataset,
  ids: readonly number[],
  options: RunOptions,
): Promise<void> {
  await engine.transaction(async (sql) => {
    for (const id of ids) await hide(sql, dataset, id, STEP.pruning);
  });
  await emptyImports(engine, ids, options, (sql, id) =>
    sql.run(
      "UPDATE imports SET step = ?, nrows = 0 WHERE id = ?",
      STEP.pruned,
      id,
    ));
}

async function hide(
  sql: Sql,
  dataset: Dataset,
  id: number,
  step: number,
): Promise<void> {
  await sql.run(
    "UPDATE imports SET state = 'loading', step = ? WHERE id = ? AND dataset_id = ?",
    step,
    id,
    dataset.id,
  );
}

/** @param done what is to be said of an import that holds nothing any more. */
async function emptyImports(
  engine: Engine,
  ids: readonly number[],
  options: RunOptions,
  done: (sql: Sql, id: number) => Promise<unknown>,
): Promise<void> {
  for (const [i, id] of ids.entries()) {
    options.onProgress?.({
      stage: "removing",
      done: i,
      total: ids.length,
      unit: "imports",
    });
    options.signal?.throwIfAborted();
    for (const table of RECORD_TABLES) {
      await engine.removeRows(table, id, options);
    }
    await engine.transaction(async (sql) => {
      for (const table of DETAILS) {
        await sql.run(`DELETE FROM ${table} WHERE import_id = ?`, id);
      }
      await done(sql, id);
    });
  }
  if (ids.length > 0) await engine.shrink(options);
}

/** Of any state, oldest first. */
export async function importIds(
  sql: Sql,
  dataset: Dataset,
): Promise<number[]> {
  const rows = await sql.all<{ id: number }>(
    "SELECT id FROM imports WHERE dataset_id = ? ORDER BY id",
    dataset.id,
  );
  return rows.map(({ id }) => id);
}

/** The ready imports as a list: a server makes a slow join of a subquery. */
export async function ready(sql: Sql, dataset: Dataset): Promise<string> {
  const rows = await sql.all<{ id: number }>(
    "SELECT id FROM imports WHERE dataset_id = ? AND state = 'ready'",
    dataset.id,
  );
  const ids = rows.map(({ id }) => Number(id));
  return ids.length > 0 ? `import_id IN (${ids.join(", ")})` : "1 = 0";
}

/** What the ready imports hold, by import and log type, oldest first. */
export function importRecords(
  sql: Sql,
  dataset: Dataset,
): Promise<ImportRecords[]> {
  return sql.all<ImportRecords>(
    `SELECT r.import_id AS importId, r.log_type AS logType, r.nrows AS nrows,
        first_us AS firstUs, last_us AS lastUs, more_fields AS moreFields
      FROM imports i JOIN import_records r ON r.import_id = i.id
      WHERE dataset_id = ? AND state = 'ready'
      ORDER BY r.import_id, r.log_type`,
    dataset.id,
  );
}

/** Ready imports that hold records of a log type, oldest first. */
export async function importsOf(
  sql: Sql,
  dataset: Dataset,
  logType: string,
): Promise<ImportRecords[]> {
  const all = await importRecords(sql, dataset);
  return all.filter((records) => records.logType === logType);
}

export async function imports(
  sql: Sql,
  dataset: Dataset,
): Promise<ImportSummary[]> {
  const rows = await sql.all<{ id: number; startedAt: number }>(
    `SELECT id, started_at AS startedAt FROM imports
      WHERE dataset_id = ? AND state = 'ready' ORDER BY id`,
    dataset.id,
  );
  const held = Map.groupBy(
    await importRecords(sql, dataset),
    ({ importId }) => importId,
  );
  return rows.map(({ id, startedAt }) => {
    const records = held.get(id) ?? [];
    return {
      id,
      startedAt,
      records: Object.fromEntries(records.map((r) => [r.logType, r.nrows])),
      ...spanOf(records),
    };
  });
}

/**
 * Epoch seconds; null without records. Where there are connections they say
 * it: Zeek's reporter writes what happened at its start at the time 0.
 */
export function spanOf(
  records: readonly Pick<ImportRecords, "logType" | "firstUs" | "lastUs">[],
): { readonly firstTs: number | null; readonly lastTs: number | null } {
  if (records.length === 0) return { firstTs: null, lastTs: null };
  const typed = records.filter(({ logType }) => tellsPairs(logType));
  const telling = typed.length > 0 ? typed : records;
  return {
    firstTs: seconds(Math.min(...telling.map(({ firstUs }) => firstUs))),
    lastTs: seconds(Math.max(...telling.map(({ lastUs }) => lastUs))),
  };
}
