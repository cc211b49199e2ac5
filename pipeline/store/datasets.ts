import type { ImportReport } from "../run_report.ts";
import { type Database, textOf } from "./database.ts";
import { importedFiles, importIds, removeImport } from "./imports.ts";
import { seconds } from "./keys.ts";
import type { Dataset, DatasetSummary } from "./session_store.ts";

interface DatasetRow {
  readonly id: number;
  readonly name: string | Uint8Array;
  readonly createdAt: number;
}

const SELECT = "SELECT id, name, created_at AS createdAt FROM datasets";

export function openDataset(db: Database, name: string): Dataset {
  return findDataset(db, name) ?? makeDataset(db, name);
}

export function findDataset(db: Database, name: string): Dataset | null {
  const row = db.get<DatasetRow>(`${SELECT} WHERE name = ?`, name);
  return row && datasetOf(row);
}

export function datasets(db: Database): DatasetSummary[] {
  return db.all<DatasetRow>(`${SELECT} ORDER BY id`)
    .map((row) => summaryOf(db, datasetOf(row)));
}

/** Opinions stay: they belong to findings, which may come back. */
export function clearDataset(db: Database, dataset: Dataset): void {
  db.transaction(() => {
    const ids = [
      ...importIds(db, dataset, "loading"),
      ...importIds(db, dataset, "ready"),
    ];
    for (const id of ids) removeImport(db, id);
    db.run("DELETE FROM labels WHERE dataset_id = ?", dataset.id);
    db.run("DELETE FROM runs WHERE dataset_id = ?", dataset.id);
  });
  // Gives the free pages back to the file system; one page per step, so that
  // `exec`, which takes a single step, would free only one.
  db.all("PRAGMA incremental_vacuum");
}

/** Another process may make it meanwhile: then it is that one. */
function makeDataset(db: Database, name: string): Dataset {
  db.run(
    "INSERT INTO datasets (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
    name,
    Date.now() / 1000,
  );
  return findDataset(db, name)!;
}

function datasetOf({ id, name, createdAt }: DatasetRow): Dataset {
  return { id, name: textOf(name), createdAt };
}

function summaryOf(db: Database, dataset: Dataset): DatasetSummary {
  const files = importedFiles(db, dataset);
  const reports: ImportReport[] = files.flatMap((file) => file.reports);
  const held = db.all<
    { logType: string; nrows: number; firstUs: number; lastUs: number }
  >(
    `SELECT log_type AS logType, sum(r.nrows) AS nrows,
        min(first_us) AS firstUs, max(last_us) AS lastUs
      FROM imports JOIN import_records r ON import_id = id
      WHERE dataset_id = ? AND state = 'ready' GROUP BY log_type`,
    dataset.id,
  );
  const first = Math.min(...held.map(({ firstUs }) => firstUs));
  const last = Math.max(...held.map(({ lastUs }) => lastUs));
  return {
    ...dataset,
    files: files.length,
    records: Object.fromEntries(held.map((h) => [h.logType, h.nrows])),
    skipped: reports.reduce((sum, { skipped }) => sum + skipped, 0),
    firstTs: held.length > 0 ? seconds(first) : null,
    lastTs: held.length > 0 ? seconds(last) : null,
    runs: db.get<{ n: number }>(
      "SELECT count(*) AS n FROM runs WHERE dataset_id = ?",
      dataset.id,
    )!.n,
  };
}
