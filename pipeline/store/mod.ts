import { SkerryError } from "../errors.ts";
import type { RunOptions } from "../progress.ts";
import type { CopyDatasetOptions } from "./copy_dataset.ts";
import type { CopyReport } from "./copy_store.ts";
import type { Engine } from "./engine.ts";
import { isAddress } from "./mysql/address.ts";
import type { SessionStore } from "./session_store.ts";

export type { CopiedTable, CopyReport } from "./copy_store.ts";
export { NoStore } from "./no_store.ts";
export { PasswordNeeded } from "./password_needed.ts";
export type * from "./session_store.ts";

export interface StoreOptions {
  /** Nothing is written: the store must be there and up to date. */
  readonly readOnly?: boolean;
  /** The store must be there; it is brought up to date. */
  readonly existing?: boolean;
  /** Of a server's user; a file of its own has none. */
  readonly password?: string;
  /** Records that an import sorts in memory and loads together. */
  readonly partRows?: number;
  /**
   * Threads that answer what may take seconds (0 by default): a server that has
   * some goes on answering others. Only a store in a file uses them.
   */
  readonly readers?: number;
}

/**
 * Opens the store at a file path or at a server's address
 * (`mysql://user@host:port/database`); what is missing of it is made.
 * ":memory:" is a store that ends with the process.
 *
 * ```ts
 * import { openStore } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * await using store = await openStore(":memory:");
 * await store.openDataset("office");
 * assert.equal((await store.datasets())[0].name, "office");
 * ```
 *
 * @throws SkerryError "Cannot open the store PATH: …": no SQLite database, a
 * newer Skerry's, locked, not writable; PasswordNeeded.
 */
export async function openStore(
  location: string,
  options: StoreOptions = {},
): Promise<SessionStore> {
  const [engine, { EngineStore }] = await Promise.all([
    openEngine(location, options),
    import("./store.ts"),
  ]);
  return new EngineStore(engine, options.partRows);
}

/**
 * Copies all that a store holds into another one, which must be empty:
 * datasets, records, runs, findings, opinions, labels, models.
 *
 * @throws SkerryError when one cannot be opened, `to` holds something, or the
 * two differ afterwards by counts or checksums.
 */
export async function copyStore(
  from: string,
  to: string,
  options: RunOptions & {
    readonly fromPassword?: string;
    readonly toPassword?: string;
  } = {},
): Promise<CopyReport> {
  const { fromPassword, toPassword } = options;
  await using source = await openEngine(from, {
    password: fromPassword,
    existing: true,
  });
  await using target = await openEngine(to, { password: toPassword });
  const { copyStore } = await import("./copy_store.ts");
  return await copyStore(source, target, options);
}

/**
 * Copies one dataset into another store, beside what that holds.
 *
 * @throws SkerryError when a store cannot be opened, both are the same, there
 * is no such dataset, or the other one has one of its name.
 */
export async function copyDataset(
  from: string,
  to: string,
  name: string,
  options: CopyDatasetOptions & {
    readonly fromPassword?: string;
    readonly toPassword?: string;
  } = {},
): Promise<CopyReport> {
  if (from === to) {
    throw new SkerryError(
      `Cannot copy ${name}: the store ${from} is the one that it is in`,
    );
  }
  const { fromPassword, toPassword } = options;
  await using source = await openEngine(from, {
    password: fromPassword,
    existing: true,
  });
  await using target = await openEngine(to, { password: toPassword });
  const { copyDataset } = await import("./copy_dataset.ts");
  return await copyDataset(source, target, name, options);
}

/**
 * The SQL that makes the tables of a store on a server, for an administrator
 * to run; with an address also its database and its user's rights.
 *
 * @throws UsageError when the address is none of a server.
 */
export async function storeSql(location?: string): Promise<string> {
  const { schemaSql } = await import("./mysql/open.ts");
  return schemaSql(location);
}

// Loaded where a store is opened: fifty modules would slow every other start.
async function openEngine(
  location: string,
  options: StoreOptions,
): Promise<Engine> {
  if (isAddress(location)) {
    const { openMysql } = await import("./mysql/open.ts");
    return await openMysql(location, options);
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1];
  if (scheme) throw unknownScheme(scheme);
  const [{ openSqlite }, { SqliteEngine }] = await Promise.all([
    import("./sqlite/file.ts"),
    import("./sqlite/engine.ts"),
  ]);
  const { readOnly, readers } = options;
  return new SqliteEngine(openSqlite(location, options), readOnly, readers);
}

/** Only the scheme is shown: the rest may hold a password. */
function unknownScheme(scheme: string): SkerryError {
  return new SkerryError(
    `Cannot open the store ${scheme}://…: it is neither a file nor a server of MySQL or MariaDB`,
    {
      hint:
        "Name a file, as in --store skerry.db, or a server, as in --store mysql://user@127.0.0.1/skerry.",
    },
  );
}
