// Where cells and lines end in the text buffer: one pass of 64 bytes a step
// (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019, stage 1).
//
//   text    a ⇥ b ⇥ c ⏎ d ⇥ …
//   SEPS    ↑ of each ⇥ and ⏎, as addresses
//   LINES   per ⏎ its place in SEPS; where all lines have as many cells, that
//           is known without a list

import { alloc } from "./memory";

const LF: i32 = 10;
/** A step writes 4 entries at a time, and at least 12. */
const SLACK: usize = 64;
/** Steps after which counts of bytes are added up: 4 a step, up to 255. */
const STEPS: usize = 63;

const LFS = memory.data<u8>([
  10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,
], 16);

let SEPS: usize = 0;
let LINES: usize = 0;
let nSeps: i32 = 0;
let nLines: i32 = 0;
/** Cells of every line; 0 where LINES is needed. */
let stride: i32 = 0;
/** Whether the last text had many cells, so that the next one will. */
let dense: bool = false;

/** Makes room for the index of a text of up to `bytes` bytes. */
export function reserveIndex(bytes: i32): void {
  // One more before the first: where the cell before the first line ends.
  SEPS = alloc((<usize>bytes + SLACK) << 2) + 16;
  LINES = alloc((<usize>bytes + SLACK) << 2);
}

/**
 * Indexes [from, to); 64 bytes after it must be readable.
 *
 * @param separator byte between cells; LF where there are no cells
 * @param width cells that lines are likely to have; 0 where nobody knows
 */
export function indexText(
  from: usize, to: usize, separator: i32, width: i32,
): void {
  const cell = i8x16.splat(<i8>separator);
  // Entries that may be too many cost less than a branch that is hard to tell.
  if (dense) findSeps(from, to, cell, true);
  else findSeps(from, to, cell, false);
  dense = <usize>nSeps * 16 > to - from;
  stride = separator == LF ? 1 : allHave(width) ? width : 0;
  if (stride == 0) listLines();
}

// @ts-ignore: decorator
@inline
function findSeps(from: usize, to: usize, cell: v128, many: bool): void {
  const lf = v128.load(LFS), whole = from + ((to - from) & ~63);
  let seps = SEPS, p = from, lines: i32 = 0;
  while (p < whole) {
    const stop = min(p + 64 * STEPS, whole);
    let counts = i8x16.splat(0);
    for (; p < stop; p += 64) {
      let v = v128.load(p), ends = i8x16.eq(v, lf), inStep = ends;
      let all = bits(v, ends, cell);
      v = v128.load(p, 16);
      ends = i8x16.eq(v, lf);
      inStep = i8x16.add(inStep, ends);
      all |= bits(v, ends, cell) << 16;
      v = v128.load(p, 32);
      ends = i8x16.eq(v, lf);
      inStep = i8x16.add(inStep, ends);
      all |= bits(v, ends, cell) << 32;
      v = v128.load(p, 48);
      ends = i8x16.eq(v, lf);
      inStep = i8x16.add(inStep, ends);
      all |= bits(v, ends, cell) << 48;
      counts = i8x16.sub(counts, inStep);
      const next = seps + (<usize>popcnt(all) << 2);
      if (many) {
        all = putFour(seps, p, all);
        all = putFour(seps + 16, p, all);
        all = putFour(seps + 32, p, all);
        seps += 48;
      }
      while (all) {
        all = putFour(seps, p, all);
        seps += 16;
      }
      seps = next;
    }
    lines += sumOf(counts);
  }
  const byte = <i32>i8x16.extract_lane_u(cell, 0);
  for (; p < to; p++) {
    const c = <i32>load<u8>(p);
    if (c != byte && c != LF) continue;
    store<usize>(seps, p);
    seps += 4;
    lines += i32(c == LF);
  }
  nLines = lines;
  nSeps = <i32>((seps - SEPS) >> 2);
}

// @ts-ignore: decorator
@inline
function bits(v: v128, ends: v128, cell: v128): u64 {
  return <u64>i8x16.bitmask(v128.or(ends, i8x16.eq(v, cell)));
}

/** Writes the places of the first four bits; the others. */
// @ts-ignore: decorator
@inline
function putFour(to: usize, p: usize, all: u64): u64 {
  store<usize>(to, p + <usize>ctz(all));
  all &= all - 1;
  store<usize>(to, p + <usize>ctz(all), 4);
  all &= all - 1;
  store<usize>(to, p + <usize>ctz(all), 8);
  all &= all - 1;
  store<usize>(to, p + <usize>ctz(all), 12);
  return all & (all - 1);
}

/** All 16 bytes added. */
// @ts-ignore: decorator
@inline
function sumOf(counts: v128): i32 {
  const pairs = i16x8.extadd_pairwise_i8x16_u(counts);
  const fours = i32x4.extadd_pairwise_i16x8_u(pairs);
  return i32x4.extract_lane(fours, 0) + i32x4.extract_lane(fours, 1) +
    i32x4.extract_lane(fours, 2) + i32x4.extract_lane(fours, 3);
}

/** Whether every line has `width` cells: all LF stand where those would end. */
function allHave(width: i32): bool {
  if (width <= 0 || nSeps / width != nLines) return false;
  for (let i = 0, k = width - 1; i < nLines; i++, k += width) {
    if (load<u8>(sepAt(k)) != LF) return false;
  }
  return true;
}

function listLines(): void {
  let to = LINES;
  for (let k = 0; k < nSeps; k++) {
    store<i32>(to, k);
    to += <usize>i32(load<u8>(sepAt(k)) == LF) << 2;
  }
}

/** Lines that end within the indexed text. */
export function countOfLines(): i32 {
  return nLines;
}

/** Cells of every line; 0 where lines differ, or nobody asked. */
// @ts-ignore: decorator
@inline
export function cellsOfLines(): i32 {
  return stride;
}

/** Place in SEPS of the end of line `i`. */
// @ts-ignore: decorator
@inline
export function sepOfLine(i: i32): i32 {
  return stride > 0 ? (i + 1) * stride - 1 : load<i32>(LINES + (<usize>i << 2));
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
