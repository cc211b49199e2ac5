// Principal components: scatter matrix, Jacobi rotations, projection.

import { addF64, f64At, lanesSum, setF64 } from "./memory";

/** Rows centered at a time; their columns stay in the cache. */
const CHUNK: i32 = 256;

/**
 * Adds the scatter of a block of rows about the mean: Σ (x − m)(x − m)ᵀ.
 *
 * @param X IN rows, shape (n, d), row-major
 * @param MEAN IN shape (d,)
 * @param SCATTER INOUT shape (d, d); only the upper triangle is written
 * @param COLUMNS scratch of d × 256 f64
 */
export function addScatter(
  X: usize, n: i32, d: i32, MEAN: usize, SCATTER: usize, COLUMNS: usize,
): void {
  for (let from = 0; from < n; from += CHUNK) {
    const rows = min(CHUNK, n - from);
    centerColumns(X + (<usize>from * <usize>d << 3), rows, d, MEAN, COLUMNS);
    for (let i = 0; i < d; i++) {
      for (let j = i; j < d; j++) {
        addF64(SCATTER, i * d + j, columnDot(COLUMNS, i, j));
      }
    }
  }
}

/** Column k of up to 256 centered rows at COLUMNS + k × 2048, rest 0. */
function centerColumns(
  X: usize, rows: i32, d: i32, MEAN: usize, COLUMNS: usize,
): void {
  for (let k = 0; k < d; k++) {
    const mean = f64At(MEAN, k);
    const column = COLUMNS + (<usize>(k * CHUNK) << 3);
    let p = X + (<usize>k << 3);
    for (let i = 0; i < rows; i++) {
      setF64(column, i, load<f64>(p) - mean);
      p += <usize>d << 3;
    }
    for (let i = rows; i < CHUNK; i++) setF64(column, i, 0);
  }
}

function columnDot(COLUMNS: usize, i: i32, j: i32): f64 {
  const p = COLUMNS + (<usize>(i * CHUNK) << 3);
  const q = COLUMNS + (<usize>(j * CHUNK) << 3);
  let a = f64x2.splat(0);
  let b = a;
  for (let o: usize = 0; o < <usize>CHUNK << 3; o += 32) {
    a = f64x2.add(a, f64x2.mul(v128.load(p + o), v128.load(q + o)));
    b = f64x2.add(b, f64x2.mul(v128.load(p + o, 16), v128.load(q + o, 16)));
  }
  return lanesSum(f64x2.add(a, b));
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
 * Centered rows on m components.
 *
 * @param X IN rows, shape (n, d), row-major
 * @param MEAN IN shape (d,)
 * @param COMPONENTS IN shape (m, d), row-major
 * @param Y OUT shape (n, m), row-major
 */
export function projectRows(
  X: usize, n: i32, d: i32, MEAN: usize, COMPONENTS: usize, m: i32, Y: usize,
): void {
  for (let i = 0; i < n; i++) {
    let component = COMPONENTS;
    for (let c = 0; c < m; c++) {
      let sum = 0.0;
      for (let k = 0; k < d; k++) {
        sum += (f64At(X, k) - f64At(MEAN, k)) * f64At(component, k);
      }
      setF64(Y, c, sum);
      component += <usize>d << 3;
    }
    X += <usize>d << 3;
    Y += <usize>m << 3;
  }
}

/**
 * Per column the value largest in absolute value, the first of equal ones.
 *
 * @param Y IN shape (n, m), row-major
 * @param EXTREMES INOUT shape (m,), signed
 */
export function columnExtremes(Y: usize, n: i32, m: i32, EXTREMES: usize): void {
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < m; c++) {
      const y = f64At(Y, c);
      if (abs(y) > abs(f64At(EXTREMES, c))) setF64(EXTREMES, c, y);
    }
    Y += <usize>m << 3;
  }
}
