// Arithmetic on vectors of f32 or f64 (T), and the functions a net needs.
//
// exp(x) = 2ⁿ · 2^f with y = x · log₂ e, n = round(y), |f| ≤ ½; 2^f by the
// minimax polynomial of the least relative error: degree 10 for f64 (2.1e-16),
// 6 for f32 (1.9e-9). Rounding y errs by |y| · ε / 2, as rounding x did before.
// Adding MAGIC leaves n in a value's last bits; moved to the exponent's place
// and added, they multiply by 2ⁿ. Constants live in memory: V8 builds a v128
// constant anew in every turn of a loop.

const LOWEST: i32 = 0; // y is held between these
const HIGHEST: i32 = 1;
const LOG2_E: i32 = 2;
const MINUS_LOG2_E: i32 = 3;
const MAGIC: i32 = 4; // 1.5 · 2⁵² or 1.5 · 2²³
const ONE: i32 = 5;
const POWER: i32 = 6; // the polynomial, highest degree first

const DOUBLES = memory.data<f64>([
  -144.0, 144.0, 1.4426950408889634, -1.4426950408889634, 6755399441055744.0,
  1.0,
  7.037279530582804e-9, 1.0208537904552164e-7, 1.3215662831846104e-6,
  1.5252658116561384e-5, 1.5403529961135955e-4, 1.3333558228561476e-3,
  9.61812910803459e-3, 5.550410866445883e-2, 2.4022650695908768e-1,
  6.931471805599497e-1, 1.0,
]);
const SINGLES = memory.data<f32>([
  -36.0, 36.0, 1.442695, -1.442695, 12582912.0,
  1.0,
  1.534581242594868e-4, 1.3399930903688073e-3, 9.618489071726799e-3,
  5.550328642129898e-2, 2.402264624834061e-1, 6.931471824645996e-1, 1.0,
]);

/** A constant in every lane. */
// @ts-ignore: decorator
@inline
function constant<T>(i: i32): v128 {
  return sizeof<T>() == 4
    ? v128.load32_splat(SINGLES + (<usize>i << 2))
    : v128.load64_splat(DOUBLES + (<usize>i << 3));
}

/** The value at p in every lane. */
// @ts-ignore: decorator
@inline
export function splatAt<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(p) : v128.load64_splat(p);
}

/**
 * a · b + c, in f32 rounded once where the processor can (every one of this
 * decade) and twice elsewhere: last bits of nets' steps in f32 may differ there.
 */
// @ts-ignore: decorator
@inline
export function muladd<T>(a: v128, b: v128, c: v128): v128 {
  if (sizeof<T>() == 4) return f32x4.relaxed_madd(a, b, c);
  return v128.add<T>(v128.mul<T>(a, b), c);
}

/** All lanes added. */
// @ts-ignore: decorator
@inline
export function total<T>(v: v128): f64 {
  if (sizeof<T>() == 4) v = f64x2.add(f64x2.promote_low_f32x4(v), promoteHigh(v));
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** The two upper lanes of an f32x4 as f64x2. */
// @ts-ignore: decorator
@inline
export function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3));
}

// @ts-ignore: decorator
@inline
export function one<T>(): v128 {
  return constant<T>(ONE);
}

// @ts-ignore: decorator
@inline
export function exp<T>(x: v128): v128 {
  return power<T>(v128.mul<T>(x, constant<T>(LOG2_E)));
}

/** 1 / (1 + e⁻ˣ) */
// @ts-ignore: decorator
@inline
export function logistic<T>(x: v128): v128 {
  const e = power<T>(v128.mul<T>(x, constant<T>(MINUS_LOG2_E)));
  return v128.div<T>(one<T>(), v128.add<T>(one<T>(), e));
}

/** 2ʸ */
// @ts-ignore: decorator
@inline
function power<T>(y: v128): v128 {
  y = v128.pmin<T>(v128.pmax<T>(y, constant<T>(LOWEST)), constant<T>(HIGHEST));
  const t = v128.add<T>(y, constant<T>(MAGIC));
  const f = v128.sub<T>(y, v128.sub<T>(t, constant<T>(MAGIC)));
  let p = constant<T>(POWER);
  p = muladd<T>(p, f, constant<T>(POWER + 1));
  p = muladd<T>(p, f, constant<T>(POWER + 2));
  p = muladd<T>(p, f, constant<T>(POWER + 3));
  p = muladd<T>(p, f, constant<T>(POWER + 4));
  p = muladd<T>(p, f, constant<T>(POWER + 5));
  p = muladd<T>(p, f, constant<T>(POWER + 6));
  if (sizeof<T>() == 4) return i32x4.add(p, i32x4.shl(t, 23));
  p = muladd<T>(p, f, constant<T>(POWER + 7));
  p = muladd<T>(p, f, constant<T>(POWER + 8));
  p = muladd<T>(p, f, constant<T>(POWER + 9));
  p = muladd<T>(p, f, constant<T>(POWER + 10));
  return i64x2.add(p, i64x2.shl(t, 52));
}
