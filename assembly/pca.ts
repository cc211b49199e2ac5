// Principal components: scatter matrix, Jacobi rotations, projection.

import { BLOCK, columnOf } from "./dense";
import { addFour, dot, sumOf } from "./dense_gradient";
import { addF64, f64At, lanesSum, setF64 } from "./memory";
import { sampleMean } from "./scale";

/**
 * Mean of a block of rows, and adds their scatter about it: Σ (x − m)(x − m)ᵀ,
 * in one pass by a mean that is nearly theirs (see scale.ts).
 *
 * @param X IN rows, shape (n, d), row-major, n ≥ 1
 * @param MEAN OUT shape (d,)
 * @param SCATTER INOUT shape (d, d); only the upper triangle is written
 * @param SUMS scratch of d f64
 * @param COLUMNS scratch of d × 256 f64: as many centered rows at a time, whose
 *   columns stay in the cache
 */
export function addScatter(
  X: usize, n: i32, d: i32, MEAN: usize, SCATTER: usize, SUMS: usize,
  COLUMNS: usize,
): void {
  const column = columnOf<f64>();
  sampleMean(X, n, d, MEAN);
  memory.fill(SUMS, 0, <usize>d << 3);
  for (let from = 0; from < n; from += BLOCK) {
    const rows = min(BLOCK, n - from);
    const bytes = (<usize>rows * 8 + 63) & ~63;
    centerColumns(X + (<usize>from * <usize>d << 3), rows, d, MEAN, COLUMNS);
    for (let i = 0; i < d; i++) {
      const one = COLUMNS + <usize>i * column;
      addF64(SUMS, i, sumOf<f64>(one, bytes));
      let other = one;
      let j = i;
      for (; j + 4 <= d; j += 4) {
        addFour<f64>(one, other, SCATTER, i * d + j, 1, bytes);
        other += column << 2;
      }
      for (; j < d; j++) {
        addF64(SCATTER, i * d + j, dot<f64>(one, other, bytes));
        other += column;
      }
    }
  }
  for (let i = 0; i < d; i++) {
    const off = f64At(SUMS, i) / <f64>n;
    for (let j = i; j < d; j++) addF64(SCATTER, i * d + j, -off * f64At(SUMS, j));
    addF64(MEAN, i, off);
  }
}

/** Up to 256 rows, centered, as columns; 0 past the last row. */
function centerColumns(
  X: usize, rows: i32, d: i32, MEAN: usize, COLUMNS: usize,
): void {
  const column = columnOf<f64>();
  let k = 0;
  for (; k + 2 <= d; k += 2) {
    centerTwo(X + (<usize>k << 3), rows, d, MEAN + (<usize>k << 3), COLUMNS);
    COLUMNS += column << 1;
  }
  if (k < d) {
    centerOne(X + (<usize>k << 3), 0, rows, d, f64At(MEAN, k), COLUMNS);
  }
}

/** Two columns: values of two rows change places, so that all moves are of two. */
function centerTwo(
  x: usize, rows: i32, d: i32, MEAN: usize, OUT: usize,
): void {
  const row = <usize>d << 3;
  const m = v128.load64_splat(MEAN);
  const m2 = v128.load64_splat(MEAN, 8);
  const next = OUT + columnOf<f64>();
  let p = x;
  let o: usize = 0;
  for (const end = <usize>(rows & ~1) << 3; o < end; o += 16) {
    const a = v128.load(p);
    const b = v128.load(p + row);
    v128.store(OUT + o, f64x2.sub(v128.shuffle<f64>(a, b, 0, 2), m));
    v128.store(next + o, f64x2.sub(v128.shuffle<f64>(a, b, 1, 3), m2));
    p += row << 1;
  }
  centerOne(x, rows & ~1, rows, d, f64At(MEAN, 0), OUT);
  centerOne(x + 8, rows & ~1, rows, d, f64At(MEAN, 1), next);
}

/** One column from row `from` on, and 0 past the last row. */
function centerOne(
  x: usize, from: i32, rows: i32, d: i32, mean: f64, OUT: usize,
): void {
  let p = x + (<usize>from * <usize>d << 3);
  for (let i = from; i < rows; i++) {
    setF64(OUT, i, load<f64>(p) - mean);
    p += <usize>d << 3;
  }
  memory.fill(OUT + (<usize>rows << 3), 0, <usize>(BLOCK - rows) << 3);
}

/**
 * One sweep of cyclic Jacobi rotations over a symmetric matrix (Golub & Van
 * Loan, 8.5). An element counts as zero when it is small against its own two
 * diagonal elements: so small eigenvalues of a graded matrix keep their digits
 * (Demmel & Veselić, "Jacobi's method is more accurate than QR", 1992).
 *
 * @param A INOUT shape (d, d); tends to the diagonal matrix of eigenvalues
 * @param V INOUT shape (d, d); columns tend to the eigenvectors
 * @returns rotations made; 0 when A is diagonal
 */
export function jacobiSweep(A: usize, V: usize, d: i32): i32 {
  let rotations = 0;
  for (let p = 0; p < d - 1; p++) {
    for (let q = p + 1; q < d; q++) {
      const apq = f64At(A, p * d + q);
      const app = f64At(A, p * d + p);
      const aqq = f64At(A, q * d + q);
      if (abs(apq) <= f64.EPSILON * sqrt(abs(app * aqq))) continue;
      const theta = (aqq - app) / (2 * apq);
      const t = (theta >= 0 ? 1.0 : -1.0) /
        (abs(theta) + sqrt(theta * theta + 1));
      const c = 1 / sqrt(t * t + 1);
      rotateColumns(A, d, p, q, c, t * c);
      rotateRows(A, d, p, q, c, t * c);
      setF64(A, p * d + q, 0);
      setF64(A, q * d + p, 0);
      rotateColumns(V, d, p, q, c, t * c);
      rotations++;
    }
  }
  return rotations;
}

function rotateColumns(M: usize, d: i32, p: i32, q: i32, c: f64, s: f64): void {
  for (let i = 0; i < d; i++) rotate(M, i * d + p, i * d + q, c, s);
}

function rotateRows(M: usize, d: i32, p: i32, q: i32, c: f64, s: f64): void {
  for (let i = 0; i < d; i++) rotate(M, p * d + i, q * d + i, c, s);
}

// @ts-ignore: decorator
@inline
function rotate(M: usize, i: i32, j: i32, c: f64, s: f64): void {
  const x = f64At(M, i);
  const y = f64At(M, j);
  setF64(M, i, c * x - s * y);
  setF64(M, j, s * x + c * y);
}

/**
 * Centered rows on m components, two at a time: their sums are one vector.
 *
 * @param X IN rows, shape (n, d), row-major
 * @param MEAN IN shape (d,)
 * @param AXES IN per two components shape (d, 2): of each feature both weights;
 *   0 for the second of an odd number
 * @param Y OUT shape (n, m), row-major
 * @returns 0, or NaN where a value was not finite
 */
export function projectRows(
  X: usize, n: i32, d: i32, MEAN: usize, AXES: usize, m: i32, Y: usize,
): f64 {
  let check = f64x2.splat(0);
  const bytes = <usize>d << 3;
  const step = <usize>m << 3;
  for (let c = 0; c < m; c += 2) {
    const both = c + 1 < m;
    let x = X;
    let y = Y + (<usize>c << 3);
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      const four = projectFour(x, MEAN, AXES, bytes, y, step, both);
      check = f64x2.add(check, four);
      x += bytes << 2;
      y += step << 2;
    }
    for (; i < n; i++) {
      let sum = f64x2.splat(0);
      for (let o: usize = 0; o < bytes; o += 8) {
        sum = addWeighed(sum, x + o, MEAN + o, v128.load(AXES + (o << 1)));
      }
      check = f64x2.add(check, put(y, sum, both));
      x += bytes;
      y += step;
    }
    AXES += bytes << 1;
  }
  return lanesSum(check);
}

/** Four rows at a time: weights are loaded once, no sum waits for another. */
// @ts-ignore: decorator
@inline
function projectFour(
  x: usize, mean: usize, axes: usize, bytes: usize, y: usize, step: usize,
  both: bool,
): v128 {
  let a = f64x2.splat(0), b = a, c = a, d = a;
  for (let o: usize = 0; o < bytes; o += 8) {
    const weights = v128.load(axes + (o << 1));
    const m = mean + o;
    let p = x + o;
    a = addWeighed(a, p, m, weights);
    b = addWeighed(b, p += bytes, m, weights);
    c = addWeighed(c, p += bytes, m, weights);
    d = addWeighed(d, p += bytes, m, weights);
  }
  const first = f64x2.add(put(y, a, both), put(y + step, b, both));
  y += step << 1;
  return f64x2.add(
    first, f64x2.add(put(y, c, both), put(y + step, d, both)),
  );
}

/** sum + (x − mean) · weights */
// @ts-ignore: decorator
@inline
function addWeighed(sum: v128, x: usize, mean: usize, weights: v128): v128 {
  const t = f64x2.sub(v128.load64_splat(x), v128.load64_splat(mean));
  return f64x2.add(sum, f64x2.mul(t, weights));
}

/** Writes both sums or the first. @returns 0, NaN for what is not finite. */
// @ts-ignore: decorator
@inline
function put(y: usize, sum: v128, both: bool): v128 {
  if (both) v128.store(y, sum);
  else v128.store64_lane(y, sum, 0);
  return f64x2.sub(sum, sum);
}

/**
 * Per column the value largest in absolute value, the first of equal ones.
 *
 * @param Y IN shape (n, m), row-major
 * @param EXTREMES INOUT shape (m,), signed
 */
export function columnExtremes(Y: usize, n: i32, m: i32, EXTREMES: usize): void {
  const step = <usize>m << 3;
  for (let c = 0; c < m; c += 2) {
    const from = Y + (<usize>c << 3);
    const both = c + 1 < m;
    let lo = f64x2.splat(0), hi = lo;
    let p = from;
    for (let i = 0; i < n; i++) {
      const y = both ? v128.load(p) : v128.load64_splat(p);
      lo = f64x2.pmin(lo, y);
      hi = f64x2.pmax(hi, y);
      p += step;
    }
    keepExtreme(
      from, n, step, f64x2.extract_lane(lo, 0), f64x2.extract_lane(hi, 0),
      EXTREMES,
    );
    if (both) {
      keepExtreme(
        from + 8, n, step, f64x2.extract_lane(lo, 1), f64x2.extract_lane(hi, 1),
        EXTREMES + 8,
      );
    }
    EXTREMES += 16;
  }
}

/** Of the least and the largest value of a column, where one lies farther out. */
function keepExtreme(
  p: usize, n: i32, step: usize, lo: f64, hi: f64, EXTREME: usize,
): void {
  if (max(-lo, hi) <= abs(load<f64>(EXTREME))) return;
  if (-lo != hi) return store<f64>(EXTREME, hi > -lo ? hi : lo);
  while (abs(load<f64>(p)) != hi) p += step;
  store<f64>(EXTREME, load<f64>(p));
}
