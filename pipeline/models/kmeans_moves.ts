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
  readonly sums: P;
  readonly counts: P;
  readonly nClusters: number;
  /** Bytes of a padded row. */
  readonly stride: number;
}

/** How far the centers went. */
export interface Moves {
  /** Squared, of all of them together. */
  readonly shift: number;
  /** Shape (nClusters,): the way of each. */
  readonly ways: Float64Array;
}

/** A row that an empty cluster takes from its own. */
export interface Adoption {
  readonly from: number;
  readonly to: number;
  /** The padded row. */
  readonly row: P;
}

/** Centers ← means of their rows, after the adoptions. */
export function moveCenters(
  kernels: Lease,
  { centers, sums, counts, nClusters, stride }: CenterBuffers,
  adoptions: readonly Adoption[],
): Moves {
  const width = stride / 8;
  const S = kernels.f64(sums, nClusters * width).slice();
  const N = kernels.f64(counts, nClusters).slice();
  for (const { from, to, row } of adoptions) {
    const x = kernels.f64(row, width);
    for (let j = 0; j < width; j++) {
      S[from * width + j] -= x[j];
      S[to * width + j] = x[j];
    }
    N[from]--;
    N[to] = 1;
  }
  const C = kernels.f64(centers, nClusters * width);
  const ways = new Float64Array(nClusters);
  let shift = 0;
  for (let a = 0; a < nClusters; a++) {
    if (N[a] === 0) continue;
    let own = 0;
    for (let i = a * width; i < (a + 1) * width; i++) {
      const mean = S[i] / N[a];
      own += (mean - C[i]) ** 2;
      C[i] = mean;
    }
    shift += own;
    ways[a] = Math.sqrt(own);
  }
  return { shift, ways };
}

/** More than the rounding of a way that is summed up over all iterations. */
const MARGIN = 1 + 1e-9;

/**
 * Adds to each center's travel its own way and the longest of any other: a row
 * that was nearer to its center by more than the travel since is so still
 * (Hamerly, "Making k-means even faster", 2010).
 *
 * @param travel INOUT shape (nClusters,)
 * @returns what was added at the most: the two longest ways.
 */
export function addTravel(travel: Float64Array, ways: Float64Array): number {
  let first = 0, second = 0, farthest = -1;
  for (let a = 0; a < ways.length; a++) {
    if (ways[a] > first) {
      second = first;
      first = ways[a];
      farthest = a;
    } else second = Math.max(second, ways[a]);
  }
  for (let a = 0; a < ways.length; a++) {
    travel[a] += MARGIN * (ways[a] + (a === farthest ? second : first));
  }
  return MARGIN * (first + second);
}

/** Clusters without rows. */
export function emptyClusters(
  kernels: Lease,
  { counts, nClusters }: CenterBuffers,
): number[] {
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
