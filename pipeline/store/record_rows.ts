import { type Field, isNumeric, type RecordBatch } from "../record_batch.ts";
import { bindable, type SqlValue } from "./database.ts";
import { addressKey, compareBytes, microseconds, NO_PORT } from "./keys.ts";
import { type AddressColumn, fitsNot, isPort, leftOver } from "./left_over.ts";
import type { Column, RecordTable } from "./tables.ts";

/** One column of a batch, ready to be bound. */
export interface BoundColumn {
  readonly sql: string;
  /** Writes the values of the records `index` to `at`, `at + stride`, … */
  readonly fill: (
    params: SqlValue[],
    at: number,
    stride: number,
    index: Uint32Array,
  ) => void;
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
  const more = leftOver(batch, table, moreFields, { times, orig, resp });
  const columns = [
    codedColumn("orig_h", orig.codes, orig.keys),
    codedColumn("resp_h", resp.codes, resp.keys),
    numberColumn("resp_p", ports),
    numberColumn("ts_us", times),
    ...table.columns.flatMap((column) => boundColumn(batch, column) ?? []),
    ...(more ? [computedColumn("more", more)] : []),
  ];
  const [firstUs, lastUs] = extent(times);
  const order = keyOrder(times, ports, orig, resp);
  return { columns, order, firstUs, lastUs, moreFields };
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
  const { name, sql, kind } = column;
  if (!batch.has(name)) return null;
  if (kind === "number") {
    const values = batch.numbers(name);
    return values.every(Number.isNaN) ? null : numberColumn(sql, values);
  }
  if (kind !== "text" && kind !== "few") return null;
  const { codes, values } = batch.texts(name);
  if (codes.every((code) => code === 0)) return null;
  return codedColumn(
    sql,
    codes,
    values.map((text, code) =>
      code === 0 || fitsNot(column, text) ? null : bindable(text)
    ),
  );
}

function numberColumn(sql: string, values: Float64Array): BoundColumn {
  return {
    sql,
    fill(params, at, stride, index) {
      for (const i of index) {
        params[at] = Number.isNaN(values[i]) ? null : values[i];
        at += stride;
      }
    },
  };
}

function codedColumn(
  sql: string,
  codes: Uint32Array,
  values: readonly SqlValue[],
): BoundColumn {
  return {
    sql,
    fill(params, at, stride, index) {
      for (const i of index) {
        params[at] = values[codes[i]];
        at += stride;
      }
    },
  };
}

function computedColumn(
  sql: string,
  valueOf: (i: number) => SqlValue,
): BoundColumn {
  return {
    sql,
    fill(params, at, stride, index) {
      for (const i of index) {
        params[at] = valueOf(i);
        at += stride;
      }
    },
  };
}

function extent(values: Float64Array): [number, number] {
  let min = Infinity, max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
