import { tellsPairs } from "../log_type_name.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import type { Field } from "../record_batch.ts";
import type { Engine, Key } from "./engine.ts";
import { hasKeys, keysOf } from "./links.ts";
import type { Dataset } from "./session_store.ts";
import { marks, type Sql, type SqlValue, textOf } from "./sql.ts";
import { RECORDS, TYPED_TABLES } from "./tables.ts";

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
      for (const table of TYPED_TABLES) {
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
      await indexLinks(engine, sql, id, pacer);
      await sql.run("UPDATE imports SET uids_ready = 1 WHERE id = ?", id);
    });
    if (pacer.due) await pacer.rest();
  }
  return true;
}

/** A row of the table of other logs, with what it may be found by. */
interface LinkRow {
  readonly origH: Uint8Array;
  readonly respH: Uint8Array;
  readonly respP: number;
  readonly tsUs: number;
  readonly seq: number;
  readonly uid: SqlValue;
  /** JSON, or its bytes. */
  readonly more: SqlValue;
}

/** Rows that are read, and keys that are added, by one statement. */
const LINK_ROWS = 4096, KEYS_PER_INSERT = 1000;

/** Of other logs, which name what they belong to in more fields than `uid`. */
async function indexLinks(
  engine: Engine,
  sql: Sql,
  importId: number,
  pacer: Pacer,
): Promise<void> {
  const held = await sql.all<{ logType: string; more: string }>(
    `SELECT log_type AS logType, more_fields AS more FROM import_records
      WHERE import_id = ?`,
    importId,
  );
  for (const { logType, more } of held) {
    if (tellsPairs(logType)) continue;
    const fields: Field[] = JSON.parse(more);
    const list = hasKeys(logType, fields) ? "more" : "NULL AS more";
    let us = Number.MIN_SAFE_INTEGER, seq = -1;
    while (true) {
      const rows = await sql.all<LinkRow>(
        `SELECT orig_h AS origH, resp_h AS respH, resp_p AS respP,
            ts_us AS tsUs, seq, uid, ${list}
          FROM ${RECORDS.sql} WHERE import_id = ? AND log_type = ?
            AND ts_us >= ? AND (ts_us > ? OR seq > ?)
          ORDER BY ts_us, seq LIMIT ${LINK_ROWS}`,
        ...[importId, logType, us, us, seq],
      );
      await addKeys(engine, sql, importId, logType, rows);
      if (pacer.due) await pacer.rest();
      if (rows.length < LINK_ROWS) break;
      ({ tsUs: us, seq } = rows[rows.length - 1]);
    }
  }
}

async function addKeys(
  engine: Engine,
  sql: Sql,
  importId: number,
  logType: string,
  rows: readonly LinkRow[],
): Promise<void> {
  const keys = rows.flatMap(({ uid, more, origH, respH, respP, tsUs, seq }) => {
    const found = [
      ...(uid === null ? [] : [textOf(uid)]),
      ...(more === null ? [] : keysOf(logType, JSON.parse(textOf(more)))),
    ];
    return [...new Set(found.map((key) => engine.uidKeyOf(key)))]
      .map((key) => [importId, key, logType, origH, respH, respP, tsUs, seq]);
  });
  for (let at = 0; at < keys.length; at += KEYS_PER_INSERT) {
    const some = keys.slice(at, at + KEYS_PER_INSERT);
    await sql.run(
      `INSERT INTO uids (import_id, uid, log_type, orig_h, resp_h, resp_p,
          ts_us, seq)
        VALUES ${some.map(() => marks(8)).join(", ")}`,
      ...some.flat(),
    );
  }
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
