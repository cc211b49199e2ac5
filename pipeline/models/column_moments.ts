import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import { rowBlocks, stagingFor } from "./rows.ts";

/** Mean and variance of every feature. */
export interface ColumnMoments {
  /** Shape (nFeatures,), in the feature's unit. */
  readonly mean: Float64Array;
  /** Shape (nFeatures,), divided by n, in the feature's unit squared. */
  readonly variance: Float64Array;
}

/** Two passes over the rows, in blocks through one small buffer. */
export async function columnMoments(
  kernels: Lease,
  X: FeatureMatrix,
  pacer: Pacer,
): Promise<ColumnMoments> {
  const d = X.nFeatures, n = X.nSamples;
  const staging = stagingFor(kernels, X);
  const origin = kernels.f64From(X.data.subarray(0, d));
  const [sums, squares, residuals] = [0, 1, 2].map(() => kernels.zeros(d * 8));

  for (const { rows, data } of rowBlocks(X)) {
    kernels.f64(staging, data.length).set(data);
    kernels.run.addColumnSums(staging, rows, d, origin, sums);
    if (pacer.due) await pacer.rest();
  }
  const mean = kernels.f64(sums, d).map((s, k) => X.data[k] + s / n);
  const means = kernels.f64From(mean);
  for (const { rows, data } of rowBlocks(X)) {
    kernels.f64(staging, data.length).set(data);
    kernels.run.addColumnSquares(staging, rows, d, means, squares, residuals);
    if (pacer.due) await pacer.rest();
  }
  const residual = kernels.f64(residuals, d);
  const variance = kernels.f64(squares, d).map((s, k) =>
    Math.max(0, s - residual[k] ** 2 / n) / n
  );
  return { mean, variance };
}
