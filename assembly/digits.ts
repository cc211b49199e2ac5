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
