import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease, Need } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import { checkFinite } from "./check.ts";
import { blockBytes, blockPlaces, rowBlocks, stagingFor } from "./rows.ts";

/** Mean and variance of every feature. */
export interface ColumnMoments {
  /** Shape (nFeatures,), in the feature's unit. */
  readonly mean: Float64Array;
  /** Shape (nFeatures,), divided by n, in the feature's unit squared. */
  readonly variance: Float64Array;
}

/** What {@link columnMoments} puts into memory. */
export function momentsNeed(what: string, X: FeatureMatrix): Need {
  const { nSamples, nFeatures } = X;
  return { what, nSamples, nFeatures, bytes: blockBytes(X) + 64 * nFeatures };
}

/**
 * One pass over the rows.
 *
 * @throws RangeError for a value that is not finite.
 */
export async function columnMoments(
  kernels: Lease,
  what: string,
  X: FeatureMatrix,
  pacer: Pacer,
): Promise<ColumnMoments> {
  const d = X.nFeatures;
  const placeOf = blockPlaces(kernels, X, stagingFor(kernels, X));
  const [means, squares] = [kernels.alloc(d * 8), kernels.alloc(d * 8)];
  const work = kernels.alloc(6 * d * 8);
  const mean = new Float64Array(d), sums = new Float64Array(d);
  for (const block of rowBlocks(X)) {
    const { from, rows } = block, at = placeOf(block);
    kernels.run.blockMoments(at, rows, d, means, squares, work);
    const M = kernels.f64(means, d), S = kernels.f64(squares, d);
    // A value that is not finite makes its mean so; so may an overflow.
    if (!M.every(Number.isFinite)) checkFinite(what, X, from, from + rows);
    for (let k = 0; k < d; k++) {
      const gap = M[k] - mean[k], n = from + rows;
      mean[k] += gap * rows / n;
      sums[k] += S[k] + gap * gap * from * rows / n;
    }
    if (pacer.due) await pacer.rest();
  }
  const variance = sums.map((s) => Math.max(0, s) / X.nSamples);
  return { mean, variance };
}
