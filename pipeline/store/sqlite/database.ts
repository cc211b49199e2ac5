import { DatabaseSync, type StatementSync } from "node:sqlite";
import { SkerryError } from "../../errors.ts";
import { bindable, type SqlValue } from "../sql.ts";
import { refusal } from "./refusal.ts";

/** Deno has the method; its types (2.9.5) do not know it yet. */
type ArrayStatement = StatementSync & { setReturnArrays(on: boolean): void };

/**
 * One connection, in step with its caller. Every error leaves it as a
 * SkerryError that names the store.
 */
export class Database {
  readonly location: string;
  #connection: DatabaseSync | null;
  #statements = new Map<string, StatementSync>();

  constructor(location: string, connection: DatabaseSync) {
    this.location = location;
    this.#connection = connection;
  }

  /** All rows as objects; texts that hold NUL come back as bytes, see {@link textOf}. */
  all<Row>(sql: string, ...params: SqlValue[]): Row[] {
    return this.#attempt(
      "read",
      () => this.#statement(sql, false).all(...params.map(bindable)) as Row[],
    );
  }

  get<Row>(sql: string, ...params: SqlValue[]): Row | null {
    return this.all<Row>(sql, ...params)[0] ?? null;
  }

  /** All rows as arrays: half the cost of objects. Params as they are. */
  arrays(sql: string, params: readonly SqlValue[]): SqlValue[][] {
    return this.#attempt(
      "read",
      () =>
        this.#statement(sql, true).all(...params) as unknown as SqlValue[][],
    );
  }

  /** @returns how many rows changed. */
  run(sql: string, ...params: SqlValue[]): number {
    return this.runBound(sql, params.map(bindable));
  }

  /** As {@link run}, for params that {@link bindable} has already seen. */
  runBound(sql: string, params: readonly SqlValue[]): number {
    return this.#attempt(
      "write",
      () => Number(this.#statement(sql, false).run(...params).changes),
    );
  }

  /** As {@link run}, for an INSERT. @returns the id of the new row. */
  insert(sql: string, ...params: SqlValue[]): number {
    return this.#attempt(
      "write",
      () =>
        Number(
          this.#statement(sql, false).run(...params.map(bindable))
            .lastInsertRowid,
        ),
    );
  }

  exec(sql: string): void {
    this.#attempt("write", () => this.#open().exec(sql));
  }

  /** All of `work` or nothing; `work` must not wait for anything. */
  transaction<T>(work: () => T): T {
    this.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  /** An error inside COMMIT may have ended the transaction already. */
  rollBack(): void {
    try {
      this.#connection?.exec("ROLLBACK");
    } catch { // Nothing left to roll back.
    }
  }

  /** @throws SkerryError once the store is closed. */
  check(): void {
    this.#open();
  }

  /**
   * Writes the log back into the file and leaves WAL mode where nobody else
   * has the file open: a store at rest is one file, and can be read from a
   * folder that nothing may write to.
   */
  close(): void {
    try {
      this.#connection?.exec(
        "PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE",
      );
    } catch { // Read-only, or open elsewhere: the last one to close does it.
    }
    this.disconnect();
  }

  /** As {@link close}, but the file stays in the mode that it is in. */
  disconnect(): void {
    const connection = this.#connection;
    this.#statements.clear();
    this.#connection = null;
    connection?.close();
  }

  #open(): DatabaseSync {
    if (this.#connection) return this.#connection;
    throw new SkerryError(
      `Cannot use the store ${this.location}: it is closed`,
    );
  }

  #statement(sql: string, arrays: boolean): StatementSync {
    const connection = this.#open();
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = connection.prepare(sql);
      if (arrays) (statement as ArrayStatement).setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #attempt<T>(action: "read" | "write", step: () => T): T {
    try {
      return step();
    } catch (error) {
      if (error instanceof SkerryError) throw error;
      throw refusal(action, this.location, error);
    }
  }
}
