import { SkerryError } from "../errors.ts";
import { Pacer } from "../progress.ts";
import { type Field, isNumeric, type RecordBatch } from "../record_batch.ts";
import { type Database, type SqlValue, textOf } from "./database.ts";
import { removeImport } from "./imports.ts";
import { type RecordRows, recordRows } from "./record_rows.ts";
import type { Dataset, ImportedFile, ImportWriter } from "./session_store.ts";
import { RECORD_TABLES, type RecordTable, tableOf } from "./tables.ts";

/** More gain nothing; binding is what costs. */
const ROWS_PER_STATEMENT = 50;

/**
 * About 40 ms: a transaction never spans an `await`, and a step of work should
 * not hold up the process longer. (In WAL mode a commit does not sync.)
 */
const ROWS_PER_TRANSACTION = 8_000;

/** What an import holds of one log type so far. */
interface Tally {
  nrows: number;
  firstUs: number;
  lastUs: number;
  readonly moreFields: Map<string, Field>;
}

/** An import that is still invisible: its row says 'loading'. */
export class SqliteImportWriter implements ImportWriter {
  readonly #db: Database;
  readonly #dataset: Dataset;
  readonly #importId: number;
  readonly #tallies = new Map<string, Tally>();
  #nrows = 0;
  #done = false;

  constructor(db: Database, dataset: Dataset, importId: number) {
    this.#db = db;
    this.#dataset = dataset;
    this.#importId = importId;
  }

  async add(batch: RecordBatch): Promise<void> {
    this.#check();
    const { path } = batch.schema;
    const table = tableOf(path);
    if (!table) {
      throw new TypeError(`Cannot store ${path}: this log type is not kept`);
    }
    if (batch.length === 0) return;
    const rows = recordRows(batch, table);
    const pacer = new Pacer();
    for (let at = 0; at < batch.length; at += ROWS_PER_TRANSACTION) {
      this.#insert(path, table, rows, at);
      if (pacer.due) await pacer.rest();
    }
    this.#count(path, rows);
  }

  // deno-lint-ignore require-await
  async addFile(file: ImportedFile): Promise<void> {
    this.#check();
    this.#db.transaction(() => {
      this.#claim(0);
      this.#refuseKnown(file);
      this.#db.run(
        `INSERT INTO import_files
          (import_id, dataset_id, hash, path, size, reports,
            other_records, notes)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        this.#importId,
        this.#dataset.id,
        file.hash,
        file.path,
        file.size,
        JSON.stringify(file.reports),
        JSON.stringify(file.otherRecords),
        JSON.stringify(file.notes),
      );
    });
  }

  // deno-lint-ignore require-await
  async finish(): Promise<void> {
    this.#check();
    this.#db.transaction(() => {
      this.#claim(0);
      for (const [logType, tally] of this.#tallies) {
        this.#record(logType, tally);
      }
      // Built once, after the first load; later imports keep it up to date.
      for (const { name } of RECORD_TABLES) {
        this.#db.exec(
          `CREATE INDEX IF NOT EXISTS ${name}_uid ON ${name} (uid)`,
        );
      }
      this.#db.run(
        "UPDATE imports SET state = 'ready' WHERE id = ?",
        this.#importId,
      );
    });
    this.#done = true;
  }

  // deno-lint-ignore require-await
  async abort(): Promise<void> {
    this.#db.check();
    if (this.#done) return;
    this.#done = true;
    this.#db.transaction(() => removeImport(this.#db, this.#importId));
  }

  #insert(
    path: string,
    table: RecordTable,
    rows: RecordRows,
    at: number,
  ): void {
    const end = Math.min(at + ROWS_PER_TRANSACTION, rows.order.length);
    this.#db.transaction(() => {
      this.#claim(end - at);
      for (let from = at; from < end; from += ROWS_PER_STATEMENT) {
        const index = rows.order.subarray(
          from,
          Math.min(from + ROWS_PER_STATEMENT, end),
        );
        const sql = insertStatement(table, rows, index.length);
        this.#db.runBound(sql, this.#params(path, rows, index));
      }
    });
  }

  #params(path: string, rows: RecordRows, index: Uint32Array): SqlValue[] {
    const stride = rows.columns.length + 1;
    const params = new Array<SqlValue>(2 + stride * index.length);
    params[0] = this.#importId;
    params[1] = path;
    for (let at = 2; at < params.length; at += stride) {
      params[at] = this.#nrows++;
    }
    rows.columns.forEach((column, c) =>
      column.fill(params, 3 + c, stride, index)
    );
    return params;
  }

  #count(path: string, rows: RecordRows): void {
    let tally = this.#tallies.get(path);
    if (!tally) {
      tally = {
        nrows: 0,
        firstUs: Infinity,
        lastUs: -Infinity,
        moreFields: new Map(),
      };
      this.#tallies.set(path, tally);
    }
    tally.nrows += rows.order.length;
    tally.firstUs = Math.min(tally.firstUs, rows.firstUs);
    tally.lastUs = Math.max(tally.lastUs, rows.lastUs);
    for (const field of rows.moreFields) {
      const known = tally.moreFields.get(field.name);
      if (!known || !isNumeric(field.type)) {
        tally.moreFields.set(field.name, field);
      }
    }
  }

  #record(logType: string, tally: Tally): void {
    this.#db.run(
      `INSERT INTO import_records
        (import_id, log_type, nrows, first_us, last_us, more_fields)
        VALUES (?, ?, ?, ?, ?, ?)`,
      this.#importId,
      logType,
      tally.nrows,
      tally.firstUs,
      tally.lastUs,
      JSON.stringify([...tally.moreFields.values()]),
    );
  }

  /** Whoever began another import of the dataset has removed this one. */
  #claim(nrows: number): void {
    const changed = this.#db.run(
      "UPDATE imports SET nrows = nrows + ? WHERE id = ? AND state = 'loading'",
      nrows,
      this.#importId,
    );
    if (changed === 1) return;
    throw new SkerryError(
      `Cannot write the store ${this.#db.location}: another import of "${this.#dataset.name}" has replaced this one`,
      { hint: "Import into one dataset from one program at a time." },
    );
  }

  #refuseKnown({ hash, path }: ImportedFile): void {
    const known = this.#db.get<{ path: string | Uint8Array }>(
      "SELECT path FROM import_files WHERE dataset_id = ? AND hash = ?",
      this.#dataset.id,
      hash,
    );
    if (!known) return;
    throw new SkerryError(
      `Cannot import ${path}: "${this.#dataset.name}" already holds this file as ${
        textOf(known.path)
      }`,
    );
  }

  #check(): void {
    this.#db.check();
    if (!this.#done) return;
    throw new SkerryError(
      `Cannot write the store ${this.#db.location}: the import has already ended`,
    );
  }
}

/** ?1 is the import and ?2 the log type in every row; the rest in order. */
function insertStatement(
  table: RecordTable,
  { columns }: RecordRows,
  nrows: number,
): string {
  const names = columns.map(({ sql }) => sql).join(", ");
  const row = `(?1, ?2${", ?".repeat(columns.length + 1)})`;
  return `INSERT INTO ${table.name} (import_id, log_type, seq, ${names}) VALUES ${
    new Array(nrows).fill(row).join(", ")
  }`;
}
