import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import { checkFinite } from "./check.ts";

/** Rows [from, from + rows) of a matrix. */
export interface RowBlock {
  readonly from: number;
  readonly rows: number;
  /** Shape (rows, nFeatures), a view. */
  readonly data: Float64Array;
}

/** Values of one block: 256 KiB, so that it stays in the cache. */
const BLOCK_VALUES = 32_768;

/** Most rows of one block. */
export function blockRows(X: FeatureMatrix): number {
  return Math.max(
    1,
    Math.min(X.nSamples, Math.floor(BLOCK_VALUES / X.nFeatures)),
  );
}

/** The matrix in blocks; kernels that need each row once never copy it all. */
export function* rowBlocks(X: FeatureMatrix): Generator<RowBlock> {
  const d = X.nFeatures, size = blockRows(X);
  for (let from = 0; from < X.nSamples; from += size) {
    const rows = Math.min(size, X.nSamples - from);
    yield { from, rows, data: X.data.subarray(from * d, (from + rows) * d) };
  }
}

/** Bytes of one padded row (see assembly/distance.ts). */
export function strideOf(nFeatures: number): number {
  return (nFeatures + (nFeatures & 1)) * 8;
}

/**
 * Copies a matrix to padded rows.
 *
 * @returns where they are.
 * @throws RangeError where a value is not finite, naming row and feature.
 */
export async function loadRows(
  kernels: Lease,
  what: string,
  X: FeatureMatrix,
  pacer: Pacer,
): Promise<P> {
  const at = kernels.alloc(X.nSamples * strideOf(X.nFeatures));
  const staging = stagingFor(kernels, X);
  for (const block of rowBlocks(X)) {
    if (loadBlock(kernels, block, X.nFeatures, staging, at) !== 0) {
      checkFinite(what, X, block.from, block.from + block.rows);
    }
    if (pacer.due) await pacer.rest();
  }
  return at;
}

/** As {@link loadRows}, less the mean, shape (nFeatures,). */
export async function loadCentered(
  kernels: Lease,
  X: FeatureMatrix,
  mean: Float64Array,
  pacer: Pacer,
): Promise<P> {
  const d = X.nFeatures, stride = strideOf(d);
  const at = kernels.alloc(X.nSamples * stride);
  const staging = stagingFor(kernels, X);
  const means = kernels.f64From(mean);
  for (const { from, rows, data } of rowBlocks(X)) {
    kernels.f64(staging, data.length).set(data);
    kernels.run.padCentered(staging, rows, d, means, at + from * stride);
    if (pacer.due) await pacer.rest();
  }
  return at;
}

/** As {@link loadRows}, at once. */
export function loadRowsSync(kernels: Lease, X: FeatureMatrix): P {
  const at = kernels.alloc(X.nSamples * strideOf(X.nFeatures));
  const staging = stagingFor(kernels, X);
  for (const block of rowBlocks(X)) {
    loadBlock(kernels, block, X.nFeatures, staging, at);
  }
  return at;
}

/**
 * What tells where the values of a block are: in place where the instance's
 * memory holds the matrix, else copied to `staging`.
 */
export function blockPlaces(
  kernels: Lease,
  X: FeatureMatrix,
  staging: P,
): (block: RowBlock) => P {
  const place = kernels.placeOf(X.data);
  if (place !== undefined) {
    return ({ from }) => place + from * X.nFeatures * 8;
  }
  return ({ data }) => {
    kernels.f64(staging, data.length).set(data);
    return staging;
  };
}

/** Room for one block of unpadded rows. */
export function stagingFor(kernels: Lease, X: FeatureMatrix): P {
  return kernels.alloc(blockBytes(X));
}

/** Bytes of one block of unpadded rows. */
export function blockBytes(X: FeatureMatrix): number {
  return blockRows(X) * X.nFeatures * 8;
}

/** @returns 0, or NaN where a value is not finite. */
function loadBlock(
  kernels: Lease,
  { from, rows, data }: RowBlock,
  nFeatures: number,
  staging: P,
  at: P,
): number {
  kernels.f64(staging, data.length).set(data);
  return kernels.run.padRows(
    staging,
    rows,
    nFeatures,
    at + from * strideOf(nFeatures),
  );
}
