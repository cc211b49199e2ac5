import mysql, { type Connection as Plain } from "mysql2/promise";
import { messageOf, SkerryError } from "../../errors.ts";
import { NoStore } from "../no_store.ts";
import { parseAddress, type ServerAddress } from "./address.ts";
import { MysqlEngine } from "./engine.ts";
import { codesOf, isDenied, refusal } from "./refusal.ts";
import { STEPS, TABLES, VERSION_TABLE } from "./schema.ts";
import { type Connection, connectionOptions, Server } from "./server.ts";

export interface ServerOptions {
  readonly readOnly?: boolean;
  /** The database and its tables must be there. */
  readonly existing?: boolean;
  readonly password?: string;
}

/**
 * Connects to a server, makes the database and its tables when they are
 * missing, and brings them up to date.
 *
 * @throws PasswordNeeded; SkerryError "Cannot open the store mysql://…: why".
 */
export async function openMysql(
  location: string,
  { readOnly = false, existing = readOnly, password }: ServerOptions,
): Promise<MysqlEngine> {
  const address = parseAddress(location);
  const secret = await passwordOf(address, password);
  const ca = await caOf(address);
  await ensureDatabase(address, secret, ca, existing);
  const server = new Server(address, secret, ca, readOnly);
  try {
    await server.with((connection) =>
      prepare(connection, address, { readOnly, existing })
    );
    return new MysqlEngine(server, address.database, readOnly);
  } catch (error) {
    await server.close();
    if (!isDenied(causeOf(error))) throw error;
    throw lackingRights(address, error);
  }
}

async function passwordOf(
  { passwordFile }: ServerAddress,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  if (!passwordFile) return "";
  try {
    const text = await Deno.readTextFile(passwordFile);
    return text.split(/\r?\n/, 1)[0];
  } catch (error) {
    throw new SkerryError(
      `Cannot read the password file ${passwordFile}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

async function caOf({ caFile }: ServerAddress): Promise<string | undefined> {
  if (!caFile) return undefined;
  try {
    return await Deno.readTextFile(caFile);
  } catch (error) {
    throw new SkerryError(
      `Cannot read the certificate ${caFile}: ${messageOf(error)}`,
      { hint: "Write ?tls=on, off, or the path of a PEM file.", cause: error },
    );
  }
}

/** A pool can only be told of a database that is there. */
async function ensureDatabase(
  address: ServerAddress,
  password: string,
  ca: string | undefined,
  existing: boolean,
): Promise<void> {
  const { location, database } = address;
  const options = connectionOptions(address, password, ca);
  let connection: Plain | undefined;
  try {
    connection = await mysql.createConnection({ ...options, database });
  } catch (error) {
    if (!codesOf(error).includes("ER_BAD_DB_ERROR")) {
      // The server says the same of a database that one may not see.
      if (isDenied(error)) throw lackingRights(address, error);
      throw refusal("open", location, error);
    }
    if (existing) throw absent(location, "there is no such database");
    await makeDatabase(address, options);
  } finally {
    await connection?.end();
  }
}

async function makeDatabase(
  address: ServerAddress,
  options: ReturnType<typeof connectionOptions>,
): Promise<void> {
  const connection = await mysql.createConnection(options);
  try {
    await connection.query(createDatabase(address));
  } catch (error) {
    if (isDenied(error)) throw lackingRights(address, error);
    throw refusal("open", address.location, error);
  } finally {
    await connection.end();
  }
}

async function prepare(
  connection: Connection,
  { location, database }: ServerAddress,
  { readOnly, existing }: Required<
    Pick<ServerOptions, "readOnly" | "existing">
  >,
): Promise<void> {
  await checkServer(connection, location);
  const done = await versionOf(connection, location);
  if (done === STEPS.length) return;
  if (existing && done === 0) {
    throw absent(location, "there is nothing in it yet");
  }
  if (readOnly) {
    throw new SkerryError(
      `Cannot open the store ${location}: an older Skerry wrote it (schema ${done}, this one reads ${STEPS.length})`,
      { hint: "Run `skerry run` on it once: that brings it up to date." },
    );
  }
  const lock = `skerry schema ${database}`.slice(0, 64);
  await connection.get("SELECT GET_LOCK(?, 60) AS held", lock);
  try {
    await migrate(connection, await versionOf(connection, location));
  } finally {
    await connection.get("SELECT RELEASE_LOCK(?) AS held", lock);
  }
}

/** The oldest releases whose behaviour was looked up; older ones may do. */
async function checkServer(
  connection: Connection,
  location: string,
): Promise<void> {
  const { version } = (await connection.get<{ version: string }>(
    "SELECT VERSION() AS version",
  ))!;
  const [major, minor] = version.replace(/^5\.5\.5-/, "").split(/[.-]/)
    .map(Number);
  const maria = /mariadb/i.test(version);
  const oldest = maria ? [10, 6] : [8, 0];
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new SkerryError(
    `Cannot open the store ${location}: the server is ${version}, and MySQL 8 or MariaDB 10.6 is needed`,
    { hint: "Update the server, or keep the store in a file." },
  );
}

/** How many steps were done; 0 where the database is empty. */
async function versionOf(
  connection: Connection,
  location: string,
): Promise<number> {
  const rows = await connection.all<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = DATABASE()`,
  );
  const there = new Set(rows.map(({ name }) => name));
  if (!there.has("skerry_schema")) {
    const other = TABLES.find((name) => there.has(name));
    if (!other) return 0;
    throw new SkerryError(
      `Cannot open the store ${location}: another program's table ${other} is in that database`,
      { hint: "Name a database of its own; it is made when it is missing." },
    );
  }
  const row = await connection.get<{ version: number }>(
    "SELECT version FROM skerry_schema WHERE id = 1",
  );
  const version = row?.version ?? 0;
  if (version <= STEPS.length) return version;
  throw new SkerryError(
    `Cannot open the store ${location}: a newer Skerry wrote it (schema ${version}, this one knows ${STEPS.length})`,
    { hint: "Update Skerry, or name another store." },
  );
}

async function migrate(connection: Connection, done: number): Promise<void> {
  await connection.run(VERSION_TABLE);
  for (let step = done; step < STEPS.length; step++) {
    await connection.run(STEPS[step]);
    await connection.run(
      "REPLACE INTO skerry_schema (id, version) VALUES (1, ?)",
      step + 1,
    );
  }
}

/**
 * The statements that an administrator can run instead of us: with an address
 * also its database and the rights of its user, who then needs no CREATE.
 */
export function schemaSql(location?: string): string {
  const address = location === undefined ? null : parseAddress(location);
  const tables = [
    VERSION_TABLE,
    ...STEPS,
    `REPLACE INTO skerry_schema (id, version) VALUES (1, ${STEPS.length})`,
  ];
  const before = address === null ? [] : [
    createDatabase(address),
    grant(address, "SELECT, INSERT, UPDATE, DELETE"),
    `USE ${quoted(address.database)}`,
  ];
  return [...before, ...tables].map((sql) => `${sql};\n`).join("\n");
}

function lackingRights(address: ServerAddress, cause: unknown): SkerryError {
  const { location, user } = address;
  return new SkerryError(
    `Cannot open the store ${location}: ${user} may not make its database or tables`,
    {
      hint: [
        "Hand this to an administrator of the server:",
        `${createDatabase(address)};`,
        `${grant(address, ALL_RIGHTS)};`,
        `Without the right to CREATE: what \`skerry store sql ${location}\` prints.`,
      ].join("\n  "),
      cause: causeOf(cause),
    },
  );
}

/** Also to make the tables, and to bring those of an older Skerry up to date. */
const ALL_RIGHTS = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP";

function grant({ database, user }: ServerAddress, rights: string): string {
  const name = user.replaceAll("\\", "\\\\").replaceAll("'", "''");
  return `GRANT ${rights} ON ${quoted(database)}.* TO '${name}'@'%'`;
}

function createDatabase({ database }: ServerAddress): string {
  return `CREATE DATABASE IF NOT EXISTS ${
    quoted(database)
  } CHARACTER SET utf8mb4`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function causeOf(error: unknown): unknown {
  return error instanceof SkerryError ? error.cause ?? error : error;
}

function absent(location: string, why: string): NoStore {
  return new NoStore(`Cannot open the store ${location}: ${why}`, {
    hint: "Run `skerry run` first: it makes the store.",
  });
}
