import defer * as nodeCrypto from "node:crypto";
import { Pacer, type RunOptions } from "../../progress.ts";
import { delay } from "../delay.ts";
import type { Engine, Load, Rows, RowsQuery } from "../engine.ts";
import { keyOf, PLAIN } from "../record_columns.ts";
import type { RecordRows } from "../record_rows.ts";
import type { Sql, SqlValue } from "../sql.ts";
import type { RecordTable } from "../tables.ts";
import { insertRows, loadData, refusesLocal } from "./loader.ts";
import { refusal } from "./refusal.ts";
import { TABLES } from "./schema.ts";
import type { Connection, Server } from "./server.ts";

/** Rows per query: a round trip each. */
const CHUNK_ROWS = 4096;

const ROWS_PER_DELETE = 20_000;

const KEY = "orig_h, resp_h, resp_p, ts_us, seq";

/** Written out: the optimizer makes a range of it, of a row value it does not. */
const BEHIND = `(orig_h > ? OR (orig_h = ? AND (resp_h > ? OR (resp_h = ? AND
  (resp_p > ? OR (resp_p = ? AND (ts_us > ? OR (ts_us = ? AND seq > ?))))))))`;

/** As long as a transaction may wait for another one is left to the server. */
const POLL_MS = 200;

/** A store in a database of MySQL or MariaDB. */
export class MysqlEngine implements Engine {
  readonly location: string;
  readonly insertIgnore = "INSERT IGNORE";
  readonly readOnly: boolean;
  readonly layout = PLAIN;
  /** What the table of uids has room for. */
  readonly uidKey = "substr(uid, 1, 64)";
  readonly #server: Server;
  readonly #database: string;
  readonly #locks = new Set<Connection>();
  #insertsOnly = false;

  constructor(server: Server, database: string, readOnly: boolean) {
    this.location = server.location;
    this.readOnly = readOnly;
    this.#server = server;
    this.#database = database;
  }

  uidKeyOf(uid: string): string {
    return [...uid].slice(0, 64).join("");
  }

  all<Row>(sql: string, ...params: SqlValue[]): Promise<Row[]> {
    return this.#server.with((c) => c.all<Row>(sql, ...params));
  }

  get<Row>(sql: string, ...params: SqlValue[]): Promise<Row | null> {
    return this.#server.with((c) => c.get<Row>(sql, ...params));
  }

  run(sql: string, ...params: SqlValue[]): Promise<number> {
    return this.#server.with((c) => c.run(sql, ...params));
  }

  insert(sql: string, ...params: SqlValue[]): Promise<number> {
    return this.#server.with((c) => c.insert(sql, ...params));
  }

  arrays(sql: string, params: readonly SqlValue[]): Promise<SqlValue[][]> {
    return this.#server.with((c) => c.arrays(sql, params));
  }

  /** A server works on threads of its own. */
  aside<Row>(
    sql: string,
    params: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<Row[]> {
    signal?.throwIfAborted();
    return this.all<Row>(sql, ...params);
  }

  asideArrays(
    sql: string,
    params: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<SqlValue[][]> {
    signal?.throwIfAborted();
    return this.arrays(sql, params);
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#transact(work);
  }

  check(): void {
    this.#server.pool();
  }

  /** One transaction and one statement, while the server is at work elsewhere. */
  async load(
    rows: RecordRows,
    load: Load,
    claim: (sql: Sql, nrows: number) => Promise<void>,
  ): Promise<void> {
    if (!this.#insertsOnly) {
      try {
        return await this.#transact(async (connection) => {
          await claim(connection, rows.order.length);
          await loadData(connection, this.location, rows, load);
        });
      } catch (error) {
        if (!refusesLocal(error)) throw error;
        this.#insertsOnly = true;
      }
    }
    await this.#transact(async (connection) => {
      await claim(connection, rows.order.length);
      await insertRows(connection, rows, load);
    });
  }

  async rowsAfter(
    table: RecordTable,
    { importId, logType, after, from, to, all, placed, limit }: RowsQuery,
  ): Promise<Rows> {
    const most = Math.min(limit, CHUNK_ROWS);
    const where = ["import_id = ?"], params: SqlValue[] = [importId];
    if (after) {
      const [orig, resp, port, us, seq] = after;
      where.push(BEHIND);
      params.push(orig, orig, resp, resp, port, port, us, us, seq);
    }
    if (!all) {
      where.push("log_type = ? AND ts_us >= ? AND ts_us < ?");
      params.push(logType, from, to);
    }
    const rows = await this.arrays(
      `SELECT ${PLAIN.selectList(table, placed)} FROM ${table.sql}
        WHERE ${where.join(" AND ")} ORDER BY ${KEY} LIMIT ${most}`,
      params,
    );
    const next = rows.length === most ? keyOf(rows[most - 1], PLAIN) : null;
    return { rows, next };
  }

  /** The server gives the lock free when its connection ends. */
  async lockImport(
    datasetId: number,
    options: RunOptions,
  ): Promise<AsyncDisposable> {
    this.check();
    if (this.readOnly) {
      throw refusal("write", this.location, { code: "1792" });
    }
    const connection = await this.#server.connect();
    const name = `skerry ${hashOf(this.#database)} ${datasetId}`;
    try {
      await this.#waitFor(connection, name, options);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    this.#locks.add(connection);
    return {
      [Symbol.asyncDispose]: async () => {
        if (!this.#locks.delete(connection)) return;
        try {
          await connection.get("SELECT RELEASE_LOCK(?) AS held", name);
          connection.release();
        } catch { // Lost with its connection.
          connection.destroy();
        }
      },
    };
  }

  async removeRows(
    { sql }: RecordTable,
    importId: number,
    options: RunOptions,
  ): Promise<void> {
    const pacer = new Pacer(options.signal);
    let removed: number;
    do {
      removed = await this.run(
        `DELETE FROM ${sql} WHERE import_id = ?
          ORDER BY import_id, ${KEY} LIMIT ${ROWS_PER_DELETE}`,
        importId,
      );
      if (pacer.due) await pacer.rest();
    } while (removed === ROWS_PER_DELETE);
  }

  /** The server keeps what is free, and uses it for what comes. */
  async shrink(): Promise<void> {}

  async size(): Promise<number> {
    const row = await this.get<{ bytes: number | null }>(
      `SELECT sum(data_length + index_length) AS bytes
        FROM information_schema.tables
        WHERE table_schema = DATABASE() AND table_name IN (${
        TABLES.map(() => "?").join(", ")
      })`,
      ...TABLES,
    );
    return row?.bytes ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#locks) connection.destroy();
    this.#locks.clear();
    await this.#server.close();
  }

  async #waitFor(
    connection: Connection,
    name: string,
    options: RunOptions,
  ): Promise<void> {
    const began = performance.now();
    while (true) {
      const row = await connection.get<{ held: number | null }>(
        "SELECT GET_LOCK(?, 0) AS held",
        name,
      );
      if (row?.held === 1) return;
      options.onProgress?.({
        stage: "waiting for another import",
        done: Math.floor((performance.now() - began) / 1000),
        unit: "seconds",
      });
      await delay(POLL_MS, options.signal);
    }
  }

  async #transact<T>(
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    return await this.#server.with(async (connection) => {
      await connection.begin();
      try {
        const result = await work(connection);
        await connection.commit();
        return result;
      } catch (error) {
        await connection.rollBack();
        throw error;
      }
    });
  }
}

/** Names of locks are the whole server's, and at most 64 characters. */
function hashOf(text: string): string {
  return nodeCrypto.createHash("sha256").update(text).digest("hex").slice(
    0,
    16,
  );
}
