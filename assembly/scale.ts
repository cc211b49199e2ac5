// Column means, sums of squares and scaling over blocks of rows.
//
// One pass over each block, over differences from the mean of a sample of its
// rows: epoch seconds near 1.6e9 would otherwise use up the mantissa before
// their microseconds. What that mean is off costs digits only where it is off
// by many deviations (Chan, Golub, LeVeque, "Algorithms for computing the sample
// variance", 1983): with one row of s sampled, by √s at the most, which takes
// two of sixteen digits from the variance of a block of 4681 rows. The host puts
// the blocks together, by the same paper.
//
// Two rows of d features are d pairs, whatever d is, so rows are taken by twos
// and what belongs to a column stands twice in a row, 2d values:
//
//   │ x₀ x₁ │ x₂ y₀ │ y₁ y₂ │      d = 3

import { addF64, f64At, setF64 } from "./memory";

/** Rows of a sample, at least while there are so many. */
const SAMPLE: i32 = 64;

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
  sampleMean(X, n, d, MEAN);
  for (let k = 0; k < d; k++) twice(CENTER, d, k, f64At(MEAN, k));
  addDeviations(X, n, d, CENTER, SUMS, MORE);
  for (let k = 0; k < d; k++) {
    const rest = f64At(SUMS, k) + f64At(SUMS, d + k);
    const squares = f64At(MORE, k) + f64At(MORE, d + k);
    addF64(MEAN, k, rest / <f64>n);
    setF64(SQUARES, k, squares - rest * rest / <f64>n);
  }
}

/**
 * The mean of every so-manieth row: of 64 to 127, or of all. Added up as
 * differences from the first, so that a constant column has exactly its value.
 *
 * @param MEAN OUT shape (d,)
 */
export function sampleMean(X: usize, n: i32, d: i32, MEAN: usize): void {
  const step = max(1, n / SAMPLE);
  const by = <usize>step * <usize>d << 3;
  const rows = (n + step - 1) / step;
  for (let k = 0; k < d; k++) {
    const first = f64At(X, k);
    let p = X + (<usize>k << 3);
    let sum = 0.0;
    for (let i = 0; i < rows; i++) {
      sum += load<f64>(p) - first;
      p += by;
    }
    setF64(MEAN, k, first + sum / <f64>rows);
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
 * (x − center) / scale. Divides: a reciprocal would round twice.
 *
 * @param X IN rows, shape (n, d), row-major
 * @param CENTER IN shape (2, d), both rows the same
 * @param SCALE IN shape (2, d), both rows the same, no zeros
 * @param Y OUT shape (n, d), row-major; may be X
 * @returns 0, or NaN where a value was not finite
 */
export function scaleRows(
  X: usize, n: i32, d: i32, CENTER: usize, SCALE: usize, Y: usize,
): f64 {
  const width = <usize>d << 4;
  let check = f64x2.splat(0);
  const pairs = X + (<usize>n >> 1) * width;
  while (X < pairs) {
    for (let o: usize = 0; o < width; o += 16) {
      const x = f64x2.sub(v128.load(X + o), v128.load(CENTER + o));
      // x − x is 0 for finite x only.
      check = f64x2.add(check, f64x2.sub(x, x));
      v128.store(Y + o, f64x2.div(x, v128.load(SCALE + o)));
    }
    X += width;
    Y += width;
  }
  let rest = f64x2.extract_lane(check, 0) + f64x2.extract_lane(check, 1);
  if (!(n & 1)) return rest;
  for (let k = 0; k < d; k++) {
    const x = f64At(X, k) - f64At(CENTER, k);
    rest += x - x;
    setF64(Y, k, x / f64At(SCALE, k));
  }
  return rest;
}
