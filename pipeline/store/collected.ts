import {
  BATCH_ROWS,
  type Field,
  isNumeric,
  RecordBatch,
  type TextColumn,
} from "../record_batch.ts";

/** Room that a column begins with, in rows. */
const LEAST_ROWS = 1024;

/**
 * Memory of columns that were loaded, for those of the next part: what waits
 * for the garbage collector would take twice as much as what is in use.
 */
export class ColumnMemory {
  readonly #free = new Map<number, ArrayBuffer[]>();
  readonly #mostRows: number;

  /** @param partRows most rows that a part has before its last batch. */
  constructor(partRows: number) {
    this.#mostRows = partRows + BATCH_ROWS;
  }

  /** @returns memory of at least `rows` rows, in one of few sizes. */
  take(rows: number, bytesPerRow: number): ArrayBuffer {
    let room = LEAST_ROWS;
    while (room < rows) room *= 2;
    if (rows <= this.#mostRows) room = Math.min(room, this.#mostRows);
    const bytes = room * bytesPerRow;
    return this.#free.get(bytes)?.pop() ?? new ArrayBuffer(bytes);
  }

  free(memory: ArrayBuffer): void {
    if (memory.byteLength === 0) return;
    this.#free.getOrInsertComputed(memory.byteLength, () => []).push(memory);
  }
}

/**
 * Batches of one log type on their way into one: `add` each, then `finish`.
 * What they hold is copied, so that their memory may be used again, and lies
 * in the columns that are loaded: the rows of a part are held once. No field
 * may be a number in one and a text in another.
 */
export class CollectedRows {
  readonly #logType: string;
  readonly #memory: ColumnMemory;
  readonly #fields = new Map<string, Field>();
  readonly #numbers = new Map<string, Numbers>();
  readonly #texts = new Map<string, Texts>();
  #length = 0;

  constructor(logType: string, memory: ColumnMemory) {
    this.#logType = logType;
    this.#memory = memory;
  }

  get length(): number {
    return this.#length;
  }

  /** Whether no field is a number here and a text there. */
  fits({ path, fields }: RecordBatch["schema"]): boolean {
    return path === this.#logType &&
      fields.every(({ name, type }) => {
        const known = this.#fields.get(name)?.type ?? type;
        return isNumeric(known) === isNumeric(type);
      });
  }

  add(batch: RecordBatch): void {
    for (const field of batch.schema.fields) {
      const { name, type } = field;
      this.#fields.set(name, field);
      if (!batch.has(name)) continue;
      if (isNumeric(type)) {
        this.#numbers.getOrInsertComputed(name, () => new Numbers(this.#memory))
          .add(batch.numbers(name), this.#length);
      } else {
        this.#texts.getOrInsertComputed(name, () => new Texts(this.#memory))
          .add(batch.texts(name), this.#length);
      }
    }
    this.#length += batch.length;
  }

  /**
   * All rows. A text may have several codes, which is of no account for
   * loading.
   */
  finish(): RecordBatch {
    const n = this.#length;
    return new RecordBatch(
      { path: this.#logType, fields: [...this.#fields.values()] },
      n,
      new Map(Array.from(this.#numbers, ([name, c]) => [name, c.finish(n)])),
      new Map(Array.from(this.#texts, ([name, c]) => [name, c.finish(n)])),
    );
  }

  /** What `finish` gave is used no more. */
  free(): void {
    for (const column of this.#numbers.values()) column.free();
    for (const column of this.#texts.values()) column.free();
  }
}

/** Numbers of a field; NaN in rows of batches without it. */
class Numbers {
  #values: Float64Array<ArrayBuffer> = new Float64Array(0);
  #filled = 0;
  readonly #memory: ColumnMemory;

  constructor(memory: ColumnMemory) {
    this.#memory = memory;
  }

  add(values: Float64Array, at: number): void {
    this.#reserve(at + values.length);
    this.#values.fill(NaN, this.#filled, at);
    this.#values.set(values, at);
    this.#filled = at + values.length;
  }

  finish(length: number): Float64Array {
    this.#reserve(length);
    this.#values.fill(NaN, this.#filled, length);
    return this.#values.subarray(0, length);
  }

  #reserve(rows: number): void {
    if (rows <= this.#values.length) return;
    const wide = new Float64Array(
      this.#memory.take(rows, 8),
    );
    wide.set(this.#values.subarray(0, this.#filled));
    this.free();
    this.#values = wide;
  }

  free(): void {
    this.#memory.free(this.#values.buffer);
    this.#values = new Float64Array(0);
  }
}

/** Texts of a field, the dictionaries of its batches as one. */
class Texts {
  #codes: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  #filled = 0;
  readonly #memory: ColumnMemory;
  readonly #values: string[] = [""];
  readonly #known = new Map<string, number>();

  constructor(memory: ColumnMemory) {
    this.#memory = memory;
  }

  add({ codes, values }: TextColumn, at: number): void {
    this.#reserve(at + codes.length);
    this.#codes.fill(0, this.#filled, at);
    this.#filled = at + codes.length;
    const map = this.#codesOf(values, codes.length);
    const own = this.#codes;
    for (let i = 0; i < codes.length; i++) own[at + i] = map[codes[i]];
  }

  finish(length: number): TextColumn {
    this.#reserve(length);
    this.#codes.fill(0, this.#filled, length);
    return { codes: this.#codes.subarray(0, length), values: this.#values };
  }

  /**
   * Where most records have a text of their own (uids), one that came before
   * is not looked for: that would cost more than it saves.
   */
  #codesOf(values: readonly string[], rows: number): Uint32Array {
    const map = new Uint32Array(values.length);
    const manifold = 4 * values.length > rows;
    for (let code = 1; code < values.length; code++) {
      const text = values[code];
      let own = manifold ? undefined : this.#known.get(text);
      if (own === undefined) {
        own = this.#values.length;
        this.#values.push(text);
        if (!manifold) this.#known.set(text, own);
      }
      map[code] = own;
    }
    return map;
  }

  #reserve(rows: number): void {
    if (rows <= this.#codes.length) return;
    const wide = new Uint32Array(
      this.#memory.take(rows, 4),
    );
    wide.set(this.#codes.subarray(0, this.#filled));
    this.free();
    this.#codes = wide;
  }

  free(): void {
    this.#memory.free(this.#codes.buffer);
    this.#codes = new Uint32Array(0);
  }
}
