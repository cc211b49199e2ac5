import { Buffer } from "node:buffer";
import type { LoadColumn } from "../record_rows.ts";
import type { SqlValue } from "../sql.ts";

/** Writes one record's value of a column. */
export type CellWriter = (to: RowBytes, record: number) => void;

const TAB = 9, LF = 10, BACKSLASH = 92, POINT = 46, ZERO = 48;
const UNSET = Uint8Array.of(BACKSLASH, 78); // \N

/** Below it, millionths are whole numbers that a double counts. */
const FIXED_LIMIT = 1e9;

/** Whole numbers below it have two halves of eight digits. */
const WHOLE_LIMIT = 1e16, HALF = 1e8;

/** 10^n; the last is above every number of 31 bits. */
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];

const encoder = new TextEncoder();

/**
 * Rows as LOAD DATA reads them, as bytes that grow: half the time of strings,
 * which would have to be joined and then encoded.
 */
export class RowBytes {
  #bytes = Buffer.allocUnsafe(1 << 19);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written, as a copy; nothing is held afterwards. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  tab(): void {
    this.#room(1);
    this.#bytes[this.#length++] = TAB;
  }

  newline(): void {
    this.#room(1);
    this.#bytes[this.#length++] = LF;
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    // Short ones are the rule: a call of set costs more than they do.
    if (bytes.length > 32) this.#bytes.set(bytes, this.#length);
    else {
      for (let i = 0; i < bytes.length; i++) {
        this.#bytes[this.#length + i] = bytes[i];
      }
    }
    this.#length += bytes.length;
  }

  /** The number that reads as this very double again; unset if not finite. */
  number(value: number): void {
    this.#room(32);
    const small = value | 0;
    if (small === value && small >= 0) this.#digits(small, 1);
    else if (value > 0 && value < WHOLE_LIMIT) this.#positive(value);
    else this.#any(value);
  }

  text(value: string): void {
    this.#room(value.length);
    const bytes = this.#bytes, at = this.#length;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127 || isSpecial(code)) return this.raw(escaped(value));
      bytes[at + i] = code;
    }
    this.#length += value.length;
  }

  #positive(value: number): void {
    if (Math.floor(value) === value) {
      const high = Math.floor(value / HALF);
      this.#digits(high, 1);
      return this.#digits(value - high * HALF, 8);
    }
    const millionths = Math.round(value * 1e6);
    if (value >= FIXED_LIMIT || millionths / 1e6 !== value) {
      return this.#any(value);
    }
    const whole = Math.floor(millionths / 1e6);
    this.#digits(whole, 1);
    this.#bytes[this.#length++] = POINT;
    this.#digits(millionths - whole * 1e6, 6);
  }

  #any(value: number): void {
    const text = Number.isFinite(value) ? String(value) : null;
    this.raw(text === null ? UNSET : encoder.encode(text));
  }

  /** A whole number below 2^31, in at least so many digits. */
  #digits(value: number, least: number): void {
    let n = least;
    for (let limit = POWERS[n]; value >= limit; limit = POWERS[n]) n++;
    let rest = value | 0;
    for (let i = this.#length + n - 1; i >= this.#length; i--) {
      const tens = (rest / 10) | 0;
      this.#bytes[i] = ZERO + rest - tens * 10;
      rest = tens;
    }
    this.#length += n;
  }

  #room(n: number): void {
    const needed = this.#length + n;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}

/** How a column's values are written. */
export function cellWriter(column: LoadColumn): CellWriter {
  if (column.kind === "numbers") {
    const { values } = column;
    return (to, i) => to.number(values[i]);
  }
  if (column.kind === "computed") {
    return (to, i) => to.raw(cell(column.value(i)));
  }
  const { codes, values } = column;
  // Texts that come but once, as uids, are not worth a second copy.
  if (values.length > codes.length / 2) {
    return (to, i) => {
      const value = values[codes[i]];
      if (typeof value === "string") to.text(value);
      else to.raw(cell(value));
    };
  }
  const cells = values.map(cell);
  return (to, i) => to.raw(cells[codes[i]]);
}

function cell(value: SqlValue): Uint8Array {
  return value === null ? UNSET : escaped(value);
}

/** UTF-8 with LOAD DATA's escapes. */
function escaped(value: SqlValue): Uint8Array {
  const bytes = value instanceof Uint8Array
    ? value
    : encoder.encode(String(value));
  if (!bytes.some(isSpecial)) return bytes;
  const out: number[] = [];
  for (const byte of bytes) {
    if (isSpecial(byte)) out.push(BACKSLASH);
    out.push(byte === 0 ? ZERO : byte);
  }
  return Uint8Array.from(out);
}

/** The separators, the escape itself, and NUL. */
function isSpecial(byte: number): boolean {
  return byte === TAB || byte === LF || byte === BACKSLASH || byte === 0;
}
