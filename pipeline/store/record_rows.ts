import { type Field, isNumeric, type RecordBatch } from "../record_batch.ts";
import { binOf } from "./overview.ts";
import type { SqlValue } from "./sql.ts";
import { addressKey, compareBytes, microseconds, NO_PORT } from "./keys.ts";
import { type AddressColumn, fitsNot, isPort, leftOver } from "./left_over.ts";
import type { Column, RecordTable } from "./tables.ts";

/** One column of a batch, ready to be loaded: the value of record i. */
export type LoadColumn =
  & { readonly sql: string }
  & (
    | /** What is not finite is unset. */ {
      readonly kind: "numbers";
      readonly values: Float64Array;
    }
    | {
      readonly kind: "coded";
      readonly codes: Uint32Array;
      readonly values: readonly SqlValue[];
    }
    | { readonly kind: "computed"; readonly value: (i: number) => SqlValue }
  );

/** A batch as rows of its table, in the order of the table's key. */
export interface RecordRows {
  /** All columns besides import_id, log_type and seq. */
  readonly columns: readonly LoadColumn[];
  /** Shape (length,): indices of records, sorted by key. */
  readonly order: Uint32Array;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Records by the number of their bin, see overview.ts. */
  readonly bins: ReadonlyMap<number, number>;
  /** Fields that no column holds. */
  readonly moreFields: readonly Field[];
}

/** Whence records came, each array of shape (length,). */
export interface RecordPlaces {
  /** Numbers of their files. */
  readonly files: Float64Array;
  /** Numbers of their lines there; NaN where that is not known. */
  readonly lines: Float64Array;
}

/** @param batch one that {@link checkBatch} has seen. */
export function recordRows(
  batch: RecordBatch,
  table: RecordTable,
  { files, lines }: RecordPlaces,
): RecordRows {
  const known = new Map(table.columns.map((column) => [column.name, column]));
  const times = batch.numbers("ts").map(microseconds);
  const orig = addressesOf(batch, "id.orig_h");
  const resp = addressesOf(batch, "id.resp_h");
  const ports = batch.numbers("id.resp_p").map((p) => isPort(p) ? p : NO_PORT);
  const moreFields = batch.schema.fields.filter(({ name }) => !known.has(name));
  const more = leftOver(batch, table, moreFields, { times, orig, resp });
  const columns = [
    codedColumn("orig_h", orig.codes, orig.keys),
    codedColumn("resp_h", resp.codes, resp.keys),
    numberColumn("resp_p", ports),
    numberColumn("ts_us", times),
    numberColumn("file_no", files),
    numberColumn("line_no", lines),
    ...table.columns.flatMap((column) => boundColumn(batch, column) ?? []),
    ...(more ? [{ sql: "more", kind: "computed", value: more } as const] : []),
  ];
  const [firstUs, lastUs] = extent(times);
  const order = keyOrder(times, ports, orig, resp, files);
  return { columns, order, firstUs, lastUs, bins: binsOf(times), moreFields };
}

/**
 * @throws TypeError when the batch holds a number where the table holds a
 * text, or the reverse; RangeError when a record has no time.
 */
export function checkBatch(batch: RecordBatch, table: RecordTable): void {
  const { path, fields } = batch.schema;
  const known = new Map(table.columns.map((column) => [column.name, column]));
  for (const { name, type } of fields) {
    const column = known.get(name);
    if (!column || isNumeric(column.type) === isNumeric(type)) continue;
    throw new TypeError(
      `Cannot store ${path}: ${name} must be ${column.type}, got ${type}`,
    );
  }
  const missing = batch.numbers("ts").findIndex(Number.isNaN);
  if (missing >= 0) {
    throw new RangeError(`Cannot store ${path}: record ${missing} has no ts`);
  }
}

function addressesOf(batch: RecordBatch, name: string): AddressColumn {
  const { codes, values } = batch.texts(name);
  const keys = values.map((text, code) => addressKey(code === 0 ? "" : text));
  const sorted = [...keys.keys()].sort((a, b) =>
    compareBytes(keys[a], keys[b])
  );
  const ranks = new Uint32Array(keys.length);
  let rank = 0;
  sorted.forEach((code, at) => {
    if (at > 0 && compareBytes(keys[sorted[at - 1]], keys[code]) !== 0) rank++;
    ranks[code] = rank;
  });
  return { name, codes, values, keys, ranks };
}

/**
 * Records grouped by pair and port by counting, then each group in the order of
 * time, file and place in the file, however the files were read. Five
 * times as fast as comparing whole keys, since a log is in time order.
 */
function keyOrder(
  times: Float64Array,
  ports: Float64Array,
  orig: AddressColumn,
  resp: AddressColumn,
  files: Float64Array,
): Uint32Array {
  const pairs = ranked(
    times.length,
    (i) =>
      orig.ranks[orig.codes[i]] * resp.keys.length + resp.ranks[resp.codes[i]],
  );
  const groups = ranked(
    times.length,
    (i) => pairs.ranks[i] * PORTS + ports[i] - NO_PORT,
  );
  const order = counted(groups);
  const compare = (a: number, b: number) =>
    times[a] - times[b] || files[a] - files[b] || a - b;
  for (let at = 0; at < order.length;) {
    let end = at + 1, inOrder = true;
    const group = groups.ranks[order[at]];
    for (; end < order.length && groups.ranks[order[end]] === group; end++) {
      inOrder &&= compare(order[end - 1], order[end]) < 0;
    }
    if (!inOrder) {
      order.subarray(at, end).sort(compare);
    }
    at = end;
  }
  return order;
}

/** Ports and the place of a port that is unset. */
const PORTS = 65_537;

interface Ranks {
  /** Shape (n,): the key's place among the distinct ones. */
  readonly ranks: Uint32Array;
  readonly distinct: number;
}

function ranked(n: number, keyAt: (i: number) => number): Ranks {
  const keys = new Float64Array(n);
  for (let i = 0; i < n; i++) keys[i] = keyAt(i);
  const distinct = Float64Array.from(new Set(keys)).sort();
  const rank = new Map<number, number>();
  distinct.forEach((key, at) => rank.set(key, at));
  return {
    ranks: Uint32Array.from(keys, (key) => rank.get(key)!),
    distinct: distinct.length,
  };
}

/** Indices sorted by rank, equal ones as they came. */
function counted({ ranks, distinct }: Ranks): Uint32Array {
  const starts = new Uint32Array(distinct + 1);
  for (const rank of ranks) starts[rank + 1]++;
  for (let r = 0; r < distinct; r++) starts[r + 1] += starts[r];
  const order = new Uint32Array(ranks.length);
  ranks.forEach((rank, i) => order[starts[rank]++] = i);
  return order;
}

/** null for the key's columns and for those that no record has. */
function boundColumn(batch: RecordBatch, column: Column): LoadColumn | null {
  const { name, sql, kind } = column;
  if (!batch.has(name)) return null;
  if (kind === "number") {
    const values = batch.numbers(name);
    return values.some(Number.isFinite) ? numberColumn(sql, values) : null;
  }
  if (kind !== "text" && kind !== "few") return null;
  const { codes, values } = batch.texts(name);
  if (codes.every((code) => code === 0)) return null;
  return codedColumn(
    sql,
    codes,
    values.map((text, code) =>
      code === 0 || fitsNot(column, text) ? null : text
    ),
  );
}

function numberColumn(sql: string, values: Float64Array): LoadColumn {
  return { sql, kind: "numbers", values };
}

function codedColumn(
  sql: string,
  codes: Uint32Array,
  values: readonly SqlValue[],
): LoadColumn {
  return { sql, kind: "coded", codes, values };
}

function binsOf(times: Float64Array): Map<number, number> {
  const bins = new Map<number, number>();
  for (const us of times) {
    const bin = binOf(us);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  return bins;
}

function extent(values: Float64Array): [number, number] {
  let min = Infinity, max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
