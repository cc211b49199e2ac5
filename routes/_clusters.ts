import type { ClusterMeta, OutlierSession } from "../islands/_cluster_meta.ts";
import { cut, visible } from "../islands/_visible.ts";
import type { Dataset, RunOptions } from "../pipeline/mod.ts";

/** A clustering of a dataset's sessions, as the pages need it. */
export interface ClusterView {
  /** Principal axes first ("PC 1", "PC 2"), then the features. */
  readonly featureNames: readonly string[];
  /**
   * One column of length nSamples per name, in plain units. 64 bits, because
   * 32 would round a time to two minutes.
   */
  readonly columns: readonly (Float64Array | Float32Array)[];
  /** Length nSamples; in [0, sizes.length). */
  readonly labels: Int32Array;
  /** One list of length nClusters per name, in the units of the columns. */
  readonly centers: readonly ArrayLike<number>[];
  /** Samples in each cluster. */
  readonly sizes: ArrayLike<number>;
  /** The least populated clusters: the sessions to look at first. */
  readonly outlierClusters: readonly number[];
  /** Length nSamples: the uid of each. */
  readonly keys: readonly string[];
  /** What each cluster mostly holds, "dns 53"; length nClusters. */
  readonly mostly?: readonly string[];
  /** A sentence: "k-means, 20 clusters, best of 10 starts, on 7 features". */
  readonly about: string;
}

/** Fits the sessions of a dataset. */
export type ComputeClusters = (
  dataset: Dataset,
  options: RunOptions,
) => Promise<ClusterView>;

/** How many sessions of each outlier cluster a page lists. */
const LISTED = 20;

/** Zeek's uids have 18 characters; a longer one is not Zeek's. */
const UID_LENGTH = 32;

/** The same clustering with cluster 0 the largest, 1 the next, and so on. */
export function largestFirst(view: ClusterView): ClusterView {
  const sizes = Array.from(view.sizes);
  const order = sizes.map((_, k) => k)
    .sort((a, b) => sizes[b] - sizes[a] || a - b);
  const place = new Int32Array(sizes.length);
  order.forEach((old, k) => place[old] = k);
  return Object.freeze({
    ...view,
    labels: view.labels.map((k) => place[k]),
    sizes: order.map((k) => sizes[k]),
    centers: view.centers.map((at) => order.map((k) => at[k])),
    mostly: view.mostly && order.map((k) => view.mostly![k]),
    outlierClusters: view.outlierClusters.map((k) => place[k])
      .sort((a, b) => a - b),
  });
}

/** All but the points. */
export function metaOf(view: ClusterView): ClusterMeta {
  return {
    nSamples: view.labels.length,
    featureNames: view.featureNames,
    sizes: Array.from(view.sizes),
    centers: view.centers.map((at) =>
      Array.from(at, (value) => Number.isFinite(value) ? value : null)
    ),
    outlierClusters: view.outlierClusters,
    mostly: (view.mostly ?? []).map(visible),
    about: view.about,
    outliers: outliersOf(view),
  };
}

function outliersOf(view: ClusterView): OutlierSession[] {
  const wanted = [...view.outlierClusters]
    .sort((a, b) => view.sizes[a] - view.sizes[b]);
  const rows = wanted.map((): number[] => []);
  view.labels.forEach((k, i) => {
    const at = wanted.indexOf(k);
    if (at >= 0 && rows[at].length < LISTED) rows[at].push(i);
  });
  return rows.flat().map((i) => ({
    uid: cut(visible(view.keys[i] ?? ""), UID_LENGTH),
    cluster: view.labels[i],
    values: view.columns.map((column) => column[i]),
  }));
}
