import { type LineRuns, LineRunsBuilder } from "./line_runs.ts";

/** One field of a log, as Zeek's `#fields` and `#types` lines name it. */
export interface Field {
  /** Zeek's name: "id.orig_h". */
  readonly name: string;
  /** Zeek's type: "time", "addr", "count", "set[string]", … */
  readonly type: string;
}

/** A log type and the fields of it that are kept. */
export interface Schema {
  /** Zeek's `_path`: "conn", "open_conn", "http", … */
  readonly path: string;
  readonly fields: readonly Field[];
}

/** A dictionary-coded text column. */
export interface TextColumn {
  /** Per row an index into `values`; 0 where the field is unset. */
  readonly codes: Uint32Array;
  /** `values[0]` stands for unset; an empty text has a code of its own. */
  readonly values: readonly string[];
}

/**
 * A text column as parsers make it. Strings are made when {@link
 * RecordBatch.texts} is asked for them: most columns of a log are never looked
 * at, and bytes can be handed from thread to thread without a copy.
 */
export interface PackedTexts {
  readonly codes: Uint32Array;
  /** All distinct texts in valid UTF-8, one after the other. */
  readonly bytes: Uint8Array;
  /** Shape (n + 1,): the text of `code` is [ends[code − 1], ends[code]). */
  readonly ends: Int32Array;
}

/** What a batch is made of, as one thread shows it to another. */
export interface BatchParts {
  readonly schema: Schema;
  readonly length: number;
  readonly numbers: ReadonlyMap<string, Float64Array>;
  readonly texts: ReadonlyMap<string, PackedTexts>;
  readonly lines?: LineRuns;
}

/** Most rows that one batch holds: large ones take memory and gain no time. */
export const BATCH_ROWS = 16_384;

const NUMERIC = new Set(["time", "interval", "double", "count", "int", "port"]);

/** Whether values of a Zeek type are kept as numbers; all others are texts. */
export function isNumeric(type: string): boolean {
  return NUMERIC.has(type);
}

/**
 * Up to {@link BATCH_ROWS} records of one schema, as columns. Numbers: time in
 * epoch seconds with microseconds, interval in seconds, count, int, port and
 * double as they are; NaN where unset. Everything else (addr, string, enum,
 * bool as "T"/"F", set and vector joined by ",", see field_json.ts) is text.
 */
export class RecordBatch {
  readonly schema: Schema;
  /** Number of records. */
  readonly length: number;
  /** What the columns lie in, where that is one memory, lent to the batch. */
  readonly memory?: ArrayBufferLike;
  /** Where the records stand in their log, where that is known. */
  readonly lines?: LineRuns;
  readonly #numbers: ReadonlyMap<string, Float64Array>;
  readonly #texts: Map<string, TextColumn | PackedTexts>;

  constructor(
    schema: Schema,
    length: number,
    numbers: ReadonlyMap<string, Float64Array>,
    texts: ReadonlyMap<string, TextColumn | PackedTexts>,
    memory?: ArrayBufferLike,
    lines?: LineRuns,
  ) {
    this.memory = memory;
    this.lines = lines;
    this.schema = schema;
    this.length = length;
    this.#numbers = numbers;
    this.#texts = new Map(texts);
  }

  /** A batch of what {@link toParts} shows, in whatever memory that is. */
  static of(
    { schema, length, numbers, texts, lines }: BatchParts,
  ): RecordBatch {
    return new RecordBatch(schema, length, numbers, texts, undefined, lines);
  }

  /** As {@link RecordBatch.of}, copied: shared memory will be used again. */
  static copyOf(
    { schema, length, numbers, texts, lines }: BatchParts,
  ): RecordBatch {
    return new RecordBatch(
      schema,
      length,
      new Map(Array.from(numbers, ([name, values]) => [name, values.slice()])),
      new Map(Array.from(texts, ([name, { codes, bytes, ends }]) => [
        name,
        { codes: codes.slice(), bytes: bytes.slice(), ends: ends.slice() },
      ])),
      undefined,
      lines,
    );
  }

  /** The columns themselves, to be posted to another thread. */
  toParts(): BatchParts {
    const { schema, length, lines } = this;
    const texts = Array.from(
      this.#texts,
      ([name, column]) =>
        [name, "values" in column ? pack(column) : column] as const,
    );
    const numbers = this.#numbers;
    return { schema, length, numbers, texts: new Map(texts), lines };
  }

  /** Whether any record of the batch could have this field. */
  has(name: string): boolean {
    return this.#numbers.has(name) || this.#texts.has(name);
  }

  /** Shape (length,); NaN where unset, all NaN where the log lacks the field. */
  numbers(name: string): Float64Array {
    return this.#numbers.get(name) ?? new Float64Array(this.length).fill(NaN);
  }

  /** Codes of shape (length,); all 0 where the log lacks the field. */
  texts(name: string): TextColumn {
    const column = this.#texts.get(name);
    if (!column) return { codes: new Uint32Array(this.length), values: [""] };
    if ("values" in column) return column;
    const unpacked = { codes: column.codes, values: unpack(column) };
    this.#texts.set(name, unpacked);
    return unpacked;
  }

  /** The same records with another column of texts, new or in a field's place. */
  withTexts(name: string, column: TextColumn): RecordBatch {
    const { path, fields } = this.schema;
    const known = fields.some((field) => field.name === name);
    return new RecordBatch(
      known
        ? this.schema
        : { path, fields: [...fields, { name, type: "string" }] },
      this.length,
      this.#numbers,
      new Map(this.#texts).set(name, column),
      this.memory,
      this.lines,
    );
  }

  /** The same records without a field. */
  without(name: string): RecordBatch {
    const { path, fields } = this.schema;
    if (!fields.some((field) => field.name === name)) return this;
    const numbers = new Map(this.#numbers), texts = new Map(this.#texts);
    numbers.delete(name);
    texts.delete(name);
    return new RecordBatch(
      { path, fields: fields.filter((field) => field.name !== name) },
      this.length,
      numbers,
      texts,
      this.memory,
      this.lines,
    );
  }

  /** One record for display, unset fields left out. Not for loops. */
  row(i: number): Record<string, string | number> {
    const out: Record<string, string | number> = {};
    for (const { name } of this.schema.fields) {
      const value = this.#numbers.get(name)?.[i];
      if (value !== undefined && !Number.isNaN(value)) out[name] = value;
      if (this.#texts.get(name)?.codes[i]) {
        const { codes, values } = this.texts(name);
        out[name] = values[codes[i]];
      }
    }
    return out;
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Texts decoded in one call. A slice keeps the memory of its whole group. */
const GROUP = 64;

/** The texts of a column by code; "" for 0. */
function unpack({ bytes, ends }: PackedTexts): string[] {
  const n = ends.length - 1;
  const values = new Array<string>(n + 1);
  values[0] = "";
  for (let code = 0; code < n; code += GROUP) {
    const last = Math.min(code + GROUP, n), from = ends[code];
    // A copy, as shared memory is not decoded.
    const group = utf8.decode(bytes.slice(from, ends[last]));
    // As many characters as bytes: each is one of ASCII.
    const plain = group.length === ends[last] - from;
    for (let c = code; c < last; c++) {
      values[c + 1] = plain
        ? group.slice(ends[c] - from, ends[c + 1] - from)
        : utf8.decode(bytes.slice(ends[c], ends[c + 1]));
    }
  }
  return values;
}

function pack({ codes, values }: TextColumn): PackedTexts {
  const texts = values.slice(1).map((text) => new TextEncoder().encode(text));
  const ends = new Int32Array(values.length);
  texts.forEach(({ length }, i) => ends[i + 1] = ends[i] + length);
  const bytes = new Uint8Array(ends[texts.length]);
  texts.forEach((text, i) => bytes.set(text, ends[i]));
  return { codes, bytes, ends };
}

/** Whatever takes the fields of records one by one and makes batches of them. */
export interface RowBuilder {
  readonly schema: Schema;
  /** Records kept so far. */
  readonly length: number;
  /** Whether the batch should be taken before the next record. */
  readonly full: boolean;
  /** Sets field `f` (its index in the schema) of the record being built. */
  setNumber(f: number, value: number): void;
  /** As {@link setNumber}; an empty text is a value, not unset. */
  setText(f: number, value: string): void;
  /**
   * Keeps the record; fields that were not set are unset.
   *
   * @param line number of the one in which it stands.
   */
  endRow(line?: number): void;
  /** Forgets what was set since the last `endRow`. */
  dropRow(): void;
  /** The batch so far; the builder is empty afterwards. */
  finish(): RecordBatch;
}

/**
 * Collects records column by column: `setNumber`/`setText` for the fields of
 * the next record, then `endRow` to keep it or `dropRow` to forget it.
 */
export class BatchBuilder implements RowBuilder {
  readonly schema: Schema;
  #length = 0;
  #numbers: (Float64Array | null)[];
  #codes: (Uint32Array | null)[];
  #dictionaries: (Map<string, number> | null)[];
  readonly #lines = new LineRunsBuilder();

  constructor(schema: Schema) {
    this.schema = schema;
    this.#numbers = schema.fields.map((f) =>
      isNumeric(f.type) ? new Float64Array(1024).fill(NaN) : null
    );
    this.#codes = schema.fields.map((f) =>
      isNumeric(f.type) ? null : new Uint32Array(1024)
    );
    this.#dictionaries = schema.fields.map((f) =>
      isNumeric(f.type) ? null : new Map()
    );
  }

  /** Records kept so far. */
  get length(): number {
    return this.#length;
  }

  get full(): boolean {
    return this.#length >= BATCH_ROWS;
  }

  /** Sets field `f` (its index in the schema) of the record being built. */
  setNumber(f: number, value: number): void {
    this.#numbers[f]![this.#length] = value;
  }

  /** As {@link setNumber}; an empty text is a value, not unset. */
  setText(f: number, value: string): void {
    const dictionary = this.#dictionaries[f]!;
    let code = dictionary.get(value);
    if (code === undefined) dictionary.set(value, code = dictionary.size + 1);
    this.#codes[f]![this.#length] = code;
  }

  /** Keeps the record; fields that were not set are unset. */
  endRow(line?: number): void {
    if (line !== undefined) this.#lines.add(this.#length, line);
    this.#length++;
    if (this.#length === this.#capacity()) this.#grow();
  }

  /** Forgets what was set since the last `endRow`. */
  dropRow(): void {
    for (const column of this.#numbers) {
      if (column) column[this.#length] = NaN;
    }
    for (const column of this.#codes) if (column) column[this.#length] = 0;
  }

  /** The batch so far; the builder is empty afterwards. */
  finish(): RecordBatch {
    const numbers = new Map<string, Float64Array>();
    const texts = new Map<string, TextColumn>();
    this.schema.fields.forEach(({ name }, f) => {
      const column = this.#numbers[f], codes = this.#codes[f];
      if (column) numbers.set(name, column.slice(0, this.#length));
      if (codes) {
        texts.set(name, {
          codes: codes.slice(0, this.#length),
          values: ["", ...this.#dictionaries[f]!.keys()],
        });
      }
    });
    const batch = new RecordBatch(
      this.schema,
      this.#length,
      numbers,
      texts,
      undefined,
      this.#lines.finish(),
    );
    this.#clear();
    return batch;
  }

  #capacity(): number {
    const column = this.#numbers.find((c) => c) ?? this.#codes.find((c) => c);
    return column?.length ?? Infinity;
  }

  #grow(): void {
    const size = this.#capacity() * 2;
    this.#numbers = this.#numbers.map((old) => {
      if (!old) return null;
      const column = new Float64Array(size).fill(NaN, old.length);
      column.set(old);
      return column;
    });
    this.#codes = this.#codes.map((old) => {
      if (!old) return null;
      const column = new Uint32Array(size);
      column.set(old);
      return column;
    });
  }

  #clear(): void {
    this.#length = 0;
    for (const column of this.#numbers) column?.fill(NaN);
    for (const column of this.#codes) column?.fill(0);
    for (const dictionary of this.#dictionaries) dictionary?.clear();
  }
}
