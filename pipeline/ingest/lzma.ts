/** Bits of a probability, and how fast it follows what came. */
const MODEL_BITS = 11, MOVE_BITS = 5, HALF = 1 << (MODEL_BITS - 1);
const TOP = 1 << 24;

const STATES = 12, POSITIONS = 16, LENGTH_STATES = 4;
/** Probabilities of one kind of lengths: choices, low, middle, high. */
const CHOICE = 0, LOW = 2, MIDDLE = LOW + POSITIONS * 8;
const HIGH = MIDDLE + POSITIONS * 8, LENGTHS = HIGH + 256;

/** Where each kind of probability begins in one array. */
const IS_MATCH = 0;
const IS_REP = IS_MATCH + STATES * POSITIONS;
const IS_REP0 = IS_REP + STATES;
const IS_REP1 = IS_REP0 + STATES;
const IS_REP2 = IS_REP1 + STATES;
const IS_REP0_LONG = IS_REP2 + STATES;
const SLOT = IS_REP0_LONG + STATES * POSITIONS;
const SPECIAL = SLOT + LENGTH_STATES * 64;
const ALIGN = SPECIAL + 128;
const MATCH_LENGTH = ALIGN + 16;
const REP_LENGTH = MATCH_LENGTH + LENGTHS;
const LITERAL = REP_LENGTH + LENGTHS;

/** Bytes that an LZMA2 chunk may decode to. */
export const MOST_CHUNK_BYTES = 1 << 21;

const damaged = () => new Error("invalid LZMA data");

/**
 * LZMA as LZMA2's chunks hold it: each is there whole, and both of its lengths
 * are known. (Igor Pavlov's LZMA specification, 2015.)
 */
export class Lzma {
  /** What was decoded: the dictionary, and room for a chunk. */
  readonly #window: Uint8Array;
  readonly #dictionary: number;
  #at = 0;
  /** Bytes since the dictionary was reset. */
  #known = 0;
  #probs = new Uint16Array(LITERAL + (0x300 << 4));
  #lc = 3;
  #lp = 0;
  #pb = 2;
  #state = 0;
  readonly #reps = new Uint32Array(4);
  #in: Uint8Array = new Uint8Array(0);
  #next = 0;
  #range = 0;
  #code = 0;

  /** @param dictionary bytes that a match may reach back. */
  constructor(dictionary: number) {
    this.#dictionary = dictionary;
    this.#window = new Uint8Array(dictionary + 2 * MOST_CHUNK_BYTES);
  }

  resetDictionary(): void {
    this.#known = 0;
  }

  /** @throws Error where LZMA2 does not allow such properties. */
  setProperties(byte: number): void {
    const lc = byte % 9, lp = Math.floor(byte / 9) % 5;
    const pb = Math.floor(byte / 45);
    if (pb > 4 || lc + lp > 4) throw damaged();
    [this.#lc, this.#lp, this.#pb] = [lc, lp, pb];
  }

  resetState(): void {
    this.#state = 0;
    this.#reps.fill(0);
    this.#probs.fill(HALF);
  }

  /** Text that is not compressed. */
  copy(bytes: Uint8Array): Uint8Array {
    this.#makeRoom(bytes.length);
    this.#window.set(bytes, this.#at);
    this.#at += bytes.length;
    this.#known += bytes.length;
    return bytes;
  }

  /**
   * @param bytes one chunk's data, whole.
   * @param size how much it decodes to.
   * @throws Error for damage.
   */
  decode(bytes: Uint8Array, size: number): Uint8Array {
    this.#makeRoom(size);
    const from = this.#at, end = from + size;
    this.#in = bytes;
    this.#next = 5;
    this.#range = 0xffffffff;
    this.#code =
      (bytes[1] << 24 | bytes[2] << 16 | bytes[3] << 8 | bytes[4]) >>>
      0;
    if (bytes[0] !== 0) throw damaged();
    while (this.#at < end) this.#symbol(end);
    this.#normalise();
    if (this.#next !== bytes.length || this.#code !== 0) throw damaged();
    return this.#window.slice(from, end);
  }

  #makeRoom(size: number): void {
    if (this.#at + size <= this.#window.length) return;
    this.#window.copyWithin(0, this.#at - this.#dictionary, this.#at);
    this.#at = this.#dictionary;
  }

  /** A byte, or a copy of bytes from before. */
  #symbol(end: number): void {
    const position = this.#known & ((1 << this.#pb) - 1);
    const state = this.#state;
    if (this.#bit(IS_MATCH + state * POSITIONS + position) === 0) {
      return this.#literal();
    }
    let length: number;
    const reps = this.#reps;
    if (this.#bit(IS_REP + state) === 0) {
      reps.copyWithin(1, 0, 3);
      length = this.#length(MATCH_LENGTH, position);
      this.#state = state < 7 ? 7 : 10;
      reps[0] = this.#distance(length);
    } else if (this.#bit(IS_REP0 + state) === 1) {
      this.#recall(state);
      length = this.#length(REP_LENGTH, position);
      this.#state = state < 7 ? 8 : 11;
    } else if (this.#bit(IS_REP0_LONG + state * POSITIONS + position) === 1) {
      length = this.#length(REP_LENGTH, position);
      this.#state = state < 7 ? 8 : 11;
    } else {
      length = 1;
      this.#state = state < 7 ? 9 : 11;
    }
    this.#copyBack(reps[0] + 1, length, end);
  }

  /** Puts the second, third or fourth of the last distances first. */
  #recall(state: number): void {
    const reps = this.#reps;
    const rep = this.#bit(IS_REP1 + state) === 0
      ? 1
      : 2 + this.#bit(IS_REP2 + state);
    const distance = reps[rep];
    reps.copyWithin(1, 0, rep);
    reps[0] = distance;
  }

  #literal(): void {
    const before = this.#known > 0 ? this.#window[this.#at - 1] : 0;
    const low = (this.#known & ((1 << this.#lp) - 1)) << this.#lc;
    const probs = LITERAL + 0x300 * (low + (before >> (8 - this.#lc)));
    let symbol = 1;
    if (this.#state >= 7) {
      this.#checkDistance(this.#reps[0] + 1);
      let match = this.#window[this.#at - this.#reps[0] - 1];
      while (symbol < 256) {
        const wanted = match >> 7 & 1;
        match <<= 1;
        const bit = this.#bit(probs + ((1 + wanted) << 8) + symbol);
        symbol = symbol << 1 | bit;
        if (bit !== wanted) break;
      }
    }
    while (symbol < 256) symbol = symbol << 1 | this.#bit(probs + symbol);
    this.#window[this.#at++] = symbol;
    this.#known++;
    const state = this.#state;
    this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  #length(probs: number, position: number): number {
    if (this.#bit(probs + CHOICE) === 0) {
      return 2 + this.#tree(probs + LOW + position * 8, 3);
    }
    if (this.#bit(probs + CHOICE + 1) === 0) {
      return 10 + this.#tree(probs + MIDDLE + position * 8, 3);
    }
    return 18 + this.#tree(probs + HIGH, 8);
  }

  #distance(length: number): number {
    const lengthState = Math.min(length - 2, LENGTH_STATES - 1);
    const slot = this.#tree(SLOT + lengthState * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1, base = (2 | slot & 1) * 2 ** bits;
    if (slot < 14) {
      return base + this.#reverse(SPECIAL + base - slot, bits);
    }
    return base + this.#direct(bits - 4) * 16 + this.#reverse(ALIGN, 4);
  }

  #copyBack(distance: number, length: number, end: number): void {
    this.#checkDistance(distance);
    if (this.#at + length > end) throw damaged();
    const window = this.#window;
    let at = this.#at;
    for (const stop = at + length; at < stop; at++) {
      window[at] = window[at - distance];
    }
    this.#at = at;
    this.#known += length;
  }

  #checkDistance(distance: number): void {
    if (distance > this.#known || distance > this.#dictionary) throw damaged();
  }

  #tree(probs: number, bits: number): number {
    let symbol = 1;
    for (let i = 0; i < bits; i++) {
      symbol = symbol << 1 | this.#bit(probs + symbol);
    }
    return symbol - (1 << bits);
  }

  #reverse(probs: number, bits: number): number {
    let symbol = 1, value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(probs + symbol);
      symbol = symbol << 1 | bit;
      value |= bit << i;
    }
    return value;
  }

  /** Bits as likely one as zero. */
  #direct(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      this.#normalise();
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit) this.#code -= this.#range;
      value = value * 2 + bit;
    }
    return value;
  }

  #bit(prob: number): number {
    this.#normalise();
    const p = this.#probs[prob], bound = (this.#range >>> MODEL_BITS) * p;
    if (this.#code < bound) {
      this.#range = bound;
      this.#probs[prob] = p + (((1 << MODEL_BITS) - p) >> MOVE_BITS);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    this.#probs[prob] = p - (p >> MOVE_BITS);
    return 1;
  }

  #normalise(): void {
    if (this.#range >= TOP) return;
    this.#range = this.#range * 256;
    this.#code = (this.#code * 256 + this.#in[this.#next++]) % 2 ** 32;
  }
}
