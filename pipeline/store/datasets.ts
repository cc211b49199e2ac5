import { SkerryError } from "../errors.ts";
import type { ImportReport } from "../run_report.ts";
import type { RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { fileEntries, importedFiles } from "./files.ts";
import { forgetHosts, moveHosts } from "./host_marks.ts";
import {
  dropFile,
  importIds,
  importRecords,
  removeImports,
  spanOf,
} from "./imports.ts";
import type { Dataset, DatasetSummary } from "./session_store.ts";
import { type Sql, textOf } from "./sql.ts";
import { RECORD_TABLES } from "./tables.ts";

interface DatasetRow {
  readonly id: number;
  readonly name: string | Uint8Array;
  readonly createdAt: number;
}

const SELECT = "SELECT id, name, created_at AS createdAt FROM datasets";

/** What a server's index of names can hold. */
const NAME_BYTES = 2048;

export async function openDataset(
  engine: Engine,
  name: string,
): Promise<Dataset> {
  return await findDataset(engine, name) ?? await makeDataset(engine, name);
}

export async function findDataset(
  sql: Sql,
  name: string,
): Promise<Dataset | null> {
  const row = await sql.get<DatasetRow>(`${SELECT} WHERE name = ?`, name);
  return row && datasetOf(row);
}

export async function datasets(sql: Sql): Promise<DatasetSummary[]> {
  const rows = await sql.all<DatasetRow>(`${SELECT} ORDER BY id`);
  const out: DatasetSummary[] = [];
  for (const row of rows) out.push(await summaryOf(sql, datasetOf(row)));
  return out;
}

/**
 * Opinions stay: they belong to findings, which may come back; and so does what
 * was said of hosts.
 */
export async function clearDataset(
  engine: Engine,
  dataset: Dataset,
  options: RunOptions,
): Promise<void> {
  await using _lock = await engine.lockImport(dataset.id, options);
  await engine.transaction(async (sql) => {
    await sql.run("DELETE FROM labels WHERE dataset_id = ?", dataset.id);
    await sql.run(
      `DELETE FROM findings WHERE run_id IN
        (SELECT id FROM runs WHERE dataset_id = ?)`,
      dataset.id,
    );
    await sql.run("DELETE FROM runs WHERE dataset_id = ?", dataset.id);
  });
  const ids = await importIds(engine, dataset);
  await removeImports(engine, dataset, ids, options);
}

export async function deleteDataset(
  engine: Engine,
  dataset: Dataset,
  options: RunOptions,
): Promise<void> {
  await clearDataset(engine, dataset, options);
  await engine.transaction(async (sql) => {
    await forgetHosts(sql, dataset);
    await sql.run("DELETE FROM datasets WHERE id = ?", dataset.id);
  });
}

export async function renameDataset(
  engine: Engine,
  dataset: Dataset,
  name: string,
): Promise<Dataset> {
  checkName(name);
  return await engine.transaction(async (sql) => {
    const other = await findDataset(sql, name);
    if (other && other.id !== dataset.id) {
      throw new SkerryError(
        `Cannot rename ${dataset.name}: there is a dataset ${name} already`,
        { hint: "Choose another name, or merge the two." },
      );
    }
    await sql.run(
      "UPDATE datasets SET name = ? WHERE id = ?",
      name,
      dataset.id,
    );
    return { ...dataset, name };
  });
}

/** Records of a file that `into` already holds are dropped first. */
export async function mergeDatasets(
  engine: Engine,
  from: Dataset,
  into: Dataset,
  options: RunOptions,
): Promise<void> {
  if (from.id === into.id) return;
  // In the order of their ids, so that two merges never wait for each other.
  const [a, b] = [from, into].sort((x, y) => x.id - y.id);
  await using _first = await engine.lockImport(a.id, options);
  await using _second = await engine.lockImport(b.id, options);
  await engine.transaction(async (sql) => {
    await dropKnownFiles(sql, from, into);
    const last = await sql.get<{ last: number | null }>(
      "SELECT max(file_no) AS last FROM import_files WHERE dataset_id = ?",
      into.id,
    );
    await renumberFiles(sql, from, last?.last ?? 0);
    for (const table of ["imports", "import_files", "runs"]) {
      await sql.run(
        `UPDATE ${table} SET dataset_id = ? WHERE dataset_id = ?`,
        into.id,
        from.id,
      );
    }
    await sql.run(
      `UPDATE labels SET dataset_id = ? WHERE dataset_id = ? AND NOT EXISTS
        (SELECT 1 FROM (SELECT * FROM labels) b WHERE b.dataset_id = ?
          AND b.uid = labels.uid AND b.source = labels.source)`,
      into.id,
      from.id,
      into.id,
    );
    await sql.run("DELETE FROM labels WHERE dataset_id = ?", from.id);
    await moveHosts(engine, sql, from, into);
    await sql.run("DELETE FROM datasets WHERE id = ?", from.id);
  });
}

async function dropKnownFiles(
  sql: Sql,
  from: Dataset,
  into: Dataset,
): Promise<void> {
  const known = new Set(
    (await fileEntries(sql, into, "known")).map(({ file }) => file.hash),
  );
  const ids = await importIds(sql, from);
  for (const { file, fileNo } of await fileEntries(sql, from, "known")) {
    if (!known.has(file.hash)) continue;
    await sql.run(
      "DELETE FROM import_files WHERE dataset_id = ? AND file_no = ?",
      from.id,
      fileNo,
    );
    // Its records may lie in several parts.
    for (const id of ids) {
      for (const table of RECORD_TABLES) await dropFile(sql, table, id, fileNo);
    }
  }
}

async function renumberFiles(
  sql: Sql,
  from: Dataset,
  shift: number,
): Promise<void> {
  for (const id of await importIds(sql, from)) {
    for (
      const table of [
        ...RECORD_TABLES.map((table) => table.sql),
        "import_files",
      ]
    ) {
      await sql.run(
        `UPDATE ${table} SET file_no = file_no + ? WHERE import_id = ?`,
        shift,
        id,
      );
    }
  }
}

/** Another process may make it meanwhile: then it is that one. */
async function makeDataset(engine: Engine, name: string): Promise<Dataset> {
  checkName(name);
  await engine.run(
    `${engine.insertIgnore} INTO datasets (name, created_at) VALUES (?, ?)`,
    name,
    Date.now() / 1000,
  );
  return (await findDataset(engine, name))!;
}

function checkName(name: string): void {
  const { length } = new TextEncoder().encode(name);
  if (length <= NAME_BYTES) return;
  throw new SkerryError(
    `Cannot name a dataset ${
      name.slice(0, 40)
    }…: the name has ${length} bytes, at most ${NAME_BYTES} fit`,
    { hint: "Give a shorter one with --dataset." },
  );
}

function datasetOf({ id, name, createdAt }: DatasetRow): Dataset {
  return { id, name: textOf(name), createdAt };
}

async function summaryOf(
  sql: Sql,
  dataset: Dataset,
): Promise<DatasetSummary> {
  const files = await importedFiles(sql, dataset);
  const reports: ImportReport[] = files.flatMap((file) => file.reports);
  const held = await importRecords(sql, dataset);
  const records: Record<string, number> = {};
  for (const { logType, nrows } of held) {
    records[logType] = (records[logType] ?? 0) + nrows;
  }
  const count = async (what: string) =>
    (await sql.get<{ n: number | null }>(what, dataset.id))?.n ?? 0;
  return {
    ...dataset,
    files: files.filter(({ continues }) => continues === null).length,
    records,
    skipped: reports.reduce((sum, { skipped }) => sum + skipped, 0),
    ...spanOf(held),
    runs: await count("SELECT count(*) AS n FROM runs WHERE dataset_id = ?"),
    unfinished: await count(
      `SELECT sum(nrows) AS n FROM imports
        WHERE dataset_id = ? AND state = 'loading' AND step < 2`,
    ),
  };
}
