// Rows and classes as the blocks of columns that a net (mlp.ts) works on.

import { BLOCK, columnOf } from "./dense";
import { f64At, i32At } from "./memory";

/**
 * Rows to a block of columns.
 *
 * @param X IN f64, rows of d features, row-major
 * @param INDEX IN i32, n ≤ 256 row numbers; 0 for the first n rows
 * @param OUT OUT d columns of 256
 */
export function packBlock64(
  X: usize, INDEX: usize, n: i32, d: i32, OUT: usize,
): void {
  pack<f64>(X, INDEX, n, d, OUT);
}

export function packBlock32(
  X: usize, INDEX: usize, n: i32, d: i32, OUT: usize,
): void {
  pack<f32>(X, INDEX, n, d, OUT);
}

function pack<T>(X: usize, INDEX: usize, n: i32, d: i32, OUT: usize): void {
  for (let i = 0; i < n; i++) {
    const at = INDEX ? i32At(INDEX, i) : i;
    const row = X + (<usize>at * <usize>d << 3);
    let o = OUT + <usize>i * sizeof<T>();
    for (let k = 0; k < d; k++) {
      store<T>(o, <T>f64At(row, k));
      o += columnOf<T>();
    }
  }
  const from = <usize>n * sizeof<T>();
  for (let k = 0; k < d; k++) {
    memory.fill(OUT + from, 0, columnOf<T>() - from);
    OUT += columnOf<T>();
  }
}

/**
 * Classes to a column of signs: 1 for class 0, −1 for class 1, 0 past the last.
 *
 * @param Y IN u8 per row
 * @param INDEX IN i32, n ≤ 256 row numbers; 0 for the first n rows
 */
export function packSigns64(Y: usize, INDEX: usize, n: i32, OUT: usize): void {
  signs<f64>(Y, INDEX, n, OUT);
}

export function packSigns32(Y: usize, INDEX: usize, n: i32, OUT: usize): void {
  signs<f32>(Y, INDEX, n, OUT);
}

function signs<T>(Y: usize, INDEX: usize, n: i32, OUT: usize): void {
  memory.fill(OUT, 0, columnOf<T>());
  for (let i = 0; i < n; i++) {
    const y = load<u8>(Y + (INDEX ? i32At(INDEX, i) : i));
    store<T>(OUT + <usize>i * sizeof<T>(), y ? <T>-1 : <T>1);
  }
}

/** OUT[i] = IN[i] as f32. */
export function toSingle(IN: usize, n: i32, OUT: usize): void {
  for (let i = 0; i < n; i++) {
    store<f32>(OUT + (<usize>i << 2), <f32>f64At(IN, i));
  }
}
