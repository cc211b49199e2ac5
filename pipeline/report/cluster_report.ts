import type { Clustering } from "../cluster.ts";
import { DBSCAN, type KMeans } from "../models/mod.ts";
import type { Records } from "../records.ts";
import { count, plural } from "../wording.ts";
import { recordLine } from "./listing.ts";
import { styled, type Terminal } from "./terminal.ts";

/** The document of `kmeans --json` and `dbscan --json`. */
export function clusteringJson(
  clustering: Clustering,
  records: Records,
): Record<string, unknown> {
  const { model } = clustering;
  const fitted = model.model;
  return {
    analysis: model.kind,
    features: model.featureSet,
    featureNames: clustering.X.featureNames,
    params: fitted.params,
    rows: clustering.X.nSamples,
    skipped: records.skipped,
    sizes: clustering.clusters,
    ...(fitted instanceof DBSCAN
      ? dbscanJson(clustering, fitted)
      : kmeansJson(clustering, fitted)),
    sessions: clustering.outliers.map((i) => ({
      cluster: clustering.labels[i],
      record: records.row(i),
    })),
  };
}

function kmeansJson({ model }: Clustering, fitted: KMeans) {
  return {
    clusters: fitted.params.nClusters,
    inertia: fitted.inertia,
    nIter: fitted.nIter,
    explainedVarianceRatio: [...model.pca!.explainedVarianceRatio],
    centers: rowsOf(fitted.clusterCenters, fitted.featureNames.length),
  };
}

function dbscanJson({ labels }: Clustering, fitted: DBSCAN) {
  return {
    clusters: fitted.nClusters,
    noise: labels.filter((label) => label < 0).length,
    coreSamples: fitted.coreLabels.length,
  };
}

function rowsOf(values: Float64Array, width: number): number[][] {
  const out: number[][] = [];
  for (let i = 0; i < values.length; i += width) {
    out.push([...values.subarray(i, i + width)]);
  }
  return out;
}

export interface ListingOptions {
  readonly terminal: Terminal;
  readonly timeZone: string;
  /** Most records to list. */
  readonly limit: number;
}

/** Sizes of the clusters, then the sessions that stand out. */
export function clusteringText(
  clustering: Clustering,
  records: Records,
  options: ListingOptions,
): string {
  const { model, X, clusters } = clustering;
  const kmeans = model.kind === "kmeans";
  return [
    "",
    styled(options.terminal, "bold", kmeans ? "  k-means" : "  DBSCAN") +
    ` on ${plural(X.nSamples, "record")}, features ${model.featureSet} (${
      X.featureNames.join(", ")
    })`,
    "  " + (kmeans ? kmeansLine(clustering) : dbscanLine(clustering)),
    ...(records.skipped > 0
      ? [
        `  ${
          plural(records.skipped, "line")
        } could not be read and were left out`,
      ]
      : []),
    "",
    "  cluster       size    share",
    ...clusters.map(({ label, size, outlier }) => {
      const name = label < 0 ? "noise" : String(label);
      const share = `${(100 * size / X.nSamples).toFixed(2)} %`;
      return `  ${name.padStart(7)} ${count(size).padStart(10)} ${
        share.padStart(8)
      }${outlier ? "  ← outliers" : ""}`;
    }),
    "",
    ...outlierLines(clustering, records, options),
    "",
  ].join("\n");
}

function kmeansLine({ model, clusters }: Clustering): string {
  const fitted = model.model as KMeans;
  const variance = model.pca!.explainedVarianceRatio;
  const kept = Math.round(100 * variance.reduce((a, b) => a + b, 0));
  const components = variance.length === 1
    ? "the one component keeps"
    : "two components keep";
  return `${clusters.length} clusters, inertia ${
    fitted.inertia.toPrecision(6)
  } after ${
    plural(fitted.nIter, "iteration")
  }; ${components} ${kept} % of the variance`;
}

function dbscanLine({ model, labels }: Clustering): string {
  const fitted = model.model as DBSCAN;
  const noise = labels.filter((label) => label < 0).length;
  return `${plural(fitted.nClusters, "cluster")}, ${
    plural(fitted.coreLabels.length, "core sample")
  }, ${
    plural(noise, "record")
  } of noise (eps ${fitted.params.eps}, minSamples ${fitted.params.minSamples})`;
}

function outlierLines(
  { outliers, labels, model }: Clustering,
  records: Records,
  { timeZone, limit }: ListingOptions,
): string[] {
  const what = model.kind === "kmeans"
    ? "sessions of the three least-populated clusters"
    : "sessions that belong to no cluster";
  const shown = outliers.slice(0, limit).map((i) => {
    const label = labels[i] < 0 ? "noise" : String(labels[i]);
    return `  ${label.padStart(5)}  ${recordLine(records.row(i), timeZone)}`;
  });
  const more = outliers.length > limit
    ? [
      `  … ${
        count(outliers.length - limit)
      } more: --limit N, --csv FILE or --json FILE`,
    ]
    : [];
  return [`  ${count(outliers.length)} ${what}`, ...shown, ...more];
}
