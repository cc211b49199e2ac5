import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SkerryError } from "../errors.ts";
import { Database } from "./database.ts";
import { checkVersion, migrate } from "./migrate.ts";
import { STEPS } from "./migrations/sqlite.ts";
import { refusal } from "./refusal.ts";

export interface SqliteOptions {
  /** Nothing is written: the file must be there and up to date. */
  readonly readOnly?: boolean;
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
  { readOnly = false, busyTimeout = 5000 }: SqliteOptions = {},
): Database {
  if (location !== ":memory:") checkFile(location, readOnly);
  const db = connect(location, readOnly);
  try {
    db.exec(`PRAGMA busy_timeout = ${busyTimeout}; PRAGMA foreign_keys = ON`);
    if (readOnly) checkCurrent(db);
    else prepare(db);
    return db;
  } catch (error) {
    db.close();
    throw opening(location, error);
  }
}

function connect(location: string, readOnly: boolean): Database {
  try {
    return new Database(location, new DatabaseSync(location, { readOnly }));
  } catch (error) {
    throw refusal("open", location, error);
  }
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
  throw new SkerryError(
    `Cannot open the store ${db.location}: an older Skerry wrote it (schema ${done}, this one reads ${STEPS.length})`,
    { hint: "Run `skerry run` on it once: that brings it up to date." },
  );
}

function checkFile(path: string, readOnly: boolean): void {
  try {
    const info = statOf(path);
    if (!info && !readOnly) Deno.mkdirSync(dirname(path), { recursive: true });
    if (!info && readOnly) throw absent(path);
    if (info?.isDirectory) throw foreign(path, "it is a folder");
    if (info && info.size > 0 && !startsWithMagic(path)) {
      throw foreign(path, "the file is no SQLite database");
    }
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

function startsWithMagic(path: string): boolean {
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(MAGIC.length);
  file.readSync(bytes);
  return new TextDecoder().decode(bytes) === MAGIC;
}

function absent(path: string): SkerryError {
  return new SkerryError(
    `Cannot open the store ${path}: there is no such file`,
    { hint: "Run `skerry run` first: it makes the store." },
  );
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
