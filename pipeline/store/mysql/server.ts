import { Buffer } from "node:buffer";
import { isIP } from "node:net";
import { Readable } from "node:stream";
import mysql, {
  type Pool,
  type PoolConnection,
  type ResultSetHeader,
} from "mysql2/promise";
import { SkerryError } from "../../errors.ts";
import type { Sql, SqlValue } from "../sql.ts";
import type { ServerAddress } from "./address.ts";
import { refusal } from "./refusal.ts";

/** One import, its lock, and a few readers beside them. */
const CONNECTIONS = 8;

/** Said on every connection, whatever the server's own settings are. */
const SESSION = [
  "SET NAMES utf8mb4",
  "SET SESSION time_zone = '+00:00'",
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  "SET SESSION wait_timeout = 28800",
];

/** Connections to one database. Every error leaves as a SkerryError. */
export class Server {
  readonly location: string;
  #pool: Pool | null;

  constructor(
    address: ServerAddress,
    password: string,
    ca: string | undefined,
    readOnly: boolean,
  ) {
    this.location = address.location;
    this.#pool = mysql.createPool({
      ...connectionOptions(address, password, ca),
      database: address.database,
      connectionLimit: CONNECTIONS,
    });
    const session = readOnly
      ? [...SESSION, "SET SESSION TRANSACTION READ ONLY"]
      : SESSION;
    this.#pool.on("connection", (connection) => {
      // In order before anything else; what fails shows in the statement after.
      for (const sql of session) connection.query(sql);
    });
  }

  /** @throws SkerryError once the store is closed. */
  pool(): Pool {
    if (this.#pool) return this.#pool;
    throw new SkerryError(
      `Cannot use the store ${this.location}: it is closed`,
    );
  }

  async with<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await work(connection);
    } finally {
      connection.release();
    }
  }

  async connect(): Promise<Connection> {
    const pool = this.pool();
    try {
      return new Connection(this.location, await pool.getConnection());
    } catch (error) {
      throw refusal("open", this.location, error);
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    // A connection that was lost has nothing to say good-bye to.
    await pool?.end().catch(() => {});
  }
}

export function connectionOptions(
  address: ServerAddress,
  password: string,
  ca: string | undefined,
) {
  const { host, port, socketPath, user, tls } = address;
  return {
    ...(socketPath ? { socketPath } : { host, port }),
    user,
    password,
    ...(tls ? { ssl: tlsOptions(host, ca) } : {}),
    charset: "utf8mb4",
    // BIGINT up to 2^53 and sums of it as numbers, as everywhere here.
    supportBigNumbers: true,
    decimalNumbers: true,
    connectTimeout: 10_000,
  };
}

/**
 * mysql2 compares a certificate with a name only: of a server that is called by
 * its address it must come from the authority that was named for it.
 */
function tlsOptions(host: string, ca: string | undefined) {
  const byAuthority = isIP(host) !== 0 && ca !== undefined;
  return { ca, minVersion: "TLSv1.2", verifyIdentity: !byAuthority };
}

/** One connection, as long as it is not released. */
export class Connection implements Sql {
  readonly #location: string;
  readonly #connection: PoolConnection;
  #lost = false;

  constructor(location: string, connection: PoolConnection) {
    this.#location = location;
    this.#connection = connection;
  }

  async all<Row>(sql: string, ...params: SqlValue[]): Promise<Row[]> {
    return await this.#query("read", sql, params) as Row[];
  }

  async get<Row>(sql: string, ...params: SqlValue[]): Promise<Row | null> {
    return (await this.all<Row>(sql, ...params))[0] ?? null;
  }

  async run(sql: string, ...params: SqlValue[]): Promise<number> {
    const header = await this.#query("write", sql, params) as ResultSetHeader;
    return header.affectedRows;
  }

  async insert(sql: string, ...params: SqlValue[]): Promise<number> {
    const header = await this.#query("write", sql, params) as ResultSetHeader;
    return header.insertId;
  }

  /** As a prepared statement: rows come in binary, half the cost of text. */
  async arrays(
    sql: string,
    params: readonly SqlValue[],
  ): Promise<SqlValue[][]> {
    const [rows] = await this.#attempt("read", () =>
      this.#connection.execute(
        { sql, rowsAsArray: true },
        params.map(bytesAsBuffer),
      ));
    return rows as SqlValue[][];
  }

  /** A statement that the server prepares once. */
  async runPrepared(
    sql: string,
    params: readonly SqlValue[],
  ): Promise<number> {
    const [header] = await this.#attempt(
      "write",
      () => this.#connection.execute(sql, params.map(bytesAsBuffer)),
    );
    return (header as ResultSetHeader).affectedRows;
  }

  /** LOAD DATA LOCAL from memory; the header says what became of the rows. */
  async loadData(
    sql: string,
    chunks: Iterable<Buffer>,
  ): Promise<ResultSetHeader> {
    const [header] = await this.#attempt("write", () =>
      this.#connection.query({
        sql,
        infileStreamFactory: () =>
          Readable.from(chunks, { objectMode: false, highWaterMark: 1 << 18 }),
      }));
    return header as ResultSetHeader;
  }

  async begin(): Promise<void> {
    await this.#attempt("write", () => this.#connection.beginTransaction());
  }

  async commit(): Promise<void> {
    await this.#attempt("write", () => this.#connection.commit());
  }

  /** What failed is told by what failed. */
  async rollBack(): Promise<void> {
    await this.#connection.rollback().catch(() => this.#lost = true);
  }

  /** Gives it back to the others, or ends it where it is of no use any more. */
  release(): void {
    if (this.#lost) this.#connection.destroy();
    else this.#connection.release();
  }

  destroy(): void {
    this.#connection.destroy();
  }

  async #query(
    action: "read" | "write",
    sql: string,
    params: readonly SqlValue[],
  ): Promise<unknown> {
    const [result] = await this.#attempt(
      action,
      () => this.#connection.query(sql, params.map(bytesAsBuffer)),
    );
    return result;
  }

  async #attempt<T>(
    action: "read" | "write",
    step: () => Promise<T>,
  ): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if ((error as { fatal?: boolean }).fatal) this.#lost = true;
      throw refusal(action, this.#location, error);
    }
  }
}

/** mysql2 takes other byte arrays for objects with numbered fields. */
export function bytesAsBuffer(value: SqlValue): SqlValue {
  return value instanceof Uint8Array && !(value instanceof Buffer)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : value;
}
