/** Measures one workload: deno run -A ours.ts WORKLOAD FOLDER. Prints JSON. */
import { DatabaseSync } from "node:sqlite";
import { clusterDBSCAN, clusterKMeans } from "../../pipeline/cluster.ts";
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import { importLogs } from "../../pipeline/import_logs.ts";
import { findLogs, readLog, schemas } from "../../pipeline/ingest/mod.ts";
import {
  DBSCAN,
  KMeans,
  MLPClassifier,
  PCA,
  StandardScaler,
} from "../../pipeline/models/mod.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { readRecords } from "../../pipeline/records.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { named } from "../golden/data.ts";
import { FEATURES, NET_ROWS } from "./data.ts";
import { peakRss, timed } from "./run.ts";

const [workload, folder] = Deno.args;
const fields = schemas.get("conn")!.fields.map(({ name }) => name);

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
  insert: () =>
    timed(3, async () => {
      await using store = await openStore(fresh("ours.db"));
      const dataset = await store.openDataset("bench");
      const { records } = await importLogs(
        store,
        dataset,
        `${folder}/conn.log`,
      );
      return records;
    }),
  select: () =>
    timed(5, async () => {
      await using store = await openStore(`${folder}/ours.db`);
      const dataset = (await store.findDataset("bench"))!;
      let rows = 0;
      for await (const batch of store.batches(dataset, "conn")) {
        rows += batch.length;
      }
      return rows;
    }),
  // The same records, read from the same log, into one table without an index.
  bareInsert: () =>
    timed(3, async () => {
      using db = new DatabaseSync(fresh("bare.db"));
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
      const columns = fields.map((name) => `"${name}"`);
      db.exec(`CREATE TABLE conn (${columns.join(", ")})`);
      const marks = fields.map(() => "?").join(", ");
      const insert = db.prepare(`INSERT INTO conn VALUES (${marks})`);
      let rows = 0;
      db.exec("BEGIN");
      for await (const batch of batches(`${folder}/conn.log`)) {
        for (let i = 0; i < batch.length; i++, rows++) {
          const row = batch.row(i);
          insert.run(...fields.map((name) => row[name] ?? null));
        }
      }
      db.exec("COMMIT");
      return rows;
    }),
  bareSelect: () =>
    timed(5, () => {
      using db = new DatabaseSync(`${folder}/bare.db`);
      let rows = 0;
      for (const _ of db.prepare("SELECT * FROM conn").iterate()) rows++;
      return rows;
    }),
};

/** A path in the folder where no database is. */
function fresh(name: string): string {
  for (const suffix of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(`${folder}/${name}${suffix}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return `${folder}/${name}`;
}

console.log(JSON.stringify(await WORKLOADS[workload]()));
