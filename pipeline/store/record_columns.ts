import {
  isNumeric,
  RecordBatch,
  type Schema,
  type TextColumn,
} from "../record_batch.ts";
import { type SqlValue, textOf } from "./database.ts";
import { addressOfHex, NO_ADDRESS, NO_PORT, seconds } from "./keys.ts";
import { type Column, fewOf, type RecordTable } from "./tables.ts";

type Row = readonly SqlValue[];

/** Where the key and what is left over stand in a row. */
const ORIG = 0, RESP = 1, PORT = 2, TIME = 3, SEQ = 4, MORE = 5, FEW = 6;

/** The columns of their own come after those. */
const FIRST_OWN = 7;

/** Sorts before every key. */
export const FIRST_KEY: readonly SqlValue[] = [
  NO_ADDRESS,
  NO_ADDRESS,
  NO_PORT,
  Number.MIN_SAFE_INTEGER,
  -1,
];

/** Sorts after every key: no address has more than 16 bytes. */
export const LAST_KEY: readonly SqlValue[] = [
  new Uint8Array(17).fill(255),
  NO_ADDRESS,
  NO_PORT,
  0,
  0,
];

/** What to select, in the order that {@link RecordColumns} expects. */
export function selectList(table: RecordTable): string {
  const few = fewOf(table).map(({ sql }) => sql).join(", ");
  const own = ownColumns(table).map(({ sql }) => sql);
  return [
    "hex(orig_h), hex(resp_h), resp_p, ts_us, seq, more",
    `json_array(${few})`,
    ...own,
  ].join(", ");
}

/** The key of a row, to continue after it. */
export function keyOf(row: Row): SqlValue[] {
  const addresses = [row[ORIG], row[RESP]] as string[];
  return [
    ...addresses.map((hex) => Uint8Array.fromHex(hex)),
    ...row.slice(PORT, SEQ + 1),
  ];
}

/**
 * Turns rows of a record table into columns: `add` rows, then `finish`.
 * Column by column, because that is three times as fast as row by row.
 */
export class RecordColumns {
  #length = 0;
  readonly #schema: Schema;
  readonly #table: RecordTable;
  readonly #capacity: number;
  readonly #packs = new Packs();
  #numbers = new Map<string, Float64Array>();
  #texts = new Map<string, Texts>();

  /** @param capacity most rows that one batch will hold. */
  constructor(schema: Schema, table: RecordTable, capacity: number) {
    this.#schema = schema;
    this.#table = table;
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
   * {@link selectList} says.
   *
   * @returns how many it took.
   */
  add(all: readonly Row[], from = 0): number {
    if (this.#length === 0) this.#begin();
    const rows = all.slice(from, from + this.room), at = this.#length;
    this.#addKeys(rows, at);
    this.#addOwn(rows, at);
    this.#addFew(rows, at);
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
    addAddresses(this.#texts.get("id.orig_h")!, rows, ORIG, at);
    addAddresses(this.#texts.get("id.resp_h")!, rows, RESP, at);
  }

  #addOwn(rows: readonly Row[], at: number): void {
    ownColumns(this.#table).forEach(({ name }, c) => {
      const numbers = this.#numbers.get(name);
      if (numbers) addNumbers(numbers, rows, FIRST_OWN + c, at);
      else this.#texts.get(name)!.add(rows, FIRST_OWN + c, at);
    });
  }

  #addFew(rows: readonly Row[], at: number): void {
    const codes = rows.map((row) => this.#packs.codesOf(row[FEW] as string));
    this.#packs.columns.forEach((column, c) => {
      for (let i = 0; i < rows.length; i++) column.codes[at + i] = codes[i][c];
    });
  }

  /** What no column holds comes last: it stands for what a key cannot say. */
  #addMore(json: string, i: number): void {
    const fields: Record<string, string | number | null> = JSON.parse(json);
    for (const [name, value] of Object.entries(fields)) {
      const numbers = this.#numbers.get(name);
      if (typeof value === "number" && numbers) numbers[i] = value;
      // A number, too, where another import has texts.
      else if (value !== null) this.#texts.get(name)?.set(i, String(value));
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
      fewOf(this.#table).map(({ name }) => this.#texts.get(name)!),
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

function ownColumns({ columns }: RecordTable): Column[] {
  return columns.filter(({ kind }) => kind === "number" || kind === "text");
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
function addAddresses(
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
