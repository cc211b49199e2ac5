import type { Lease, P } from "../kernels.ts";

/** Where one start of k-means ended. */
export interface KMeansEnd {
  /** Shape (nClusters, nFeatures), row-major. */
  readonly centers: Float64Array;
  readonly inertia: number;
  readonly nIter: number;
}

/** The end that is kept. */
export interface KMeansResult extends KMeansEnd {
  /** Shape (nSamples,). */
  readonly labels: Int32Array;
}

/** Padded rows of centers, and what was added up for each. */
export interface CenterBuffers {
  readonly centers: P;
  /** Of one row and count more: of rows without a center. */
  readonly sums: P;
  readonly counts: P;
  /** Shape (nClusters,): how far each went when it last moved. */
  readonly ways: P;
  /** Sums and counts after adoptions. */
  readonly adopted: P;
  readonly nClusters: number;
  /** Bytes of a padded row. */
  readonly stride: number;
}

/** Bytes of the buffers of {@link centerBuffers}, at the most. */
export function centerBytes(nClusters: number, stride: number): number {
  return (nClusters + 1) * (3 * stride + 24) + 5 * 64;
}

export function centerBuffers(
  kernels: Lease,
  nClusters: number,
  stride: number,
): CenterBuffers {
  return {
    centers: kernels.alloc(nClusters * stride),
    sums: kernels.alloc((nClusters + 1) * stride),
    counts: kernels.alloc((nClusters + 1) * 8),
    ways: kernels.alloc(nClusters * 8),
    adopted: kernels.alloc(nClusters * (stride + 8)),
    nClusters,
    stride,
  };
}

/** A row that an empty cluster takes from its own. */
export interface Adoption {
  readonly from: number;
  readonly to: number;
  /** The padded row. */
  readonly row: P;
}

/**
 * Centers ← means of their rows, after the adoptions; sums and counts stay as
 * they were assigned.
 *
 * @returns the centers' squared shift, of all together.
 */
export function moveCenters(
  kernels: Lease,
  buffers: CenterBuffers,
  adoptions: readonly Adoption[],
): number {
  const { centers, nClusters, stride, ways } = buffers;
  const { sums, counts } = adoptions.length > 0
    ? adopt(kernels, buffers, adoptions)
    : buffers;
  return kernels.run.moveCenters(
    nClusters,
    stride,
    sums,
    counts,
    centers,
    ways,
  );
}

/** Copies of sums and counts with the adopted rows where they now belong. */
function adopt(
  kernels: Lease,
  { sums, counts, adopted, nClusters, stride }: CenterBuffers,
  adoptions: readonly Adoption[],
): { sums: P; counts: P } {
  const width = stride / 8, values = nClusters * width;
  const S = kernels.f64(adopted, values), at = adopted + values * 8;
  const N = kernels.f64(at, nClusters);
  S.set(kernels.f64(sums, values));
  N.set(kernels.f64(counts, nClusters));
  for (const { from, to, row } of adoptions) {
    const x = kernels.f64(row, width);
    for (let j = 0; j < width; j++) {
      S[from * width + j] -= x[j];
      S[to * width + j] = x[j];
    }
    N[from]--;
    N[to] = 1;
  }
  return { sums: adopted, counts: at };
}

/** Clusters without rows. */
export function emptyClusters(
  kernels: Lease,
  { counts, nClusters }: CenterBuffers,
): number[] {
  if (kernels.run.countEmpty(nClusters, counts) === 0) return [];
  const N = kernels.f64(counts, nClusters);
  return [...N.keys()].filter((a) => N[a] === 0);
}

/** Centers of shape (nClusters, d) to padded rows. */
export function writeCenters(
  kernels: Lease,
  { centers, nClusters, stride }: CenterBuffers,
  values: Float64Array,
): void {
  const width = stride / 8, d = values.length / nClusters;
  const padded = kernels.f64(centers, nClusters * width).fill(0);
  for (let a = 0; a < nClusters; a++) {
    padded.set(values.subarray(a * d, (a + 1) * d), a * width);
  }
}

/** Padded rows to centers of shape (nClusters, d). */
export function readCenters(
  kernels: Lease,
  { centers, nClusters, stride }: CenterBuffers,
  d: number,
): Float64Array {
  const width = stride / 8;
  const padded = kernels.f64(centers, nClusters * width);
  const values = new Float64Array(nClusters * d);
  for (let a = 0; a < nClusters; a++) {
    values.set(padded.subarray(a * width, a * width + d), a * d);
  }
  return values;
}

/** Indices of the `count` largest values above 0, largest first. */
export function largest(values: Float64Array, count: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const last = kept[kept.length - 1];
    if (values[i] <= 0) continue;
    if (kept.length === count && values[i] <= values[last]) continue;
    let t = kept.length === count ? count - 1 : kept.length;
    for (; t > 0 && values[kept[t - 1]] < values[i]; t--) kept[t] = kept[t - 1];
    kept[t] = i;
  }
  return kept;
}

/** The largest absolute value. */
export function largestOf(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    most = Math.max(most, Math.abs(values[i]));
  }
  return most;
}
