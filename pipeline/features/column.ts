import type { Held, PageOwner, Pager } from "./pager.ts";

/** Rows of one chunk. */
export const CHUNK = 16_384;
const SHIFT = 14, MASK = CHUNK - 1;

type Chunk = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const KINDS = [Uint8Array, Uint16Array, Uint32Array, Float64Array] as const;
const FLOATS = 3;
/** What stands for unset in each kind; a Float64Array holds it as it is. */
const TOPS = [0xff, 0xffff, 0xffff_ffff, NaN] as const;

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
 * does not fit: flags take 1 B, ports 2 B, sizes and codes 4 B, times 8 B.
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
  /** By chunk: index into KINDS, and its TOPS. */
  readonly #kinds: number[] = [];
  readonly #tops: number[] = [];
  /** By chunk, with a pager: its memory, its place on disk, whether that is stale. */
  readonly #held: Held[] = [];
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
    const value = chunk[row & MASK], top = this.#tops[c];
    if (value === top) return this.#unset;
    // A Float64Array holds values as they are.
    return this.#parts === 1 || top !== top ? value : value / this.#parts;
  }

  /** As {@link set}, or {@link push} where the row is the next one. */
  put(row: number, value: number): void {
    if (row === this.#length) this.push(value);
    else this.set(row, value);
  }

  push(value: number): void {
    const row = this.#length++, c = row >>> SHIFT;
    if (c === this.#chunks.length) this.#begin(c);
    this.set(row, value);
  }

  set(row: number, value: number): void {
    const c = row >>> SHIFT;
    const chunk = this.#chunks[c] ?? this.#loaded(c);
    if (this.#pager) this.#stale[c] = true;
    const kind = this.#kinds[c];
    if (kind === FLOATS) {
      chunk[row & MASK] = value;
      return;
    }
    const whole = this.#wholeOf(value);
    const top = this.#tops[c];
    if (whole < top) chunk[row & MASK] = whole;
    else if (this.#isUnset(value)) chunk[row & MASK] = top;
    else this.#widened(c, whole)[row & MASK] = whole < TOPS[2] ? whole : value;
  }

  /** Forgets the rows from `length` on. */
  truncate(length: number): void {
    this.#length = length;
    const chunks = Math.ceil(length / CHUNK);
    for (const held of this.#held.slice(chunks)) this.#pager!.drop(held);
    for (const list of [this.#chunks, this.#kinds, this.#tops]) {
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
  }

  #loaded(c: number): Chunk {
    const chunk = new KINDS[this.#kinds[c]](CHUNK);
    this.#pager!.file.read(bytesOf(chunk), this.#places[c]!);
    this.#hold(c, chunk);
    return chunk;
  }

  #begin(c: number): void {
    this.#kinds[c] = 0;
    this.#tops[c] = TOPS[0];
    this.#places[c] = undefined;
    this.#stale[c] = true;
    this.#hold(c, new Uint8Array(CHUNK));
  }

  #hold(c: number, chunk: Chunk): void {
    if (this.#pager) {
      this.#held[c] = this.#pager.hold(this, c, chunk.byteLength);
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

  /** The chunk in a type that holds `whole`, or any number where that is NaN. */
  #widened(c: number, whole: number): Chunk {
    const old = this.#chunks[c]!, from = this.#tops[c];
    let kind = this.#kinds[c] + 1;
    while (kind < FLOATS && !(whole < TOPS[kind])) kind++;
    const wide = new KINDS[kind](CHUNK), top = TOPS[kind];
    for (let i = 0; i < CHUNK; i++) {
      if (old[i] === from) wide[i] = kind === FLOATS ? this.#unset : top;
      else wide[i] = kind === FLOATS ? old[i] / this.#parts : old[i];
    }
    // Its place on disk is too narrow.
    this.#pager?.drop(this.#held[c]);
    this.#places[c] = undefined;
    this.#kinds[c] = kind;
    this.#tops[c] = top;
    this.#hold(c, wide);
    return wide;
  }
}

function bytesOf(chunk: Chunk): Uint8Array {
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
