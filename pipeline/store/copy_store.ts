import { SkerryError } from "../errors.ts";
import type { RunOptions } from "../progress.ts";
import { Checksum, count, insert, rowsOf, TABLES } from "./copy_rows.ts";
import type { Engine } from "./engine.ts";

/** A table of a copy; `checksum` was the same on both sides. */
export interface CopiedTable {
  readonly name: string;
  readonly rows: number;
  /** sha256 over all values in the order of the key, hex. */
  readonly checksum: string;
}

export interface CopyReport {
  readonly tables: readonly CopiedTable[];
}

/**
 * Copies everything from one store into another, which must be empty, and
 * compares both sides table by table. Imports of `from` have to wait.
 *
 * @throws SkerryError when `to` holds something, or a table differs afterwards.
 */
export async function copyStore(
  from: Engine,
  to: Engine,
  options: RunOptions,
): Promise<CopyReport> {
  if (await to.get("SELECT 1 AS one FROM datasets LIMIT 1")) {
    throw new SkerryError(
      `Cannot copy into the store ${to.location}: it holds datasets already`,
      { hint: "Name a store that does not exist yet." },
    );
  }
  await using _locks = await lockAll(from, options);
  const tables: CopiedTable[] = [];
  for (const table of TABLES) {
    const total = await count(from, table);
    const report = (stage: string, done: number) =>
      options.onProgress?.({ stage, done, total, unit: "rows" });
    const name = table.name.replaceAll("`", "");
    const sent = new Checksum();
    for await (const rows of rowsOf(from, table, options)) {
      await insert(to, table, rows);
      sent.add(rows);
      report(`copying ${name}`, sent.rows);
    }
    const arrived = new Checksum();
    for await (const rows of rowsOf(to, table, options)) {
      arrived.add(rows);
      report(`comparing ${name}`, arrived.rows);
    }
    const checksum = sent.finish();
    if (arrived.finish() !== checksum || arrived.rows !== sent.rows) {
      throw new SkerryError(
        `Cannot copy the store ${from.location}: the table ${name} is not the same in ${to.location}, ${arrived.rows} rows of ${sent.rows}`,
        { hint: "Remove the copy and begin again; the store is as it was." },
      );
    }
    tables.push({ name, rows: sent.rows, checksum });
  }
  return { tables };
}

/** Nothing is imported while it is copied. */
async function lockAll(
  from: Engine,
  options: RunOptions,
): Promise<AsyncDisposable> {
  const locks = new AsyncDisposableStack();
  if (from.readOnly) return locks;
  const ids = await from.all<{ id: number }>(
    "SELECT id FROM datasets ORDER BY id",
  );
  for (const { id } of ids) locks.use(await from.lockImport(id, options));
  return locks;
}
