// A multilayer perceptron with one logistic output: loss and gradient over one
// block of 256 samples.
//
//   NET       i32: number of layers L, activation, sizes[0 … L] (sizes[L] = 1)
//   block     sizes[0] columns of 256 f64 each; samples past the last are 0
//   PARAMS    per layer: weights (in, out) row-major, then biases (out)
//   WORK      activations of layers 1 … L, then two buffers of deltas; each
//             unit is a column of 256 f64
//
// Rumelhart, Hinton, Williams 1986; loss and penalty as in scikit-learn's
// MLPClassifier, whose last step (the penalty, division by n) the host does.

import { addF64, f64At, i32At, lanesSum, setF64 } from "./memory";

const BLOCK: i32 = 256;
/** Bytes of one column. */
const COLUMN: usize = 2048;
const EPSILON: f64 = f64.EPSILON;

const LOGISTIC: i32 = 0;
const TANH: i32 = 1;
const RELU: i32 = 2;

// exp(x) = 2ⁿ · e^r with n = round(x / ln 2), |r| ≤ ln 2 / 2 (Cody & Waite,
// 1980), e^r by its Taylor series up to r¹¹. Constants live in memory: V8
// builds a v128 constant anew in every turn of a loop.
const CONSTANTS = memory.data<f64>([
  -708.0, 708.0, 1.4426950408889634, // limits, 1 / ln 2
  6.93145751953125e-1, 1.42860682030941723212e-6, // ln 2 in two parts
  1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
  1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1.0, 1.0,
  6755399441055744.0, // 1.5 · 2⁵², whose last bits are those of an integer
]);
const EXPONENT_BIAS = memory.data<i64>([1023]);
const FIRST_TERM: i32 = 5;
const LAST_TERM: i32 = 16;
const ONE: i32 = 15;

// @ts-ignore: decorator
@inline
function constant(i: i32): v128 {
  return v128.load64_splat(CONSTANTS + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline
function exp(x: v128): v128 {
  x = f64x2.pmin(f64x2.pmax(x, constant(0)), constant(1));
  const n = f64x2.nearest(f64x2.mul(x, constant(2)));
  let r = f64x2.sub(x, f64x2.mul(n, constant(3)));
  r = f64x2.sub(r, f64x2.mul(n, constant(4)));
  let sum = constant(FIRST_TERM);
  for (let i = FIRST_TERM + 1; i <= LAST_TERM; i++) {
    sum = f64x2.add(f64x2.mul(sum, r), constant(i));
  }
  const bits = i64x2.add(
    f64x2.add(n, constant(17)), v128.load64_splat(EXPONENT_BIAS),
  );
  return f64x2.mul(sum, i64x2.shl(bits, 52));
}

// @ts-ignore: decorator
@inline
function logistic(x: v128): v128 {
  const one = constant(ONE);
  return f64x2.div(one, f64x2.add(one, exp(f64x2.neg(x))));
}

// @ts-ignore: decorator
@inline
function sizeOf(NET: usize, layer: i32): i32 {
  return i32At(NET, 2 + layer);
}

/** Number of weights and biases of a layer. */
function paramsOf(NET: usize, layer: i32): i32 {
  return (sizeOf(NET, layer) + 1) * sizeOf(NET, layer + 1);
}

/**
 * Rows to a block of columns.
 *
 * @param X IN shape (n, d), row-major, n ≤ 256
 * @param OUT OUT d columns of 256
 */
export function packBlock(X: usize, n: i32, d: i32, OUT: usize): void {
  for (let k = 0; k < d; k++) {
    for (let i = 0; i < n; i++) setF64(OUT, i, f64At(X, i * d + k));
    for (let i = n; i < BLOCK; i++) setF64(OUT, i, 0);
    OUT += COLUMN;
  }
}

/**
 * Activations of every layer for one block.
 *
 * @param X IN block
 * @param WORK OUT activations
 * @returns where the 256 outputs are: probabilities of class 1
 */
export function mlpForward(NET: usize, X: usize, PARAMS: usize, WORK: usize): usize {
  const layers = i32At(NET, 0);
  let input = X;
  let output = WORK;
  for (let layer = 0; layer < layers; layer++) {
    const nIn = sizeOf(NET, layer);
    const nOut = sizeOf(NET, layer + 1);
    const BIAS = PARAMS + (<usize>(nIn * nOut) << 3);
    multiply(input, nIn, PARAMS, nOut << 3, 8, BIAS, output, nOut);
    activate(output, nOut, layer == layers - 1 ? LOGISTIC : i32At(NET, 1));
    input = output;
    output += <usize>nOut * COLUMN;
    PARAMS += <usize>paramsOf(NET, layer) << 3;
  }
  return input;
}

/**
 * OUT[j] = bias[j] + Σᵢ W[i, j] · IN[i] over columns; W's element (i, j) is
 * i × inStep + j × outStep bytes in, so the same routine multiplies by Wᵀ.
 */
function multiply(
  IN: usize, nIn: i32, W: usize, inStep: usize, outStep: usize,
  BIAS: usize, OUT: usize, nOut: i32,
): void {
  let j = 0;
  for (; j + 4 <= nOut; j += 4) {
    multiplyFour(IN, nIn, W, inStep, outStep, BIAS, OUT);
    W += outStep << 2;
    OUT += COLUMN << 2;
    if (BIAS) BIAS += 32;
  }
  for (; j < nOut; j++) {
    multiplyOne(IN, nIn, W, inStep, BIAS, OUT);
    W += outStep;
    OUT += COLUMN;
    if (BIAS) BIAS += 8;
  }
}

/** Four outputs at once: each input is loaded once for all of them. */
function multiplyFour(
  IN: usize, nIn: i32, W: usize, inStep: usize, outStep: usize,
  BIAS: usize, OUT: usize,
): void {
  for (let s: usize = 0; s < COLUMN; s += 32) {
    const zero = f64x2.splat(0);
    let a = BIAS ? v128.load64_splat(BIAS) : zero;
    let b = BIAS ? v128.load64_splat(BIAS, 8) : zero;
    let c = BIAS ? v128.load64_splat(BIAS, 16) : zero;
    let d = BIAS ? v128.load64_splat(BIAS, 24) : zero;
    let a2 = a, b2 = b, c2 = c, d2 = d;
    let p = IN + s;
    let w = W;
    for (let i = 0; i < nIn; i++) {
      const x = v128.load(p);
      const y = v128.load(p, 16);
      let t = v128.load64_splat(w);
      a = f64x2.add(a, f64x2.mul(x, t));
      a2 = f64x2.add(a2, f64x2.mul(y, t));
      t = v128.load64_splat(w + outStep);
      b = f64x2.add(b, f64x2.mul(x, t));
      b2 = f64x2.add(b2, f64x2.mul(y, t));
      t = v128.load64_splat(w + outStep * 2);
      c = f64x2.add(c, f64x2.mul(x, t));
      c2 = f64x2.add(c2, f64x2.mul(y, t));
      t = v128.load64_splat(w + outStep * 3);
      d = f64x2.add(d, f64x2.mul(x, t));
      d2 = f64x2.add(d2, f64x2.mul(y, t));
      p += COLUMN;
      w += inStep;
    }
    const o = OUT + s;
    v128.store(o, a);
    v128.store(o, a2, 16);
    v128.store(o + COLUMN, b);
    v128.store(o + COLUMN, b2, 16);
    v128.store(o + COLUMN * 2, c);
    v128.store(o + COLUMN * 2, c2, 16);
    v128.store(o + COLUMN * 3, d);
    v128.store(o + COLUMN * 3, d2, 16);
  }
}

function multiplyOne(
  IN: usize, nIn: i32, W: usize, inStep: usize, BIAS: usize, OUT: usize,
): void {
  for (let s: usize = 0; s < COLUMN; s += 64) {
    let a = BIAS ? v128.load64_splat(BIAS) : f64x2.splat(0);
    let b = a, c = a, d = a;
    let p = IN + s;
    let w = W;
    for (let i = 0; i < nIn; i++) {
      const t = v128.load64_splat(w);
      a = f64x2.add(a, f64x2.mul(v128.load(p), t));
      b = f64x2.add(b, f64x2.mul(v128.load(p, 16), t));
      c = f64x2.add(c, f64x2.mul(v128.load(p, 32), t));
      d = f64x2.add(d, f64x2.mul(v128.load(p, 48), t));
      p += COLUMN;
      w += inStep;
    }
    const o = OUT + s;
    v128.store(o, a);
    v128.store(o, b, 16);
    v128.store(o, c, 32);
    v128.store(o, d, 48);
  }
}

/** z ← activation(z) for `units` columns. */
function activate(Z: usize, units: i32, activation: i32): void {
  const e = Z + <usize>units * COLUMN;
  if (activation == LOGISTIC) {
    for (; Z < e; Z += 16) v128.store(Z, logistic(v128.load(Z)));
  } else if (activation == TANH) {
    // tanh(x) = 2 · logistic(2x) − 1
    for (; Z < e; Z += 16) {
      const x = v128.load(Z);
      const y = logistic(f64x2.add(x, x));
      v128.store(Z, f64x2.sub(f64x2.add(y, y), constant(ONE)));
    }
  } else if (activation == RELU) {
    const zero = f64x2.splat(0);
    for (; Z < e; Z += 16) v128.store(Z, f64x2.pmax(v128.load(Z), zero));
  }
}

/** δ ← δ · activation′, written with the activation's own value a. */
function derive(A: usize, DELTA: usize, units: i32, activation: i32): void {
  const bytes = <usize>units * COLUMN;
  for (let o: usize = 0; o < bytes; o += 16) {
    const a = v128.load(A + o);
    const d = v128.load(DELTA + o);
    let result = d;
    if (activation == LOGISTIC) {
      result = f64x2.mul(d, f64x2.mul(a, f64x2.sub(constant(ONE), a)));
    } else if (activation == TANH) {
      result = f64x2.mul(d, f64x2.sub(constant(ONE), f64x2.mul(a, a)));
    } else if (activation == RELU) {
      result = v128.and(d, f64x2.gt(a, f64x2.splat(0)));
    }
    v128.store(DELTA + o, result);
  }
}

/**
 * Adds the gradient of a block and returns its log loss, both summed over the
 * samples and without penalty.
 *
 * @param X IN block
 * @param Y IN 256 f64, 0 or 1
 * @param n samples of the block, ≤ 256
 * @param PARAMS IN
 * @param GRADIENT INOUT laid out like PARAMS
 * @param WORK scratch: activations and deltas
 */
export function mlpGradient(
  NET: usize, X: usize, Y: usize, n: i32,
  PARAMS: usize, GRADIENT: usize, WORK: usize,
): f64 {
  const layers = i32At(NET, 0);
  const P = mlpForward(NET, X, PARAMS, WORK);
  let units = 0, widest = 1, params = 0;
  for (let layer = 0; layer < layers; layer++) {
    units += sizeOf(NET, layer + 1);
    widest = max(widest, sizeOf(NET, layer + 1));
    params += paramsOf(NET, layer);
  }
  let delta = WORK + <usize>units * COLUMN;
  let spare = delta + <usize>widest * COLUMN;
  outputDelta(P, Y, n, delta);

  let below = P; // activations that feed the layer
  for (let layer = layers - 1; layer >= 0; layer--) {
    const nIn = sizeOf(NET, layer);
    const nOut = sizeOf(NET, layer + 1);
    below = layer == 0 ? X : below - <usize>nIn * COLUMN;
    params -= paramsOf(NET, layer);
    const W = PARAMS + (<usize>params << 3);
    addGradient(below, nIn, delta, nOut, GRADIENT + (<usize>params << 3));
    if (layer == 0) break;
    multiply(delta, nOut, W, 8, nOut << 3, 0, spare, nIn);
    derive(below, spare, nIn, i32At(NET, 1));
    const t = delta;
    delta = spare;
    spare = t;
  }
  return logLoss(P, Y, n);
}

/** p − y; 0 past the last sample. */
function outputDelta(P: usize, Y: usize, n: i32, DELTA: usize): void {
  for (let i = 0; i < n; i++) setF64(DELTA, i, f64At(P, i) - f64At(Y, i));
  for (let i = n; i < BLOCK; i++) setF64(DELTA, i, 0);
}

/**
 * −Σ log of the probability given to the true class, clipped to
 * [ε, 1 − ε]. One logarithm per 16 samples: ε¹⁶ is still 3e-251.
 */
function logLoss(P: usize, Y: usize, n: i32): f64 {
  let loss = 0.0;
  let product = 1.0;
  for (let i = 0; i < n; i++) {
    const p = max(EPSILON, min(1 - EPSILON, f64At(P, i)));
    product *= f64At(Y, i) > 0.5 ? p : 1 - p;
    if ((i & 15) == 15) {
      loss -= Math.log(product);
      product = 1.0;
    }
  }
  return loss - Math.log(product);
}

/** G[i, j] += Σ A[i] · DELTA[j]; the biases' row comes last. */
function addGradient(A: usize, nIn: i32, DELTA: usize, nOut: i32, G: usize): void {
  for (let i = 0; i < nIn; i++) {
    for (let j = 0; j < nOut; j++) {
      addF64(G, i * nOut + j, dot(A, DELTA + <usize>j * COLUMN));
    }
    A += COLUMN;
  }
  for (let j = 0; j < nOut; j++) {
    addF64(G, nIn * nOut + j, total(DELTA + <usize>j * COLUMN));
  }
}

function dot(A: usize, B: usize): f64 {
  let a = f64x2.splat(0);
  let b = a;
  for (let o: usize = 0; o < COLUMN; o += 32) {
    a = f64x2.add(a, f64x2.mul(v128.load(A + o), v128.load(B + o)));
    b = f64x2.add(b, f64x2.mul(v128.load(A + o, 16), v128.load(B + o, 16)));
  }
  return lanesSum(f64x2.add(a, b));
}

function total(A: usize): f64 {
  let a = f64x2.splat(0);
  let b = a;
  for (let o: usize = 0; o < COLUMN; o += 32) {
    a = f64x2.add(a, v128.load(A + o));
    b = f64x2.add(b, v128.load(A + o, 16));
  }
  return lanesSum(f64x2.add(a, b));
}
