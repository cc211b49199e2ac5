import type { Held, PageOwner, Pager } from "./pager.ts";

/** Rows of one chunk. */
export const CHUNK = 16_384;
const SHIFT = 14, MASK = CHUNK - 1;

type Chunk = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * How a chunk holds its values, from narrow to wide. One value that all rows
 * have takes no more than itself. Parts are kept in five bytes, as words and
 * bytes above a base of the chunk's own: 12 days of microseconds.
 */
const KINDS = [Uint8Array, Uint16Array, Uint32Array] as const;
const PARTS = 3, FLOATS = 4, SAME = 5;
/** What stands for unset; the other kinds hold it in their own way. */
const TOPS = [0xff, 0xffff, 0xffff_ffff] as const;
/** Bytes of a row of each kind. */
const WIDTHS = [1, 2, 4, 5, 8] as const;
const WORD = 2 ** 32;
/** Parts above the base; the last one stands for unset. */
const MOST_PARTS = 2 ** 40 - 1;
const NO_BYTES = new Uint8Array(0);
const EVERY_ROW = Uint16Array.from({ length: CHUNK }, (_, row) => row);

export interface ColumnOptions {
  /** What `at` gives where nothing is known: NaN for measures, −1 for codes. */
  readonly unset?: number;
  /** Values are kept as whole numbers of so many parts: 1e6 for microseconds. */
  readonly parts?: number;
  /** Where chunks go that do not fit into memory. */
  readonly pager?: Pager;
}

/**
 * Numbers, one per row, that grow without being copied. A chunk of rows has the
 * narrowest type that holds all its values exactly, and is widened when one
 * does not fit: what is always the same takes nothing, flags take 1 B, ports
 * 2 B, sizes and codes 4 B, times in microseconds 5 B.
 *
 * ```ts
 * import { Column } from "./column.ts";
 * import assert from "node:assert/strict";
 *
 * const ports = new Column();
 * ports.push(443);
 * ports.push(NaN);
 * assert.deepEqual([...ports], [443, NaN]);
 * ```
 */
export class Column implements PageOwner {
  readonly #unset: number;
  readonly #parts: number;
  readonly #pager: Pager | undefined;
  /** Null where the chunk is on disk. */
  readonly #chunks: (Chunk | null)[] = [];
  /**
   * By chunk: how it is held; which bits of a row tell its place in it; what
   * stands for unset, NaN where that needs a closer look.
   */
  readonly #kinds: number[] = [];
  readonly #masks: number[] = [];
  readonly #tops: number[] = [];
  /** By chunk of PARTS: the upper bytes, and what all are counted from. */
  readonly #uppers: Uint8Array[] = [];
  readonly #bases: number[] = [];
  /** By chunk, with a pager: its memory, its place on disk, whether that is stale. */
  readonly #held: (Held | undefined)[] = [];
  readonly #places: (number | undefined)[] = [];
  readonly #stale: boolean[] = [];
  #length = 0;

  constructor({ unset = NaN, parts = 1, pager }: ColumnOptions = {}) {
    this.#unset = unset;
    this.#parts = parts;
    this.#pager = pager;
  }

  get length(): number {
    return this.#length;
  }

  /** The value of a row below `length`, which is not checked. */
  at(row: number): number {
    const c = row >>> SHIFT;
    const chunk = this.#chunks[c] ?? this.#loaded(c);
    const value = chunk[row & this.#masks[c]];
    if (value === this.#tops[c]) return this.#unset;
    return this.#parts === 1 ? value : this.#ofParts(c, row, value);
  }

  /** The values of rows below `length`; rows of one chunk together are quick. */
  valuesOf(rows: ArrayLike<number>): Float64Array {
    const values = new Float64Array(rows.length);
    for (let i = 0; i < rows.length;) {
      const c = rows[i] >>> SHIFT;
      let end = i + 1;
      while (end < rows.length && rows[end] >>> SHIFT === c) end++;
      this.#read(c, rows, i, end, values);
      i = end;
    }
    return values;
  }

  /** The values of one chunk of rows into `values`, which has room for them. */
  readChunk(c: number, values: Float64Array): void {
    const n = Math.min(CHUNK, this.#length - (c << SHIFT));
    this.#read(c, EVERY_ROW, 0, n, values);
  }

  /** Values of rows of one chunk, told by their lower bits. */
  #read(
    c: number,
    rows: ArrayLike<number>,
    from: number,
    to: number,
    values: Float64Array,
  ): void {
    const chunk = this.#chunks[c] ?? this.#loaded(c);
    const kind = this.#kinds[c], mask = this.#masks[c], top = this.#tops[c];
    const unset = this.#unset, parts = kind >= FLOATS ? 1 : this.#parts;
    if (kind !== PARTS) {
      for (let i = from; i < to; i++) {
        const value = chunk[rows[i] & mask];
        values[i] = value === top ? unset : value / parts;
      }
      return;
    }
    const uppers = this.#uppers[c], base = this.#bases[c];
    for (let i = from; i < to; i++) {
      const row = rows[i] & MASK, whole = chunk[row] + WORD * uppers[row];
      values[i] = whole === MOST_PARTS ? unset : (whole + base) / parts;
    }
  }

  #ofParts(c: number, row: number, value: number): number {
    const kind = this.#kinds[c];
    if (kind >= FLOATS) return value;
    if (kind < PARTS) return value / this.#parts;
    const whole = value + WORD * this.#uppers[c][row & MASK];
    return whole === MOST_PARTS
      ? this.#unset
      : (whole + this.#bases[c]) / this.#parts;
  }

  /** As {@link set}, or {@link push} where the row is the next one. */
  put(row: number, value: number): void {
    if (row === this.#length) this.push(value);
    else this.set(row, value);
  }

  push(value: number): void {
    const row = this.#length++, c = row >>> SHIFT;
    if (c === this.#chunks.length) this.#begin(c, value);
    else this.set(row, value);
  }

  set(row: number, value: number): void {
    const c = row >>> SHIFT;
    let chunk = this.#chunks[c] ?? this.#loaded(c);
    if (this.#kinds[c] === SAME) {
      if (Object.is(chunk[0], value)) return;
      chunk = this.#spread(c);
    }
    if (this.#pager) this.#stale[c] = true;
    if (this.#isPut(c, row, value)) return;
    this.#widen(c, this.#wholeOf(value));
    this.#isPut(c, row, value);
  }

  /** Puts a value where its chunk can hold it; false where it cannot. */
  #isPut(c: number, row: number, value: number): boolean {
    const chunk = this.#chunks[c]!, kind = this.#kinds[c], i = row & MASK;
    if (kind === FLOATS) chunk[i] = value;
    else if (kind === PARTS) {
      const isUnset = this.#isUnset(value);
      const above = isUnset
        ? MOST_PARTS
        : this.#wholeOf(value) - this.#bases[c];
      if (!isUnset && !(above >= 0 && above < MOST_PARTS)) return false;
      chunk[i] = above % WORD;
      this.#uppers[c][i] = above / WORD;
    } else {
      const top = TOPS[kind], whole = this.#wholeOf(value);
      if (whole < top) chunk[i] = whole;
      else if (this.#isUnset(value)) chunk[i] = top;
      else return false;
    }
    return true;
  }

  /** Forgets the rows from `length` on. */
  truncate(length: number): void {
    this.#length = length;
    const chunks = Math.ceil(length / CHUNK);
    for (const held of this.#held.slice(chunks)) {
      if (held) this.#pager!.drop(held);
    }
    for (const list of [this.#chunks, this.#kinds, this.#masks, this.#tops]) {
      list.length = chunks;
    }
    if (this.#pager) this.#held.length = chunks;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let row = 0; row < this.#length; row++) yield this.at(row);
  }

  evict(c: number): void {
    const chunk = this.#chunks[c]!;
    if (this.#stale[c]) {
      this.#places[c] = this.#pager!.file.write(
        bytesOf(chunk),
        this.#places[c],
      );
      this.#stale[c] = false;
    }
    this.#chunks[c] = null;
    if (this.#kinds[c] === PARTS) this.#uppers[c] = NO_BYTES;
  }

  #loaded(c: number): Chunk {
    const chunk = this.#made(c, this.#kinds[c]);
    this.#pager!.file.read(bytesOf(chunk), this.#places[c]!);
    this.#hold(c, chunk);
    return chunk;
  }

  /** A chunk whose rows all have the value; it never goes to disk. */
  #begin(c: number, value: number): void {
    this.#kinds[c] = SAME;
    this.#masks[c] = 0;
    this.#tops[c] = NaN;
    this.#places[c] = undefined;
    this.#held[c] = undefined;
    this.#chunks[c] = Float64Array.of(value);
  }

  /** The chunk with a place for each row. */
  #spread(c: number): Chunk {
    const value = this.#chunks[c]![0], whole = this.#wholeOf(value);
    this.#bases[c] = Math.max(0, whole - 2 ** 39) || 0;
    const kind = this.#isUnset(value) ? 0 : this.#kindFor(0, whole, true);
    const chunk = this.#replaced(c, kind);
    if (kind === PARTS) {
      const above = whole - this.#bases[c];
      chunk.fill(above % WORD);
      this.#uppers[c].fill(above / WORD);
    } else if (kind === FLOATS) chunk.fill(value);
    else chunk.fill(this.#isUnset(value) ? TOPS[kind as 0] : whole);
    return chunk;
  }

  /** The narrowest kind from `kind` on for `whole`, or for any number: NaN. */
  #kindFor(kind: number, whole: number, isFirst: boolean): number {
    while (kind < PARTS && !(whole < TOPS[kind])) kind++;
    if (kind < PARTS) return kind;
    const most = isFirst ? Infinity : MOST_PARTS;
    return this.#parts !== 1 && whole < most ? PARTS : FLOATS;
  }

  /** A new chunk of the kind, with nothing in it, in place of the old. */
  #replaced(c: number, kind: number): Chunk {
    // Its place on disk is too narrow.
    if (this.#held[c]) this.#pager!.drop(this.#held[c]);
    this.#places[c] = undefined;
    this.#kinds[c] = kind;
    this.#masks[c] = MASK;
    this.#tops[c] = kind < PARTS ? TOPS[kind] : NaN;
    const chunk = this.#made(c, kind);
    this.#hold(c, chunk);
    return chunk;
  }

  #made(c: number, kind: number): Chunk {
    const room = new ArrayBuffer(WIDTHS[kind] * CHUNK);
    if (kind === FLOATS) return new Float64Array(room);
    if (kind !== PARTS) return new KINDS[kind](room);
    this.#uppers[c] = new Uint8Array(room, 4 * CHUNK);
    return new Uint32Array(room, 0, CHUNK);
  }

  #hold(c: number, chunk: Chunk): void {
    if (this.#pager) {
      this.#held[c] = this.#pager.hold(this, c, chunk.buffer.byteLength);
    }
    this.#chunks[c] = chunk;
  }

  /** NaN where the value is no whole number of parts, ≥ 0. */
  #wholeOf(value: number): number {
    const whole = this.#parts === 1 ? value : Math.round(value * this.#parts);
    return whole >= 0 && whole === Math.floor(whole) &&
        whole / this.#parts === value && !Object.is(value, -0)
      ? whole
      : NaN;
  }

  #isUnset(value: number): boolean {
    return value === this.#unset ||
      (value !== value && this.#unset !== this.#unset);
  }

  /** Makes the chunk of a kind that holds `whole`, or any number where that is NaN. */
  #widen(c: number, whole: number): void {
    const values = new Float64Array(CHUNK), from = c << SHIFT;
    for (let i = 0; i < CHUNK; i++) values[i] = this.at(from + i);
    const kind = this.#kinds[c] >= PARTS
      ? FLOATS
      : this.#kindFor(this.#kinds[c], whole, false);
    this.#bases[c] = 0;
    this.#replaced(c, kind);
    for (let i = 0; i < CHUNK; i++) this.#isPut(c, from + i, values[i]);
  }
}

/**
 * Columns of one length, a chunk of rows at a time: what looks at every row
 * once does so at twice the speed of `at`.
 *
 * @param look is given the values of each column, which it must not keep, and
 *   the first row that they are of.
 */
export function eachChunk(
  columns: readonly Column[],
  look: (values: readonly Float64Array[], from: number, n: number) => void,
): void {
  const { length } = columns[0];
  const room = columns.map(() => new Float64Array(Math.min(CHUNK, length)));
  for (let from = 0; from < length; from += CHUNK) {
    columns.forEach((column, k) => column.readChunk(from >> SHIFT, room[k]));
    look(room, from, Math.min(CHUNK, length - from));
  }
}

function bytesOf(chunk: Chunk): Uint8Array {
  return new Uint8Array(chunk.buffer);
}
