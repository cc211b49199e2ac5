// Arithmetic on vectors of f32 or f64 (T), and the functions a net needs.
//
// exp(x) = 2ⁿ · e^r with n = round(x / ln 2), |r| ≤ ln 2 / 2 (Cody & Waite,
// 1980): e^r by its Taylor series up to r¹¹ for f64, by the minimax polynomial
// of Cephes (Moshier, 1989) for f32. Constants live in memory: V8 builds a v128
// constant anew in every turn of a loop.

const DOUBLES = memory.data<f64>([
  -100.0, 100.0, 1.4426950408889634, // limits, 1 / ln 2
  6.93145751953125e-1, 1.42860682030941723212e-6, // ln 2 in two parts
  1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
  1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1.0,
  6755399441055744.0, // 1.5 · 2⁵², whose last bits are those of an integer
]);
const SINGLES = memory.data<f32>([
  -25.0, 25.0, 1.44269504,
  0.693359375, -2.12194440e-4,
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2,
  1.6666665459e-1, 5.0000001201e-1, 1.0,
]);
const DOUBLE_BIAS = memory.data<i64>([1023]);
const SINGLE_BIAS = memory.data<i32>([127]);

// @ts-ignore: decorator
@inline
function double(i: i32): v128 {
  return v128.load64_splat(DOUBLES + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline
function single(i: i32): v128 {
  return v128.load32_splat(SINGLES + (<usize>i << 2));
}

/** The value at p in every lane. */
// @ts-ignore: decorator
@inline
export function splatAt<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(p) : v128.load64_splat(p);
}

/** a · b + c */
// @ts-ignore: decorator
@inline
export function muladd<T>(a: v128, b: v128, c: v128): v128 {
  return v128.add<T>(v128.mul<T>(a, b), c);
}

/** All lanes added. */
// @ts-ignore: decorator
@inline
export function total<T>(v: v128): f64 {
  if (sizeof<T>() == 4) {
    return <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1) +
      <f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3);
  }
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// @ts-ignore: decorator
@inline
export function one<T>(): v128 {
  return sizeof<T>() == 4 ? single(11) : double(15);
}

// @ts-ignore: decorator
@inline
export function exp<T>(x: v128): v128 {
  return sizeof<T>() == 4 ? expSingle(x) : expDouble(x);
}

// @ts-ignore: decorator
@inline
function expSingle(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, single(0)), single(1));
  const n = f32x4.nearest(f32x4.mul(x, single(2)));
  let r = f32x4.sub(x, f32x4.mul(n, single(3)));
  r = f32x4.sub(r, f32x4.mul(n, single(4)));
  let p = single(5);
  p = muladd<f32>(p, r, single(6));
  p = muladd<f32>(p, r, single(7));
  p = muladd<f32>(p, r, single(8));
  p = muladd<f32>(p, r, single(9));
  p = muladd<f32>(p, r, single(10));
  p = muladd<f32>(f32x4.mul(p, r), r, f32x4.add(r, single(11)));
  const bits = i32x4.add(
    i32x4.trunc_sat_f32x4_s(n), v128.load32_splat(SINGLE_BIAS),
  );
  return f32x4.mul(p, i32x4.shl(bits, 23));
}

// @ts-ignore: decorator
@inline
function expDouble(x: v128): v128 {
  x = f64x2.pmin(f64x2.pmax(x, double(0)), double(1));
  const n = f64x2.nearest(f64x2.mul(x, double(2)));
  let r = f64x2.sub(x, f64x2.mul(n, double(3)));
  r = f64x2.sub(r, f64x2.mul(n, double(4)));
  let p = double(5);
  p = muladd<f64>(p, r, double(6));
  p = muladd<f64>(p, r, double(7));
  p = muladd<f64>(p, r, double(8));
  p = muladd<f64>(p, r, double(9));
  p = muladd<f64>(p, r, double(10));
  p = muladd<f64>(p, r, double(11));
  p = muladd<f64>(p, r, double(12));
  p = muladd<f64>(p, r, double(13));
  p = muladd<f64>(p, r, double(14));
  p = muladd<f64>(p, r, double(15));
  p = muladd<f64>(p, r, double(15));
  const bits = i64x2.add(
    f64x2.add(n, double(16)), v128.load64_splat(DOUBLE_BIAS),
  );
  return f64x2.mul(p, i64x2.shl(bits, 52));
}

/** 1 / (1 + e⁻ˣ) */
// @ts-ignore: decorator
@inline
export function logistic<T>(x: v128): v128 {
  const e = exp<T>(v128.neg<T>(x));
  return v128.div<T>(one<T>(), v128.add<T>(one<T>(), e));
}
