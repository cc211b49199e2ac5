import {
  applyClusters,
  clusterDBSCAN,
  type Clustering,
  clusteringJson,
  clusteringText,
  clusterKMeans,
  clusterMembers,
  type ClusterModel,
  DBSCAN_PARAMS,
  FEATURE_SETS,
  KMeans,
  KMEANS_PARAMS,
  type ModelMetrics,
  paramFlags,
  type Records,
  recordsCsv,
  SCALING_PARAMS,
} from "../mod.ts";
import { givenModel, keepModel, withRecords } from "./analyses.ts";
import { featuresFlag, listing, optionsOf } from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { deliver } from "./output.ts";
import { COMMON, FEATURES, LIMIT, MODEL, OUTPUT } from "./shared_flags.ts";

export const kmeans: Command = {
  spec: {
    name: "kmeans",
    operands: "[LOGS|DATASET]",
    maxOperands: 1,
    doc:
      "Clusters sessions by k-means on their first two principal components and lists the sessions of the three least-populated clusters.",
    flags: [
      FEATURES,
      ...paramFlags(SCALING_PARAMS),
      ...paramFlags(KMEANS_PARAMS),
      ...MODEL,
      LIMIT,
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry kmeans ./logs", "20 clusters on the seven session features"],
      [
        "skerry kmeans ./logs --features session-rich --n-clusters 12 --csv outliers.csv",
        "on features with meaningful distances",
      ],
    ],
  },
  run: (call) => cluster(call, "kmeans"),
};

export const dbscan: Command = {
  spec: {
    name: "dbscan",
    operands: "[LOGS|DATASET]",
    maxOperands: 1,
    doc:
      "Clusters sessions by density and lists those that belong to no cluster.",
    flags: [
      FEATURES,
      ...paramFlags(SCALING_PARAMS),
      ...paramFlags(DBSCAN_PARAMS),
      ...MODEL,
      LIMIT,
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      [
        "skerry dbscan ./logs",
        "eps 0.3 and minSamples 10 on the scaled session features",
      ],
      ["skerry dbscan ./logs --eps 0.5 --json -", "sizes and noise as JSON"],
    ],
  },
  run: (call) => cluster(call, "dbscan"),
};

async function cluster(call: Call, kind: "kmeans" | "dbscan"): Promise<void> {
  const fit = fitOf(call, kind);
  const saved: ClusterModel | null = await givenModel(call, kind);
  const set = saved?.featureSet ?? featuresFlag(call, "session");
  const { logType } = FEATURE_SETS.find(({ name }) => name === set)!;
  await withRecords(call, logType, async (records, source) => {
    const clustering = saved
      ? applyClusters(records, saved)
      : await fit(records, set);
    await keepModel(
      call,
      clustering.model,
      metricsOf(clustering),
      source,
      clusterMembers(clustering, records),
    );
    await deliver(call, {
      json: () => clusteringJson(clustering, records),
      csv: () =>
        recordsCsv(
          clustering.outliers.map((i) => ({
            cluster: clustering.labels[i],
            ...records.row(i),
          })),
        ),
      text: () => clusteringText(clustering, records, listing(call)),
    });
  });
}

/** Checks the parameters at once, and fits when the records are there. */
function fitOf(call: Call, kind: "kmeans" | "dbscan") {
  const scaling = call.flags.params("scale the features", SCALING_PARAMS);
  const options = { ...optionsOf(call), ...scaling };
  if (kind === "kmeans") {
    const params = call.flags.params("fit KMeans", KMEANS_PARAMS);
    return (records: Records, set: string) =>
      clusterKMeans(records, set, params, options);
  }
  const params = call.flags.params("fit DBSCAN", DBSCAN_PARAMS);
  return (records: Records, set: string) =>
    clusterDBSCAN(records, set, params, options);
}

/** How the fit came out, for whoever finds the model later. */
function metricsOf({ model, X, clusters, labels }: Clustering): ModelMetrics {
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
