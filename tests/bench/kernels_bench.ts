/**
 * The kernels against scikit-learn, in turns: ours, theirs on one thread and on
 * two, and again. Each turn is a process of its own that loads the same matrix
 * and fits several times; medians count, and the better of one and two threads.
 */
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import { featureSet } from "../../pipeline/features/mod.ts";
import { findLogs, readLog } from "../../pipeline/ingest/mod.ts";
import { PCA, StandardScaler } from "../../pipeline/models/mod.ts";
import { RandomState } from "../../pipeline/models/random.ts";
import { named } from "../golden/data.ts";
import { connMatrix, FEATURES, RICH_FEATURES } from "./conn_matrix.ts";
import { hasModule, run, runPython } from "./run.ts";

/** What one side took for a workload. */
export interface Cost {
  /** Milliseconds, medians. */
  readonly wall: number;
  readonly cpu: number;
  /** Peak resident memory of the process, MiB. */
  readonly rss: number;
}

export interface KernelComparison {
  readonly workload: string;
  readonly n: number;
  readonly d: number;
  readonly ours: Cost;
  /** Null where scikit-learn is not there or would not end. */
  readonly theirs: Cost | null;
  /** Their wall time by ours; null without theirs. */
  readonly ratio: number | null;
  /** How far the results agree, as words. */
  readonly agree: string;
}

interface Workload {
  readonly name: string;
  /** What ours and theirs call it. */
  readonly task: string;
  readonly matrix: string;
  readonly n: number;
  readonly d: number;
  /** Why scikit-learn is not asked. */
  readonly skip?: string;
  /** Turns of each side; 2 unless told. */
  readonly turns?: number;
}

interface Turn extends Cost {
  /** Inertia, clusters or loss. */
  readonly value: number;
  /** The first labels or values of the result. */
  readonly head: readonly number[];
}

const SIZES = [22_000, 100_000, 1_000_000] as const;

const MILLION = 1_000_000;

const WORKLOADS: readonly Workload[] = [
  ...["scaler", "scaler cold"].map((task) => ({
    name: task === "scaler" ? "StandardScaler, warm" : "StandardScaler, cold",
    task,
    matrix: "raw7",
    n: MILLION,
    d: 7,
  })),
  ...["pca", "pca cold"].map((task) => ({
    name: task === "pca" ? "PCA(2), warm" : "PCA(2), cold",
    task,
    matrix: "scaled7",
    n: MILLION,
    d: 7,
  })),
  ...[2, 7].flatMap((d) =>
    SIZES.map((n) => ({
      name: "KMeans(20, nInit 10)",
      task: "kmeans",
      matrix: `scaled${d}`,
      n,
      d,
    }))
  ),
  ...["scaled20", "normal20"].map((matrix) => ({
    name: `KMeans(20, nInit 1) ${matrix === "scaled20" ? "conn" : "isotropic"}`,
    task: "kmeans 1",
    matrix,
    n: 100_000,
    d: 20,
  })),
  ...SIZES.map((n) => ({
    name: "DBSCAN(0.3, 10)",
    task: "dbscan",
    matrix: "scaled7",
    n,
    d: 7,
    turns: n > 50_000 ? 1 : 2,
    skip: n === MILLION ? "scikit-learn would take over 100 GB" : undefined,
  })),
  {
    name: "DBSCAN(0.3, 10) uniform",
    task: "dbscan",
    matrix: "uniform7",
    n: 100_000,
    d: 7,
  },
  ...[3, 7, 20].map((d) => ({
    name: "MLP lbfgs (5, 3), 5 seeds",
    task: "mlp lbfgs",
    matrix: `scaled${d}`,
    n: 22_000,
    d,
  })),
  {
    name: "MLP adam (64, 32), 20 passes",
    task: "mlp adam",
    matrix: "scaled20",
    n: 22_000,
    d: 20,
  },
  // As many rows as there are.
  ...["dbscan", "kmeans"].map((task) => ({
    name: `${task === "dbscan" ? "DBSCAN" : "KMeans"} of ../shared/data`,
    task,
    matrix: "real7",
    n: 0,
    d: 7,
    turns: 1,
  })),
];

/**
 * @param most workloads with more rows are left out.
 * @param only so are those whose name does not hold it.
 */
export async function* kernelsBench(
  folder: string,
  most: number,
  only = "",
): AsyncGenerator<KernelComparison> {
  const real = await prepare(folder, most);
  const hasTheirs = await hasModule("sklearn");
  for (const workload of WORKLOADS) {
    const n = workload.matrix === "real7" ? real : workload.n;
    if (n === 0 || n > most || !workload.name.includes(only)) continue;
    yield await compare({ ...workload, n }, folder, hasTheirs);
  }
}

async function compare(
  workload: Workload,
  folder: string,
  hasTheirs: boolean,
): Promise<KernelComparison> {
  const { name, task, matrix, n, d, skip, turns = 2 } = workload;
  const args = [...task.split(" "), `${folder}/${matrix}_${n}.f64`, String(d)];
  const ours: Turn[] = [], one: Turn[] = [], two: Turn[] = [];
  const script = new URL("kernels_ours.ts", import.meta.url).pathname;
  for (let turn = 0; turn < turns; turn++) {
    const own = ["run", "-A", script, ...args];
    ours.push(await run<Turn>(Deno.execPath(), own));
    if (skip || !hasTheirs) continue;
    one.push(await runPython<Turn>("kernels_theirs.py", args, 1));
    two.push(await runPython<Turn>("kernels_theirs.py", args, 2));
  }
  const own = costOf(ours);
  if (one.length === 0) {
    const agree = skip ?? "Python has no sklearn";
    const theirs = null, ratio = null;
    return { workload: name, n, d, ours: own, theirs, ratio, agree };
  }
  const [a, b] = [costOf(one), costOf(two)];
  const theirs = a.wall <= b.wall ? a : b;
  const agree = agreement(task, ours[0], one[0]);
  const ratio = theirs.wall / own.wall;
  return { workload: name, n, d, ours: own, theirs, ratio, agree };
}

function costOf(turns: readonly Turn[]): Cost {
  const middle = (of: (turn: Turn) => number) =>
    turns.map(of).sort((a, b) => a - b)[turns.length >> 1];
  return {
    wall: middle((t) => t.wall),
    cpu: middle((t) => t.cpu),
    rss: middle((t) => t.rss),
  };
}

function agreement(task: string, ours: Turn, theirs: Turn): string {
  if (task.startsWith("mlp")) {
    const [a, b] = [ours, theirs].map(({ value, head }) =>
      `${value.toPrecision(3)} in ${head.reduce((x, y) => x + y)} steps`
    );
    return `loss ${a}, theirs ${b}`;
  }
  if (task.startsWith("scaler") || task.startsWith("pca")) {
    const gap = ours.head.map((x, i) => Math.abs(x - theirs.head[i]));
    return `within ${Math.max(...gap).toExponential(0)}`;
  }
  const same = ours.head.filter((x, i) => x === theirs.head[i]).length;
  const share = 100 * same / ours.head.length;
  const what = task === "dbscan" ? "clusters" : "inertia";
  const [a, b] = [ours, theirs].map(({ value }) => value.toPrecision(9));
  return `${share.toFixed(share === 100 ? 0 : 2)} % of labels, ${what} ` +
    (a === b ? "equal" : `${Number(a)}, theirs ${Number(b)}`);
}

/** Writes the matrices that both sides read. @returns rows of the real logs. */
async function prepare(folder: string, most: number): Promise<number> {
  for (const n of SIZES) {
    if (n > most) continue;
    const { X, rich, y } = connMatrix(n);
    await write(folder, `raw7_${n}`, X);
    await Deno.writeFile(`${folder}/y_${n}.u8`, y);
    const scaled = await scale(X, FEATURES);
    await write(folder, `scaled7_${n}`, scaled.data);
    const plane = (await PCA.fit(scaled)).transform(scaled);
    await write(folder, `scaled2_${n}`, plane.data);
    if (n <= 100_000) {
      const all = await scale(rich, RICH_FEATURES);
      await write(folder, `scaled20_${n}`, all.data);
      // ts, source, destination: the original net's features.
      const three = scaled.data.filter((_, i) => i % FEATURES < 3);
      await write(folder, `scaled3_${n}`, three);
    }
  }
  const random = new RandomState(7), side = Math.sqrt(12);
  const n = 100_000;
  await write(folder, `uniform7_${n}`, random.uniform(0, side, 7 * n));
  const normal = Float64Array.from({ length: 20 * n }, () => gauss(random));
  await write(folder, `normal20_${n}`, normal);
  return await prepareReal(folder);
}

function gauss(random: RandomState): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.random()));
  return radius * Math.cos(2 * Math.PI * random.random());
}

/** The session features of a day of real logs, where they are. */
async function prepareReal(folder: string): Promise<number> {
  const { pathname } = new URL(
    "../../../shared/data/10-rita-missing-host/",
    import.meta.url,
  );
  const collector = featureSet("session").collect();
  try {
    for (const log of (await findLogs(pathname)).logs) {
      if (log.logType !== "conn") continue;
      for await (const batch of readLog(log)) collector.add(batch);
    }
  } catch (error) {
    console.error(`../shared/data left out: ${(error as Error).message}`);
    return 0;
  }
  const X = collector.finish();
  const { data } = (await StandardScaler.fit(X)).transform(X);
  await write(folder, `real7_${X.nSamples}`, data);
  return X.nSamples;
}

async function scale(data: Float64Array, d: number) {
  const X = featureMatrix(data, named(d));
  return (await StandardScaler.fit(X)).transform(X);
}

async function write(
  folder: string,
  name: string,
  { buffer }: Float64Array,
): Promise<void> {
  const bytes = new Uint8Array(buffer as ArrayBuffer);
  await Deno.writeFile(`${folder}/${name}.f64`, bytes);
}
