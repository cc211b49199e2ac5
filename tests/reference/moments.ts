import type { FeatureMatrix } from "../../pipeline/feature_matrix.ts";

/** Twin of assembly/scale.ts: mean and variance of each column. */
export function moments(X: FeatureMatrix) {
  const { nSamples: n, nFeatures: d } = X;
  const mean = new Float64Array(d), variance = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    // Summed about the first value in whole columns; see scale.ts for why.
    for (let i = 0; i < n; i++) mean[j] += X.data[i * d + j] - X.data[j];
    mean[j] = X.data[j] + mean[j] / n;
    for (let i = 0; i < n; i++) {
      variance[j] += (X.data[i * d + j] - mean[j]) ** 2;
    }
    variance[j] /= n;
  }
  return { mean, variance };
}

/** (x − mean) / scale. */
export function scaled(
  X: FeatureMatrix,
  mean: Float64Array,
  scale: Float64Array,
): Float64Array {
  const d = X.nFeatures;
  return X.data.map((x, i) => (x - mean[i % d]) / scale[i % d]);
}
