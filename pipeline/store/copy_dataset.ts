import { SkerryError } from "../errors.ts";
import type { RunOptions } from "../progress.ts";
import {
  Checksum,
  type CopyTable,
  insert,
  plain,
  rowsOf,
  TABLES,
  type Values,
} from "./copy_rows.ts";
import type { CopiedTable, CopyReport } from "./copy_store.ts";
import { deleteDataset, findDataset, openDataset } from "./datasets.ts";
import type { Engine } from "./engine.ts";
import type { Dataset } from "./session_store.ts";
import { marks, type SqlValue, textOf } from "./sql.ts";

export interface CopyDatasetOptions extends RunOptions {
  /** What it is called there; as here where absent. */
  readonly as?: string;
}

/** Old ids and their new ones, by the column that holds them. */
type Ids = Readonly<
  Record<"dataset_id" | "import_id" | "run_id", Map<number, number>>
>;
type IdColumn = keyof Ids;

/**
 * Copies one dataset into another store beside what that holds: files,
 * records, labels, runs with their findings, and what was said of these and of
 * hosts. Opinions that the other store has already stay as they are there. The
 * copy is hidden under another name until it is whole; what a stop leaves is
 * removed. Imports into the dataset have to wait.
 *
 * @throws SkerryError where there is no such dataset, the other store has one
 * of that name, or a table differs afterwards.
 */
export async function copyDataset(
  from: Engine,
  to: Engine,
  name: string,
  options: CopyDatasetOptions,
): Promise<CopyReport> {
  const source = await findDataset(from, name);
  if (!source) {
    throw new SkerryError(
      `Cannot copy ${name}: the store ${from.location} has no such dataset`,
    );
  }
  const as = options.as ?? source.name;
  await refuseTaken(to, as);
  await using _lock = from.readOnly
    ? null
    : await from.lockImport(source.id, options);
  const made = await hiddenDataset(to, as);
  try {
    const tables = await fill(from, to, source, made, options);
    await refuseTaken(to, as);
    await to.run(
      "UPDATE datasets SET name = ?, created_at = ? WHERE id = ?",
      as,
      source.createdAt,
      made.id,
    );
    return { tables };
  } catch (error) {
    // The signal is over, the removal is not to be.
    await deleteDataset(to, made, {}).catch(() => {});
    throw error;
  }
}

async function refuseTaken(to: Engine, name: string): Promise<void> {
  if (!await findDataset(to, name)) return;
  throw new SkerryError(
    `Cannot copy into the store ${to.location}: it has a dataset ${name} already`,
    { hint: "Give the copy another name: --as NAME." },
  );
}

/** A new dataset; what an earlier copy left under its name is removed. */
async function hiddenDataset(to: Engine, as: string): Promise<Dataset> {
  const name = `${as} (being copied)`;
  const left = await findDataset(to, name);
  if (left) await deleteDataset(to, left, {});
  return await openDataset(to, name);
}

async function fill(
  from: Engine,
  to: Engine,
  source: Dataset,
  made: Dataset,
  options: RunOptions,
): Promise<CopiedTable[]> {
  await using _lock = await to.lockImport(made.id, options);
  const ids: Ids = {
    dataset_id: new Map([[source.id, made.id]]),
    import_id: new Map(),
    run_id: new Map(),
  };
  const copier = new Copier(from, to, ids, options);
  const states = await copier.parents("imports", "import_id", {
    state: "loading",
    step: 0,
  });
  for (const table of OF_IMPORTS) await copier.rows(table, "import_id");
  for (const table of OF_DATASETS) await copier.rows(table, "dataset_id");
  await copier.parents("runs", "run_id", {});
  await copier.rows("findings", "run_id");
  await copier.opinions();
  // Readers see an import from here on.
  await to.transaction(async (sql) => {
    for (const [id, { state, step }] of states) {
      await sql.run(
        "UPDATE imports SET state = ?, step = ? WHERE id = ?",
        state,
        step,
        id,
      );
    }
  });
  return copier.done;
}

const named = (name: string): CopyTable =>
  TABLES.find((table) => table.name === name)!;

const OF_IMPORTS = TABLES.filter(({ key }) => key[0] === "import_id")
  .map(({ name }) => name);
const OF_DATASETS = ["import_files", "labels", "host_notes", "host_tags"];

/** Findings that are asked for at a time. */
const MANY = 200;

class Copier {
  readonly done: CopiedTable[] = [];

  constructor(
    readonly from: Engine,
    readonly to: Engine,
    readonly ids: Ids,
    readonly options: RunOptions,
  ) {}

  /**
   * Rows that others name by their id: imports, runs.
   *
   * @param instead values until the copy is whole.
   * @returns what stood in their place, by the new id.
   */
  async parents(
    name: string,
    as: IdColumn,
    instead: Readonly<Record<string, SqlValue>>,
  ): Promise<Map<number, Record<string, SqlValue>>> {
    const { columns } = named(name), own = columns.slice(1);
    const before = new Map<number, Record<string, SqlValue>>();
    for (const dataset of this.ids.dataset_id.keys()) {
      const where = { column: "dataset_id", value: dataset };
      for await (
        const rows of rowsOf(this.from, named(name), this.options, where)
      ) {
        for (const [id, ...values] of rows) {
          const moved = this.#moved(own, values);
          const replaced: Record<string, SqlValue> = {};
          for (const [column, value] of Object.entries(instead)) {
            const c = own.indexOf(column);
            replaced[column] = moved[c];
            moved[c] = value;
          }
          const made = await this.to.insert(
            `INSERT INTO ${name} (${own.join(", ")}) VALUES ${
              marks(own.length)
            }`,
            ...moved,
          );
          this.ids[as].set(Number(id), made);
          before.set(made, replaced);
        }
      }
    }
    return before;
  }

  /** A table's rows, read and compared under each of the ids. */
  async rows(name: string, of: IdColumn): Promise<void> {
    const table = named(name);
    const ownId = table.key[0] === "id";
    const written = ownId
      ? { ...table, columns: table.columns.slice(1) }
      : table;
    const cells = (row: Values) => ownId ? row.slice(1) : row;
    const sent = new Checksum(), arrived = new Checksum();
    const title = name.replaceAll("`", "");
    const tell = (stage: string, { rows: done }: Checksum) =>
      this.options.onProgress?.({
        stage: `${stage} ${title}`,
        done,
        unit: "rows",
      });
    for (const [old, made] of this.ids[of]) {
      const [here, there] = [old, made].map((value) => ({ column: of, value }));
      for await (const rows of rowsOf(this.from, table, this.options, here)) {
        const moved = rows.map((row) =>
          this.#moved(written.columns, cells(row))
        );
        await insert(this.to, written, moved);
        sent.add(moved);
        tell("copying", sent);
      }
      for await (const rows of rowsOf(this.to, table, this.options, there)) {
        arrived.add(rows.map(cells));
        tell("comparing", arrived);
      }
    }
    const checksum = sent.finish();
    if (arrived.finish() !== checksum || arrived.rows !== sent.rows) {
      throw new SkerryError(
        `Cannot copy into the store ${this.to.location}: the table ${title} is not the same there, ${arrived.rows} rows of ${sent.rows}`,
        { hint: "The copy is removed; the dataset is as it was." },
      );
    }
    this.done.push({ name: title, rows: sent.rows, checksum });
  }

  /** What was said of the findings, as far as nobody has said it there. */
  async opinions(): Promise<void> {
    const found = new Set<string>();
    for (const run of this.ids.run_id.keys()) {
      const rows = await this.from.all<{ id: SqlValue }>(
        "SELECT finding_id AS id FROM findings WHERE run_id = ?",
        run,
      );
      for (const { id } of rows) found.add(textOf(id));
    }
    const all = [...found];
    for (const name of ["opinions", "notes", "decisions"]) {
      const sent = new Checksum();
      for (let at = 0; at < all.length; at += MANY) {
        this.options.signal?.throwIfAborted();
        sent.add(await this.#said(name, all.slice(at, at + MANY)));
      }
      this.done.push({ name, rows: sent.rows, checksum: sent.finish() });
    }
  }

  async #said(name: string, findings: readonly string[]): Promise<Values[]> {
    const { columns: all, key } = named(name);
    const columns = key[0] === "id" ? all.slice(1) : all;
    const read = async (engine: Engine) => {
      const rows = await engine.arrays(
        `SELECT ${columns.join(", ")} FROM ${name}
          WHERE finding_id IN ${marks(findings.length)}
          ORDER BY ${key.join(", ")}`,
        findings,
      );
      return rows.map((row) => row.map((v, c) => plain(v, columns[c])));
    };
    // One opinion is of one finding, a note or a decision is itself.
    const same = key[0] === "id" ? columns : key;
    const text = (row: Values) =>
      JSON.stringify(same.map((column) => row[columns.indexOf(column)]));
    const known = new Set((await read(this.to)).map(text));
    const rows = (await read(this.from)).filter((row) => !known.has(text(row)));
    await insert(this.to, { name, key: [], columns }, rows);
    return rows;
  }

  /** Values with the ids that they have in the other store. */
  #moved(columns: readonly string[], row: Values): Values {
    return row.map((value, c) => {
      const ids = this.ids[columns[c] as IdColumn];
      return ids?.get(Number(value)) ?? value;
    });
  }
}
