// Dense layers over columns: a unit is a column of 256 samples of T, of which
// the first `bytes` (a multiple of 64) are computed.

import { muladd, splatAt } from "./vector_math";

/** Samples of a column. */
export const BLOCK: i32 = 256;

/** Bytes of a column. */
// @ts-ignore: decorator
@inline
export function columnOf<T>(): usize {
  return <usize>BLOCK * sizeof<T>();
}

/**
 * OUT[j] = bias[j] + Σᵢ W[i, j] · IN[i] over columns; W's element (i, j) is
 * i × inStep + j × outStep bytes in, so the same routine multiplies by Wᵀ.
 *
 * @param BIAS IN nOut values; 0 for none
 */
export function multiply<T>(
  IN: usize, nIn: i32, W: usize, inStep: usize, outStep: usize,
  BIAS: usize, OUT: usize, nOut: i32, bytes: usize,
): void {
  let j = 0;
  for (; j + 4 <= nOut; j += 4) {
    multiplyFour<T>(IN, nIn, W, inStep, outStep, BIAS, OUT, bytes);
    W += outStep << 2;
    OUT += columnOf<T>() << 2;
    if (BIAS) BIAS += sizeof<T>() << 2;
  }
  if (j + 2 <= nOut) {
    multiplyTwo<T>(IN, nIn, W, inStep, outStep, BIAS, OUT, bytes);
    j += 2;
    W += outStep << 1;
    OUT += columnOf<T>() << 1;
    if (BIAS) BIAS += sizeof<T>() << 1;
  }
  for (; j < nOut; j++) {
    multiplyOne<T>(IN, nIn, W, inStep, BIAS, OUT, bytes);
    W += outStep;
    OUT += columnOf<T>();
    if (BIAS) BIAS += sizeof<T>();
  }
}

/**
 * Four outputs at once: each input is loaded once for all of them. Two inputs a
 * turn, as its bookkeeping takes a fifth of the time otherwise.
 */
function multiplyFour<T>(
  IN: usize, nIn: i32, W: usize, inStep: usize, outStep: usize,
  BIAS: usize, OUT: usize, bytes: usize,
): void {
  const column = columnOf<T>();
  for (let s: usize = 0; s < bytes; s += 32) {
    let a = v128.splat<T>(0), b = a, c = a, d = a;
    if (BIAS) {
      a = splatAt<T>(BIAS);
      b = splatAt<T>(BIAS + sizeof<T>());
      c = splatAt<T>(BIAS + 2 * sizeof<T>());
      d = splatAt<T>(BIAS + 3 * sizeof<T>());
    }
    let a2 = a, b2 = b, c2 = c, d2 = d;
    let p = IN + s;
    let w = W;
    if (nIn & 1) {
      const x = v128.load(p);
      const y = v128.load(p, 16);
      let t = splatAt<T>(w);
      a = muladd<T>(x, t, a);
      a2 = muladd<T>(y, t, a2);
      t = splatAt<T>(w + outStep);
      b = muladd<T>(x, t, b);
      b2 = muladd<T>(y, t, b2);
      t = splatAt<T>(w + 2 * outStep);
      c = muladd<T>(x, t, c);
      c2 = muladd<T>(y, t, c2);
      t = splatAt<T>(w + 3 * outStep);
      d = muladd<T>(x, t, d);
      d2 = muladd<T>(y, t, d2);
      p += column;
      w += inStep;
    }
    for (const end = IN + s + <usize>nIn * column; p < end; p += column << 1) {
      const x = v128.load(p);
      const y = v128.load(p, 16);
      let t = splatAt<T>(w);
      a = muladd<T>(x, t, a);
      a2 = muladd<T>(y, t, a2);
      t = splatAt<T>(w + outStep);
      b = muladd<T>(x, t, b);
      b2 = muladd<T>(y, t, b2);
      t = splatAt<T>(w + 2 * outStep);
      c = muladd<T>(x, t, c);
      c2 = muladd<T>(y, t, c2);
      t = splatAt<T>(w + 3 * outStep);
      d = muladd<T>(x, t, d);
      d2 = muladd<T>(y, t, d2);
      w += inStep;
      const xNext = v128.load(p + column);
      const yNext = v128.load(p + column, 16);
      t = splatAt<T>(w);
      a = muladd<T>(xNext, t, a);
      a2 = muladd<T>(yNext, t, a2);
      t = splatAt<T>(w + outStep);
      b = muladd<T>(xNext, t, b);
      b2 = muladd<T>(yNext, t, b2);
      t = splatAt<T>(w + 2 * outStep);
      c = muladd<T>(xNext, t, c);
      c2 = muladd<T>(yNext, t, c2);
      t = splatAt<T>(w + 3 * outStep);
      d = muladd<T>(xNext, t, d);
      d2 = muladd<T>(yNext, t, d2);
      w += inStep;
    }
    let o = OUT + s;
    v128.store(o, a);
    v128.store(o, a2, 16);
    o += column;
    v128.store(o, b);
    v128.store(o, b2, 16);
    o += column;
    v128.store(o, c);
    v128.store(o, c2, 16);
    o += column;
    v128.store(o, d);
    v128.store(o, d2, 16);
  }
}

function multiplyTwo<T>(
  IN: usize, nIn: i32, W: usize, inStep: usize, outStep: usize,
  BIAS: usize, OUT: usize, bytes: usize,
): void {
  const column = columnOf<T>();
  let from = v128.splat<T>(0), from2 = from;
  if (BIAS) {
    from = splatAt<T>(BIAS);
    from2 = splatAt<T>(BIAS + sizeof<T>());
  }
  for (let s: usize = 0; s < bytes; s += 64) {
    let a = from, b = from, c = from, d = from;
    let a2 = from2, b2 = from2, c2 = from2, d2 = from2;
    let p = IN + s;
    let w = W;
    for (let i = 0; i < nIn; i++) {
      const t = splatAt<T>(w);
      const t2 = splatAt<T>(w + outStep);
      let x = v128.load(p);
      a = muladd<T>(x, t, a);
      a2 = muladd<T>(x, t2, a2);
      x = v128.load(p, 16);
      b = muladd<T>(x, t, b);
      b2 = muladd<T>(x, t2, b2);
      x = v128.load(p, 32);
      c = muladd<T>(x, t, c);
      c2 = muladd<T>(x, t2, c2);
      x = v128.load(p, 48);
      d = muladd<T>(x, t, d);
      d2 = muladd<T>(x, t2, d2);
      p += column;
      w += inStep;
    }
    let o = OUT + s;
    v128.store(o, a);
    v128.store(o, b, 16);
    v128.store(o, c, 32);
    v128.store(o, d, 48);
    o += column;
    v128.store(o, a2);
    v128.store(o, b2, 16);
    v128.store(o, c2, 32);
    v128.store(o, d2, 48);
  }
}

function multiplyOne<T>(
  IN: usize, nIn: i32, W: usize, inStep: usize, BIAS: usize, OUT: usize,
  bytes: usize,
): void {
  const start = BIAS ? splatAt<T>(BIAS) : v128.splat<T>(0);
  for (let s: usize = 0; s < bytes; s += 64) {
    let a = start, b = start, c = start, d = start;
    let p = IN + s;
    let w = W;
    for (let i = 0; i < nIn; i++) {
      const t = splatAt<T>(w);
      a = muladd<T>(v128.load(p), t, a);
      b = muladd<T>(v128.load(p, 16), t, b);
      c = muladd<T>(v128.load(p, 32), t, c);
      d = muladd<T>(v128.load(p, 48), t, d);
      p += columnOf<T>();
      w += inStep;
    }
    const o = OUT + s;
    v128.store(o, a);
    v128.store(o, b, 16);
    v128.store(o, c, 32);
    v128.store(o, d, 48);
  }
}
