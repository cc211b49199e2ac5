// Column means, sums of squares and scaling over blocks of rows.
//
// Two passes over each block while it is in the cache (Chan, Golub, LeVeque,
// "Algorithms for computing the sample variance", 1983): the mean first, then
// squares about the mean together with what the deviations fail to cancel. The
// first pass adds differences from an origin (the block's first row): epoch
// seconds near 1.6e9 would otherwise use up the mantissa before their
// microseconds. The host puts the blocks together, by the same paper.
//
// Two rows of d features are d pairs, whatever d is, so rows are taken by twos
// and what belongs to a column stands twice in a row, 2d values:
//
//   │ x₀ x₁ │ x₂ y₀ │ y₁ y₂ │      d = 3

import { addF64, f64At, setF64 } from "./memory";

/**
 * Mean and sum of squares about it of each column of a block.
 *
 * @param X IN rows, shape (n, d), row-major, n ≥ 1
 * @param MEAN OUT shape (d,)
 * @param SQUARES OUT shape (d,)
 * @param WORK scratch of 6d f64
 */
export function blockMoments(
  X: usize, n: i32, d: i32, MEAN: usize, SQUARES: usize, WORK: usize,
): void {
  const width = <usize>d << 4; // of two rows
  const CENTER = WORK;
  const SUMS = WORK + width;
  const MORE = SUMS + width;
  for (let k = 0; k < d; k++) twice(CENTER, d, k, f64At(X, k));
  addDeviations(X, n, d, CENTER, SUMS, MORE);
  for (let k = 0; k < d; k++) {
    const sum = f64At(SUMS, k) + f64At(SUMS, d + k);
    setF64(MEAN, k, f64At(X, k) + sum / <f64>n);
    twice(CENTER, d, k, f64At(MEAN, k));
  }
  addDeviations(X, n, d, CENTER, SUMS, MORE);
  for (let k = 0; k < d; k++) {
    const rest = f64At(SUMS, k) + f64At(SUMS, d + k);
    const squares = f64At(MORE, k) + f64At(MORE, d + k);
    setF64(SQUARES, k, squares - rest * rest / <f64>n);
  }
}

// @ts-ignore: decorator
@inline
function twice(P: usize, d: i32, k: i32, value: f64): void {
  setF64(P, k, value);
  setF64(P, d + k, value);
}

/** Bytes gone through column by column while the first-level cache has them. */
const TILE: usize = 16384;

/** Sums of x − center and of its square, each 2d values. */
function addDeviations(
  X: usize, n: i32, d: i32, CENTER: usize, SUMS: usize, SQUARES: usize,
): void {
  const width = <usize>d << 4;
  memory.fill(SUMS, 0, width);
  memory.fill(SQUARES, 0, width);
  const end = X + (<usize>n >> 1) * width;
  const tile = max(TILE / width, 1) * width;
  for (let p = X; p < end; p += tile) {
    const until = min(p + tile, end);
    for (let o: usize = 0; o < width; o += 16) {
      addColumn(p + o, until, width, CENTER + o, SUMS + o, SQUARES + o);
    }
  }
  if (!(n & 1)) return;
  for (let k = 0; k < d; k++) {
    const x = f64At(end, k) - f64At(CENTER, k);
    addF64(SUMS, k, x);
    addF64(SQUARES, k, x * x);
  }
}

/**
 * What addDeviations adds for two of the 2d values, p being their first place:
 * sums stay in registers, two of each, as an addition waits for the last.
 */
// @ts-ignore: decorator
@inline
function addColumn(
  p: usize, end: usize, step: usize, CENTER: usize, SUM: usize, SQUARE: usize,
): void {
  const center = v128.load(CENTER);
  let sum = v128.load(SUM), square = v128.load(SQUARE);
  let sum2 = f64x2.splat(0), square2 = sum2;
  for (; p + step < end; p += step << 1) {
    const x = f64x2.sub(v128.load(p), center);
    const y = f64x2.sub(v128.load(p + step), center);
    sum = f64x2.add(sum, x);
    sum2 = f64x2.add(sum2, y);
    square = f64x2.add(square, f64x2.mul(x, x));
    square2 = f64x2.add(square2, f64x2.mul(y, y));
  }
  if (p < end) {
    const x = f64x2.sub(v128.load(p), center);
    sum = f64x2.add(sum, x);
    square = f64x2.add(square, f64x2.mul(x, x));
  }
  v128.store(SUM, f64x2.add(sum, sum2));
  v128.store(SQUARE, f64x2.add(square, square2));
}

/**
 * x ← (x − center) / scale, in place. Divides: a reciprocal would round twice.
 *
 * @param X INOUT rows, shape (n, d), row-major
 * @param CENTER IN shape (2, d), both rows the same
 * @param SCALE IN shape (2, d), both rows the same, no zeros
 * @returns 0, or NaN where a value was not finite
 */
export function scaleRows(
  X: usize, n: i32, d: i32, CENTER: usize, SCALE: usize,
): f64 {
  const width = <usize>d << 4;
  let check = f64x2.splat(0);
  let p = X;
  for (let i = 0; i + 2 <= n; i += 2) {
    for (let o: usize = 0; o < width; o += 16) {
      const x = f64x2.sub(v128.load(p), v128.load(CENTER + o));
      // x − x is 0 for finite x only.
      check = f64x2.add(check, f64x2.sub(x, x));
      v128.store(p, f64x2.div(x, v128.load(SCALE + o)));
      p += 16;
    }
  }
  let rest = f64x2.extract_lane(check, 0) + f64x2.extract_lane(check, 1);
  if (!(n & 1)) return rest;
  for (let k = 0; k < d; k++) {
    const x = f64At(p, k) - f64At(CENTER, k);
    rest += x - x;
    setF64(p, k, x / f64At(SCALE, k));
  }
  return rest;
}
