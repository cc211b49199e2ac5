import { type FeatureMatrix, selectFeatures } from "./feature_matrix.ts";
import { type FeatureSet, featureSet } from "./features/mod.ts";
import {
  DBSCAN,
  type DBSCANParams,
  fitScaler,
  KMeans,
  type KMeansParams,
  PCA,
  type Scaler,
  type ScalerName,
} from "./models/mod.ts";
import type { ModelMetrics } from "./model_file.ts";
import type { RunOptions } from "./progress.ts";
import type { Records } from "./records.ts";
import type { ClusterMembers } from "./store/session_store.ts";

/** How many of the least-populated clusters are listed as outliers. */
export const OUTLIER_CLUSTERS = 3;

/**
 * A clustering with what it was fitted behind: features → scaler → (PCA) →
 * clusters. Predicts the same after a trip through JSON.
 */
export interface ClusterModel {
  readonly kind: "kmeans" | "dbscan";
  readonly featureSet: string;
  readonly scaler: Scaler;
  /** The plane that k-means works on; DBSCAN has none. */
  readonly pca: PCA | null;
  readonly model: KMeans | DBSCAN;
}

export interface ClusterOptions extends RunOptions {
  /** Brings the features to a common scale; "standard" unless told. */
  readonly scaler?: ScalerName;
  /** Names of the set's features that are used; all of them unless told. */
  readonly columns?: readonly string[];
}

export interface Cluster {
  /** Label; −1 is DBSCAN's noise. */
  readonly label: number;
  readonly size: number;
  /** Among the three least-populated of k-means, or noise. */
  readonly outlier: boolean;
}

export interface Clustering {
  readonly model: ClusterModel;
  /** All features of the set as they are, shape (nSamples, nFeatures). */
  readonly X: FeatureMatrix;
  /**
   * Shape (nSamples, 2), after scaling, or of one column where one feature is
   * used; null for DBSCAN.
   */
  readonly plane: FeatureMatrix | null;
  /** Shape (nSamples,). */
  readonly labels: Int32Array;
  /** Largest first. */
  readonly clusters: readonly Cluster[];
  /** Rows of the outlier clusters or of noise, in the records' order. */
  readonly outliers: readonly number[];
}

/** By the records, then by the set. */
const collected = new WeakMap<Records, Map<FeatureSet, FeatureMatrix>>();

/**
 * Row i is record i, in the units that the feature set names. Collected once,
 * whatever is made of it: nobody may write to it.
 */
export function featuresOf(records: Records, set: FeatureSet): FeatureMatrix {
  let sets = collected.get(records);
  if (!sets) collected.set(records, sets = new Map());
  const known = sets.get(set);
  // Records may have come since.
  if (known?.nSamples === records.length) return known;
  const collector = set.collect();
  for (const batch of records.batches) collector.add(batch);
  const X = collector.finish();
  sets.set(set, X);
  return X;
}

/** What a clustering works on: a set's features, and those it uses, scaled. */
export interface ScaledFeatures {
  /** All of the set, as they are. */
  readonly X: FeatureMatrix;
  readonly scaler: Scaler;
  /** Those that are used. */
  readonly scaled: FeatureMatrix;
}

/** @throws RangeError for a set or a feature that there is not. */
export async function scaledFeatures(
  records: Records,
  setName: string,
  options: ClusterOptions = {},
): Promise<ScaledFeatures> {
  const X = featuresOf(records, featureSet(setName));
  const used = selectFeatures(X, options.columns ?? X.featureNames);
  const scaler = await fitScaler(options.scaler ?? "standard", used, options);
  return { X, scaler, scaled: scaler.transform(used) };
}

/**
 * The original tool's k-means: scale, project on two components, cluster; the
 * sessions of the three least-populated clusters are the outliers. A single
 * feature has but one component.
 *
 * @throws RangeError for a parameter out of range, or fewer rows than clusters.
 */
export async function clusterKMeans(
  records: Records,
  setName: string,
  params: KMeansParams,
  options: ClusterOptions = {},
): Promise<Clustering> {
  const { X, scaler, scaled } = await scaledFeatures(records, setName, options);
  const nComponents = Math.min(2, scaled.nFeatures);
  const { pca, projected: plane } = await PCA.fitTransform(
    scaled,
    { nComponents },
    options,
  );
  const model = await KMeans.fit(plane, params, options);
  return kmeansResult(
    { kind: "kmeans", featureSet: setName, scaler, pca, model },
    X,
    plane,
    model.labels,
  );
}

/**
 * The original tool's DBSCAN: scale, then density clusters; noise is listed.
 *
 * @throws RangeError for a parameter out of range.
 */
export async function clusterDBSCAN(
  records: Records,
  setName: string,
  params: DBSCANParams,
  options: ClusterOptions = {},
): Promise<Clustering> {
  const { X, scaler, scaled } = await scaledFeatures(records, setName, options);
  const model = await DBSCAN.fit(scaled, params, options);
  return dbscanResult(
    { kind: "dbscan", featureSet: setName, scaler, pca: null, model },
    X,
    model.labels,
  );
}

/** Labels of new records by a model that was fitted before. */
export function applyClusters(
  records: Records,
  model: ClusterModel,
): Clustering {
  const X = featuresOf(records, featureSet(model.featureSet));
  const { scaler } = model;
  const scaled = scaler.transform(selectFeatures(X, scaler.featureNames));
  const plane = model.pca?.transform(scaled) ?? null;
  const labels = model.model.predict(plane ?? scaled);
  return plane
    ? kmeansResult(model, X, plane, labels)
    : dbscanResult(model, X, labels);
}

function kmeansResult(
  model: ClusterModel,
  X: FeatureMatrix,
  plane: FeatureMatrix,
  labels: Int32Array,
): Clustering {
  const sizes = sizesOf(labels);
  const rarest = new Set(
    sizes.toReversed().slice(0, OUTLIER_CLUSTERS).map(({ label }) => label),
  );
  return clustering(
    model,
    X,
    plane,
    labels,
    sizes,
    (label) => rarest.has(label),
  );
}

function dbscanResult(
  model: ClusterModel,
  X: FeatureMatrix,
  labels: Int32Array,
): Clustering {
  return clustering(
    model,
    X,
    null,
    labels,
    sizesOf(labels),
    (label) => label < 0,
  );
}

function clustering(
  model: ClusterModel,
  X: FeatureMatrix,
  plane: FeatureMatrix | null,
  labels: Int32Array,
  sizes: readonly { label: number; size: number }[],
  isOutlier: (label: number) => boolean,
): Clustering {
  const outliers: number[] = [];
  labels.forEach((label, i) => {
    if (isOutlier(label)) outliers.push(i);
  });
  return {
    model,
    X,
    plane,
    labels,
    clusters: sizes.map(({ label, size }) => ({
      label,
      size,
      outlier: isOutlier(label),
    })),
    outliers,
  };
}

/** Largest first, equal ones by label. */
function sizesOf(labels: Int32Array): { label: number; size: number }[] {
  let most = -1;
  for (let i = 0; i < labels.length; i++) most = Math.max(most, labels[i]);
  // From noise, −1, on.
  const counts = new Uint32Array(most + 2);
  for (let i = 0; i < labels.length; i++) counts[labels[i] + 1]++;
  const sizes: { label: number; size: number }[] = [];
  counts.forEach((size, i) => size > 0 && sizes.push({ label: i - 1, size }));
  return sizes.sort((a, b) => b.size - a.size || a.label - b.label);
}

/** Sessions that are kept of one cluster, at most. */
export const MEMBERS_KEPT = 10_000;

/**
 * Of each cluster the uids of its sessions, in the records' order, at most
 * {@link MEMBERS_KEPT}; a record without a uid cannot be found again.
 *
 * @param keys length nSamples: the uid of each.
 */
export function clusterMembers(
  labels: Int32Array,
  keys: readonly string[],
): ClusterMembers[] {
  const uids = new Map<number, string[]>();
  labels.forEach((label, i) => {
    let own = uids.get(label);
    if (!own) uids.set(label, own = []);
    if (keys[i] !== "" && own.length < MEMBERS_KEPT) own.push(keys[i]);
  });
  return Array.from(uids, ([label, own]) => ({ label, uids: own }));
}

/** How a fit came out, for whoever finds the model later. */
export function clusterMetrics(
  { model, X, clusters, labels }: Clustering,
): ModelMetrics {
  const noise = labels.filter((label) => label < 0).length;
  return {
    rows: X.nSamples,
    /** Label → sessions. */
    sizes: Object.fromEntries(clusters.map(({ label, size }) => [label, size])),
    ...(model.model instanceof KMeans
      ? { inertia: model.model.inertia, nIter: model.model.nIter }
      : { nClusters: model.model.nClusters, noise }),
  };
}
