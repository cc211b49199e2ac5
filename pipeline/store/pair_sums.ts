// Pairs over all imports of a dataset, those with most records first.
import { addressText } from "../address.ts";
import { PAIR_LOGS } from "../log_type_name.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { ready } from "./imports.ts";
import { compareBytes, NO_PORT, seconds } from "./keys.ts";
import type { Dataset, PairSummary } from "./session_store.ts";
import { type SqlValue, textOf, textOrNull } from "./sql.ts";

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
const TYPES = {
  named: typesIn(PAIR_LOGS.filter((name) => name !== "conn")),
  nameless: typesIn(["conn"]),
};

function typesIn(names: readonly string[]): string {
  const types = names.flatMap((name) => [`'${name}'`, `'open_${name}'`]);
  return `log_type IN (${types.join(", ")})`;
}

export interface SumOptions extends RunOptions {
  readonly limit: number;
  /** Pairs with a name, without, or both, which is the default. */
  readonly types?: readonly (keyof typeof TYPES)[];
  /** Whether the condition leaves every source in. */
  readonly everySource?: boolean;
}

/** What has to hold, and the parameters in it. */
export interface Condition {
  readonly where: readonly string[];
  readonly params: readonly SqlValue[];
}

/**
 * Pairs that fit one of the conditions, of all imports, most records first.
 * No pair may fit two: each condition is asked by itself, by its own index.
 */
export async function summed(
  engine: Engine,
  dataset: Dataset,
  conditions: readonly Condition[],
  { types = ["nameless", "named"], everySource = false, ...options }:
    SumOptions,
): Promise<PairSummary[]> {
  const imports = await ready(engine, dataset);
  const rows: PairRow[] = [];
  // Apart, since a server groups by a wide column many times more slowly.
  for (const type of types) {
    for (const { where, params } of conditions) {
      const own = { where: [imports, TYPES[type], ...where], params };
      const ask = everySource ? bySource : grouped;
      rows.push(...await ask(engine, type === "named", own, options));
    }
  }
  return rows.sort(compareRows).slice(0, options.limit).map((row) => ({
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
  engine: Engine,
  isNamed: boolean,
  { where, params }: Condition,
  { limit, signal }: Pick<SumOptions, "limit" | "signal">,
): Promise<PairRow[]> {
  const group = `log_type, orig_h, resp_h, resp_p${isNamed ? ", name" : ""}`;
  return await engine.aside<PairRow>(
    `SELECT log_type AS logType, orig_h AS src, resp_h AS dst, resp_p AS port,
        ${isNamed ? "name" : "NULL AS name"}, sum(nrows) AS count,
        min(first_us) AS firstUs, max(last_us) AS lastUs
      FROM pairs WHERE ${where.join(" AND ")}
      GROUP BY ${group} ORDER BY count DESC, ${group} LIMIT ?`,
    [...params, limit],
    signal,
  );
}

/** Records behind one statement: some 50 ms, and a sort that fits in memory. */
const SPAN_RECORDS = 100_000;

/** Some sources that follow each other, from ≤ source < to. */
interface Span {
  readonly from: Uint8Array;
  to: Uint8Array | null;
  records: number;
  /** Of the source that has most: none of its pairs has more. */
  most: number;
}

/**
 * All sources, some at a time: it can be stopped, says how far it is, and needs
 * no file to sort millions of pairs in. Sources of which no pair can be among
 * the first are left out.
 */
async function bySource(
  engine: Engine,
  isNamed: boolean,
  condition: Condition,
  { limit, signal, onProgress }: SumOptions,
): Promise<PairRow[]> {
  const { where, params } = condition;
  const spans = await spansOf(engine, where.slice(0, 2), signal);
  if (spans.length < 2) {
    return await grouped(engine, isNamed, condition, { limit, signal });
  }
  const pacer = new Pacer(signal);
  let first: PairRow[] = [];
  for (const [done, { from, to, most }] of spans.entries()) {
    const total = spans.length;
    onProgress?.({ stage: "reading", done, total, unit: "groups of sources" });
    if (first.length === limit && most < first[limit - 1].count) continue;
    const own = ["orig_h >= ?", ...(to ? ["orig_h < ?"] : [])];
    const some = await grouped(engine, isNamed, {
      where: [...where, ...own],
      params: [...params, from, ...(to ? [to] : [])],
    }, { limit, signal });
    first = [...first, ...some].sort(compareRows).slice(0, limit);
    if (pacer.due) await pacer.rest();
  }
  return first;
}

async function spansOf(
  engine: Engine,
  where: readonly string[],
  signal?: AbortSignal,
): Promise<Span[]> {
  const rows = await engine.aside<{ src: Uint8Array; records: number }>(
    `SELECT orig_h AS src, sum(nrows) AS records FROM hosts
      WHERE ${where.join(" AND ")} GROUP BY orig_h ORDER BY orig_h`,
    [],
    signal,
  );
  const spans: Span[] = [];
  for (const { src, records } of rows) {
    const last = spans.at(-1);
    if (last && last.records + records <= SPAN_RECORDS) {
      last.records += records;
      last.most = Math.max(last.most, records);
      continue;
    }
    if (last) last.to = src;
    spans.push({ from: src, to: null, records, most: records });
  }
  return spans;
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
