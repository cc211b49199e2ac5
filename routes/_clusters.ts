import type { ClusterMeta, OutlierSession } from "../islands/_cluster_meta.ts";
import { cut, visible } from "../islands/_visible.ts";
import type {
  ClusterModel,
  Dataset,
  ModelMetrics,
  RunOptions,
} from "../pipeline/mod.ts";
import type { Algorithm, ClusterSpec } from "./_cluster_spec.ts";

/** A column of texts, each kept once: row i has `values[codes[i]]`. */
export interface Texts {
  readonly codes: ArrayLike<number>;
  readonly values: readonly string[];
}

/** A clustering of a dataset's sessions, as the pages need it. */
export interface ClusterView {
  readonly algorithm: Algorithm;
  /** Principal axes first ("PC 1", "PC 2"), then the features. */
  readonly featureNames: readonly string[];
  /**
   * One column of length nSamples per name, in plain units. 64 bits, because
   * 32 would round a time to two minutes.
   */
  readonly columns: readonly (Float64Array | Float32Array)[];
  /** Length nSamples; in [0, sizes.length), or −1 for noise. */
  readonly labels: Int32Array;
  /** Length nSamples: 1 for a core sample of DBSCAN; null for k-means. */
  readonly core: Uint8Array | null;
  /** One list of length nClusters per name, in the units of the columns. */
  readonly centers: readonly ArrayLike<number>[];
  /** Samples in each cluster. */
  readonly sizes: ArrayLike<number>;
  /** What the command line calls each cluster; its own number by default. */
  readonly originals?: readonly number[];
  /** The least populated clusters: the sessions to look at first. */
  readonly outlierClusters: readonly number[];
  /** Length nSamples: the uid of each. */
  readonly keys: readonly string[];
  /** Length nSamples: who with whom. */
  readonly src: Texts;
  readonly dst: Texts;
  /** What each cluster mostly holds, "dns 53"; length nClusters. */
  readonly mostly?: readonly string[];
  /** Names of the features that were used. */
  readonly used: readonly string[];
  /** Shape (nClusters, used): means of the scaled features. */
  readonly profile: readonly (readonly number[])[];
  /** A sentence: "k-means, 20 clusters, best of 10 starts, on 7 features". */
  readonly about: string;
  readonly facts: readonly (readonly [string, string])[];
  /** What can be saved of it. */
  readonly saved: {
    readonly model: ClusterModel;
    readonly metrics: ModelMetrics;
  } | null;
}

/** Fits the sessions of a dataset, or applies a saved model to them. */
export type ComputeClusters = (
  dataset: Dataset,
  spec: ClusterSpec,
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
    labels: view.labels.map((k) => k < 0 ? k : place[k]),
    sizes: order.map((k) => sizes[k]),
    originals: order.map((k) => view.originals?.[k] ?? k),
    centers: view.centers.map((at) => order.map((k) => at[k])),
    mostly: view.mostly && order.map((k) => view.mostly![k]),
    profile: order.map((k) => view.profile[k]),
    outlierClusters: view.outlierClusters.map((k) => place[k])
      .sort((a, b) => a - b),
  });
}

/** All but the points. */
export function metaOf(view: ClusterView): ClusterMeta {
  const sizes = Array.from(view.sizes);
  return {
    algorithm: view.algorithm,
    nSamples: view.labels.length,
    featureNames: view.featureNames,
    sizes,
    originals: view.originals ?? sizes.map((_, k) => k),
    noise: view.labels.length - sizes.reduce((sum, size) => sum + size, 0),
    centers: view.centers.map((at) =>
      Array.from(at, (value) => Number.isFinite(value) ? value : null)
    ),
    outlierClusters: view.outlierClusters,
    mostly: (view.mostly ?? []).map(visible),
    used: view.used,
    profile: view.profile,
    about: view.about,
    facts: view.facts,
    outliers: outliersOf(view),
  };
}

/** Of the smallest clusters, or of noise. */
function outliersOf(view: ClusterView): OutlierSession[] {
  const wanted = view.core === null
    ? [...view.outlierClusters].sort((a, b) => view.sizes[a] - view.sizes[b])
    : [-1];
  const listed = view.core === null ? LISTED : 3 * LISTED;
  const rows = wanted.map((): number[] => []);
  view.labels.forEach((k, i) => {
    const at = wanted.indexOf(k);
    if (at >= 0 && rows[at].length < listed) rows[at].push(i);
  });
  return rows.flat().map((i) => ({
    uid: cut(visible(view.keys[i] ?? ""), UID_LENGTH),
    cluster: view.labels[i],
    values: view.columns.map((column) => column[i]),
    src: textOf(view.src, i),
    dst: textOf(view.dst, i),
  }));
}

function textOf({ codes, values }: Texts, i: number): string {
  return visible(values[codes[i]] ?? "");
}
