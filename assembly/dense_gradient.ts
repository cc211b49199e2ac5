// Sums of products of columns (dense.ts): gradients of layers, scatters.

import { columnOf } from "./dense";
import { addF64 } from "./memory";
import { muladd, total } from "./vector_math";

/**
 * G[i, j] += Σ A[i] · DELTA[j]; the biases' row Σ DELTA[j] comes last.
 *
 * @param G INOUT shape (nIn + 1, nOut), f64 whatever T is
 */
export function addGradient<T>(
  A: usize, nIn: i32, DELTA: usize, nOut: i32, G: usize, bytes: usize,
): void {
  const column = columnOf<T>();
  let j = 0;
  for (; j + 4 <= nOut; j += 4) {
    const D = DELTA + <usize>j * column;
    let i = 0;
    for (; i + 2 <= nIn; i += 2) {
      addTile<T>(A + <usize>i * column, D, G, i * nOut + j, nOut, bytes);
    }
    if (i < nIn) addFour<T>(A + <usize>i * column, D, G, i * nOut + j, 1, bytes);
  }
  for (; j < nOut; j++) {
    const D = DELTA + <usize>j * column;
    let i = 0;
    for (; i + 4 <= nIn; i += 4) {
      addFour<T>(D, A + <usize>i * column, G, i * nOut + j, nOut, bytes);
    }
    for (; i < nIn; i++) {
      addF64(G, i * nOut + j, dot<T>(A + <usize>i * column, D, bytes));
    }
  }
  for (j = 0; j < nOut; j++) {
    const D = DELTA + <usize>j * column;
    addF64(G, nIn * nOut + j, sumOf<T>(D, bytes));
  }
}

/** Two inputs by four deltas: eight products of six loads. */
function addTile<T>(
  A: usize, D: usize, G: usize, at: i32, nOut: i32, bytes: usize,
): void {
  const column = columnOf<T>();
  let a0 = v128.splat<T>(0), a1 = a0, a2 = a0, a3 = a0;
  let b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (let s: usize = 0; s < bytes; s += 16) {
    const x = v128.load(A + s);
    const y = v128.load(A + column + s);
    let d = v128.load(D + s);
    a0 = muladd<T>(x, d, a0);
    b0 = muladd<T>(y, d, b0);
    d = v128.load(D + column + s);
    a1 = muladd<T>(x, d, a1);
    b1 = muladd<T>(y, d, b1);
    d = v128.load(D + 2 * column + s);
    a2 = muladd<T>(x, d, a2);
    b2 = muladd<T>(y, d, b2);
    d = v128.load(D + 3 * column + s);
    a3 = muladd<T>(x, d, a3);
    b3 = muladd<T>(y, d, b3);
  }
  addF64(G, at, total<T>(a0));
  addF64(G, at + 1, total<T>(a1));
  addF64(G, at + 2, total<T>(a2));
  addF64(G, at + 3, total<T>(a3));
  addF64(G, at + nOut, total<T>(b0));
  addF64(G, at + nOut + 1, total<T>(b1));
  addF64(G, at + nOut + 2, total<T>(b2));
  addF64(G, at + nOut + 3, total<T>(b3));
}

/**
 * The products of one column with four go to G[at], G[at + step] and so on:
 * one input by four deltas or one delta by four inputs. Two sums for each, as
 * an addition waits four cycles for the last.
 */
export function addFour<T>(
  ONE: usize, FOUR: usize, G: usize, at: i32, step: i32, bytes: usize,
): void {
  const column = columnOf<T>();
  let a = v128.splat<T>(0), b = a, c = a, d = a;
  let a2 = a, b2 = a, c2 = a, d2 = a;
  for (let s: usize = 0; s < bytes; s += 32) {
    const x = v128.load(ONE + s);
    const y = v128.load(ONE + s, 16);
    let p = FOUR + s;
    a = muladd<T>(x, v128.load(p), a);
    a2 = muladd<T>(y, v128.load(p, 16), a2);
    p += column;
    b = muladd<T>(x, v128.load(p), b);
    b2 = muladd<T>(y, v128.load(p, 16), b2);
    p += column;
    c = muladd<T>(x, v128.load(p), c);
    c2 = muladd<T>(y, v128.load(p, 16), c2);
    p += column;
    d = muladd<T>(x, v128.load(p), d);
    d2 = muladd<T>(y, v128.load(p, 16), d2);
  }
  addF64(G, at, total<T>(v128.add<T>(a, a2)));
  addF64(G, at + step, total<T>(v128.add<T>(b, b2)));
  addF64(G, at + 2 * step, total<T>(v128.add<T>(c, c2)));
  addF64(G, at + 3 * step, total<T>(v128.add<T>(d, d2)));
}

/** Σ A · B */
export function dot<T>(A: usize, B: usize, bytes: usize): f64 {
  let a = v128.splat<T>(0), b = a, c = a, d = a;
  for (let s: usize = 0; s < bytes; s += 64) {
    const p = A + s;
    const q = B + s;
    a = muladd<T>(v128.load(p), v128.load(q), a);
    b = muladd<T>(v128.load(p, 16), v128.load(q, 16), b);
    c = muladd<T>(v128.load(p, 32), v128.load(q, 32), c);
    d = muladd<T>(v128.load(p, 48), v128.load(q, 48), d);
  }
  return total<T>(v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d)));
}

/** Σ A */
export function sumOf<T>(A: usize, bytes: usize): f64 {
  let a = v128.splat<T>(0), b = a, c = a, d = a;
  for (let p = A, e = A + bytes; p < e; p += 64) {
    a = v128.add<T>(a, v128.load(p));
    b = v128.add<T>(b, v128.load(p, 16));
    c = v128.add<T>(c, v128.load(p, 32));
    d = v128.add<T>(d, v128.load(p, 48));
  }
  return total<T>(v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d)));
}
