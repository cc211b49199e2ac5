import { Pacer, type RunOptions } from "../progress.ts";
import type { Engine, Key } from "./engine.ts";
import type { Dataset } from "./session_store.ts";
import { marks, textOf } from "./sql.ts";
import { RECORD_TABLES } from "./tables.ts";

const UIDS_PER_QUERY = 100;

/** A record's log type and whole key: import, addresses, port, time, seq. */
interface Place {
  readonly logType: string;
  readonly key: Key;
}

/**
 * Fills the table of uids for imports that were not asked for yet: an index
 * that every import kept up to date would make each slower than the last.
 *
 * @returns false where nothing may be written.
 */
export async function indexUids(
  engine: Engine,
  dataset: Dataset,
  options: RunOptions,
): Promise<boolean> {
  const missing = await engine.all<{ id: number }>(
    `SELECT id FROM imports
      WHERE dataset_id = ? AND state = 'ready' AND uids_ready = 0`,
    dataset.id,
  );
  if (missing.length > 0 && engine.readOnly) return false;
  const pacer = new Pacer(options.signal);
  for (const [done, { id }] of missing.entries()) {
    options.onProgress?.({
      stage: "indexing uids",
      done,
      total: missing.length,
      unit: "imports",
    });
    await engine.transaction(async (sql) => {
      await sql.run("DELETE FROM uids WHERE import_id = ?", id);
      for (const table of RECORD_TABLES) {
        await sql.run(
          `INSERT INTO uids (import_id, uid, log_type, orig_h, resp_h, resp_p,
              ts_us, seq)
            SELECT import_id, ${engine.uidKey} AS u, log_type, orig_h, resp_h,
              resp_p, ts_us, seq
            FROM ${table.sql} WHERE import_id = ? AND uid IS NOT NULL
            ORDER BY u, log_type, seq`,
          id,
        );
      }
      await sql.run("UPDATE imports SET uids_ready = 1 WHERE id = ?", id);
    });
    if (pacer.due) await pacer.rest();
  }
  return true;
}

/** Where the records of the uids lie; a few more may share a long uid's start. */
export async function placesOf(
  engine: Engine,
  dataset: Dataset,
  uids: readonly string[],
): Promise<Place[]> {
  const out: Place[] = [];
  for (let at = 0; at < uids.length; at += UIDS_PER_QUERY) {
    const some = uids.slice(at, at + UIDS_PER_QUERY).map(engine.uidKeyOf);
    const rows = await engine.arrays(
      `SELECT log_type, import_id, orig_h, resp_h, resp_p, ts_us, seq FROM uids
        WHERE import_id IN
          (SELECT id FROM imports WHERE dataset_id = ? AND state = 'ready')
          AND uid IN ${marks(some.length)}`,
      [dataset.id, ...some],
    );
    for (const [logType, ...key] of rows) {
      out.push({ logType: textOf(logType), key });
    }
  }
  return out;
}
