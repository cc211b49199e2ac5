/**
 * Ours against scikit-learn on 22,000 rows like conn's, each model in a process
 * of its own. Wall time of the fit, median of three, and peak RSS.
 *
 *     deno run -A tests/bench/kernels_bench.ts
 */
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import {
  DBSCAN,
  KMeans,
  MLPClassifier,
  PCA,
  StandardScaler,
} from "../../pipeline/models/mod.ts";
import { lcg, named } from "../golden/data.ts";

const ROWS = 22_000;
const FEATURES = 7;
const REPEATS = 3;
const MODELS = ["StandardScaler", "PCA", "KMeans", "DBSCAN", "MLPClassifier"];
const PYTHON = "/usr/bin/python3";

interface Measured {
  readonly ms: number;
  readonly rss: number;
  /** Something of the result that both sides should agree on. */
  readonly value: number;
}

/** Sessions of a few hosts: most repeat a handful of shapes, some are large. */
function sessions(): Float64Array {
  const u = lcg(1);
  const ports = [53, 80, 123, 443, 8080];
  const data = new Float64Array(ROWS * FEATURES);
  for (let i = 0; i < ROWS; i++) {
    const port = ports[Math.floor(u() * u() * 5)], c = u();
    data.set([
      1.6e9 + (i + u()) * 86400 / ROWS,
      3232235520 + Math.floor(u() * u() * u() * 60),
      Math.floor(u() ** 4 * 300) * 14_316_557,
      port,
      port === 53 ? 0.01 * u() : 100 * c ** 6,
      port === 53 ? 60 + Math.floor(u() * 20) : Math.floor(1e5 * c ** 5),
      port === 53 ? 120 : Math.floor(1e6 * c ** 7),
    ], i * FEATURES);
  }
  return data;
}

/** What one model takes; this process is that model's alone. */
async function measure(name: string): Promise<Measured> {
  const X = featureMatrix(
    name === "StandardScaler" ? sessions() : await read("X"),
    named(FEATURES),
  );
  const y = await Deno.readFile(`${Deno.args[1]}/y.u8`);
  const fits: Record<string, () => Promise<number>> = {
    StandardScaler: async () =>
      (await StandardScaler.fit(X)).transform(X).data[0],
    PCA: async () => Math.abs((await PCA.fit(X)).transform(X).data[0]),
    KMeans: async () => (await KMeans.fit(X)).inertia,
    DBSCAN: async () => (await DBSCAN.fit(X)).nClusters,
    MLPClassifier: async () =>
      (await MLPClassifier.fit(X, y, { maxIter: 50 })).loss,
  };
  const times: number[] = [];
  let value = 0;
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    value = await fits[name]();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const { resourceUsage } = await import("node:process");
  return {
    ms: times[times.length >> 1],
    rss: resourceUsage().maxRSS / 1024,
    value,
  };
}

async function read(name: string): Promise<Float64Array> {
  const bytes = await Deno.readFile(`${Deno.args[1]}/${name}.f64`);
  return new Float64Array(bytes.buffer);
}

async function run(command: string, args: string[]): Promise<Measured | null> {
  const { code, stdout } = await new Deno.Command(command, {
    args,
    stderr: "inherit",
  }).output();
  return code === 0 ? JSON.parse(new TextDecoder().decode(stdout)) : null;
}

async function hasScikitLearn(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(PYTHON, {
      args: ["-c", "import sklearn"],
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

async function compare(folder: string): Promise<void> {
  const raw = featureMatrix(sessions(), named(FEATURES));
  const X = (await StandardScaler.fit(raw)).transform(raw);
  const y = Uint8Array.from(
    { length: ROWS },
    (_, i) => raw.data[i * FEATURES + 3] === 443 ? 1 : 0,
  );
  await write(`${folder}/raw.f64`, raw.data);
  await write(`${folder}/X.f64`, X.data);
  await Deno.writeFile(`${folder}/y.u8`, y);
  console.log(
    `${ROWS} rows × ${FEATURES} features      scikit-learn        ours         ratio`,
  );
  for (const name of MODELS) {
    const matrix = name === "StandardScaler" ? "raw" : "X";
    const ours = await run(Deno.execPath(), [
      ...["run", "-A", import.meta.filename!],
      ...[name, folder],
    ]);
    const theirs = await run(PYTHON, [
      new URL("kernels_bench.py", import.meta.url).pathname,
      ...[name, `${folder}/${matrix}.f64`, `${folder}/y.u8`],
      ...[ROWS, FEATURES, REPEATS].map(String),
    ]);
    if (ours && theirs) console.log(line(name, ours, theirs));
  }
}

async function write(path: string, data: Float64Array): Promise<void> {
  await Deno.writeFile(path, new Uint8Array(data.buffer as ArrayBuffer));
}

function line(name: string, ours: Measured, theirs: Measured): string {
  const side = ({ ms, rss }: Measured) =>
    `${ms.toFixed(1).padStart(8)} ms ${rss.toFixed(0).padStart(4)} MB`;
  const ratio = `${(theirs.ms / ours.ms).toFixed(1)}×`.padStart(8);
  return `${name.padEnd(16)} ${side(theirs)}  ${side(ours)} ${ratio}` +
    `   (${theirs.value.toPrecision(6)}, ${ours.value.toPrecision(6)})`;
}

if (Deno.args.length === 2) {
  console.log(JSON.stringify(await measure(Deno.args[0])));
} else if (!await hasScikitLearn()) {
  console.log(`Skipped: ${PYTHON} has no sklearn (apt: python3-sklearn)`);
} else {
  const folder = await Deno.makeTempDir();
  try {
    await compare(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
