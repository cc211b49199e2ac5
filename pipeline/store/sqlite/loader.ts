import { Pacer } from "../../progress.ts";
import type { Load } from "../engine.ts";
import type { LoadColumn, RecordRows } from "../record_rows.ts";
import { bindable, type SqlValue } from "../sql.ts";
import type { Database } from "./database.ts";

/** More gain nothing; binding is what costs. */
const ROWS_PER_STATEMENT = 50;

/**
 * About 40 ms: a transaction never waits for anything else, and a step of work
 * should not hold up the process longer. (In WAL mode a commit does not sync.)
 */
const ROWS_PER_TRANSACTION = 8_000;

/** Runs `insert` in a transaction that has claimed `nrows`. */
type Transact = (
  nrows: number,
  insert: (db: Database) => void,
) => Promise<void>;

/** See `Engine.load`. */
export async function loadRows(
  rows: RecordRows,
  load: Load,
  transact: Transact,
): Promise<void> {
  const filler = new Filler(rows, load);
  const pacer = new Pacer(load.signal);
  for (let at = 0; at < rows.order.length; at += ROWS_PER_TRANSACTION) {
    const end = Math.min(at + ROWS_PER_TRANSACTION, rows.order.length);
    await transact(end - at, (db) => {
      for (let from = at; from < end; from += ROWS_PER_STATEMENT) {
        const to = Math.min(from + ROWS_PER_STATEMENT, end);
        db.runBound(filler.statement(to - from), filler.params(from, to));
      }
    });
    load.signal.throwIfAborted();
    if (pacer.due) await pacer.rest();
  }
}

/** Makes statements of many rows and their parameters. */
class Filler {
  readonly #rows: RecordRows;
  readonly #load: Load;
  readonly #columns: readonly LoadColumn[];
  readonly #statements = new Map<number, string>();

  constructor(rows: RecordRows, load: Load) {
    this.#rows = rows;
    this.#load = load;
    this.#columns = rows.columns.map((column) =>
      column.kind === "coded"
        ? { ...column, values: column.values.map(bindable) }
        : column
    );
  }

  /** ?1 is the import and ?2 the log type in every row; the rest in order. */
  statement(nrows: number): string {
    let sql = this.#statements.get(nrows);
    if (sql === undefined) {
      const names = this.#columns.map((column) => column.sql).join(", ");
      const row = `(?1, ?2${", ?".repeat(this.#columns.length + 1)})`;
      sql =
        `INSERT INTO ${this.#load.table.sql} (import_id, log_type, seq, ${names}) VALUES ${
          new Array(nrows).fill(row).join(", ")
        }`;
      this.#statements.set(nrows, sql);
    }
    return sql;
  }

  /** Of the rows `from` to `to` in the order of the key. */
  params(from: number, to: number): SqlValue[] {
    const index = this.#rows.order.subarray(from, to);
    const stride = this.#columns.length + 1;
    const params = new Array<SqlValue>(2 + stride * index.length);
    params[0] = this.#load.importId;
    params[1] = this.#load.logType;
    for (let at = 2, row = from; at < params.length; at += stride, row++) {
      params[at] = this.#load.seq + row;
    }
    this.#columns.forEach((column, c) =>
      fill(column, params, 3 + c, stride, index)
    );
    return params;
  }
}

/** Writes the values of the records `index` to `at`, `at + stride`, … */
function fill(
  column: LoadColumn,
  params: SqlValue[],
  at: number,
  stride: number,
  index: Uint32Array,
): void {
  if (column.kind === "numbers") {
    for (const i of index) {
      const value = column.values[i];
      params[at] = Number.isFinite(value) ? value : null;
      at += stride;
    }
  } else if (column.kind === "coded") {
    for (const i of index) {
      params[at] = column.values[column.codes[i]];
      at += stride;
    }
  } else {
    for (const i of index) {
      const value = column.value(i);
      params[at] = value === null ? null : bindable(value);
      at += stride;
    }
  }
}
