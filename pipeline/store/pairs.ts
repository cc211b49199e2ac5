import { addressBytes, addressText } from "../address.ts";
import type { RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { activity } from "./host_activity.ts";
import { importRecords, ready, spanOf as heldSpan } from "./imports.ts";
import { addressKey, seconds } from "./keys.ts";
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
import { marks, type Sql, type SqlValue } from "./sql.ts";
import { tellsPairs } from "../log_type_name.ts";
import { summed } from "./pair_sums.ts";

/** Peers and names that an overview lists. */
const TOP = 20;

/** See `SessionStore.pairs`. */
export async function pairs(
  engine: Engine,
  dataset: Dataset,
  { src, dst, name, port, from, to, limit = 100, ...options }: PairQuery,
): Promise<PairSummary[]> {
  options.signal?.throwIfAborted();
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
  return await summed(engine, dataset, [{ where, params }], {
    ...options,
    limit,
    types: name === undefined ? ["nameless", "named"] : ["named"],
    everySource: src === undefined && dst === undefined,
  });
}

/** See `SessionStore.host`. */
export async function host(
  engine: Engine,
  dataset: Dataset,
  address: string,
  options: RunOptions,
): Promise<HostOverview> {
  const key = addressKey(address);
  const bytes = addressBytes(address);
  const names = { where: ["orig_h = ? AND name IS NOT NULL"], params: [key] };
  const { signal } = options;
  return {
    address: bytes ? addressText(bytes) : address,
    asSource: await side(engine, dataset, ["orig_h", "resp_h"], key, options),
    asDestination: await side(
      engine,
      dataset,
      ["resp_h", "orig_h"],
      key,
      options,
    ),
    names: await summed(engine, dataset, [names], {
      limit: TOP,
      signal,
      types: ["named"],
    }),
    ...await activity(engine, dataset, key, options),
  };
}

/** See `SessionStore.search`. */
export async function search(
  engine: Engine,
  dataset: Dataset,
  text: string,
  options: RunOptions & { readonly limit?: number },
): Promise<SearchResult> {
  const { limit = 100, signal } = options;
  const wanted = text.trim();
  if (wanted === "") return { pairs: [], records: [] };
  if (addressBytes(wanted)) {
    const key = addressKey(wanted);
    const found = await summed(engine, dataset, [
      { where: ["orig_h = ?"], params: [key] },
      { where: ["resp_h = ? AND orig_h <> ?"], params: [key, key] },
    ], { limit, signal });
    return { pairs: found, records: [] };
  }
  const found = await pairs(engine, dataset, {
    ...options,
    name: wanted,
    limit,
  });
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
  engine: Engine,
  dataset: Dataset,
  [own, other]: readonly [own: string, other: string],
  key: Uint8Array,
  { signal }: RunOptions,
): Promise<HostSide> {
  const [row] = await engine.aside<
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
      WHERE ${await ready(
      engine,
      dataset,
    )} AND log_type = 'conn' AND ${own} = ?`,
    [key],
    signal,
  );
  const conn = { where: [`log_type = 'conn' AND ${own} = ?`], params: [key] };
  return {
    peers: row.peers,
    records: row.records ?? 0,
    firstTs: row.firstUs === null ? null : seconds(row.firstUs),
    lastTs: row.lastUs === null ? null : seconds(row.lastUs),
    top: await summed(engine, dataset, [conn], {
      limit: TOP,
      signal,
      types: ["nameless"],
    }),
  };
}
