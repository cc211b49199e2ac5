// Column means, sums of squares and scaling over blocks of rows.
//
// Two passes (Chan, Golub, LeVeque, "Algorithms for computing the sample
// variance", 1983): the mean first, then squares about the mean together with
// what the deviations fail to cancel. The first pass adds differences from an
// origin (the first row): epoch seconds near 1.6e9 would otherwise use up the
// mantissa before their microseconds.

import { addF64, f64At, setF64 } from "./memory";

/**
 * Adds x − origin of every row to the sums.
 *
 * @param X IN rows, shape (n, d), row-major
 * @param ORIGIN IN shape (d,)
 * @param SUMS INOUT shape (d,)
 */
export function addColumnSums(
  X: usize, n: i32, d: i32, ORIGIN: usize, SUMS: usize,
): void {
  const step = <usize>d << 3;
  for (let k = 0; k < d; k++) {
    const origin = f64At(ORIGIN, k);
    let p = X + (<usize>k << 3);
    let a = 0.0, b = 0.0;
    let i = 0;
    for (; i + 2 <= n; i += 2) {
      a += load<f64>(p) - origin;
      b += load<f64>(p + step) - origin;
      p += step << 1;
    }
    if (i < n) a += load<f64>(p) - origin;
    addF64(SUMS, k, a + b);
  }
}

/**
 * Adds (x − mean)² and x − mean of every row.
 *
 * @param X IN rows, shape (n, d), row-major
 * @param MEAN IN shape (d,)
 * @param SQUARES INOUT shape (d,)
 * @param RESIDUALS INOUT shape (d,); near 0, the rounding of the mean
 */
export function addColumnSquares(
  X: usize, n: i32, d: i32, MEAN: usize, SQUARES: usize, RESIDUALS: usize,
): void {
  const step = <usize>d << 3;
  for (let k = 0; k < d; k++) {
    const mean = f64At(MEAN, k);
    let p = X + (<usize>k << 3);
    let squares = 0.0, residuals = 0.0;
    for (let i = 0; i < n; i++) {
      const x = load<f64>(p) - mean;
      squares += x * x;
      residuals += x;
      p += step;
    }
    addF64(SQUARES, k, squares);
    addF64(RESIDUALS, k, residuals);
  }
}

/**
 * x ← (x − mean) / scale, in place. Divides: a reciprocal would round twice.
 *
 * @param X INOUT rows, shape (n, d), row-major
 * @param MEAN IN shape (d,)
 * @param SCALE IN shape (d,), no zeros
 */
export function scaleRows(
  X: usize, n: i32, d: i32, MEAN: usize, SCALE: usize,
): void {
  let row = X;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) {
      setF64(row, k, (f64At(row, k) - f64At(MEAN, k)) / f64At(SCALE, k));
    }
    row += <usize>d << 3;
  }
}
