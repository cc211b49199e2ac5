import { fieldToJson, type JsonField } from "../field_json.ts";
import { type Field, isNumeric, type RecordBatch } from "../record_batch.ts";
import { seconds } from "./keys.ts";
import type { Column, RecordTable } from "./tables.ts";

/** Addresses of one field: per code the key, and its place in key order. */
export interface AddressColumn {
  readonly name: string;
  readonly codes: Uint32Array;
  readonly values: readonly string[];
  readonly keys: readonly Uint8Array[];
  readonly ranks: Uint32Array;
}

interface Keys {
  /** Microseconds. */
  readonly times: Float64Array;
  readonly orig: AddressColumn;
  readonly resp: AddressColumn;
}

/**
 * The JSON column `more`: fields without a column of their own, and values
 * that their column cannot hold (a time finer than a microsecond, a text that
 * is no address). Undefined where no record can have any.
 */
export function leftOver(
  batch: RecordBatch,
  table: RecordTable,
  fields: readonly Field[],
  keys: Keys,
): ((i: number) => string | null) | undefined {
  const parts = [
    ...fields.map((f) => valueReader(batch, f)),
    ...keyReaders(batch, keys),
    ...textReaders(batch, table),
    ...endlessReaders(batch, table),
  ];
  if (parts.length === 0) return undefined;
  return (i) => {
    const more: [string, JsonField][] = [];
    for (const [name, read] of parts) {
      const value = read(i);
      if (value !== undefined) more.push([name, value]);
    }
    // fromEntries: a log may well have a field "__proto__".
    return more.length > 0 ? JSON.stringify(Object.fromEntries(more)) : null;
  };
}

/** Columns that are read as a JSON array cannot hold the bytes of a NUL. */
export function fitsNot({ kind }: Column, text: string): boolean {
  return kind === "few" && text.includes("\0");
}

export function isPort(p: number): boolean {
  return Number.isInteger(p) && p >= 0 && p <= 65535;
}

type Reader = readonly [
  name: string,
  read: (i: number) => JsonField | undefined,
];

function valueReader(batch: RecordBatch, { name, type }: Field): Reader {
  if (isNumeric(type)) {
    const values = batch.numbers(name);
    return [
      name,
      (i) => Number.isNaN(values[i]) ? undefined : fieldToJson(type, values[i]),
    ];
  }
  const { codes, values } = batch.texts(name);
  const json = values.map((text) => fieldToJson(type, text));
  return [name, (i) => codes[i] === 0 ? undefined : json[codes[i]]];
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
      out.push(oddTexts(name, codes, values, odd));
    }
  }
  return out;
}

/** Readers of the columns in which some text does not fit. */
function textReaders(batch: RecordBatch, table: RecordTable): Reader[] {
  const out: Reader[] = [];
  for (const column of table.columns) {
    if (column.kind !== "few" || !batch.has(column.name)) continue;
    const { codes, values } = batch.texts(column.name);
    const odd = values.map((text) => fitsNot(column, text));
    if (odd.includes(true)) out.push(oddTexts(column.name, codes, values, odd));
  }
  return out;
}

/** Readers of the number columns that hold an infinity: no server takes one. */
function endlessReaders(batch: RecordBatch, table: RecordTable): Reader[] {
  const out: Reader[] = [];
  for (const { name, kind } of table.columns) {
    if (kind !== "number" || !batch.has(name)) continue;
    const values = batch.numbers(name);
    if (!values.some(isEndless)) continue;
    out.push([
      name,
      (i) =>
        isEndless(values[i]) ? fieldToJson("double", values[i]) : undefined,
    ]);
  }
  return out;
}

function isEndless(value: number): boolean {
  return value === Infinity || value === -Infinity;
}

function oddTexts(
  name: string,
  codes: Uint32Array,
  values: readonly string[],
  odd: readonly boolean[],
): Reader {
  return [name, (i) => odd[codes[i]] ? values[codes[i]] : undefined];
}
