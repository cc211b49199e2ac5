import { LineRunsBuilder } from "../line_runs.ts";
import type { CellKind, Parsers } from "../parser_kernels.ts";
import {
  BATCH_ROWS,
  isNumeric,
  type PackedTexts,
  RecordBatch,
  type RowBuilder,
  type Schema,
} from "../record_batch.ts";
import { type BatchMemory, Copier, repaired, up } from "./packed_texts.ts";
import { elementType } from "../field_json.ts";
import { schemas } from "./log_type.ts";
import { typeOfRaw } from "./generic_schema.ts";

/** Bytes of one column's texts that end a batch before its rows do. */
const MOST_TEXT = 1 << 23;

/** What a dictionary came to hold. */
interface Fill {
  texts: number;
  bytes: number;
}

/**
 * The fullest that the dictionaries of a field have been, by log type and name,
 * so that those of the next file or part need not grow again. Only of logs that
 * have a schema here: a log may bring any number of fields.
 */
const fills = new Map<string, Fill>();

function fillOf({ path }: Schema, name: string): Fill {
  const key = `${path} ${name}`;
  const known = fills.get(key) ?? { texts: 0, bytes: 0 };
  if (schemas.has(path)) fills.set(key, known);
  return known;
}

/** A field's values in the memory of the parsers. */
interface Column {
  readonly name: string;
  /** Where its numbers (f64) or codes (u32) begin. */
  readonly at: number;
  /** 0 for numbers. */
  readonly dictionary: number;
  readonly fill: Fill;
  /** Rows from here on hold what was there before. */
  filled: number;
}

const utf8 = new TextEncoder();

/**
 * The columns of one schema in the memory of the parsers. A kernel fills many
 * rows at once, told by `made`; the host sets single ones as in a
 * {@link BatchBuilder}.
 */
export class KernelColumns implements RowBuilder {
  readonly schema: Schema;
  readonly #parsers: Parsers;
  readonly #columns: readonly Column[];
  readonly #scratch: Scratch;
  readonly #memory: BatchMemory;
  readonly #lines = new LineRunsBuilder();
  #length = 0;
  #crowded = false;

  constructor(
    parsers: Parsers,
    schema: Schema,
    memory: BatchMemory = (bytes) => new ArrayBuffer(bytes),
  ) {
    this.schema = schema;
    this.#memory = memory;
    this.#parsers = parsers;
    this.#scratch = new Scratch(parsers);
    this.#columns = schema.fields.map(({ name, type }) => {
      const numeric = isNumeric(type), fill = fillOf(schema, name);
      return {
        name,
        at: parsers.alloc(BATCH_ROWS * (numeric ? 8 : 4)),
        dictionary: numeric ? 0 : newDictionary(parsers, fill),
        fill,
        filled: 0,
      };
    });
  }

  get length(): number {
    return this.#length;
  }

  get full(): boolean {
    return this.#length >= BATCH_ROWS || this.#crowded;
  }

  /** Where a kernel puts the values of field `f`, and its texts. */
  place(f: number): Pick<Column, "at" | "dictionary"> {
    return this.#columns[f];
  }

  /**
   * Counts `n` rows that a kernel put into the columns of `fields`.
   *
   * @param line number of the line of the first; the others follow it.
   */
  made(n: number, fields: readonly number[], line: number): void {
    this.#lines.add(this.#length, line);
    const to = this.#length + n;
    for (const f of fields) {
      this.#fillTo(this.#columns[f], this.#length);
      this.#columns[f].filled = to;
    }
    this.#length = to;
  }

  setNumber(f: number, value: number): void {
    const column = this.#openRow(f);
    this.#parsers.f64(column.at, BATCH_ROWS)[this.#length] = value;
  }

  setText(f: number, value: string): void {
    const column = this.#openRow(f), { run } = this.#parsers;
    const { at, length } = this.#scratch.put(value);
    const code = run.intern(column.dictionary, at, length);
    this.#parsers.u32(column.at, BATCH_ROWS)[this.#length] = code;
    if (this.#textBytes(column) > MOST_TEXT) this.#crowded = true;
  }

  endRow(line?: number): void {
    if (line !== undefined) this.#lines.add(this.#length, line);
    this.#length++;
  }

  dropRow(): void {
    for (const column of this.#columns) {
      column.filled = Math.min(column.filled, this.#length);
    }
  }

  finish(): RecordBatch {
    const n = this.#length;
    const used = this.#columns.filter(({ filled }) => filled > 0);
    for (const column of used) this.#fillTo(column, n);
    const copier = new Copier(this.#memory, this.#sizeOf(used));
    const numbers = new Map<string, Float64Array>();
    const texts = new Map<string, PackedTexts>();
    for (const column of used) {
      const { name, at, dictionary } = column;
      if (dictionary) texts.set(name, this.#pack(column, copier));
      else numbers.set(name, copier.f64(this.#parsers.f64(at, n)));
    }
    this.#clear();
    return new RecordBatch(
      this.schema,
      n,
      numbers,
      texts,
      copier.buffer,
      this.#lines.finish(),
    );
  }

  #clear(): void {
    for (const column of this.#columns) {
      if (column.dictionary) {
        this.#parsers.run.clearDictionary(column.dictionary);
      }
      column.filled = 0;
    }
    this.#length = 0;
    this.#crowded = false;
  }

  /** Bytes that the columns' values take, each on 8. */
  #sizeOf(columns: readonly Column[]): number {
    let bytes = 0;
    for (const column of columns) {
      if (!column.dictionary) bytes += this.#length * 8;
      else {
        const size = this.#parsers.run.dictionarySize(column.dictionary);
        bytes += up(this.#length * 4) + up(size * 4 + 4) +
          up(this.#textBytes(column));
      }
    }
    return bytes;
  }

  #openRow(f: number): Column {
    const column = this.#columns[f];
    this.#fillTo(column, this.#length);
    column.filled = this.#length + 1;
    return column;
  }

  /** Rows of other columns left this one as it was: they are unset. */
  #fillTo(column: Column, row: number): void {
    const { filled, at, dictionary } = column;
    if (filled >= row) return;
    if (dictionary) this.#parsers.u32(at, row).fill(0, filled);
    else this.#parsers.f64(at, row).fill(NaN, filled);
    column.filled = row;
  }

  #textBytes({ dictionary }: Column): number {
    const { run } = this.#parsers;
    const ends = run.dictionaryEnds(dictionary);
    return this.#parsers.i32(ends, run.dictionarySize(dictionary) + 1).at(-1)!;
  }

  #pack({ at, dictionary, fill }: Column, copier: Copier): PackedTexts {
    const parsers = this.#parsers, { run } = parsers;
    const size = run.dictionarySize(dictionary);
    const ends = parsers.i32(run.dictionaryEnds(dictionary), size + 1);
    fill.texts = Math.max(fill.texts, size);
    fill.bytes = Math.max(fill.bytes, ends[size]);
    const bytes = parsers.u8(run.dictionaryBytes(dictionary), ends[size]);
    const codes = parsers.u32(at, this.#length);
    if (run.dictionaryIsWide(dictionary)) {
      const packed = repaired({ codes, bytes, ends });
      if (packed) return packed;
    }
    return {
      codes: copier.u32(codes),
      bytes: copier.u8(bytes),
      ends: copier.i32(ends),
    };
  }
}

/** As full as the ones before have been. */
function newDictionary({ run }: Parsers, { texts, bytes }: Fill): number {
  return run.newDictionary(texts, bytes) >>> 0;
}

/** How a kernel reads the values of a Zeek type. */
export function cellKind(type: string): CellKind {
  switch (type) {
    case "time":
    case "port":
    case "bool":
      return type;
    case "interval":
    case "double":
      return "real";
    case "count":
    case "int":
      return "whole";
    case "addr":
      return "address";
  }
  const raw = typeOfRaw(type), element = elementType(raw ?? type);
  if (element === undefined) return "text";
  // As the log has it, numbers too.
  if (raw !== undefined) return "list";
  if (!isNumeric(element)) return "list";
  return element === "interval" || element === "double" ? "reals" : "foreign";
}

/** Where the host puts a text for a kernel to take. */
class Scratch {
  readonly #parsers: Parsers;
  #at = 0;
  #size = 0;

  constructor(parsers: Parsers) {
    this.#parsers = parsers;
  }

  /** Valid until the next `put`. */
  put(text: string): { at: number; length: number } {
    const most = text.length * 3;
    if (most > this.#size) {
      this.#size = Math.max(4096, most * 2);
      this.#at = this.#parsers.alloc(this.#size + 64);
    }
    const { written } = utf8.encodeInto(
      text,
      this.#parsers.u8(this.#at, this.#size),
    );
    return { at: this.#at, length: written };
  }
}
