// What cells of up to 16 bytes, as they stand in the log, came to: the codes of
// their texts, be it by an escape or a marker, and 0 for unset.
//
//   CELLS   bytes (16) │ code (32) │ length (32) │ free (64)
//
// Each has one place only, where the next one of the same place takes over: a
// look that finds nothing costs little, and no log can make it cost more.

import { alloc } from "./memory";

const BITS: u64 = 11;
const BYTES: usize = 32 << <usize>BITS;
const FACTOR: u64 = 0x9e3779b97f4a7c15;

export function newCells(): usize {
  return alloc(BYTES);
}

export function forgetCells(cells: usize): void {
  // No cell is −1 bytes long.
  memory.fill(cells, 0xff, BYTES);
}

/** The place of a cell whose bytes are `v`, zeros after them. */
// @ts-ignore: decorator
@inline
export function placeOfCell(cells: usize, v: v128): usize {
  const low = <u64>i64x2.extract_lane(v, 0);
  const high = <u64>i64x2.extract_lane(v, 1);
  return cells + <usize>(((low ^ rotl(high, 29)) * FACTOR) >> (64 - BITS) << 5);
}

/** Whether the place holds such a cell. */
// @ts-ignore: decorator
@inline
export function isCell(place: usize, length: i32, v: v128): bool {
  return (i32(load<i32>(place, 20) != length) |
    i32(v128.any_true(v128.xor(v128.load(place), v)))) == 0;
}

// @ts-ignore: decorator
@inline
export function codeOfCell(place: usize): i32 {
  return load<i32>(place, 16);
}

// @ts-ignore: decorator
@inline
export function setCell(
  place: usize, length: i32, v: v128, code: i32,
): void {
  v128.store(place, v);
  store<i32>(place, code, 16);
  store<i32>(place, length, 20);
}
