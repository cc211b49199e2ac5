import { SkerryError } from "../../errors.ts";
import type { Database } from "./database.ts";
import { STEPS } from "./schema.ts";

/** "SKRY": tells a store from another program's SQLite file. */
export const APPLICATION_ID = 0x534b5259;

/**
 * Looks before anything is written.
 *
 * @returns how many steps the store has done; 0 for an empty file.
 * @throws SkerryError for another program's database and for a store of a
 * newer Skerry.
 */
export function checkVersion(db: Database): number {
  // First: a program that makes the store meanwhile has then marked it too.
  const isUsed = hasTables(db);
  const done = pragma(db, "user_version");
  const owner = pragma(db, "application_id");
  if (owner !== APPLICATION_ID && (owner + done !== 0 || isUsed)) {
    throw new SkerryError(
      `Cannot open the store ${db.location}: it is another program's database`,
      { hint: "Name a file that does not exist yet." },
    );
  }
  if (done > STEPS.length) {
    throw new SkerryError(
      `Cannot open the store ${db.location}: a newer Skerry wrote it (schema ${done}, this one knows ${STEPS.length})`,
      { hint: "Update Skerry, or name another store." },
    );
  }
  return done;
}

/** Does the steps that are missing, all or none. */
export function migrate(db: Database): void {
  if (checkVersion(db) === STEPS.length) return;
  db.transaction(() => {
    // Asked again under the lock: another process may have been faster.
    for (const step of STEPS.slice(checkVersion(db))) db.exec(step);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec(`PRAGMA user_version = ${STEPS.length}`);
  });
}

function pragma(db: Database, name: string): number {
  return db.get<Record<string, number>>(`PRAGMA ${name}`)![name];
}

function hasTables(db: Database): boolean {
  return db.get("SELECT 1 FROM sqlite_schema LIMIT 1") !== null;
}
