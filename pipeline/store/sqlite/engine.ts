import { Pacer, type RunOptions } from "../../progress.ts";
import type { Engine, Load, Rows, RowsQuery } from "../engine.ts";
import { PACKED } from "../record_columns.ts";
import type { RecordRows } from "../record_rows.ts";
import { bindable, type Sql, type SqlValue } from "../sql.ts";
import type { RecordTable } from "../tables.ts";
import { Turns } from "../turns.ts";
import type { Database } from "./database.ts";
import { pathOf } from "./file.ts";
import { lockFile } from "./import_lock.ts";
import { loadRows } from "./loader.ts";
import { ReadingThreads } from "./reading_threads.ts";
import { refusal } from "./refusal.ts";
import { removeRows, rowsAfter } from "./rows.ts";

/** A store in one file, or in memory: one connection, used in turns. */
export class SqliteEngine implements Engine {
  readonly location: string;
  readonly insertIgnore = "INSERT OR IGNORE";
  readonly readOnly: boolean;
  readonly uidKey = "uid";
  readonly layout = PACKED;
  readonly #db: Database;
  readonly #turns = new Turns();
  readonly #threads: ReadingThreads | null;
  readonly #locks = new Set<AsyncDisposable>();
  /** Imports into a store in memory, which no other program can reach. */
  readonly #imports = new Map<number, Turns>();

  /** @param readers threads for what takes long; a store in memory has none. */
  constructor(db: Database, readOnly = false, readers = 0) {
    this.location = db.location;
    this.readOnly = readOnly;
    this.#db = db;
    this.#threads = readers > 0 && db.location !== ":memory:"
      ? new ReadingThreads(db.location, pathOf(db.location), readers)
      : null;
  }

  uidKeyOf(uid: string): string {
    return uid;
  }

  all<Row>(sql: string, ...params: SqlValue[]): Promise<Row[]> {
    return this.#turns.with(() => this.#db.all<Row>(sql, ...params));
  }

  get<Row>(sql: string, ...params: SqlValue[]): Promise<Row | null> {
    return this.#turns.with(() => this.#db.get<Row>(sql, ...params));
  }

  run(sql: string, ...params: SqlValue[]): Promise<number> {
    return this.#turns.with(() => this.#db.run(sql, ...params));
  }

  insert(sql: string, ...params: SqlValue[]): Promise<number> {
    return this.#turns.with(() => this.#db.insert(sql, ...params));
  }

  arrays(sql: string, params: readonly SqlValue[]): Promise<SqlValue[][]> {
    return this.#turns.with(() => this.#db.arrays(sql, params.map(bindable)));
  }

  aside<Row>(
    sql: string,
    params: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<Row[]> {
    this.#db.check();
    return this.#threads?.all<Row>(sql, params, signal) ??
      this.all<Row>(sql, ...params);
  }

  asideArrays(
    sql: string,
    params: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<SqlValue[][]> {
    this.#db.check();
    return this.#threads?.arrays(sql, params, signal) ??
      this.arrays(sql, params);
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#turns.with(async () => {
      this.#db.exec("BEGIN IMMEDIATE");
      try {
        const result = await work(sqlOf(this.#db));
        this.#db.exec("COMMIT");
        return result;
      } catch (error) {
        this.#db.rollBack();
        throw error;
      }
    });
  }

  check(): void {
    this.#db.check();
  }

  load(
    rows: RecordRows,
    load: Load,
    claim: (sql: Sql, nrows: number) => Promise<void>,
  ): Promise<void> {
    return loadRows(
      rows,
      load,
      (nrows, insert) =>
        this.transaction(async (sql) => {
          await claim(sql, nrows);
          insert(this.#db);
        }),
    );
  }

  rowsAfter(table: RecordTable, query: RowsQuery): Promise<Rows> {
    return this.#turns.with(() => rowsAfter(this.#db, table, query));
  }

  async lockImport(
    datasetId: number,
    options: RunOptions,
  ): Promise<AsyncDisposable> {
    this.#db.check();
    if (this.readOnly) {
      throw refusal("write", this.location, new Error("readonly database"));
    }
    const lock = this.location === ":memory:"
      ? await this.#lockHere(datasetId)
      : await lockFile(`${this.location}-import-${datasetId}`, options);
    this.#locks.add(lock);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#locks.delete(lock);
        await lock[Symbol.asyncDispose]();
      },
    };
  }

  async removeRows(
    table: RecordTable,
    importId: number,
    options: RunOptions,
  ): Promise<void> {
    const pacer = new Pacer(options.signal);
    const some = () => removeRows(this.#db, table, importId);
    while (await this.#turns.with(() => this.#db.transaction(some))) {
      if (pacer.due) await pacer.rest();
    }
  }

  async shrink(options: RunOptions): Promise<void> {
    const pacer = new Pacer(options.signal);
    // One page per step, so that `exec`, which takes one step, frees only one.
    const some = "PRAGMA incremental_vacuum(2000)";
    while (await this.#freePages() > 0) {
      await this.all(some);
      if (pacer.due) await pacer.rest();
    }
  }

  async size(): Promise<number> {
    const { page_count } = (await this.get<{ page_count: number }>(
      "PRAGMA page_count",
    ))!;
    const { page_size } = (await this.get<{ page_size: number }>(
      "PRAGMA page_size",
    ))!;
    return (page_count - await this.#freePages()) * page_size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const lock of this.#locks) await lock[Symbol.asyncDispose]();
    this.#locks.clear();
    await this.#threads?.[Symbol.asyncDispose]();
    await this.#turns.with(() => this.#db.close());
  }

  async #lockHere(datasetId: number): Promise<AsyncDisposable> {
    const turns = this.#imports.getOrInsertComputed(
      datasetId,
      () => new Turns(),
    );
    const end = await turns.take();
    // deno-lint-ignore require-await -- the interface's.
    return { [Symbol.asyncDispose]: async () => end() };
  }

  async #freePages(): Promise<number> {
    const row = await this.get<{ freelist_count: number }>(
      "PRAGMA freelist_count",
    );
    return row!.freelist_count;
  }
}

/** The connection inside a transaction, where no turn is waited for. */
function sqlOf(db: Database): Sql {
  return {
    all: (sql, ...params) => Promise.resolve(db.all(sql, ...params)),
    get: (sql, ...params) => Promise.resolve(db.get(sql, ...params)),
    run: (sql, ...params) => Promise.resolve(db.run(sql, ...params)),
    insert: (sql, ...params) => Promise.resolve(db.insert(sql, ...params)),
  };
}
