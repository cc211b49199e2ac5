import type { FeatureMatrix } from "../../pipeline/feature_matrix.ts";
import type { Activation } from "../../pipeline/models/mlp_network.ts";

type Layer = { nIn: number; nOut: number; at: number };

const FUNCTIONS: Record<Activation, (x: number) => number> = {
  logistic: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  identity: (x) => x,
};

/** Derivatives, written with the function's own value. */
const SLOPES: Record<Activation, (a: number) => number> = {
  logistic: (a) => a * (1 - a),
  tanh: (a) => 1 - a * a,
  relu: (a) => a > 0 ? 1 : 0,
  identity: () => 1,
};

/**
 * Activations of every layer for one row, the input first; of the output the
 * sum that the logistic function takes.
 */
function forward(
  x: ArrayLike<number>,
  layers: readonly Layer[],
  params: Float64Array,
  activation: Activation,
): number[][] {
  const all = [Array.from(x)];
  layers.forEach(({ nIn, nOut, at }, l) => {
    const f = FUNCTIONS[l === layers.length - 1 ? "identity" : activation];
    all.push(Array.from({ length: nOut }, (_, j) => {
      let sum = params[at + nIn * nOut + j];
      for (let i = 0; i < nIn; i++) {
        sum += all[l][i] * params[at + i * nOut + j];
      }
      return f(sum);
    }));
  });
  return all;
}

/** Twin of assembly/mlp.ts: mean log loss and its gradient, row by row. */
export function lossAndGradient(
  X: FeatureMatrix,
  y: ArrayLike<number>,
  layers: readonly Layer[],
  params: Float64Array,
  activation: Activation,
) {
  const gradient = new Float64Array(params.length);
  const d = X.nFeatures, n = X.nSamples;
  let loss = 0;
  for (let row = 0; row < n; row++) {
    const x = X.data.subarray(row * d, (row + 1) * d);
    const all = forward(x, layers, params, activation);
    const z = all.at(-1)![0], t = y[row] ? -z : z;
    // −log p or −log(1 − p), where both have lost their digits too; clipped.
    loss += Math.log1p(Math.exp(-Math.abs(t))) +
      Math.min(-Math.log(Number.EPSILON), Math.max(0, t));
    let delta = [FUNCTIONS.logistic(z) - y[row]];
    for (let l = layers.length - 1; l >= 0; l--) {
      const { nIn, nOut, at } = layers[l];
      const below = new Array<number>(nIn).fill(0);
      for (let j = 0; j < nOut; j++) {
        gradient[at + nIn * nOut + j] += delta[j] / n;
        for (let i = 0; i < nIn; i++) {
          gradient[at + i * nOut + j] += all[l][i] * delta[j] / n;
          below[i] += delta[j] * params[at + i * nOut + j];
        }
      }
      delta = below.map((b, i) => b * SLOPES[activation](all[l][i]));
    }
  }
  return { loss: loss / n, gradient };
}

/** Probability of class 1 of each row. */
export function probabilities(
  X: FeatureMatrix,
  layers: readonly Layer[],
  params: Float64Array,
  activation: Activation,
): Float64Array {
  const d = X.nFeatures;
  return Float64Array.from(
    { length: X.nSamples },
    (_, i) =>
      FUNCTIONS.logistic(
        forward(X.data.subarray(i * d, (i + 1) * d), layers, params, activation)
          .at(-1)![0],
      ),
  );
}
