// Where cells and lines end in the text buffer: one pass of 64 bytes a step
// (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019, stage 1).
//
//   text    a ⇥ b ⇥ c ⏎ d ⇥ …
//   SEPS    ↑ of each ⇥ and ⏎, as addresses
//   LINES   per ⏎ its place in SEPS

import { alloc } from "./memory";

const LF: i32 = 10;
/** A block writes 4 entries at a time, so up to 3 past its last. */
const SLACK: usize = 64;

let SEPS: usize = 0;
let LINES: usize = 0;
let nLines: i32 = 0;

/** Makes room for the index of a text of up to `bytes` bytes. */
export function reserveIndex(bytes: i32): void {
  // One more before the first: where the cell before the first line ends.
  SEPS = alloc((<usize>bytes + SLACK) << 2) + 16;
  LINES = alloc((<usize>bytes + SLACK) << 2);
}

// @ts-ignore: decorator
@inline
function bitsOf(p: usize, what: v128): u64 {
  return <u64>i8x16.bitmask(i8x16.eq(v128.load(p), what)) |
    <u64>i8x16.bitmask(i8x16.eq(v128.load(p, 16), what)) << 16 |
    <u64>i8x16.bitmask(i8x16.eq(v128.load(p, 32), what)) << 32 |
    <u64>i8x16.bitmask(i8x16.eq(v128.load(p, 48), what)) << 48;
}

/**
 * Indexes [from, to); 64 bytes after it must be readable.
 *
 * @param separator byte between cells; LF where there are no cells
 */
export function indexText(from: usize, to: usize, separator: i32): void {
  const cell = i8x16.splat(<i8>separator), lf = i8x16.splat(<i8>LF);
  let seps = SEPS, lines = LINES, before: i32 = 0;
  for (let p = from; p < to; p += 64) {
    let ends = bitsOf(p, lf), all = ends | bitsOf(p, cell);
    if (to - p < 64) {
      const within = (<u64>1 << <u64>(to - p)) - 1;
      ends &= within;
      all &= within;
    }
    while (ends) {
      const upTo = ends ^ (ends - 1);
      store<i32>(lines, before + <i32>popcnt(all & upTo) - 1);
      lines += 4;
      ends &= ends - 1;
    }
    const n = <i32>popcnt(all);
    before += n;
    const next = seps + (<usize>n << 2);
    while (all) {
      store<usize>(seps, p + <usize>ctz(all));
      all &= all - 1;
      store<usize>(seps, p + <usize>ctz(all), 4);
      all &= all - 1;
      store<usize>(seps, p + <usize>ctz(all), 8);
      all &= all - 1;
      store<usize>(seps, p + <usize>ctz(all), 12);
      all &= all - 1;
      seps += 16;
    }
    seps = next;
  }
  nLines = <i32>((lines - LINES) >> 2);
}

/** Lines that end within the indexed text. */
export function countOfLines(): i32 {
  return nLines;
}

/** Place in SEPS of the end of line `i`. */
// @ts-ignore: decorator
@inline
export function sepOfLine(i: i32): i32 {
  return load<i32>(LINES + (<usize>i << 2));
}

/** Where the address of separator `k` stands; that of −1 may be set. */
// @ts-ignore: decorator
@inline
export function placeOfSep(k: i32): usize {
  return SEPS + (<usize>k << 2);
}

/** Address of separator `k`. */
// @ts-ignore: decorator
@inline
export function sepAt(k: i32): usize {
  return load<usize>(placeOfSep(k));
}

/** Address of the LF that ends line `i`. */
export function endOfLine(i: i32): usize {
  return sepAt(sepOfLine(i));
}
