// Distances between rows. A padded row holds its features and, for an odd
// number of them, one zero, so that two are loaded at a time:
//
//   │ x0 x1 │ x2 x3 │ x4 0 │     stride 48 bytes for 5 features

import { f64At, lanesSum, setF64 } from "./memory";

/**
 * Squared Euclidean distance of two padded rows. The widths of seven and of two
 * features, the usual ones, are written out: a loop takes half as long again.
 *
 * @param p IN row
 * @param q IN row
 * @param stride bytes of a row, a multiple of 16
 */
// @ts-ignore: decorator
@inline
export function squaredDistance(p: usize, q: usize, stride: usize): f64 {
  if (stride == 64) {
    const a = f64x2.add(pairSquares(p, q, 0), pairSquares(p, q, 16));
    const b = f64x2.add(pairSquares(p, q, 32), pairSquares(p, q, 48));
    return lanesSum(f64x2.add(a, b));
  }
  if (stride == 16) return lanesSum(pairSquares(p, q, 0));
  // Two sums: an addition waits four cycles for the last.
  let sum = f64x2.splat(0), more = sum;
  let o: usize = 0;
  for (; o + 32 <= stride; o += 32) {
    sum = f64x2.add(sum, pairSquares(p, q, o));
    more = f64x2.add(more, pairSquares(p, q, o + 16));
  }
  if (o < stride) sum = f64x2.add(sum, pairSquares(p, q, o));
  return lanesSum(f64x2.add(sum, more));
}

/** Squared differences of the two features at byte `o`. */
// @ts-ignore: decorator
@inline
function pairSquares(p: usize, q: usize, o: usize): v128 {
  const t = f64x2.sub(v128.load(p + o), v128.load(q + o));
  return f64x2.mul(t, t);
}

/**
 * Rows of d features copied to padded rows.
 *
 * @param X IN shape (n, d), row-major
 * @param ROWS OUT n padded rows
 * @returns 0, or NaN where a value is not finite
 */
export function padRows(X: usize, n: i32, d: i32, ROWS: usize): f64 {
  const bytes = <usize>d << 3;
  const stride = (bytes + 15) & ~15;
  const from = ROWS;
  for (let i = 0; i < n; i++) {
    memory.copy(ROWS, X, bytes);
    if (stride > bytes) store<f64>(ROWS + bytes, 0);
    X += bytes;
    ROWS += stride;
  }
  return differences(from, ROWS);
}

/** Σ x − x, which is 0 for finite x only; two sums, as one waits for the last. */
function differences(p: usize, end: usize): f64 {
  let a = f64x2.splat(0), b = a;
  for (; p + 32 <= end; p += 32) {
    const x = v128.load(p), y = v128.load(p, 16);
    a = f64x2.add(a, f64x2.sub(x, x));
    b = f64x2.add(b, f64x2.sub(y, y));
  }
  if (p < end) a = f64x2.add(a, f64x2.sub(v128.load(p), v128.load(p)));
  return lanesSum(f64x2.add(a, b));
}

/**
 * As `padRows`, less a row: k-means adds up rows about their mean, or the sums
 * of epoch seconds would lose what tells them apart.
 *
 * @param MEAN IN shape (d,)
 */
export function padCentered(
  X: usize, n: i32, d: i32, MEAN: usize, ROWS: usize,
): void {
  const stride = (<usize>d * 8 + 15) & ~15;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) setF64(ROWS, k, f64At(X, k) - f64At(MEAN, k));
    if (d & 1) setF64(ROWS, d, 0);
    X += <usize>d << 3;
    ROWS += stride;
  }
}
