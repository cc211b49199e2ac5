/** How good a clustering is, and what to try next. */
import type { FeatureMatrix } from "../feature_matrix.ts";
import { lease } from "../kernels.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkMatrix, checkRows } from "./check.ts";
import { buildTree } from "./kd_tree.ts";
import { KMeans, type KMeansParams } from "./kmeans.ts";
import { loadRows, strideOf } from "./rows.ts";
import { RandomState } from "./random.ts";

/** Most rows that {@link silhouette} compares with all others by itself. */
export const SILHOUETTE_ROWS = 10_000;

/**
 * Mean silhouette of the rows (Rousseeuw, 1987): near 1 where clusters are
 * tight and apart, below 0 where rows lie nearer to another cluster. Every pair
 * of rows is compared, so of more than `sampleSize` rows a seeded sample is
 * taken. Rows with a label below 0 (DBSCAN's noise) are left out.
 *
 * @param labels shape (nSamples,)
 * @throws TypeError for other lengths; RangeError with fewer than two clusters
 * or a value that is not finite; the signal's reason when aborted.
 *
 * ```ts
 * import { silhouette } from "./cluster_metrics.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const X = featureMatrix(Float64Array.of(0, 1, 9, 10), ["duration"]);
 * assert.equal((await silhouette(X, [0, 0, 1, 1])).toFixed(2), "0.89");
 * ```
 */
export async function silhouette(
  X: FeatureMatrix,
  labels: ArrayLike<number>,
  { sampleSize = SILHOUETTE_ROWS, randomState = 1 } = {},
  options: RunOptions = {},
): Promise<number> {
  const what = "compute the silhouette";
  const pacer = new Pacer(options.signal);
  await checkMatrix(what, X, pacer);
  const groups = groupsOf(what, X, labels);
  const rows = sampleOf(groups.flat(), sampleSize, randomState);
  const kept = groupsOf(what, X, labels, rows);
  let sum = 0, done = 0;
  for (const [own, group] of kept.entries()) {
    for (const row of group) {
      sum += widthOf(X, row, own, kept);
      done++;
      if (!pacer.due) continue;
      options.onProgress?.({
        stage: "comparing",
        done,
        total: rows.length,
        unit: "rows",
      });
      await pacer.rest();
    }
  }
  return sum / rows.length;
}

/** (b − a) / max(a, b) of one row; 0 in a cluster of its own. */
function widthOf(
  X: FeatureMatrix,
  row: number,
  own: number,
  groups: readonly number[][],
): number {
  if (groups[own].length === 1) return 0;
  let nearest = Infinity, within = 0;
  groups.forEach((group, g) => {
    let sum = 0;
    for (const other of group) sum += distance(X, row, other);
    if (g === own) within = sum / (group.length - 1);
    else nearest = Math.min(nearest, sum / group.length);
  });
  const most = Math.max(within, nearest);
  return most === 0 ? 0 : (nearest - within) / most;
}

/**
 * Davies–Bouldin index (1979): how wide clusters are against how far apart, for
 * each the worst other one; 0 is best. Labels below 0 are left out.
 *
 * @throws as {@link silhouette}.
 */
export async function daviesBouldin(
  X: FeatureMatrix,
  labels: ArrayLike<number>,
  options: RunOptions = {},
): Promise<number> {
  const what = "compute the Davies–Bouldin index";
  const pacer = new Pacer(options.signal);
  await checkMatrix(what, X, pacer);
  const d = X.nFeatures, groups = groupsOf(what, X, labels);
  const centers: Float64Array[] = [], widths: number[] = [];
  for (const group of groups) {
    const center = new Float64Array(d);
    for (const row of group) {
      for (let k = 0; k < d; k++) center[k] += X.data[row * d + k];
    }
    for (let k = 0; k < d; k++) center[k] /= group.length;
    let width = 0;
    for (const row of group) {
      width += Math.hypot(...center.map((c, k) => X.data[row * d + k] - c));
    }
    centers.push(center);
    widths.push(width / group.length);
    if (pacer.due) await pacer.rest();
  }
  let sum = 0;
  for (let i = 0; i < groups.length; i++) {
    let worst = 0;
    for (let j = 0; j < groups.length; j++) {
      const apart = Math.hypot(...centers[i].map((c, k) => c - centers[j][k]));
      if (apart > 0) worst = Math.max(worst, (widths[i] + widths[j]) / apart);
    }
    sum += worst;
  }
  return sum / groups.length;
}

/** What {@link suggestClusters} found. */
export interface ClusterSuggestion {
  /** The number of clusters at the knee. */
  readonly nClusters: number;
  /** The numbers tried. */
  readonly tried: readonly number[];
  /** Inertia of each, shape (tried,). */
  readonly inertias: readonly number[];
}

/**
 * Fits k-means for some numbers of clusters and suggests the one where more
 * clusters stop helping: the knee of the inertia, in logarithms of both, for
 * inertia falls by a share with each step rather than by an amount.
 *
 * @param tried rising, at least three
 * @throws as KMeans.fit; RangeError for fewer than three numbers.
 */
export async function suggestClusters(
  X: FeatureMatrix,
  tried: readonly number[] = [2, 3, 4, 6, 8, 12, 16, 24, 32],
  params: KMeansParams = {},
  options: RunOptions = {},
): Promise<ClusterSuggestion> {
  const usable = tried.filter((k) => k <= X.nSamples);
  if (usable.length < 3) {
    throw new RangeError(
      `Cannot suggest a number of clusters: at least 3 numbers of at most ` +
        `${X.nSamples} must be tried, got ${usable.length}`,
    );
  }
  const inertias: number[] = [];
  for (const [done, nClusters] of usable.entries()) {
    const model = await KMeans.fit(X, { ...params, nClusters }, {
      signal: options.signal,
    });
    inertias.push(model.inertia);
    const stage = "trying numbers of clusters", total = usable.length;
    options.onProgress?.({ stage, done: done + 1, total, unit: "fits" });
  }
  // Where inertia is 0 already, more clusters cannot help.
  const perfect = inertias.findIndex((inertia) => inertia === 0);
  const at = perfect >= 0 ? perfect : kneeOf(
    usable.map(Math.log),
    inertias.map((inertia) => -Math.log(inertia)),
  );
  return { nClusters: usable[at], tried: usable, inertias };
}

/**
 * Where a rising curve bends most: the point farthest above the line from its
 * first to its last (Satopää, Albrecht, Irwin, Raghavan, "Finding a kneedle in
 * a haystack", 2011).
 *
 * @param x rising, shape (n,)
 * @param y shape (n,)
 * @returns an index
 */
export function kneeOf(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const last = x.length - 1;
  const width = x[last] - x[0], height = y[last] - y[0];
  let best = 0, most = -Infinity;
  for (let i = 0; i <= last; i++) {
    const above = (y[i] - y[0]) * width - (x[i] - x[0]) * height;
    if (above <= most) continue;
    most = above;
    best = i;
  }
  return best;
}

/** What {@link kDistances} found. */
export interface KDistances {
  /** Rising, shape (rows,): how far each row's k-th neighbour is. */
  readonly distances: Float64Array;
  /** The distance at the knee: an eps to begin with. */
  readonly eps: number;
}

/**
 * How far the k-th neighbour is, of all rows or a seeded sample of them, each
 * among all rows and itself the first, as DBSCAN's minSamples counts (Ester,
 * Kriegel, Sander, Xu, 1996). Rows beyond the knee would be noise.
 *
 * @param k neighbours, itself included: minSamples
 * @throws RangeError when k is not in [1, nSamples] or a value is not finite;
 * the signal's reason when aborted.
 */
export async function kDistances(
  X: FeatureMatrix,
  k: number,
  { sampleSize = 2000, randomState = 1 } = {},
  options: RunOptions = {},
): Promise<KDistances> {
  const what = "compute k-distances", n = X.nSamples, d = X.nFeatures;
  const pacer = new Pacer(options.signal);
  checkRows(what, X, pacer);
  if (!Number.isInteger(k) || k < 1 || k > n) {
    throw new RangeError(
      `Cannot ${what}: k must be an integer in [1, ${n}], got ${k}`,
    );
  }
  const bytes = n * (strideOf(d) + 20) + k * 8;
  using kernels = lease({ what, nSamples: n, nFeatures: d, bytes });
  const rows = await loadRows(kernels, what, X, pacer);
  const shape = {
    rows,
    nSamples: n,
    nFeatures: d,
    leafRows: 8,
    leafDiagonal: 0,
  };
  await buildTree(kernels, shape, pacer);
  const heap = kernels.alloc(k * 8), query = kernels.zeros(strideOf(d));
  const all = Array.from({ length: n }, (_, i) => i);
  const sample = sampleOf(all, sampleSize, randomState);
  const distances = new Float64Array(sample.length);
  for (const [i, row] of sample.entries()) {
    kernels.f64(query, d).set(X.data.subarray(row * d, (row + 1) * d));
    distances[i] = Math.sqrt(kernels.run.nthNearest(query, k, heap));
    if (pacer.due) await pacer.rest();
  }
  distances.sort();
  // The curve's bend upwards is the knee of the same seen from its end.
  const x = distances.map((_, i) => i);
  const turned = distances.map((_, i) => -distances[distances.length - 1 - i]);
  const eps = distances[distances.length - 1 - kneeOf(x, turned)];
  return { distances, eps };
}

/** A seeded sample without repeats, rising; all of them where they are few. */
function sampleOf(rows: number[], size: number, seed: number): number[] {
  if (rows.length <= size) return rows;
  const chosen = new RandomState(seed).choose(rows.length, rows.length);
  return Array.from(chosen.subarray(0, size), (i) => rows[i])
    .sort((a, b) => a - b);
}

/** Rows by label, in the order of labels; only those of `among`. */
function groupsOf(
  what: string,
  X: FeatureMatrix,
  labels: ArrayLike<number>,
  among?: readonly number[],
): number[][] {
  if (labels.length !== X.nSamples) {
    throw new TypeError(
      `Cannot ${what}: ${X.nSamples} rows need as many labels, ` +
        `got ${labels.length}`,
    );
  }
  const groups = new Map<number, number[]>();
  const add = (row: number) => {
    if (labels[row] < 0) return;
    const group = groups.get(labels[row]);
    if (group) group.push(row);
    else groups.set(labels[row], [row]);
  };
  if (among) among.forEach(add);
  else for (let row = 0; row < X.nSamples; row++) add(row);
  if (groups.size < 2) {
    throw new RangeError(
      `Cannot ${what}: at least 2 clusters are needed, got ${groups.size}`,
    );
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, rows]) => rows);
}

function distance({ data, nFeatures }: FeatureMatrix, i: number, j: number) {
  let sum = 0;
  for (let k = 0; k < nFeatures; k++) {
    const t = data[i * nFeatures + k] - data[j * nFeatures + k];
    sum += t * t;
  }
  return Math.sqrt(sum);
}
