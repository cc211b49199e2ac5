import type { CompressedInput } from "./compressed_input.ts";

/** A block of 900,000 bytes is never longer than this, compressed. */
const MOST_BLOCK_BYTES = 1 << 21;
const BLOCK = 0x314159265359, END = 0x177245385090;
const MOST_LENGTH = 20, GROUP = 50;

/**
 * Decompresses bzip2 data, streams one after the other, block by block. There
 * is no description but the program's source (bzip2 1.0.8, decompress.c);
 * "randomised" blocks, unwritten since 1997, are refused.
 */
export function* bunzip2(
  input: CompressedInput,
): Generator<Uint8Array | undefined, void> {
  for (let first = true;; first = false) {
    yield* input.upTo(4);
    const head = input.bytes;
    const level = head[3] - 48;
    const starts = head[0] === 66 && head[1] === 90 && head[2] === 104 &&
      level >= 1 && level <= 9;
    if (!starts && !first) return;
    if (!starts) throw new Error("incorrect header");
    input.take(4);
    yield* stream(input, level * 100_000);
  }
}

function* stream(
  input: CompressedInput,
  blockSize: number,
): Generator<Uint8Array | undefined, void> {
  const words = new Uint32Array(blockSize);
  let bit = 0, combined = 0;
  for (;;) {
    yield* input.upTo(MOST_BLOCK_BYTES);
    const bits = new Bits(input.bytes, bit);
    const magic = bits.take(24) * 2 ** 24 + bits.take(24);
    const checksum = bits.take32();
    if (magic === END) {
      input.take((bits.at + 7) >> 3);
      if (checksum !== combined) throw new Error("incorrect data check");
      return;
    }
    if (magic !== BLOCK) throw new Error("invalid block");
    const out = block(bits, words);
    input.take(bits.at >> 3);
    bit = bits.at & 7;
    yield out;
    if (crcOf(out) !== checksum) throw new Error("incorrect data check");
    combined = ((combined << 1 | combined >>> 31) ^ checksum) >>> 0;
  }
}

/** Bits of bytes, the highest of each first. */
class Bits {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Bits that were taken, and those passed over at first. */
  get at(): number {
    return this.#at;
  }

  /** The next 24 bits, zeros behind the last. */
  peek(): number {
    const i = this.#at >> 3, bytes = this.#bytes;
    const word = (bytes[i] << 24 | bytes[i + 1] << 16 | bytes[i + 2] << 8 |
      bytes[i + 3]) << (this.#at & 7);
    return word >>> 8;
  }

  /** @throws Error when the data end before. */
  skip(n: number): void {
    this.#at += n;
    if (this.#at > this.#bytes.length * 8) {
      throw new Error("unexpected end of file");
    }
  }

  /** @param n at most 24. */
  take(n: number): number {
    const value = this.peek() >>> (24 - n);
    this.skip(n);
    return value;
  }

  take32(): number {
    return (this.take(16) << 16 | this.take(16)) >>> 0;
  }
}

/** One block's text. @param words as long as a block may be. */
function block(bits: Bits, words: Uint32Array): Uint8Array {
  if (bits.take(1) === 1) throw new Error("a randomised block");
  const origin = bits.take(24);
  const used = usedBytes(bits);
  const nTables = bits.take(3);
  if (nTables < 2 || nTables > 6) throw new Error("invalid block");
  const selectors = selectorsOf(bits, nTables);
  const tables = Array.from(
    { length: nTables },
    () => tableOf(bits, used.length + 2),
  );
  const counts = new Uint32Array(256);
  const n = symbols(bits, { used, selectors, tables }, words, counts);
  if (origin >= n) throw new Error("invalid block");
  invert(words, n, counts);
  return withRuns(words, n, origin);
}

/** The bytes that occur, in order. */
function usedBytes(bits: Bits): number[] {
  const rows = bits.take(16), used: number[] = [];
  for (let i = 0; i < 16; i++) {
    if ((rows >> (15 - i) & 1) === 0) continue;
    const row = bits.take(16);
    for (let j = 0; j < 16; j++) {
      if (row >> (15 - j) & 1) used.push(i * 16 + j);
    }
  }
  if (used.length === 0) throw new Error("invalid block");
  return used;
}

/** Which table each 50 symbols are read by. */
function selectorsOf(bits: Bits, nTables: number): Uint8Array {
  const selectors = new Uint8Array(bits.take(15));
  const order = Array.from({ length: nTables }, (_, i) => i);
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.take(1) === 1) place++;
    if (place >= nTables) throw new Error("invalid block");
    const [table] = order.splice(place, 1);
    order.unshift(table);
    selectors[i] = table;
  }
  return selectors;
}

interface Table {
  /** Shape (21,): of codes of each length the last, as 20 bits; −1 for none. */
  readonly limit: Int32Array;
  /** Shape (21,): what is taken off a code to have its place in `symbols`. */
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
  readonly shortest: number;
}

function tableOf(bits: Bits, nSymbols: number): Table {
  const lengths = new Uint8Array(nSymbols);
  let length = bits.take(5);
  for (let i = 0; i < nSymbols; i++) {
    for (;;) {
      if (length < 1 || length > MOST_LENGTH) throw new Error("invalid block");
      if (bits.take(1) === 0) break;
      length += bits.take(1) === 0 ? 1 : -1;
    }
    lengths[i] = length;
  }
  const limit = new Int32Array(MOST_LENGTH + 1).fill(-1);
  const base = new Int32Array(MOST_LENGTH + 1);
  const symbols: number[] = [];
  let code = 0;
  for (let n = 1; n <= MOST_LENGTH; n++) {
    base[n] = code - symbols.length;
    for (let i = 0; i < nSymbols; i++) {
      if (lengths[i] !== n) continue;
      symbols.push(i);
      code++;
    }
    limit[n] = (code << (MOST_LENGTH - n)) - 1;
    code <<= 1;
  }
  const shortest = Math.min(...lengths);
  return { limit, base, symbols: Uint16Array.from(symbols), shortest };
}

interface Coding {
  readonly used: readonly number[];
  readonly selectors: Uint8Array;
  readonly tables: readonly Table[];
}

/**
 * Decodes symbols, runs and moves to the front into the lowest bytes of
 * `words`, and counts them.
 *
 * @returns how many there are.
 */
function symbols(
  bits: Bits,
  { used, selectors, tables }: Coding,
  words: Uint32Array,
  counts: Uint32Array,
): number {
  const front = Uint8Array.from(used), last = used.length + 1;
  let n = 0, run = 0, weight = 1;
  for (let i = 0;; i++) {
    const group = Math.floor(i / GROUP);
    if (group >= selectors.length) throw new Error("invalid block");
    const symbol = symbolOf(bits, tables[selectors[group]]);
    if (symbol <= 1) {
      run += weight << symbol;
      weight <<= 1;
      if (run > words.length) throw new Error("invalid block");
      continue;
    }
    if (n + run + 1 > words.length + (symbol === last ? 1 : 0)) {
      throw new Error("invalid block");
    }
    if (run > 0) {
      words.fill(front[0], n, n + run);
      counts[front[0]] += run;
      n += run;
      run = 0;
      weight = 1;
    }
    if (symbol === last) return n;
    const byte = front[symbol - 1];
    front.copyWithin(1, 0, symbol - 1);
    front[0] = byte;
    words[n++] = byte;
    counts[byte]++;
  }
}

function symbolOf(
  bits: Bits,
  { limit, base, symbols, shortest }: Table,
): number {
  const code = bits.peek() >>> 4;
  for (let n = shortest; n <= MOST_LENGTH; n++) {
    if (code > limit[n]) continue;
    bits.skip(n);
    return symbols[(code >>> (MOST_LENGTH - n)) - base[n]];
  }
  throw new Error("invalid block");
}

/** Burrows and Wheeler's transform: each word gets its successor's place << 8. */
function invert(words: Uint32Array, n: number, counts: Uint32Array): void {
  const next = new Uint32Array(256);
  for (let b = 0, sum = 0; b < 256; b++) {
    next[b] = sum;
    sum += counts[b];
  }
  for (let i = 0; i < n; i++) words[next[words[i] & 255]++] |= i << 8;
}

/** Four equal bytes are followed by how many more of them there are. */
function withRuns(words: Uint32Array, n: number, origin: number): Uint8Array {
  let out = new Uint8Array(n * 2), length = 0;
  let place = words[origin] >>> 8, before = -1, equal = 0;
  for (let i = 0; i < n; i++) {
    const word = words[place], byte = word & 255;
    place = word >>> 8;
    const more = equal === 4 ? byte : 1;
    if (length + more > out.length) {
      const wide = new Uint8Array(out.length * 2 + more);
      wide.set(out);
      out = wide;
    }
    if (equal === 4) {
      out.fill(before, length, length + more);
      equal = 0;
      before = -1;
    } else {
      out[length] = byte;
      equal = byte === before ? equal + 1 : 1;
      before = byte;
    }
    length += more;
  }
  return out.subarray(0, length);
}

const CRC = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc << 1 ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc >>> 0;
});

/** CRC-32 with the highest bit first. */
function crcOf(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = crc << 8 ^ CRC[crc >>> 24 ^ byte];
  return ~crc >>> 0;
}
