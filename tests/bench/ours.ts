/** Measures one workload: deno run -A ours.ts WORKLOAD FOLDER. Prints JSON. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import {
  findLogs,
  type LogFile,
  readLogs,
  type ReadLogsOptions,
} from "../../pipeline/ingest/mod.ts";
import {
  DBSCAN,
  KMeans,
  MLPClassifier,
  PCA,
  StandardScaler,
} from "../../pipeline/models/mod.ts";
import { named } from "../golden/data.ts";
import { readPlainly } from "../reference/plain_reader.ts";
import { FEATURES, MANY, NET_ROWS, SEVEN_FIELDS } from "./data.ts";
import { type Measured, timed } from "./run.ts";

const [workload, folder] = Deno.args;

async function matrix(name: string, d = FEATURES) {
  const { buffer } = await Deno.readFile(`${folder}/${name}.f64`);
  return featureMatrix(new Float64Array(buffer), named(d));
}

const SEVEN = new Set(SEVEN_FIELDS);

/** Rows that readLogs gives of a log, some times over. */
async function rowsOf(
  name: string,
  options: ReadLogsOptions,
  times = 1,
): Promise<number> {
  const { logs: [log] } = await findLogs(`${folder}/large/${name}`);
  const logs = new Array<LogFile>(times).fill(log);
  let rows = 0;
  for await (const event of readLogs(logs, options)) {
    if ("batch" in event) rows += event.batch.length;
  }
  return rows;
}

/** As timed, with the sum of a column that the readers compared with have. */
async function timedAndSummed(
  repeats: number,
  name: string,
  options: ReadLogsOptions,
): Promise<Measured> {
  const measured = await timed(repeats, () => rowsOf(name, options));
  const { logs } = await findLogs(`${folder}/large/${name}`);
  let sum = 0;
  for await (const event of readLogs(logs, options)) {
    if (!("batch" in event)) continue;
    for (const x of event.batch.numbers("orig_bytes")) if (x > 0) sum += x;
  }
  return { ...measured, sum };
}

/** Rows of a log that the plain twin of the parsers gives. */
async function plainRowsOf(name: string): Promise<number> {
  const { logs: [log] } = await findLogs(`${folder}/large/${name}`);
  const { batches } = readPlainly(log, await Deno.readFile(log.path));
  return batches.reduce((n, { length }) => n + length, 0);
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
      async () => Math.abs((await PCA.fitTransform(X)).projected.data[0]),
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
  seven: () => timedAndSummed(9, "conn.log", { workers: 1, fields: SEVEN }),
  read: () => timedAndSummed(9, "conn.log", { workers: 1 }),
  // As who takes from a batch at once what it needs, and keeps none.
  sevenLent: () =>
    timedAndSummed(9, "conn.log", { workers: 1, fields: SEVEN, lend: true }),
  readLent: () => timedAndSummed(9, "conn.log", { workers: 1, lend: true }),
  // Many logs, as workers are started for all of them once.
  two: () =>
    timed(5, () => rowsOf("conn.log", { workers: 2, lend: true }, MANY)),
  one: () =>
    timed(5, () => rowsOf("conn.log", { workers: 1, lend: true }, MANY)),
  plain: () => timed(3, () => plainRowsOf("conn.log")),
  sevenJson: () =>
    timedAndSummed(7, "conn.json", { workers: 1, fields: SEVEN }),
  readJson: () => timedAndSummed(7, "conn.json", { workers: 1 }),
  plainJson: () => timed(3, () => plainRowsOf("conn.json")),
  readGzip: () => timedAndSummed(7, "conn.log.gz", { workers: 1 }),
  // What decompression alone takes, by the same library.
  bareGzip: () =>
    timed(7, async () => {
      const unzip = createGunzip({ chunkSize: 1 << 18 });
      createReadStream(`${folder}/large/conn.log.gz`).pipe(unzip);
      let lines = 0;
      for await (const chunk of unzip) lines += chunk.length > 0 ? 1 : 0;
      return lines;
    }),
};

console.log(JSON.stringify(await WORKLOADS[workload]()));
