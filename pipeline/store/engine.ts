import type { RunOptions } from "../progress.ts";
import type { RecordRows } from "./record_rows.ts";
import type { RowLayout } from "./record_columns.ts";
import type { Sql, SqlValue } from "./sql.ts";
import type { RecordTable } from "./tables.ts";

/** A table's key within one import: orig_h, resp_h, resp_p, ts_us, seq. */
export type Key = readonly SqlValue[];

/** Which rows of one import a reader wants next. */
export interface RowsQuery {
  readonly importId: number;
  readonly logType: string;
  /** Begins behind this key; null for the first. */
  readonly after: Key | null;
  /** Microseconds, from ≤ ts_us < to. */
  readonly from: number;
  readonly to: number;
  /** The import's whole table is asked for: nothing has to be left out. */
  readonly all: boolean;
  /** Whether it is asked where the records stand in their files. */
  readonly placed?: boolean;
  /** About so many rows at once. */
  readonly limit: number;
}

/** Some rows in the order of their key, and where to go on. */
export interface Rows {
  readonly rows: readonly (readonly SqlValue[])[];
  /** null behind the last row. */
  readonly next: Key | null;
}

/** Where a sorted part of an import goes. */
export interface Load {
  readonly importId: number;
  readonly logType: string;
  readonly table: RecordTable;
  /** Of the first row; the others follow. */
  readonly seq: number;
  /** Stops the load, which then throws the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * What differs between the databases. Control tables are reached by the same
 * SQL on each.
 */
export interface Engine extends Sql, AsyncDisposable {
  /** A path or address to show, without secrets. */
  readonly location: string;
  /** How an INSERT begins that lets a row be that is there already. */
  readonly insertIgnore: string;
  readonly readOnly: boolean;
  /** A uid as the table of uids holds it: in SQL, and of a text. */
  readonly uidKey: string;
  uidKeyOf(uid: string): string;
  /** How the rows of `rowsAfter` and `selectList` lie. */
  readonly layout: RowLayout;

  /** All of `work` or nothing; statements of others wait or run beside it. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** @throws SkerryError once the store is closed. */
  check(): void;

  /**
   * Loads rows in the order of their key. Each step is a transaction that
   * first calls `claim` with the number of its rows, which throws where the
   * import is not ours any more.
   */
  load(
    rows: RecordRows,
    load: Load,
    claim: (sql: Sql, nrows: number) => Promise<void>,
  ): Promise<void>;
  rowsAfter(table: RecordTable, query: RowsQuery): Promise<Rows>;
  /** As {@link Sql.all}, rows as arrays. */
  arrays(sql: string, params: readonly SqlValue[]): Promise<SqlValue[][]>;
  /**
   * As {@link Sql.all}, for what may take seconds: where the store has threads
   * to read with, nobody else waits for it meanwhile.
   *
   * @throws also the signal's reason, where the engine can be stopped.
   */
  aside<Row>(
    sql: string,
    params: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<Row[]>;
  /** As {@link aside}, rows as arrays. */
  asideArrays(
    sql: string,
    params: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<SqlValue[][]>;

  /**
   * Keeps other imports of a dataset away, of this program and of others, until
   * it is disposed of or the program ends, however it ends.
   */
  lockImport(datasetId: number, options: RunOptions): Promise<AsyncDisposable>;
  /** Removes an import's rows in steps that one may stop between. */
  removeRows(
    table: RecordTable,
    importId: number,
    options: RunOptions,
  ): Promise<void>;
  /** Gives what was freed back to the file system. */
  shrink(options: RunOptions): Promise<void>;
  /** Bytes that the store takes. */
  size(): Promise<number>;
}
