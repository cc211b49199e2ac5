import { number, percent, plural } from "../islands/_format.ts";
import {
  type Clustering,
  clusterMetrics,
  DBSCAN,
  type FeatureMatrix,
  PCA,
  type Records,
  type RunOptions,
  selectFeatures,
} from "../pipeline/mod.ts";
import type { ClusterView, Texts } from "./_clusters.ts";

/**
 * A clustering of the pipeline as the pages need it: the first two principal
 * components first, then the features. The keys of its matrix are the uids.
 */
export async function clusterView(
  clustering: Clustering,
  records: Records,
  options: RunOptions = {},
): Promise<ClusterView> {
  const { X, labels, model, clusters } = clustering;
  const { scaler } = model;
  const scaled = scaler.transform(selectFeatures(X, scaler.featureNames));
  const found = clusters.filter(({ label }) => label >= 0);
  const sizes = new Int32Array(nClustersOf(clustering));
  for (const { label, size } of found) sizes[label] = size;
  const { names, plane } = await planeOf(clustering, scaled, options);
  const columns = [...columnsOf(plane), ...columnsOf(X)];
  const kmeans = model.pca !== null;
  return {
    algorithm: model.kind,
    featureNames: [...names, ...X.featureNames],
    columns,
    labels,
    core: kmeans ? null : coreOf(clustering),
    centers: columns.map((column) => meansOf(column, labels, sizes)),
    sizes,
    outlierClusters: kmeans
      ? clusters.filter((c) => c.outlier).map((c) => c.label)
      : [],
    keys: X.keys,
    src: textsOf(records, "id.orig_h"),
    dst: textsOf(records, "id.resp_h"),
    mostly: mostlyOf(records, labels, sizes.length),
    used: scaler.featureNames,
    profile: profileOf(scaled, labels, sizes),
    about: aboutOf(clustering),
    facts: factsOf(clustering),
    saved: { model, metrics: clusterMetrics(clustering) },
  };
}

function nClustersOf({ model: { model } }: Clustering): number {
  return model instanceof DBSCAN ? model.nClusters : model.params.nClusters;
}

/** The plane that k-means works on; for DBSCAN one to look at. */
async function planeOf(
  { plane, model }: Clustering,
  scaled: FeatureMatrix,
  options: RunOptions,
): Promise<{ names: string[]; plane: FeatureMatrix }> {
  if (plane && model.pca) return { names: axisNames(model.pca), plane };
  const nComponents = Math.min(2, scaled.nFeatures);
  const pca = await PCA.fit(scaled, { nComponents }, options);
  return { names: axisNames(pca), plane: pca.transform(scaled) };
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

/** Of a fit, its core samples; a model that is applied knows none of these. */
function coreOf({ model: { model }, labels }: Clustering): Uint8Array {
  const core = new Uint8Array(labels.length);
  if (!(model instanceof DBSCAN)) return core;
  if (model.labels.length !== labels.length) return core.fill(1);
  for (const i of model.coreSampleIndices) core[i] = 1;
  return core;
}

/** The center of each cluster on one axis: on the plane's, k-means' own. */
function meansOf(
  column: Float64Array,
  labels: Int32Array,
  sizes: Int32Array,
): number[] {
  const sums = new Float64Array(sizes.length);
  labels.forEach((k, i) => k < 0 ? 0 : sums[k] += column[i]);
  return Array.from(sums, (sum, k) => sum / sizes[k]);
}

/** Means of the scaled features in each cluster; 0 without members. */
function profileOf(
  { data, nFeatures }: FeatureMatrix,
  labels: Int32Array,
  sizes: Int32Array,
): number[][] {
  const sums = Array.from(sizes, () => new Array<number>(nFeatures).fill(0));
  labels.forEach((k, i) => {
    if (k < 0) return;
    for (let j = 0; j < nFeatures; j++) sums[k][j] += data[i * nFeatures + j];
  });
  return sums.map((row, k) =>
    row.map((sum) => Math.round(1e4 * sum / Math.max(1, sizes[k])) / 1e4)
  );
}

/** One text per record, each kept once. */
function textsOf(records: Records, field: string): Texts {
  const codes = new Uint32Array(records.length);
  const values: string[] = [], known = new Map<string, number>();
  let row = 0;
  for (const batch of records.batches) {
    const column = batch.texts(field);
    const own = column.values.map((text) => {
      let code = known.get(text);
      if (code === undefined) known.set(text, code = values.push(text) - 1);
      return code;
    });
    for (let i = 0; i < batch.length; i++) codes[row++] = own[column.codes[i]];
  }
  return { codes, values };
}

/** Per cluster the service and port that most of its connections have. */
function mostlyOf(
  records: Records,
  labels: Int32Array,
  nClusters: number,
): string[] {
  const counts = Array.from(
    { length: nClusters },
    () => new Map<string, number>(),
  );
  let row = 0;
  for (const batch of records.batches) {
    const service = batch.texts("service"), proto = batch.texts("proto");
    const port = batch.numbers("id.resp_p");
    for (let i = 0; i < batch.length; i++, row++) {
      if (labels[row] < 0) continue;
      const name = service.values[service.codes[i]] ||
        proto.values[proto.codes[i]];
      const what = `${name} ${port[i]}`, own = counts[labels[row]];
      own.set(what, (own.get(what) ?? 0) + 1);
    }
  }
  return counts.map(mostFrequent);
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  let best = "", most = 0;
  for (const [what, n] of counts) if (n > most) [best, most] = [what, n];
  return best;
}

function aboutOf(clustering: Clustering): string {
  const { model: { model, scaler } } = clustering;
  const on = plural(scaler.featureNames.length, "scaled feature");
  if (model instanceof DBSCAN) {
    const { eps, minSamples } = model.params;
    return `DBSCAN with eps ${eps} and minSamples ${minSamples} on ${on}; ` +
      "the plane is only to look at.";
  }
  const { nClusters, nInit } = model.params;
  const components = model.featureNames.length === 1
    ? "principal component"
    : "first two principal components";
  return `k-means with ${plural(nClusters, "cluster")}, best of ` +
    `${number(nInit)} starts, on the ${components} of ${on}.`;
}

function factsOf(clustering: Clustering): [string, string][] {
  const { model: { model }, labels } = clustering;
  if (model instanceof DBSCAN) {
    return [
      ["noise", plural(noiseOf(labels), "session")],
      ["core samples", number(model.coreLabels.length)],
    ];
  }
  return [
    ["inertia", model.inertia.toFixed(6)],
    ["iterations", number(model.nIter)],
  ];
}

function noiseOf(labels: Int32Array): number {
  let noise = 0;
  for (const label of labels) if (label < 0) noise++;
  return noise;
}
