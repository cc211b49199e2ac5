import {
  isNumeric,
  RecordBatch,
  type Schema,
  type TextColumn,
} from "../record_batch.ts";
import { addressText } from "../address.ts";
import { fieldFromJson, type JsonField } from "../field_json.ts";
import { addressOfHex, compareBytes, NO_PORT, seconds } from "./keys.ts";
import { type SqlValue, textOf } from "./sql.ts";
import { type Column, fewOf, type RecordTable } from "./tables.ts";

/** A row as {@link RowLayout} lays it. */
export type Row = readonly SqlValue[];

/** How an engine's rows lie. */
export interface RowLayout {
  /**
   * Addresses come in hex and the columns of few values as one JSON array: both
   * halve the time that node:sqlite needs.
   */
  readonly packed: boolean;
  /**
   * What to select, in the order that {@link RecordColumns} expects.
   *
   * @param placed whether {@link lineOf} is asked of the rows.
   */
  selectList(table: RecordTable, placed?: boolean): string;
}

/** Behind all others: most readers have no use for it. */
const LINE = "line_no";

export const PACKED: RowLayout = {
  packed: true,
  selectList(table, placed = false) {
    const few = fewOf(table).map(({ sql }) => sql).join(", ");
    return [
      "hex(orig_h), hex(resp_h), resp_p, ts_us, seq, file_no, more",
      ...ownColumns(table, true).map(({ sql }) => sql),
      `json_array(${few})`,
      ...(placed ? [LINE] : []),
    ].join(", ");
  },
};

export const PLAIN: RowLayout = {
  packed: false,
  selectList(table, placed = false) {
    return [
      "orig_h, resp_h, resp_p, ts_us, seq, file_no, more",
      ...ownColumns(table, false).map(({ sql }) => sql),
      ...(placed ? [LINE] : []),
    ].join(", ");
  },
};

/** Where the key and what is left over stand in a row. */
const ORIG = 0, RESP = 1, PORT = 2, TIME = 3, SEQ = 4, FILE = 5, MORE = 6;

/** The columns of their own come after those, and then the packed ones. */
const FIRST_OWN = 7;

/** The key of a row, to continue after it. */
export function keyOf(row: Row, { packed }: RowLayout): SqlValue[] {
  const addresses = packed
    ? [row[ORIG], row[RESP]].map((hex) => Uint8Array.fromHex(hex as string))
    : [row[ORIG], row[RESP]];
  return [...addresses, ...row.slice(PORT, SEQ + 1)];
}

/** Number of the file that a row is of. */
export function fileNoOf(row: Row): number {
  return Number(row[FILE]);
}

/** Where a row that was selected as placed stands there; null if unknown. */
export function lineOf(row: Row): number | null {
  const line = row[row.length - 1];
  return line === null ? null : Number(line);
}

/** Order of source, destination, port, time and file of two rows of one layout. */
export function comparePlaces(a: Row, b: Row): number {
  return compareAddresses(a[ORIG], b[ORIG]) ||
    compareAddresses(a[RESP], b[RESP]) ||
    (a[PORT] as number) - (b[PORT] as number) ||
    (a[TIME] as number) - (b[TIME] as number) ||
    (a[FILE] as number) - (b[FILE] as number);
}

function compareAddresses(a: SqlValue, b: SqlValue): number {
  if (typeof a === "string") return a === b ? 0 : a < b! ? -1 : 1;
  return compareBytes(a as Uint8Array, b as Uint8Array);
}

/**
 * Turns rows of a record table into columns: `add` rows, then `finish`.
 * Column by column, because that is three times as fast as row by row.
 */
export class RecordColumns {
  #length = 0;
  readonly #schema: Schema;
  readonly #layout: RowLayout;
  readonly #own: readonly Column[];
  readonly #few: readonly Column[];
  readonly #capacity: number;
  readonly #packs = new Packs();
  #numbers = new Map<string, Float64Array>();
  #texts = new Map<string, Texts>();

  /** @param capacity most rows that one batch will hold. */
  constructor(
    schema: Schema,
    table: RecordTable,
    layout: RowLayout,
    capacity: number,
  ) {
    this.#schema = schema;
    this.#layout = layout;
    this.#own = ownColumns(table, layout.packed);
    this.#few = layout.packed ? fewOf(table) : [];
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  /** How many more rows fit. */
  get room(): number {
    return this.#capacity - this.#length;
  }

  /**
   * Takes the rows from `from` on, as many as there is room for; each as
   * the layout's `selectList` says.
   *
   * @returns how many it took.
   */
  add(all: readonly Row[], from = 0): number {
    if (this.#length === 0) this.#begin();
    const rows = all.slice(from, from + this.room), at = this.#length;
    this.#addKeys(rows, at);
    this.#addOwn(rows, at);
    if (this.#layout.packed) this.#addFew(rows, at);
    rows.forEach((row, i) => {
      const more = row[MORE];
      if (more !== null) this.#addMore(textOf(more), at + i);
    });
    this.#length += rows.length;
    return rows.length;
  }

  /** The batch so far; nothing is held afterwards. */
  finish(): RecordBatch {
    const n = this.#length;
    const numbers = new Map<string, Float64Array>();
    const texts = new Map<string, TextColumn>();
    for (const [name, values] of this.#numbers) {
      numbers.set(name, n === values.length ? values : values.slice(0, n));
    }
    for (const [name, column] of this.#texts) texts.set(name, column.finish(n));
    this.#length = 0;
    return new RecordBatch(this.#schema, n, numbers, texts);
  }

  #addKeys(rows: readonly Row[], at: number): void {
    const ts = this.#numbers.get("ts")!,
      ports = this.#numbers.get("id.resp_p")!;
    for (let i = 0; i < rows.length; i++) {
      ts[at + i] = seconds(rows[i][TIME] as number);
      const port = rows[i][PORT] as number;
      if (port !== NO_PORT) ports[at + i] = port;
    }
    const add = this.#layout.packed ? addHex : addBytes;
    add(this.#texts.get("id.orig_h")!, rows, ORIG, at);
    add(this.#texts.get("id.resp_h")!, rows, RESP, at);
  }

  #addOwn(rows: readonly Row[], at: number): void {
    this.#own.forEach(({ name }, c) => {
      const numbers = this.#numbers.get(name);
      if (numbers) addNumbers(numbers, rows, FIRST_OWN + c, at);
      else this.#texts.get(name)!.add(rows, FIRST_OWN + c, at);
    });
  }

  #addFew(rows: readonly Row[], at: number): void {
    const few = FIRST_OWN + this.#own.length;
    const codes = rows.map((row) => this.#packs.codesOf(row[few] as string));
    this.#packs.columns.forEach((column, c) => {
      for (let i = 0; i < rows.length; i++) column.codes[at + i] = codes[i][c];
    });
  }

  /** What no column holds comes last: it stands for what a key cannot say. */
  #addMore(json: string, i: number): void {
    const fields: Record<string, JsonField> = JSON.parse(json);
    for (const [name, json] of Object.entries(fields)) {
      const value = fieldFromJson(json);
      if (value === undefined) continue;
      const numbers = this.#numbers.get(name);
      if (numbers) numbers[i] = Number(value); // Also of "Infinity".
      // A number, too, where another import has texts.
      else this.#texts.get(name)?.set(i, String(value));
    }
  }

  /** Columns that were handed out are the reader's: new ones. */
  #begin(): void {
    this.#numbers = new Map();
    this.#texts = new Map();
    for (const { name, type } of this.#schema.fields) {
      if (isNumeric(type)) {
        this.#numbers.set(name, new Float64Array(this.#capacity).fill(NaN));
      } else this.#texts.set(name, new Texts(this.#capacity));
    }
    this.#packs.begin(
      this.#few.map(({ name }) => this.#texts.get(name)!),
    );
  }
}

/** A text column being filled. */
class Texts {
  readonly codes: Uint32Array;
  readonly #dictionary = new Map<string, number>();

  constructor(capacity: number) {
    this.codes = new Uint32Array(capacity);
  }

  codeOf(value: string): number {
    let code = this.#dictionary.get(value);
    if (code === undefined) {
      this.#dictionary.set(value, code = this.#dictionary.size + 1);
    }
    return code;
  }

  set(i: number, value: string): void {
    this.codes[i] = this.codeOf(value);
  }

  add(rows: readonly Row[], position: number, at: number): void {
    for (let i = 0; i < rows.length; i++) {
      const value = rows[i][position];
      if (typeof value === "string") this.codes[at + i] = this.codeOf(value);
      else if (value !== null) this.codes[at + i] = this.codeOf(textOf(value));
    }
  }

  finish(length: number): TextColumn {
    const { codes } = this;
    return {
      codes: length === codes.length ? codes : codes.slice(0, length),
      values: ["", ...this.#dictionary.keys()],
    };
  }
}

/** The few-valued columns, that come as one JSON array per row. */
class Packs {
  columns: readonly Texts[] = [];
  readonly #codes = new Map<string, Uint32Array>();

  begin(columns: readonly Texts[]): void {
    this.columns = columns;
    this.#codes.clear();
  }

  /** Per column its code; 0 where unset. */
  codesOf(json: string): Uint32Array {
    let codes = this.#codes.get(json);
    if (!codes) {
      const values: (string | null)[] = JSON.parse(json);
      codes = Uint32Array.from(
        values,
        (value, c) => value === null ? 0 : this.columns[c].codeOf(value),
      );
      this.#codes.set(json, codes);
    }
    return codes;
  }
}

function ownColumns({ columns }: RecordTable, packed: boolean): Column[] {
  return columns.filter(({ kind }) =>
    kind === "number" || kind === "text" || (kind === "few" && !packed)
  );
}

function addNumbers(
  numbers: Float64Array,
  rows: readonly Row[],
  position: number,
  at: number,
): void {
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i][position];
    if (value !== null) numbers[at + i] = value as number;
  }
}

/** Rows are clustered by address: mostly it is the one before. */
function addHex(
  texts: Texts,
  rows: readonly Row[],
  position: number,
  at: number,
): void {
  let last = "", code = 0;
  for (let i = 0; i < rows.length; i++) {
    const hex = rows[i][position] as string;
    if (hex !== last) {
      const text = addressOfHex(last = hex);
      code = text === undefined ? 0 : texts.codeOf(text);
    }
    texts.codes[at + i] = code;
  }
}

/** As {@link addHex}, for bytes. */
function addBytes(
  texts: Texts,
  rows: readonly Row[],
  position: number,
  at: number,
): void {
  let last: Uint8Array | null = null, code = 0;
  for (let i = 0; i < rows.length; i++) {
    const bytes = rows[i][position] as Uint8Array;
    if (last === null || compareBytes(bytes, last) !== 0) {
      last = bytes;
      code = bytes.length === 0 ? 0 : texts.codeOf(addressText(bytes));
    }
    texts.codes[at + i] = code;
  }
}
