import { CHUNK } from "./column.ts";
import { isNone, packUids, unpackUid } from "./packed_uids.ts";
import type { PageOwner, Pager } from "./pager.ts";

const SHIFT = 14, MASK = CHUNK - 1;

/**
 * Texts of CHUNK rows: in UTF-8 one after the other, and where each ends; of a
 * whole page of Zeek's own uids, as packed_uids.ts has them, without ends.
 */
interface Page {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array | null;
}

/**
 * The uids of connections in 14 B each, other texts in 4 B and what they take.
 * Strings and a Map of them would take several times that, and a Map holds no
 * more than 2^24.
 */
export class UidColumn implements PageOwner {
  readonly #pager: Pager | undefined;
  /** Null where the page is on disk. */
  readonly #pages: (Page | null)[] = [];
  /** By page: bytes of its texts, whether it has ends, and its place on disk. */
  readonly #sizes: number[] = [];
  readonly #packed: boolean[] = [];
  readonly #places: number[] = [];
  #length = 0;
  readonly #index: TextIndex | null;

  constructor(pager?: Pager, { indexed = true } = {}) {
    this.#pager = pager;
    this.#index = indexed ? new TextIndex((row) => this.at(row)) : null;
  }

  get length(): number {
    return this.#length;
  }

  /** Row of the first connection with this uid, −1 where there is none. */
  find(uid: string): number {
    return this.#index?.find(uid) ?? -1;
  }

  /** An empty uid is kept, but not found. */
  push(uid: string): void {
    const row = this.#length, page = row >>> SHIFT;
    if (page === this.#pages.length) this.#begin(page);
    const { bytes, ends } = this.#room(page, 3 * uid.length);
    if (ends === null) throw new RangeError("a whole page takes no more uids");
    const from = (row & MASK) === 0 ? 0 : ends[(row & MASK) - 1];
    ends[row & MASK] = from +
      utf8.encodeInto(uid, bytes.subarray(from)).written;
    this.#sizes[page] = ends[row & MASK];
    this.#length++;
    if (uid !== "") this.#index?.add(uid, row);
  }

  at(row: number): string {
    const { bytes, ends } = this.#pageOf(row >>> SHIFT), i = row & MASK;
    return ends === null
      ? unpackUid(bytes, CHUNK, i)
      : text.decode(bytes.subarray(i === 0 ? 0 : ends[i - 1], ends[i]));
  }

  /** Whether the record has no uid. */
  isEmpty(row: number): boolean {
    const { bytes, ends } = this.#pageOf(row >>> SHIFT), i = row & MASK;
    if (ends === null) return isNone(bytes, CHUNK, i);
    return ends[i] === (i === 0 ? 0 : ends[i - 1]);
  }

  /** All uids are known: they need not be found again. */
  finish(): void {
    this.#index?.clear();
  }

  /** The rows that `isKept`, without an index. */
  filter(isKept: (row: number) => boolean): UidColumn {
    const kept = new UidColumn(this.#pager, { indexed: false });
    for (let row = 0; row < this.#length; row++) {
      if (isKept(row)) kept.push(this.at(row));
    }
    return kept;
  }

  *[Symbol.iterator](): Generator<string> {
    for (let row = 0; row < this.#length; row++) yield this.at(row);
  }

  evict(p: number): void {
    const { bytes, ends } = this.#pages[p]!;
    this.#pages[p] = null;
    if (this.#places[p] !== undefined) return;
    if (ends === null) {
      this.#places[p] = this.#pager!.file.write(bytes);
      return;
    }
    const both = new Uint8Array(4 * CHUNK + bytes.length);
    both.set(new Uint8Array(ends.buffer));
    both.set(bytes, 4 * CHUNK);
    this.#places[p] = this.#pager!.file.write(both);
  }

  /** Only whole pages are given to the pager: they do not change any more. */
  #begin(page: number): void {
    if (page > 0) this.#trim(page - 1);
    this.#sizes[page] = 0;
    this.#pages[page] = {
      bytes: new Uint8Array(20 * CHUNK),
      ends: new Uint32Array(CHUNK),
    };
  }

  #trim(page: number): void {
    const { bytes, ends } = this.#pages[page]!, size = this.#sizes[page];
    const packed = packUids(bytes, ends!);
    this.#packed[page] = packed !== null;
    if (packed !== null) this.#sizes[page] = packed.length;
    this.#pages[page] = packed === null
      ? { bytes: bytes.slice(0, size), ends }
      : { bytes: packed, ends: null };
    this.#pager?.hold(this, page, this.#bytesOf(page));
  }

  /** Bytes of a whole page. */
  #bytesOf(page: number): number {
    return this.#sizes[page] + (this.#packed[page] ? 0 : 4 * CHUNK);
  }

  #room(page: number, bytes: number): Page {
    const known = this.#pages[page]!;
    const needed = this.#sizes[page] + bytes;
    if (needed <= known.bytes.length) return known;
    const larger = new Uint8Array(2 * needed);
    larger.set(known.bytes);
    return this.#pages[page] = { bytes: larger, ends: known.ends };
  }

  #pageOf(p: number): Page {
    const held = this.#pages[p];
    if (held) return held;
    const read = new Uint8Array(this.#bytesOf(p));
    this.#pager!.file.read(read, this.#places[p]);
    const page = this.#packed[p] ? { bytes: read, ends: null } : {
      bytes: read.subarray(4 * CHUNK),
      ends: new Uint32Array(read.buffer, 0, CHUNK),
    };
    this.#pager!.hold(this, p, read.length);
    return this.#pages[p] = page;
  }
}

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Finds rows by their text: a hash table in two flat arrays (open addressing,
 * linear probing), 11 to 21 B per row.
 */
class TextIndex {
  readonly #textAt: (row: number) => string;
  /** Hash of the text, and one more than its row; 0 where free. */
  #hashes = new Uint32Array(1024);
  #rows = new Uint32Array(1024);
  #size = 0;

  constructor(textAt: (row: number) => string) {
    this.#textAt = textAt;
  }

  find(text: string): number {
    const hash = hashOf(text), mask = this.#rows.length - 1;
    for (let at = hash & mask; this.#rows[at] !== 0; at = at + 1 & mask) {
      const row = this.#rows[at] - 1;
      if (this.#hashes[at] === hash && this.#textAt(row) === text) return row;
    }
    return -1;
  }

  add(text: string, row: number): void {
    if (4 * this.#size >= 3 * this.#rows.length) this.#grow();
    this.#put(hashOf(text), row + 1);
    this.#size++;
  }

  clear(): void {
    this.#hashes = new Uint32Array(1024);
    this.#rows = new Uint32Array(1024);
    this.#size = 0;
  }

  #put(hash: number, row: number): void {
    const mask = this.#rows.length - 1;
    let at = hash & mask;
    while (this.#rows[at] !== 0) at = at + 1 & mask;
    this.#hashes[at] = hash;
    this.#rows[at] = row;
  }

  #grow(): void {
    const hashes = this.#hashes, rows = this.#rows;
    this.#hashes = new Uint32Array(2 * rows.length);
    this.#rows = new Uint32Array(2 * rows.length);
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] !== 0) this.#put(hashes[i], rows[i]);
    }
  }
}

/** FNV-1a, its bits mixed once more (murmur3's last steps): uids are alike. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}
