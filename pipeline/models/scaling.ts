import { type FeatureMatrix, featureMatrix } from "../feature_matrix.ts";
import { lease } from "../kernels.ts";
import { checkFinite, checkNames } from "./check.ts";
import { rowBlocks, stagingFor } from "./rows.ts";

/** What brings features to a common scale: (x − center) / scale. */
export interface Scaling {
  readonly featureNames: readonly string[];
  /** Shape (nFeatures,), in the feature's unit. */
  readonly center: Float64Array;
  /** Shape (nFeatures,), in the feature's unit, above 0. */
  readonly scale: Float64Array;
}

/**
 * (x − center) / scale of every value.
 *
 * @param out where the values go, shape (nSamples, nFeatures); may be X.data.
 * A new array by default: for many rows the system takes longer to find its
 * memory than we to fill it.
 * @throws TypeError for other features than the scaling has; RangeError for a
 * value that is not finite.
 */
export function applyScaling(
  what: string,
  { featureNames, center, scale }: Scaling,
  X: FeatureMatrix,
  out: Float64Array = new Float64Array(X.data.length),
): FeatureMatrix {
  checkNames(what, X, featureNames);
  if (out.length !== X.data.length) {
    throw new TypeError(
      `Cannot ${what}: out must hold ${X.data.length} values, ` +
        `got ${out.length}`,
    );
  }
  using kernels = lease();
  const staging = stagingFor(kernels, X);
  const centers = kernels.f64From([...center, ...center]);
  const scales = kernels.f64From([...scale, ...scale]);
  const d = X.nFeatures;
  for (const { from, rows, data } of rowBlocks(X)) {
    const view = kernels.f64(staging, data.length);
    view.set(data);
    const check = kernels.run.scaleRows(staging, rows, d, centers, scales);
    if (check !== 0) checkFinite(what, X, from, from + rows);
    out.set(view, from * d);
  }
  return featureMatrix(out, featureNames, X.keys);
}
