// Columns of numbers in a block of lines, two rows at a time: what one vector
// does for 16 digits it does for twice 8 as well. Arguments as in tsv_texts.ts.
//
// Every address that is loaded from costs a comparison, as V8 checks it: both
// ends of a cell come by one load, and constants of vectors from fixed places.

import { putSixDecimals, putWholes } from "./digits";
import { real, whole } from "./numerals";
import { endOf, isUnset, startOf, unsetByte } from "./tsv_cell";

const CR: u8 = 13, POINT: u8 = 46;
/** Numbers that are read in pairs are less: 10 digits before the point, 8. */
const MOST_REAL: f64 = 1e10, MOST_WHOLE: f64 = 1e8;

/** Bits of NaN for neither row, the first, the second, both. */
const UNSETS = memory.data<u64>([
  0, 0, 0x7ff8000000000000, 0, 0, 0x7ff8000000000000, 0x7ff8000000000000,
  0x7ff8000000000000,
], 16);

/** Whether CR stands before the end of some line. */
function someEndInCr(at: usize, step: usize, n: i32): bool {
  for (let i = 0; i < n; i++) {
    if (load<u8>(load<usize>(at) - 1) == CR) return true;
    at += step;
  }
  return false;
}

export function fillReals(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
  end: f64,
): i32 {
  const none = required ? -1 : unsetByte;
  const paired = end >= MOST_REAL && !(last && someEndInCr(at, step, n));
  let i = 0;
  while (i < n) {
    if (paired && i + 1 < n && twoReals(at, at + step, to, none)) {
      i += 2;
      at += step << 1;
      to += 16;
      continue;
    }
    if (!oneReal(at, to, required, last, end)) break;
    i++;
    at += step;
    to += 8;
  }
  return i;
}

/**
 * Reads two rows; false where one of them is unusual, so that each must be
 * looked at.
 */
// @ts-ignore: decorator
@inline
function twoReals(a: usize, b: usize, to: usize, none: i32): bool {
  const first = load<u64>(a - 4), second = load<u64>(b - 4);
  const e = <usize>(first >> 32), n = <i32>e - <i32>first - 1;
  const f = <usize>(second >> 32), m = <i32>f - <i32>second - 1;
  const c = i32(n == 1) & i32(<i32>load<u8>(e - 1) == none);
  const d = i32(m == 1) & i32(<i32>load<u8>(f - 1) == none);
  if (!((hasSixDecimals(e, n) | c) & (hasSixDecimals(f, m) | d))) return false;
  return putSixDecimals(to, unsets(c, d), e, c ? 0 : n - 1, f, d ? 0 : m - 1);
}

// @ts-ignore: decorator
@inline
function hasSixDecimals(e: usize, n: i32): i32 {
  return i32(<u32>(n - 8) < 10) & i32(load<u8>(e - 7) == POINT);
}

// @ts-ignore: decorator
@inline
function unsets(c: i32, d: i32): v128 {
  return v128.load(UNSETS + <usize>((c | d << 1) << 4));
}

function oneReal(
  at: usize, to: usize, required: bool, last: bool, end: f64,
): bool {
  const s = startOf(at), e = endOf(at, last);
  let value: f64 = NaN;
  if (isUnset(s, <i32>(e - s), unsetByte)) {
    if (required) return false;
  } else {
    value = real(s, e);
    if (!(value >= 0 && value < end)) return false;
  }
  store<f64>(to, value);
  return true;
}

export function fillNumbers(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
  end: f64,
): i32 {
  const none = required ? -1 : unsetByte, most = min(end, MOST_WHOLE);
  const paired = !(last && someEndInCr(at, step, n));
  let i = 0;
  while (i < n) {
    if (paired && i + 1 < n && twoNumbers(at, at + step, to, none, most)) {
      i += 2;
      at += step << 1;
      to += 16;
      continue;
    }
    if (!oneNumber(at, to, required, last, end)) break;
    i++;
    at += step;
    to += 8;
  }
  return i;
}

/** As {@link twoReals}, for numbers below `end`. */
// @ts-ignore: decorator
@inline
function twoNumbers(
  a: usize, b: usize, to: usize, none: i32, end: f64,
): bool {
  const first = load<u64>(a - 4), second = load<u64>(b - 4);
  const e = <usize>(first >> 32), n = <i32>e - <i32>first - 1;
  const f = <usize>(second >> 32), m = <i32>f - <i32>second - 1;
  if (<u32>((n - 1) | (m - 1)) > 7) return false;
  const c = i32(n == 1) & i32(<i32>load<u8>(e - 1) == none);
  const d = i32(m == 1) & i32(<i32>load<u8>(f - 1) == none);
  return putWholes(to, unsets(c, d), e, c ? 0 : n, f, d ? 0 : m, end);
}

function oneNumber(
  at: usize, to: usize, required: bool, last: bool, end: f64,
): bool {
  const s = startOf(at), e = endOf(at, last);
  let value: f64 = NaN;
  if (isUnset(s, <i32>(e - s), unsetByte)) {
    if (required) return false;
  } else {
    value = <f64>whole(s, e);
    if (!(value >= 0 && value < end)) return false;
  }
  store<f64>(to, value);
  return true;
}
