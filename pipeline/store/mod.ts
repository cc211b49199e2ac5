import { SkerryError } from "../errors.ts";
import type { SessionStore } from "./session_store.ts";
import { SqliteEngine } from "./sqlite/engine.ts";
import { openSqlite } from "./sqlite/file.ts";
import { EngineStore } from "./store.ts";

export type * from "./session_store.ts";

export interface StoreOptions {
  /** Nothing is written: the store must be there and up to date. */
  readonly readOnly?: boolean;
  /** Records that an import sorts in memory and loads together. */
  readonly partRows?: number;
}

/**
 * Opens the store at a file path; the file, its folder and its tables are made
 * when they are missing. ":memory:" is a store that ends with the process.
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
 * newer Skerry's, locked, not writable.
 */
// deno-lint-ignore require-await
export async function openStore(
  location: string,
  options: StoreOptions = {},
): Promise<SessionStore> {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1];
  if (scheme) throw notAFile(scheme);
  const db = openSqlite(location, options);
  const engine = new SqliteEngine(db, options.readOnly);
  return new EngineStore(engine, options.partRows);
}

/** Only the scheme is shown: the rest may hold a password. */
function notAFile(scheme: string): SkerryError {
  return new SkerryError(
    `Cannot open the store ${scheme}://…: this version keeps its store in a file only`,
    { hint: "Name a file, as in --store skerry.db." },
  );
}
