import { SkerryError } from "../errors.ts";
import type { SessionStore } from "./session_store.ts";
import { SqliteStore } from "./sqlite.ts";
import { openSqlite } from "./sqlite_file.ts";

export type * from "./session_store.ts";

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
 * @param options `readOnly` writes nothing, and needs a store that is there.
 * @throws SkerryError "Cannot open the store PATH: …": no SQLite database, a
 * newer Skerry's, locked, not writable.
 */
// deno-lint-ignore require-await
export async function openStore(
  location: string,
  options: { readonly readOnly?: boolean } = {},
): Promise<SessionStore> {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1];
  if (scheme) throw notAFile(scheme);
  return new SqliteStore(openSqlite(location, options));
}

/** Only the scheme is shown: the rest may hold a password. */
function notAFile(scheme: string): SkerryError {
  return new SkerryError(
    `Cannot open the store ${scheme}://…: this version keeps its store in a file only`,
    { hint: "Name a file, as in --store skerry.db." },
  );
}
