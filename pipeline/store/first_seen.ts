import type { Subject } from "../finding.ts";
import { addressKey, seconds } from "./keys.ts";
import { ready } from "./imports.ts";
import type { Dataset } from "./session_store.ts";
import { marks, type Sql, type SqlValue } from "./sql.ts";
import { tableOf } from "./tables.ts";

type Ends = Pick<Subject, "src" | "dst" | "name">;

/** See `SessionStore.firstSeen`. */
export function firstSeen(
  sql: Sql,
  dataset: Dataset,
  ends: Ends,
  sensors: readonly string[] = [],
): Promise<number | null> {
  return sensors.length === 0
    ? byAny(sql, dataset, ends)
    : bySensors(sql, dataset, ends, sensors);
}

async function byAny(
  sql: Sql,
  dataset: Dataset,
  { src, dst, name }: Ends,
): Promise<number | null> {
  const [types, where, what] = name === null
    ? ["'conn'", "resp_h = ?", addressKey(dst)]
    : ["'http', 'ssl'", "lower(name) = ?", name.toLowerCase()];
  const row = await sql.get<{ us: number | null }>(
    `SELECT min(first_us) AS us FROM pairs
      WHERE ${await ready(sql, dataset)} AND log_type IN (${types})
        AND orig_h = ? AND ${where}`,
    addressKey(src),
    what,
  );
  return row?.us == null ? null : seconds(row.us);
}

/** The pairs do not say who saw them: the records do, in the pair's order. */
async function bySensors(
  sql: Sql,
  dataset: Dataset,
  { src, dst, name }: Ends,
  sensors: readonly string[],
): Promise<number | null> {
  const places: [type: string, where: string, what: SqlValue][] = name === null
    ? [["conn", "resp_h = ?", addressKey(dst)]]
    : [
      ["http", "lower(host) = ?", name.toLowerCase()],
      ["ssl", "lower(server_name) = ?", name.toLowerCase()],
    ];
  const imports = await ready(sql, dataset);
  let first = Infinity;
  for (const [type, where, what] of places) {
    const row = await sql.get<{ us: number | null }>(
      `SELECT min(ts_us) AS us FROM ${tableOf(type).sql}
        WHERE ${imports} AND orig_h = ? AND ${where}
          AND system_name IN ${marks(sensors.length)}`,
      addressKey(src),
      what,
      ...sensors,
    );
    if (row?.us != null) first = Math.min(first, seconds(row.us));
  }
  return first === Infinity ? null : first;
}
