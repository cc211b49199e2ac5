import defer * as nodePath from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SkerryError } from "../../errors.ts";
import { Database } from "./database.ts";
import { APPLICATION_ID, checkVersion, migrate } from "./migrate.ts";
import { STEPS } from "./schema.ts";
import { refusal } from "./refusal.ts";

export interface SqliteOptions {
  /** Nothing is written: the file must be there and up to date. */
  readonly readOnly?: boolean;
  /** The file must be there. */
  readonly existing?: boolean;
  /** How long to wait for another program's lock; milliseconds. */
  readonly busyTimeout?: number;
}

/** The first bytes of every SQLite 3 file. */
const MAGIC = "SQLite format 3\0";

/**
 * Opens a file, or ":memory:", and brings its schema up to date. A file that
 * is something else is left as it is.
 *
 * @throws SkerryError "Cannot open the store PATH: why".
 */
export function openSqlite(
  location: string,
  { readOnly = false, existing = readOnly, busyTimeout = 5000 }: SqliteOptions =
    {},
): Database {
  if (location !== ":memory:") checkFile(location, existing);
  const db = connect(location, readOnly);
  try {
    // 8 MB of pages: loads append and readers go from page to page; the rest is
    // the system's to keep, and 32 MB were no faster.
    db.exec(
      `PRAGMA busy_timeout = ${busyTimeout}; PRAGMA foreign_keys = ON;
        PRAGMA cache_size = -8000`,
    );
    if (readOnly) checkCurrent(db);
    else prepare(db);
    return db;
  } catch (error) {
    db.disconnect();
    throw opening(location, error);
  }
}

function connect(location: string, readOnly: boolean): Database {
  try {
    const connection = new DatabaseSync(pathOf(location), { readOnly });
    return new Database(location, connection);
  } catch (error) {
    throw refusal("open", location, error);
  }
}

/** To SQLite "file:x" is an address with options; to us it is a name. */
export function pathOf(location: string): string {
  if (location === ":memory:" || nodePath.isAbsolute(location)) return location;
  return `./${location}`;
}

/** Looks first: another program's database must not even change its mode. */
function prepare(db: Database): void {
  // Only heeded before the first table is made.
  if (checkVersion(db) === 0) db.exec("PRAGMA auto_vacuum = INCREMENTAL");
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  migrate(db);
}

function checkCurrent(db: Database): void {
  const done = checkVersion(db);
  if (done === STEPS.length) return;
  if (done === 0) throw absent(db.location, "there is nothing in it yet");
  throw new SkerryError(
    `Cannot open the store ${db.location}: an older Skerry wrote it (schema ${done}, this one reads ${STEPS.length})`,
    { hint: "Run `skerry run` on it once: that brings it up to date." },
  );
}

function checkFile(path: string, existing: boolean): void {
  try {
    if (path === "") throw foreign(path, "its name is empty");
    const info = statOf(path);
    if (!info && existing) throw absent(path, "there is no such file");
    if (!info) Deno.mkdirSync(nodePath.dirname(path), { recursive: true });
    if (info?.isDirectory) throw foreign(path, "it is a folder");
    // Reading from a pipe would wait for ever.
    if (info && !info.isFile) throw foreign(path, "it is a device or a pipe");
    if (info && info.size > 0) checkHeader(path);
  } catch (error) {
    throw opening(path, error);
  }
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Reads what SQLite's file format keeps in the first 100 bytes, since SQLite
 * itself may write to a file that it only looks at: it empties a log that its
 * owner left. A store whose first tables are still in its log has neither
 * schema cookie nor owner here, and is left to {@link checkVersion}.
 */
function checkHeader(path: string): void {
  using file = Deno.openSync(path);
  const header = new Uint8Array(100);
  file.readSync(header);
  const magic = new TextDecoder().decode(header.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw foreign(path, "the file is no SQLite database");
  const view = new DataView(header.buffer);
  const cookie = view.getUint32(40), owner = view.getUint32(68);
  if (owner === APPLICATION_ID || (owner === 0 && cookie === 0)) return;
  throw foreign(path, "it is another program's database");
}

function absent(path: string, why: string): SkerryError {
  return new SkerryError(`Cannot open the store ${path}: ${why}`, {
    hint: "Run `skerry run` first: it makes the store.",
  });
}

function foreign(path: string, why: string): SkerryError {
  return new SkerryError(`Cannot open the store ${path}: ${why}`, {
    hint: "Name a file that does not exist yet.",
  });
}

/** Whatever went wrong while opening, said as such. */
function opening(location: string, error: unknown): SkerryError {
  const cause = error instanceof SkerryError && error.cause;
  if (error instanceof SkerryError && !cause) return error;
  return refusal("open", location, cause || error);
}
