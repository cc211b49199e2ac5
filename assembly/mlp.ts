// A multilayer perceptron with one logistic output: loss and gradient over one
// block of up to 256 samples, in f64 or, at twice the speed, in f32 (T).
//
//   NET       i32: number of layers L, activation, sizes[0 … L] (sizes[L] = 1)
//   block     sizes[0] columns of 256 T each; samples past the last are 0
//   PARAMS    T, per layer: weights (in, out) row-major, then biases (out)
//   WORK      activations of layers 1 … L, then two buffers of deltas; each
//             unit is a column of 256 T
//
// Rumelhart, Hinton, Williams 1986; loss and penalty as in scikit-learn's
// MLPClassifier, whose last step (the penalty, division by n) the host does.

import { columnOf, multiply } from "./dense";
import { addGradient } from "./dense_gradient";
import { addF64, f64At, i32At } from "./memory";
import { exp, logistic, one, promoteHigh, total } from "./vector_math";

const LOGISTIC: i32 = 0;
const TANH: i32 = 1;
const RELU: i32 = 2;
/** −log ε, the most that one sample can lose: scikit-learn clips at ε. */
const MOST: f64 = 36.04365338911715;

// @ts-ignore: decorator
@inline
function sizeOf(NET: usize, layer: i32): i32 {
  return i32At(NET, 2 + layer);
}

/** Number of weights and biases of a layer. */
function paramsOf(NET: usize, layer: i32): i32 {
  return (sizeOf(NET, layer) + 1) * sizeOf(NET, layer + 1);
}

/** Bytes of the columns that n samples take part of, a multiple of 64. */
// @ts-ignore: decorator
@inline
function bytesOf<T>(n: i32): usize {
  return (<usize>n * sizeof<T>() + 63) & ~63;
}

/**
 * Probabilities of class 1 for one block, in f64.
 *
 * @param X IN block
 * @param WORK OUT activations
 * @returns where the probabilities are
 */
export function mlpForward(
  NET: usize, X: usize, n: i32, PARAMS: usize, WORK: usize,
): usize {
  const Z = forward<f64>(NET, X, n, PARAMS, WORK);
  for (let o: usize = 0; o < bytesOf<f64>(n); o += 16) {
    v128.store(Z + o, logistic<f64>(v128.load(Z + o)));
  }
  return Z;
}

/** Activations of every layer. @returns where the output's sums are. */
function forward<T>(
  NET: usize, X: usize, n: i32, PARAMS: usize, WORK: usize,
): usize {
  const layers = i32At(NET, 0);
  const bytes = bytesOf<T>(n);
  let input = X;
  let output = WORK;
  for (let layer = 0; layer < layers; layer++) {
    const nIn = sizeOf(NET, layer);
    const nOut = sizeOf(NET, layer + 1);
    const BIAS = PARAMS + <usize>(nIn * nOut) * sizeof<T>();
    multiply<T>(
      input, nIn, PARAMS, <usize>nOut * sizeof<T>(), sizeof<T>(), BIAS,
      output, nOut, bytes,
    );
    if (layer < layers - 1) activate<T>(output, nOut, i32At(NET, 1), bytes);
    input = output;
    output += <usize>nOut * columnOf<T>();
    PARAMS += <usize>paramsOf(NET, layer) * sizeof<T>();
  }
  return input;
}

/** z ← activation(z) for `units` columns. */
function activate<T>(
  Z: usize, units: i32, activation: i32, bytes: usize,
): void {
  for (let j = 0; j < units; j++) {
    const e = Z + bytes;
    if (activation == LOGISTIC) {
      for (let p = Z; p < e; p += 32) {
        const y = logistic<T>(v128.load(p));
        const y2 = logistic<T>(v128.load(p, 16));
        v128.store(p, y);
        v128.store(p, y2, 16);
      }
    } else if (activation == TANH) {
      // tanh(x) = 2 · logistic(2x) − 1
      for (let p = Z; p < e; p += 16) {
        const x = v128.load(p);
        const y = logistic<T>(v128.add<T>(x, x));
        v128.store(p, v128.sub<T>(v128.add<T>(y, y), one<T>()));
      }
    } else if (activation == RELU) {
      const zero = v128.splat<T>(0);
      for (let p = Z; p < e; p += 16) {
        v128.store(p, v128.pmax<T>(v128.load(p), zero));
      }
    }
    Z += columnOf<T>();
  }
}

/** δ ← δ · activation′, written with the activation's own value a. */
function derive<T>(
  A: usize, DELTA: usize, units: i32, activation: i32, bytes: usize,
): void {
  for (let j = 0; j < units; j++) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const a = v128.load(A + o);
      let d = v128.load(DELTA + o);
      if (activation == LOGISTIC) {
        d = v128.mul<T>(d, v128.mul<T>(a, v128.sub<T>(one<T>(), a)));
      } else if (activation == TANH) {
        d = v128.mul<T>(d, v128.sub<T>(one<T>(), v128.mul<T>(a, a)));
      } else if (activation == RELU) {
        d = v128.and(d, v128.gt<T>(a, v128.splat<T>(0)));
      }
      v128.store(DELTA + o, d);
    }
    A += columnOf<T>();
    DELTA += columnOf<T>();
  }
}

/**
 * Adds the gradient of a block and its log loss, both summed over the samples
 * and without penalty.
 *
 * @param X IN block
 * @param SIGNS IN one column: 1 for class 0, −1 for class 1, 0 for none
 * @param n samples of the block, ≤ 256
 * @param PARAMS IN
 * @param GRADIENT INOUT f64, laid out like PARAMS
 * @param WORK scratch: activations and deltas
 * @param WEIGHTS IN two f64: what a sample of class 0 and of class 1 counts
 * @param LOSS INOUT one f64
 */
export function mlpGradient64(
  NET: usize, X: usize, SIGNS: usize, n: i32, PARAMS: usize, GRADIENT: usize,
  WORK: usize, WEIGHTS: usize, LOSS: usize,
): void {
  gradient<f64>(NET, X, SIGNS, n, PARAMS, GRADIENT, WORK, WEIGHTS, LOSS);
}

/** As `mlpGradient64`; block, PARAMS and WORK are f32, sums f64. */
export function mlpGradient32(
  NET: usize, X: usize, SIGNS: usize, n: i32, PARAMS: usize, GRADIENT: usize,
  WORK: usize, WEIGHTS: usize, LOSS: usize,
): void {
  gradient<f32>(NET, X, SIGNS, n, PARAMS, GRADIENT, WORK, WEIGHTS, LOSS);
}

function gradient<T>(
  NET: usize, X: usize, SIGNS: usize, n: i32, PARAMS: usize, GRADIENT: usize,
  WORK: usize, WEIGHTS: usize, LOSS: usize,
): void {
  const layers = i32At(NET, 0);
  const bytes = bytesOf<T>(n);
  const Z = forward<T>(NET, X, n, PARAMS, WORK);
  let units = 0, widest = 1, params = 0;
  for (let layer = 0; layer < layers; layer++) {
    units += sizeOf(NET, layer + 1);
    widest = max(widest, sizeOf(NET, layer + 1));
    params += paramsOf(NET, layer);
  }
  let delta = WORK + <usize>units * columnOf<T>();
  let spare = delta + <usize>widest * columnOf<T>();
  addF64(LOSS, 0, outputLoss<T>(Z, SIGNS, WEIGHTS, delta, bytes));

  let below = Z; // activations that feed the layer
  for (let layer = layers - 1; layer >= 0; layer--) {
    const nIn = sizeOf(NET, layer);
    const nOut = sizeOf(NET, layer + 1);
    below = layer == 0 ? X : below - <usize>nIn * columnOf<T>();
    params -= paramsOf(NET, layer);
    const W = PARAMS + <usize>params * sizeof<T>();
    const G = GRADIENT + (<usize>params << 3);
    addGradient<T>(below, nIn, delta, nOut, G, bytes);
    if (layer == 0) break;
    multiply<T>(
      delta, nOut, W, sizeof<T>(), <usize>nOut * sizeof<T>(), 0, spare, nIn,
      bytes,
    );
    derive<T>(below, spare, nIn, i32At(NET, 1), bytes);
    const t = delta;
    delta = spare;
    spare = t;
  }
}

/**
 * The loss of a sample is log(1 + eᵗ) with t = s · z, its slope
 * s / (1 + e⁻ᵗ). Written with e^−|z| both keep their digits where a sample is
 * all but sure, which 1 − p does not, least of all in f32.
 *
 * @param DELTA OUT one column, 0 past the last sample
 */
function outputLoss<T>(
  Z: usize, SIGNS: usize, WEIGHTS: usize, DELTA: usize, bytes: usize,
): f64 {
  const zero = v128.splat<T>(0);
  const w0 = v128.splat<T>(<T>f64At(WEIGHTS, 0));
  const w1 = v128.splat<T>(<T>f64At(WEIGHTS, 1));
  const most = v128.splat<T>(<T>MOST);
  let sum = zero;
  // One logarithm for all samples of a class: 2²⁵⁶ is far from overflow.
  let product0 = f64x2.splat(1), product1 = product0;
  for (let o: usize = 0; o < bytes; o += 16) {
    const z = v128.load(Z + o);
    const s = v128.load(SIGNS + o);
    const t = v128.mul<T>(s, z);
    const e = exp<T>(v128.neg<T>(v128.abs<T>(z)));
    const q = v128.div<T>(one<T>(), v128.add<T>(one<T>(), e));
    const slope = v128.bitselect(q, v128.mul<T>(e, q), v128.gt<T>(t, zero));
    const w = v128.bitselect(w1, w0, v128.lt<T>(s, zero));
    v128.store(DELTA + o, v128.mul<T>(v128.mul<T>(slope, s), w));
    const hinge = v128.pmin<T>(v128.pmax<T>(t, zero), most);
    sum = v128.add<T>(sum, v128.mul<T>(hinge, w));
    if (sizeof<T>() == 8) {
      product0 = f64x2.mul(product0, factor(e, f64x2.gt(s, zero)));
      product1 = f64x2.mul(product1, factor(e, f64x2.lt(s, zero)));
    } else {
      for (let half = 0; half < 2; half++) {
        const e2 = half ? promoteHigh(e) : f64x2.promote_low_f32x4(e);
        const s2 = half ? promoteHigh(s) : f64x2.promote_low_f32x4(s);
        product0 = f64x2.mul(product0, factor(e2, f64x2.gt(s2, f64x2.splat(0))));
        product1 = f64x2.mul(product1, factor(e2, f64x2.lt(s2, f64x2.splat(0))));
      }
    }
  }
  return total<T>(sum) +
    f64At(WEIGHTS, 0) * logOf(product0) + f64At(WEIGHTS, 1) * logOf(product1);
}

/** 1 + e where the mask is set, else 1. */
// @ts-ignore: decorator
@inline
function factor(e: v128, mask: v128): v128 {
  return f64x2.add(f64x2.splat(1), v128.and(e, mask));
}

// @ts-ignore: decorator
@inline
function logOf(product: v128): f64 {
  return Math.log(
    f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1),
  );
}
