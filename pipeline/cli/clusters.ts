import {
  applyClusters,
  clusterDBSCAN,
  clusteringJson,
  clusteringText,
  clusterKMeans,
  clusterMembers,
  clusterMetrics,
  type ClusterModel,
  DBSCAN_PARAMS,
  FEATURE_SETS,
  type Flag,
  KMEANS_PARAMS,
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

const COLUMNS: Flag = {
  name: "columns",
  value: "NAME,…",
  doc: "those features of the set that are used; all of them unless told",
};

export const kmeans: Command = {
  spec: {
    name: "kmeans",
    operands: "[LOGS|DATASET]",
    maxOperands: 1,
    doc:
      "Clusters sessions by k-means on their first two principal components and lists the sessions of the three least-populated clusters.",
    flags: [
      FEATURES,
      COLUMNS,
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
      COLUMNS,
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
      clusterMetrics(clustering),
      source,
      clusterMembers(clustering.labels, clustering.X.keys),
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
  const columns = call.flags.text("columns")?.split(",")
    .map((name) => name.trim());
  const options = { ...optionsOf(call), ...scaling, columns };
  if (kind === "kmeans") {
    const params = call.flags.params("fit KMeans", KMEANS_PARAMS);
    return (records: Records, set: string) =>
      clusterKMeans(records, set, params, options);
  }
  const params = call.flags.params("fit DBSCAN", DBSCAN_PARAMS);
  return (records: Records, set: string) =>
    clusterDBSCAN(records, set, params, options);
}
