import type { FeatureMatrix } from "../../pipeline/feature_matrix.ts";
import { moments } from "./moments.ts";

/** Twin of assembly/pca.ts's scatter: Σ (x − m)(x − m)ᵀ, shape (d, d). */
export function scatter(X: FeatureMatrix): Float64Array {
  const { nSamples: n, nFeatures: d } = X;
  const { mean } = moments(X);
  const S = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        S[a * d + b] += (X.data[i * d + a] - mean[a]) *
          (X.data[i * d + b] - mean[b]);
      }
    }
  }
  return S;
}

/** Twin of its projection: (x − mean) · component, shape (n, m). */
export function projected(
  X: FeatureMatrix,
  mean: Float64Array,
  components: Float64Array,
): Float64Array {
  const d = X.nFeatures, m = components.length / d;
  const Y = new Float64Array(X.nSamples * m);
  for (let i = 0; i < X.nSamples; i++) {
    for (let c = 0; c < m; c++) {
      for (let j = 0; j < d; j++) {
        Y[i * m + c] += (X.data[i * d + j] - mean[j]) * components[c * d + j];
      }
    }
  }
  return Y;
}
