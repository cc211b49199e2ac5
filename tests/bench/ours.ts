/** Measures one workload: deno run -A ours.ts WORKLOAD FOLDER. Prints JSON. */
import { clusterDBSCAN, clusterKMeans } from "../../pipeline/cluster.ts";
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import { findLogs, readLog } from "../../pipeline/ingest/mod.ts";
import {
  DBSCAN,
  KMeans,
  MLPClassifier,
  PCA,
  StandardScaler,
} from "../../pipeline/models/mod.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { readRecords } from "../../pipeline/records.ts";
import { named } from "../golden/data.ts";
import { FEATURES, NET_ROWS } from "./data.ts";
import { peakRss, timed } from "./run.ts";

const [workload, folder] = Deno.args;

async function matrix(name: string, d = FEATURES) {
  const { buffer } = await Deno.readFile(`${folder}/${name}.f64`);
  return featureMatrix(new Float64Array(buffer), named(d));
}

async function* batches(path: string): AsyncGenerator<RecordBatch> {
  for (const log of (await findLogs(path)).logs) yield* readLog(log);
}

const WORKLOADS: Record<string, () => Promise<unknown>> = {
  scaler: async () => {
    const X = await matrix("raw");
    return timed(
      7,
      async () => (await StandardScaler.fit(X)).transform(X).data[0],
    );
  },
  pca: async () => {
    const X = await matrix("scaled");
    return timed(
      7,
      async () => Math.abs((await PCA.fit(X)).transform(X).data[0]),
    );
  },
  kmeans: async () => {
    const X = await matrix("plane", 2);
    return timed(5, async () => (await KMeans.fit(X)).inertia);
  },
  dbscan: async () => {
    const X = await matrix("scaled");
    return timed(5, async () => (await DBSCAN.fit(X)).nClusters);
  },
  mlp: async () => {
    const X = await matrix("net");
    const y = (await Deno.readFile(`${folder}/y.u8`)).subarray(0, NET_ROWS);
    return timed(3, async () => (await MLPClassifier.fit(X, y)).loss);
  },
  // Has no time of its own: the whole process counts.
  workflow: async () => {
    const records = await readRecords({ path: `${folder}/conn.log` }, "conn");
    await clusterKMeans(records, "session", {});
    const { clusters } = await clusterDBSCAN(records, "session", {});
    const value = clusters.filter(({ label }) => label >= 0).length;
    return { rss: await peakRss(), value };
  },
  read: () =>
    timed(5, async () => {
      let rows = 0;
      for await (const { length } of batches(`${folder}/large/conn.log`)) {
        rows += length;
      }
      return rows;
    }),
};

console.log(JSON.stringify(await WORKLOADS[workload]()));
