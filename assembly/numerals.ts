// Numbers in decimal notation. Up to 2^53 the digits are an exact integer, and
// so is the power of ten below them: one division rounds once (Clinger, "How to
// read floating point numbers accurately", 1990). What is longer, signed or in
// scientific notation is the host's.

import {
  areDigits, before, beforeWithoutPoint, ofDigits,
} from "./digits";

/** Powers of ten that a double holds exactly. */
const POWERS = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
  1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);
const MOST: i64 = 1 << 53;
/** Characters of the longest number that is read here. */
const LONGEST: i32 = 17;

/** The number of 1 to 16 digits in [s, e); negative where it is none. */
// @ts-ignore: decorator
@inline
export function whole(s: usize, e: usize): i64 {
  const length = <i32>(e - s);
  if (length < 1 || length > 16) return -1;
  const v = before(e);
  return areDigits(v, length) ? ofDigits(v, length) : -1;
}

/**
 * The number in [s, e), correctly rounded; negative where it is none, or one
 * that the host must read.
 */
// @ts-ignore: decorator
@inline
export function real(s: usize, e: usize): f64 {
  const length = <i32>(e - s);
  // Zeek writes six decimals.
  if (length >= 8 && length <= LONGEST && load<u8>(e - 7) == 46) {
    const v = beforeWithoutPoint(e);
    if (!areDigits(v, length - 1)) return -1;
    const digits = ofDigits(v, length - 1);
    return digits > MOST ? -1 : <f64>digits / 1e6;
  }
  return otherReal(s, e);
}

function otherReal(s: usize, e: usize): f64 {
  if (s >= e || <i32>(e - s) > LONGEST) return -1;
  let digits: i64 = 0, point: usize = 0;
  for (let p = s; p < e; p++) {
    const digit = <i32>load<u8>(p) - 48;
    if (<u32>digit <= 9) digits = digits * 10 + digit;
    else if (digit == -2 && point == 0 && p > s) point = p;
    else return -1;
  }
  if (digits > MOST) return -1;
  const decimals: usize = point == 0 ? 0 : e - point - 1;
  return <f64>digits / load<f64>(POWERS + (decimals << 3));
}

/** Where the number ended that {@link shortNumber} read; 0 where it read none. */
export let endOfShort: usize = 0;

/** Digits at `p`, up to 16. */
// @ts-ignore: decorator
@inline
function countDigits(p: usize): i32 {
  const v = i8x16.sub(v128.load(p), i8x16.splat(48));
  return <i32>ctz(i8x16.bitmask(i8x16.gt_u(v, i8x16.splat(9))) | 0x10000);
}

/**
 * The number at `p` in JSON's notation, correctly rounded, if it has no sign, no
 * exponent and few digits.
 */
// @ts-ignore: decorator
@inline
export function shortNumber(p: usize): f64 {
  endOfShort = 0;
  const n = countDigits(p);
  if (n == 0 || n > 15 || (n > 1 && load<u8>(p) == 48)) return -1;
  const point = p + <usize>n, high = whole(p, point), c = load<u8>(point);
  if (c != 46) {
    if ((c | 32) == 101) return -1;
    endOfShort = point;
    return <f64>high;
  }
  const m = countDigits(point + 1), e = point + 1 + <usize>m;
  if (m == 0 || n + m > 16 || (load<u8>(e) | 32) == 101) return -1;
  const scale = load<f64>(POWERS + (<usize>m << 3));
  const digits = high * <i64>scale + whole(point + 1, e);
  if (digits > MOST) return -1;
  endOfShort = e;
  return <f64>digits / scale;
}

/**
 * The number in [s, e) with up to 18 digits that count, as JSON has them,
 * correctly rounded; negative or NaN where the host must read it.
 */
export function exact(s: usize, e: usize): f64 {
  let digits: i64 = 0, decimals: i32 = 0, point = false, counted: i32 = 0;
  let p = s;
  for (; p < e; p++) {
    const digit = <i32>load<u8>(p) - 48;
    if (<u32>digit <= 9) {
      digits = digits * 10 + digit;
      if (digits != 0 && ++counted > 18) return -1;
      if (point) decimals++;
    } else if (digit == -2 && !point && p > s) point = true;
    else break;
  }
  if (p == s) return -1;
  if (p < e) {
    const exponent = exponentAt(p, e);
    if (exponent < 0) return -1;
    decimals += exponent;
  }
  if (decimals > 22) return -1;
  const scale = load<f64>(POWERS + (<usize>decimals << 3));
  return digits <= MOST ? <f64>digits / scale : quotient(digits, scale);
}

/** −x of the exponent "e-x" that ends at `e`; negative where it is another. */
function exponentAt(p: usize, e: usize): i32 {
  if ((load<u8>(p) | 32) != 101 || load<u8>(p + 1) != 45) return -1;
  p += 2;
  if (p >= e || e - p > 2) return -1;
  let value: i32 = 0;
  for (; p < e; p++) {
    const digit = <i32>load<u8>(p) - 48;
    if (<u32>digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * digits / scale, rounded once, for digits that no double holds: the quotient of
 * the nearest double, corrected by its exact remainder (Dekker, "A
 * floating-point technique for extending the available precision", 1971).
 * Negative where the true value is too near the middle of two doubles.
 */
function quotient(digits: i64, scale: f64): f64 {
  const high = <f64>digits, low = <f64>(digits - <i64>high);
  const q = high / scale, product = q * scale;
  const qHigh = upper(q), sHigh = upper(scale);
  const qLow = q - qHigh, sLow = scale - sHigh;
  const lost = qLow * sLow -
    (((product - qHigh * sHigh) - qLow * sHigh) - qHigh * sLow);
  const correction = ((high - product) - lost + low) / scale;
  const value = q + correction;
  const rest = abs(correction - (value - q));
  const next = reinterpret<f64>(reinterpret<i64>(value) + 1);
  const half = (next - value) / 2;
  // Below a power of two the doubles are twice as close.
  const near = min(abs(rest - half), abs(rest - half / 2));
  return near < half * 1e-6 ? -1 : value;
}

/** The upper 26 bits of a double (Veltkamp). */
function upper(x: f64): f64 {
  const t = x * 134217729;
  return t - (t - x);
}

/**
 * Writes the number of [s, e) in its shortest form, "60" for "60.000000": where
 * a double holds its digits as an integer, that is the text without needless
 * zeros.
 *
 * @param to OUT up to e − s bytes
 * @returns the end of what was written; 0 where the host must write it
 */
export function shortest(s: usize, e: usize, to: usize): usize {
  while (e - s > 1 && load<u8>(s) == 48 && load<u8>(s + 1) != 46) s++;
  if (s >= e || <i32>(e - s) > LONGEST) return 0;
  let point: usize = 0, digits: i64 = 0;
  for (let p = s; p < e; p++) {
    const c = load<u8>(p);
    if (c == 46 && point == 0 && p > s) point = p;
    else if (<u32>(<i32>c - 48) > 9) return 0;
    else digits = digits * 10 + (<i64>c - 48);
  }
  // More decimals may need an exponent.
  if (digits > MOST || (point != 0 && e - point > 7)) return 0;
  if (point != 0) {
    while (load<u8>(e - 1) == 48) e--;
    if (e - 1 == point) e--;
  }
  for (let p = s; p < e; p++) store<u8>(to++, load<u8>(p));
  return to;
}
