import {
  type Clustering,
  type FeatureMatrix,
  KMeans,
} from "../pipeline/mod.ts";
import { number, percent, plural } from "../islands/_format.ts";
import type { ClusterView } from "./_clusters.ts";

export interface ClusterViewOptions {
  /** What each cluster mostly holds, by label. */
  readonly mostly?: readonly string[];
}

/**
 * A k-means clustering of the pipeline as the pages need it: the plane's two
 * axes first, then the features. The keys of its matrix are the uids.
 *
 * @throws TypeError for a clustering without a plane, as DBSCAN's is.
 */
export function clusterView(
  clustering: Clustering,
  options: ClusterViewOptions = {},
): ClusterView {
  const { X, plane, labels, model } = clustering;
  if (!plane || !model.pca || !(model.model instanceof KMeans)) {
    throw new TypeError("Cannot show clusters: only k-means has a plane");
  }
  const { nClusters, nInit } = model.model.params;
  const columns = [...columnsOf(plane), ...columnsOf(X)];
  const sizes = new Int32Array(nClusters);
  for (const { label, size } of clustering.clusters) sizes[label] = size;
  return {
    featureNames: [...axisNames(model.pca), ...X.featureNames],
    columns,
    labels,
    centers: columns.map((column) => meansOf(column, labels, sizes)),
    sizes,
    outlierClusters: clustering.clusters.filter((c) => c.outlier)
      .map((c) => c.label),
    keys: X.keys,
    mostly: options.mostly,
    about: `k-means with ${plural(nClusters, "cluster")}, best of ` +
      `${number(nInit)} starts, on the first two principal components of ` +
      `${plural(X.nFeatures, "scaled feature")}.`,
  };
}

function axisNames(
  pca: { readonly explainedVarianceRatio: Float64Array },
): string[] {
  return Array.from(
    pca.explainedVarianceRatio.slice(0, 2),
    (share, i) => `PC ${i + 1} (${percent(share)} of variance)`,
  );
}

function columnsOf(X: FeatureMatrix): Float64Array[] {
  return X.featureNames.map((_, j) =>
    Float64Array.from(
      { length: X.nSamples },
      (_, i) => X.data[i * X.nFeatures + j],
    )
  );
}

/** The center of each cluster on one axis: on the plane's, k-means' own. */
function meansOf(
  column: Float64Array,
  labels: Int32Array,
  sizes: Int32Array,
): number[] {
  const sums = new Float64Array(sizes.length);
  labels.forEach((k, i) => sums[k] += column[i]);
  return Array.from(sums, (sum, k) => sum / sizes[k]);
}
