import { addressBytes, addressText } from "../address.ts";
import type { RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { activity } from "./host_activity.ts";
import { importRecords, ready, spanOf as heldSpan } from "./imports.ts";
import { addressKey, compareBytes, NO_PORT, seconds } from "./keys.ts";
import { BIN_SECONDS } from "./overview.ts";
import { spanOf } from "./record_reader.ts";
import { recordsOf } from "./sessions.ts";
import type {
  Dataset,
  Histogram,
  HistogramQuery,
  HostOverview,
  HostSide,
  PairQuery,
  PairSummary,
  SearchResult,
} from "./session_store.ts";
import { marks, type Sql, type SqlValue, textOf, textOrNull } from "./sql.ts";
import { PAIR_LOGS, tellsPairs } from "../log_type_name.ts";

/** Peers and names that an overview lists. */
const TOP = 20;

/** See `SessionStore.pairs`. */
export function pairs(
  sql: Sql,
  dataset: Dataset,
  { src, dst, name, port, from, to, limit = 100 }: PairQuery,
): Promise<PairSummary[]> {
  const where: string[] = [], params: SqlValue[] = [];
  if (src !== undefined) where.push("orig_h = ?"), params.push(addressKey(src));
  if (dst !== undefined) where.push("resp_h = ?"), params.push(addressKey(dst));
  if (name !== undefined) {
    where.push("lower(name) LIKE ? ESCAPE '!'");
    params.push(`%${name.toLowerCase().replace(/[!%_]/g, "!$&")}%`);
  }
  if (port !== undefined) where.push("resp_p = ?"), params.push(port);
  const span = spanOf({ from, to });
  if (from !== undefined) where.push("last_us >= ?"), params.push(span.from);
  if (to !== undefined) where.push("first_us < ?"), params.push(span.to);
  return summed(sql, dataset, where, params, limit);
}

/** See `SessionStore.host`. */
export async function host(
  sql: Sql,
  dataset: Dataset,
  address: string,
): Promise<HostOverview> {
  const key = addressKey(address);
  const bytes = addressBytes(address);
  const asked = "orig_h = ? AND name IS NOT NULL";
  return {
    address: bytes ? addressText(bytes) : address,
    asSource: await side(sql, dataset, "orig_h", "resp_h", key),
    asDestination: await side(sql, dataset, "resp_h", "orig_h", key),
    names: await summed(sql, dataset, [asked], [key], TOP),
    ...await activity(sql, dataset, key),
  };
}

/** See `SessionStore.search`. */
export async function search(
  engine: Engine,
  dataset: Dataset,
  text: string,
  options: RunOptions & { readonly limit?: number },
): Promise<SearchResult> {
  const { limit = 100 } = options;
  const wanted = text.trim();
  if (wanted === "") return { pairs: [], records: [] };
  if (addressBytes(wanted)) {
    const key = addressKey(wanted);
    const where = ["(orig_h = ? OR resp_h = ?)"];
    const found = await summed(engine, dataset, where, [key, key], limit);
    return { pairs: found, records: [] };
  }
  const found = await pairs(engine, dataset, { name: wanted, limit });
  // A name is none of Zeek's uids; looking for one may index them all first.
  const records = /^[A-Za-z0-9]{8,}$/.test(wanted)
    ? await recordsOf(engine, dataset, [wanted], undefined, options)
    : [];
  return { pairs: found, records: records.slice(0, limit) };
}

/** See `SessionStore.histogram`. */
export async function histogram(
  sql: Sql,
  dataset: Dataset,
  { logType, from, to, bins = 200 }: HistogramQuery,
): Promise<Histogram> {
  const held = (await importRecords(sql, dataset)).filter((records) =>
    logType === undefined
      ? tellsPairs(records.logType)
      : records.logType === logType
  );
  const { firstTs, lastTs } = heldSpan(held);
  const start = from ?? firstTs, end = to ?? lastTs;
  if (start === null || end === null) {
    return { from: 0, width: BIN_SECONDS, counts: [] };
  }
  const first = Math.floor(start / BIN_SECONDS);
  // `to` is beyond the last bin, the last record within it.
  const last = to === undefined
    ? Math.floor(end / BIN_SECONDS)
    : Math.ceil(to / BIN_SECONDS) - 1;
  const each = Math.max(1, Math.ceil((last - first + 1) / bins));
  const counts = new Array<number>(
    Math.max(0, Math.ceil((last - first + 1) / each)),
  ).fill(0);
  const types = [...new Set(held.map(({ logType }) => logType))];
  if (types.length === 0) {
    return { from: first * BIN_SECONDS, width: each * BIN_SECONDS, counts };
  }
  const rows = await sql.all<{ bin: number; nrows: number }>(
    `SELECT bin, sum(nrows) AS nrows FROM bins
      WHERE ${await ready(sql, dataset)} AND bin >= ? AND bin <= ?
        AND log_type IN ${marks(types.length)}
      GROUP BY bin`,
    first,
    last,
    ...types,
  );
  for (const { bin, nrows } of rows) {
    counts[Math.floor((bin - first) / each)] += nrows;
  }
  return { from: first * BIN_SECONDS, width: each * BIN_SECONDS, counts };
}

async function side(
  sql: Sql,
  dataset: Dataset,
  own: string,
  other: string,
  key: Uint8Array,
): Promise<HostSide> {
  const row = (await sql.get<
    {
      peers: number;
      records: number | null;
      firstUs: number | null;
      lastUs: number | null;
    }
  >(
    `SELECT count(DISTINCT ${other}) AS peers, sum(nrows) AS records,
        min(first_us) AS firstUs, max(last_us) AS lastUs
      FROM pairs
      WHERE ${await ready(sql, dataset)} AND log_type = 'conn' AND ${own} = ?`,
    key,
  ))!;
  const conn = [`log_type = 'conn' AND ${own} = ?`];
  return {
    peers: row.peers,
    records: row.records ?? 0,
    firstTs: row.firstUs === null ? null : seconds(row.firstUs),
    lastTs: row.lastUs === null ? null : seconds(row.lastUs),
    top: await summed(sql, dataset, conn, [key], TOP),
  };
}

interface PairRow {
  readonly logType: string | Uint8Array;
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
  readonly port: number;
  readonly name: string | Uint8Array | null;
  readonly count: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

/**
 * Log types whose pairs have a name, and those whose pairs have none. Lists,
 * not a NOT IN: behind them a source is found by the key.
 */
const NAMED = typesIn(PAIR_LOGS.filter((name) => name !== "conn"));
const NAMELESS = typesIn(["conn"]);

function typesIn(names: readonly string[]): string {
  const types = names.flatMap((name) => [`'${name}'`, `'open_${name}'`]);
  return `log_type IN (${types.join(", ")})`;
}

async function summed(
  sql: Sql,
  dataset: Dataset,
  where: readonly string[],
  params: readonly SqlValue[],
  limit: number,
): Promise<PairSummary[]> {
  // Apart, since a server groups by a wide column many times more slowly.
  const rows = [
    ...await grouped(sql, dataset, [NAMELESS, ...where], params, limit),
    ...await grouped(sql, dataset, [NAMED, ...where], params, limit),
  ];
  return rows.sort(compareRows).slice(0, limit).map((row) => ({
    logType: textOf(row.logType),
    src: addressOf(row.src),
    dst: addressOf(row.dst),
    port: row.port === NO_PORT ? null : row.port,
    name: textOrNull(row.name),
    count: row.count,
    firstTs: seconds(row.firstUs),
    lastTs: seconds(row.lastUs),
  }));
}

async function grouped(
  sql: Sql,
  dataset: Dataset,
  where: readonly string[],
  params: readonly SqlValue[],
  limit: number,
): Promise<PairRow[]> {
  const name = where[0] === NAMED ? "name" : "NULL AS name";
  const group = `log_type, orig_h, resp_h, resp_p${
    where[0] === NAMED ? ", name" : ""
  }`;
  return await sql.all<PairRow>(
    `SELECT log_type AS logType, orig_h AS src, resp_h AS dst, resp_p AS port,
        ${name}, sum(nrows) AS count, min(first_us) AS firstUs,
        max(last_us) AS lastUs
      FROM pairs WHERE ${[await ready(sql, dataset), ...where].join(" AND ")}
      GROUP BY ${group} ORDER BY count DESC, ${group} LIMIT ?`,
    ...params,
    limit,
  );
}

/** Most records first; ties in the order of the key, the same in any engine. */
function compareRows(a: PairRow, b: PairRow): number {
  const text = (value: PairRow["name"]) => textOrNull(value) ?? "";
  return b.count - a.count || compareText(text(a.logType), text(b.logType)) ||
    compareBytes(a.src, b.src) || compareBytes(a.dst, b.dst) ||
    a.port - b.port || compareText(text(a.name), text(b.name));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function addressOf(key: Uint8Array): string {
  return key.length === 0 ? "" : addressText(key);
}
