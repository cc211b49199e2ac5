// Up to 16 digits at once, each step adding neighbours (Muła, "SIMD-ized parsing
// of decimal numbers", 2014). Everything here reads the 17 bytes before an end.
//
//   1 2 3 4 5 6 7 8 …    16 digits
//   12  34  56  78  …     8 pairs         × 10 + 1
//   1234    5678    …     4 fours         × 100 + 1
//   12345678        …     2 eights        × 10000 + 1

/** 16 bytes of 0, then 16 of 0xff: from n on, a mask of the last n bytes. */
const TAILS = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
], 16);

// Constants of vectors are loaded: V8 builds others anew in every loop.
const ZEROS = memory.data<u8>([
  48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
], 16);
/** What moves "0" to −128, so that one signed comparison finds non-digits. */
const TO_SIGNED = memory.data<u8>([
  80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80,
], 16);
/** "9" there. */
const NINES = memory.data<u8>([
  137, 137, 137, 137, 137, 137, 137, 137, 137, 137, 137, 137, 137, 137, 137,
  137,
], 16);
const EVEN = memory.data<u16>([255, 255, 255, 255, 255, 255, 255, 255], 16);
const TENS = memory.data<i16>([10, 10, 10, 10, 10, 10, 10, 10], 16);
const HUNDREDS = memory.data<i16>([100, 1, 100, 1, 100, 1, 100, 1], 16);
const MYRIADS = memory.data<i16>([
  10000, 1, 10000, 1, 10000, 1, 10000, 1,
], 16);

/** Whether the last `n` ≤ 16 characters of `v` are digits. */
// @ts-ignore: decorator
@inline
export function areDigits(v: v128, n: i32): bool {
  const others = i8x16.gt_s(
    i8x16.add(v, v128.load(TO_SIGNED)),
    v128.load(NINES),
  );
  return !v128.any_true(v128.and(others, v128.load(TAILS + <usize>n)));
}

/** The number of the last `n` ≤ 16 characters of `v`, all of them digits. */
// @ts-ignore: decorator
@inline
export function ofDigits(v: v128, n: i32): i64 {
  const digits = v128.and(
    i8x16.sub(v, v128.load(ZEROS)),
    v128.load(TAILS + <usize>n),
  );
  const pairs = i16x8.add(
    i16x8.mul(v128.and(digits, v128.load(EVEN)), v128.load(TENS)),
    i16x8.shr_u(digits, 8),
  );
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(HUNDREDS));
  const eights = i32x4.dot_i16x8_s(
    i16x8.narrow_i32x4_u(fours, fours),
    v128.load(MYRIADS),
  );
  const both = i64x2.extract_lane(eights, 0);
  return (both & 0xffffffff) * 100000000 + (both >> 32);
}

/** The 16 characters before `e`. */
// @ts-ignore: decorator
@inline
export function before(e: usize): v128 {
  return v128.load(e - 16);
}

/** The 16 characters before `e` other than that at e − 7: "10.6" without ".". */
// @ts-ignore: decorator
@inline
export function beforeWithoutPoint(e: usize): v128 {
  return i8x16.shuffle(
    v128.load(e - 17),
    v128.load(e - 16),
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 26, 27, 28, 29, 30, 31,
  );
}

/** From n on, a mask of the last n of 8 bytes. */
const TAILS_OF_8 = TAILS + 8;
const DIGIT_NINES = memory.data<u8>([
  9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
], 16);
const TEN_ONE = memory.data<u8>([
  10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1,
], 16);
const MILLIONS = memory.data<f64>([1e6, 1e6], 16);
const MYRIAD_SQUARES = memory.data<f64>([1e8, 1e8], 16);
/** 2^53, from which on a double may hold another number. */
const TOO_LARGE = memory.data<f64>([9007199254740992, 9007199254740992], 16);

/** Whether any byte is above 9. */
// @ts-ignore: decorator
@inline
function hasOthers(digits: v128): bool {
  return v128.any_true(i8x16.sub_sat_u(digits, v128.load(DIGIT_NINES)));
}

/** Fours of digits that are a byte each. */
// @ts-ignore: decorator
@inline
function foursOf(digits: v128): v128 {
  // No highest bit is set on either side: all processors agree on the product.
  return i32x4.dot_i16x8_s(
    i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(TEN_ONE), digits),
    v128.load(HUNDREDS),
  );
}

/**
 * Writes the numbers of the n ≤ 8 digits before `e` and of the m before `f`, if
 * they are such and below `end`; none is 0.
 *
 * @param to OUT two f64
 * @param bits to be set in them
 */
// @ts-ignore: decorator
@inline
export function putWholes(
  to: usize, bits: v128, e: usize, n: i32, f: usize, m: i32, end: f64,
): bool {
  const characters = v128.load64_lane(f - 8, v128.load64_zero(e - 8), 1);
  const tails = v128.load64_lane(
    TAILS_OF_8 + <usize>m,
    v128.load64_zero(TAILS_OF_8 + <usize>n),
    1,
  );
  const digits = v128.and(i8x16.sub(characters, v128.load(ZEROS)), tails);
  if (hasOthers(digits)) return false;
  const fours = foursOf(digits);
  const values = f64x2.convert_low_i32x4_s(i32x4.dot_i16x8_s(
    i16x8.narrow_i32x4_u(fours, fours),
    v128.load(MYRIADS),
  ));
  if (v128.any_true(f64x2.ge(values, f64x2.splat(end)))) return false;
  v128.store(to, v128.or(values, bits));
  return true;
}

/**
 * As {@link putWholes} for n, m ≤ 16 digits, the last six after a point; each
 * is rounded once, as an exact integer is divided.
 */
// @ts-ignore: decorator
@inline
export function putSixDecimals(
  to: usize, bits: v128, e: usize, n: i32, f: usize, m: i32,
): bool {
  const zeros = v128.load(ZEROS);
  const a = v128.and(
    i8x16.sub(beforeWithoutPoint(e), zeros),
    v128.load(TAILS + <usize>n),
  );
  const b = v128.and(
    i8x16.sub(beforeWithoutPoint(f), zeros),
    v128.load(TAILS + <usize>m),
  );
  if (hasOthers(i8x16.max_u(a, b))) return false;
  const eights = i32x4.dot_i16x8_s(
    i16x8.narrow_i32x4_u(foursOf(a), foursOf(b)),
    v128.load(MYRIADS),
  );
  const high = i32x4.shuffle(eights, eights, 0, 2, 0, 2);
  const low = i32x4.shuffle(eights, eights, 1, 3, 1, 3);
  const all = f64x2.add(
    f64x2.mul(f64x2.convert_low_i32x4_s(high), v128.load(MYRIAD_SQUARES)),
    f64x2.convert_low_i32x4_s(low),
  );
  if (v128.any_true(f64x2.ge(all, v128.load(TOO_LARGE)))) return false;
  v128.store(to, v128.or(f64x2.div(all, v128.load(MILLIONS)), bits));
  return true;
}
