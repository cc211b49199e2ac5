/** Slots; a power of two. Enough for the addresses of a busy office. */
const SLOTS = 4096;

/** Longer texts seldom come twice. */
const CACHED_BYTES = 64;

/** A column with this many misses per hit (`uid`) is read without the cache. */
const USELESS_MISSES = 8;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Remembers what the bytes of a column meant: most columns repeat a few values
 * over and over, and making the string is the costly part of reading one. A
 * value takes the slot of its hash from whatever was there, so that a column of
 * unique values costs no memory.
 */
export class TextCache {
  /** Empty until asked: kernels read most columns, and no part needs these. */
  #raws: string[] = [];
  #values: (string | null)[] = [];
  readonly #read: (raw: string) => string | null;
  #hits = 0;
  #misses = 0;

  /**
   * @param read the value of a raw text (its bytes as latin-1 characters), or
   * null where that is no value; asked once per text while it stays cached.
   */
  constructor(read: (raw: string) => string | null) {
    this.#read = read;
  }

  get(bytes: Uint8Array, from: number, to: number): string | null {
    if (to - from > CACHED_BYTES || this.#useless) {
      return this.#read(latin1(bytes, from, to));
    }
    if (this.#raws.length === 0) {
      this.#raws = new Array(SLOTS).fill("");
      this.#values = new Array(SLOTS).fill(null);
    }
    // FNV-1a.
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) {
      hash = Math.imul(hash ^ bytes[i], 0x01000193);
    }
    const slot = (hash ^ hash >>> 15) & (SLOTS - 1);
    if (equals(this.#raws[slot], bytes, from, to)) {
      this.#hits++;
      return this.#values[slot];
    }
    this.#misses++;
    const raw = latin1(bytes, from, to);
    this.#raws[slot] = raw;
    return this.#values[slot] = this.#read(raw);
  }

  get #useless(): boolean {
    return this.#misses > SLOTS && this.#misses > USELESS_MISSES * this.#hits;
  }
}

function equals(
  raw: string,
  bytes: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (raw.length !== to - from || raw.length === 0) return false;
  for (let i = 0; i < raw.length; i++) {
    if (raw.charCodeAt(i) !== bytes[from + i]) return false;
  }
  return true;
}

const codes: number[] = [];

/** Bytes as characters of the same code. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (; from < to; from += codes.length) {
    codes.length = Math.min(to - from, 1024);
    for (let i = 0; i < codes.length; i++) codes[i] = bytes[from + i];
    text += String.fromCharCode.apply(null, codes);
  }
  return text;
}

/** The text whose UTF-8 bytes these characters are; bad ones become U+FFFD. */
export function fromLatin1(raw: string): string {
  // deno-lint-ignore no-control-regex
  if (!/[^\x00-\x7f]/.test(raw)) return raw;
  return utf8.decode(Uint8Array.from(raw, (c) => c.charCodeAt(0)));
}

/** The text at [from, to); bad UTF-8 becomes U+FFFD, a BOM is kept. */
export function utf8Text(bytes: Uint8Array, from = 0, to = bytes.length) {
  return utf8.decode(bytes.subarray(from, to));
}
