import { type Field, isNumeric, type RecordBatch } from "../record_batch.ts";
import { bindable, type SqlValue } from "./database.ts";
import {
  addressKey,
  compareBytes,
  microseconds,
  NO_PORT,
  seconds,
} from "./keys.ts";
import type { Column, RecordTable } from "./tables.ts";

/** One column of a batch, ready to be bound. */
interface BoundColumn {
  readonly sql: string;
  /** The value of record `i`. */
  readonly valueOf: (i: number) => SqlValue;
}

/** A batch as rows of its table, in the order of the table's key. */
export interface RecordRows {
  /** Columns of the INSERT, besides import_id, log_type and seq. */
  readonly columns: readonly BoundColumn[];
  /** Shape (length,): indices of records, sorted by key. */
  readonly order: Uint32Array;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Fields that no column holds. */
  readonly moreFields: readonly Field[];
}

/**
 * @throws TypeError when the batch holds a number where the table holds a
 * text, or the reverse; RangeError when a record has no time.
 */
export function recordRows(batch: RecordBatch, table: RecordTable): RecordRows {
  const known = new Map(table.columns.map((column) => [column.name, column]));
  for (const field of batch.schema.fields) checkKind(batch, field, known);
  const times = timesOf(batch);
  const orig = addressesOf(batch, "id.orig_h");
  const resp = addressesOf(batch, "id.resp_h");
  const ports = batch.numbers("id.resp_p").map((p) => isPort(p) ? p : NO_PORT);
  const moreFields = batch.schema.fields.filter(({ name }) => !known.has(name));
  const more = leftOver(batch, moreFields, { times, ports, orig, resp });
  const columns = [
    { sql: "orig_h", valueOf: (i: number) => orig.keys[orig.codes[i]] },
    { sql: "resp_h", valueOf: (i: number) => resp.keys[resp.codes[i]] },
    { sql: "resp_p", valueOf: (i: number) => ports[i] },
    { sql: "ts_us", valueOf: (i: number) => times[i] },
    ...table.columns.flatMap((column) => boundColumn(batch, column) ?? []),
    ...more,
  ];
  const [firstUs, lastUs] = extent(times);
  const order = keyOrder(times, ports, orig, resp);
  return { columns, order, firstUs, lastUs, moreFields };
}

/** Addresses of one field: per code the key, and its place in key order. */
interface AddressColumn {
  readonly name: string;
  readonly codes: Uint32Array;
  readonly values: readonly string[];
  readonly keys: readonly Uint8Array[];
  readonly ranks: Uint32Array;
}

interface Keys {
  readonly times: Float64Array;
  readonly ports: Float64Array;
  readonly orig: AddressColumn;
  readonly resp: AddressColumn;
}

function checkKind(
  batch: RecordBatch,
  field: Field,
  known: ReadonlyMap<string, Column>,
): void {
  const column = known.get(field.name);
  if (!column || isNumeric(column.type) === isNumeric(field.type)) return;
  throw new TypeError(
    `Cannot store ${batch.schema.path}: ${field.name} must be ${column.type}, got ${field.type}`,
  );
}

function timesOf(batch: RecordBatch): Float64Array {
  const ts = batch.numbers("ts");
  const missing = ts.findIndex(Number.isNaN);
  if (missing >= 0) {
    throw new RangeError(
      `Cannot store ${batch.schema.path}: record ${missing} has no ts`,
    );
  }
  return ts.map(microseconds);
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

function isPort(p: number): boolean {
  return Number.isInteger(p) && p >= 0 && p <= 65535;
}

function keyOrder(
  times: Float64Array,
  ports: Float64Array,
  orig: AddressColumn,
  resp: AddressColumn,
): Uint32Array {
  const from = orig.codes.map((code) => orig.ranks[code]);
  const to = resp.codes.map((code) => resp.ranks[code]);
  return Uint32Array.from(times.keys()).sort((a, b) =>
    from[a] - from[b] || to[a] - to[b] || ports[a] - ports[b] ||
    times[a] - times[b] || a - b
  );
}

/** null for the key's columns and for those that no record has. */
function boundColumn(batch: RecordBatch, column: Column): BoundColumn | null {
  if (!batch.has(column.name)) return null;
  if (column.kind === "number") return numberColumn(batch, column);
  return column.kind === "text" ? textColumn(batch, column) : null;
}

function numberColumn(batch: RecordBatch, column: Column): BoundColumn | null {
  const values = batch.numbers(column.name);
  if (values.every(Number.isNaN)) return null;
  const valueOf = (i: number) => Number.isNaN(values[i]) ? null : values[i];
  return { sql: column.sql, valueOf };
}

function textColumn(batch: RecordBatch, column: Column): BoundColumn | null {
  const { codes, values } = batch.texts(column.name);
  if (codes.every((code) => code === 0)) return null;
  const bound = values.map((text, code) => code === 0 ? null : bindable(text));
  return { sql: column.sql, valueOf: (i) => bound[codes[i]] };
}

/**
 * The JSON column: fields without a column, and the values that a key cannot
 * hold (a time finer than a microsecond, a text that is no address).
 */
function leftOver(
  batch: RecordBatch,
  fields: readonly Field[],
  keys: Keys,
): BoundColumn[] {
  const parts = [
    ...fields.map((f) => valueReader(batch, f)),
    ...keyReaders(batch, keys),
  ];
  const valueOf = (i: number) => {
    let more: Record<string, string | number> | null = null;
    for (const [name, read] of parts) {
      const value = read(i);
      if (value !== undefined) (more ??= {})[name] = value;
    }
    return more && JSON.stringify(more);
  };
  return parts.length > 0 ? [{ sql: "more", valueOf }] : [];
}

type Reader = readonly [
  name: string,
  read: (i: number) => string | number | undefined,
];

function valueReader(batch: RecordBatch, { name, type }: Field): Reader {
  if (isNumeric(type)) {
    const values = batch.numbers(name);
    return [name, (i) => Number.isNaN(values[i]) ? undefined : values[i]];
  }
  const { codes, values } = batch.texts(name);
  return [name, (i) => codes[i] === 0 ? undefined : values[codes[i]]];
}

/** Readers of the key's fields, only where one of them does not fit. */
function keyReaders(batch: RecordBatch, keys: Keys): Reader[] {
  const out: Reader[] = [];
  const ts = batch.numbers("ts"), port = batch.numbers("id.resp_p");
  if (ts.some((t, i) => seconds(keys.times[i]) !== t)) {
    out.push([
      "ts",
      (i) => seconds(keys.times[i]) === ts[i] ? undefined : ts[i],
    ]);
  }
  if (port.some((p) => !Number.isNaN(p) && !isPort(p))) {
    out.push([
      "id.resp_p",
      (i) => isPort(port[i]) || Number.isNaN(port[i]) ? undefined : port[i],
    ]);
  }
  for (const { name, codes, values, keys: bytes } of [keys.orig, keys.resp]) {
    const odd = bytes.map((key, code) => code > 0 && key.length === 0);
    if (odd.includes(true)) {
      out.push([name, (i) => odd[codes[i]] ? values[codes[i]] : undefined]);
    }
  }
  return out;
}

function extent(values: Float64Array): [number, number] {
  let min = Infinity, max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
