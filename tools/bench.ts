/**
 * Times Skerry against scikit-learn, pandas and plain SQLite, side by side in
 * one run, and prints one table: wall time is the median of the repeats, memory
 * the peak of a process that does nothing else. Where Python lacks what is
 * compared with, the row says so.
 *
 *     deno task bench [models|workflow|ingest|store …] [--peers]
 *     deno task bench kernels [--json FILE] [--rows N] [--only TEXT]
 *     deno task bench hunt [--rows N]
 *
 * Where bytes are gone through, the best of the repeats stands behind the
 * median. With --peers `ingest` installs DuckDB and polars into _build/peers and
 * compares with them too.
 *
 * `kernels` takes long and runs only when asked for: the models on 22,000 to
 * 1,000,000 rows and the logs in ../shared/data. --json writes its table too,
 * --rows leaves larger workloads out, --only those of another name. `hunt` is
 * compared with nothing: it prints what one of 1,000,000 and 10,000,000
 * connections takes, or of --rows.
 */
import { huntBench } from "../tests/bench/hunt_bench.ts";
import { ingestBench, ingestStages } from "../tests/bench/ingest_bench.ts";
import {
  type KernelComparison,
  kernelsBench,
} from "../tests/bench/kernels_bench.ts";
import { modelsBench } from "../tests/bench/models_bench.ts";
import type { Bench, Comparison, Measured } from "../tests/bench/run.ts";
import { storeBench } from "../tests/bench/store_bench.ts";
import { workflowBench } from "../tests/bench/workflow_bench.ts";

const BENCHES: Readonly<Record<string, Bench>> = {
  models: modelsBench,
  workflow: workflowBench,
  ingest: (folder) =>
    ingestBench(folder, { peers: Deno.args.includes("--peers") }),
  store: storeBench,
};

const WIDTHS = [48, 14, 14, 8, 9, 9];

function line(cells: readonly string[]): string {
  const [first, ...rest] = cells;
  return first.padEnd(WIDTHS[0]) +
    rest.map((cell, i) => cell.padStart(WIDTHS[i + 1] ?? 0)).join("");
}

function row(comparison: Comparison): string {
  const { workload, ours, theirs, against, rows, bytes } = comparison;
  const speed = ({ ms }: Measured) =>
    bytes !== undefined
      ? `${(bytes / 1000 / ms).toFixed(0)} MB/s`
      : rows === undefined
      ? `${ms.toFixed(1)} ms`
      : `${Math.round(rows / ms * 1000).toLocaleString("en")}/s`;
  const memory = ({ rss }: Measured) =>
    Number.isNaN(rss) ? "–" : `${rss.toFixed(0)} MiB`;
  if ("skipped" in theirs) {
    const cells = [workload, speed(ours), "–", "–", memory(ours), "–"];
    return `${line(cells)}  ${against} skipped: ${theirs.skipped}`;
  }
  return line([
    workload,
    speed(ours),
    speed(theirs),
    `${(theirs.ms / ours.ms).toFixed(1)}×`,
    memory(ours),
    memory(theirs),
  ]) + `  ${against} (${agreement(ours, theirs)})${bestOf(comparison)}`;
}

/** Both sides' result, once where they agree to six digits. */
function agreement(ours: Measured, theirs: Measured): string {
  const [a, b] = [ours, theirs].map(({ value, sum }) =>
    value.toPrecision(6) +
    (ours.sum === undefined || theirs.sum === undefined
      ? ""
      : ` rows, sum ${sum}`)
  );
  return a === b ? `both ${a}` : `${a}, theirs ${b}`;
}

/** The best of the repeats beside their median: far from it, others disturbed. */
function bestOf({ ours, theirs, bytes }: Comparison): string {
  if (bytes === undefined || "skipped" in theirs) return "";
  if (ours.best === undefined || theirs.best === undefined) return "";
  const [a, b] = [ours.best, theirs.best].map((ms) =>
    (bytes / 1000 / ms).toFixed(0)
  );
  const ratio = (theirs.best / ours.best).toFixed(1);
  return `; best ${a} / ${b} MB/s, ${ratio}×`;
}

function kernelRow(comparison: KernelComparison): string {
  const { workload, n, d, ours, theirs, ratio, agree } = comparison;
  const name = `${workload} ${n.toLocaleString("en")} × ${d}`;
  const times = (cost: typeof theirs) =>
    cost ? `${cost.wall.toFixed(1)} ms` : "–";
  const memory = (cost: typeof theirs) =>
    cost ? `${cost.rss.toFixed(0)} MiB` : "–";
  return line([
    name,
    times(ours),
    times(theirs),
    ratio === null ? "–" : `${ratio.toFixed(1)}×`,
    memory(ours),
    memory(theirs),
  ]) + `  CPU ${ours.cpu.toFixed(0)} / ${theirs?.cpu.toFixed(0) ?? "–"} ms, ` +
    agree;
}

async function benchKernels(folder: string): Promise<void> {
  const done: KernelComparison[] = [];
  const most = Number(flag("--rows") ?? 1_000_000);
  for await (const comparison of kernelsBench(folder, most, flag("--only"))) {
    console.log(kernelRow(comparison));
    done.push(comparison);
  }
  const path = flag("--json");
  if (path) {
    await Deno.writeTextFile(path, JSON.stringify(done, null, 1) + "\n");
  }
}

async function benchHunt(): Promise<void> {
  const rows = flag("--rows");
  const sizes = rows === undefined ? [1_000_000, 10_000_000] : [Number(rows)];
  for await (const text of huntBench(sizes)) console.log(text);
}

/** What the machine had to do in the last minute: 0 where it was idle. */
function load(): string {
  return `${
    Deno.loadavg()[0].toFixed(1)
  } on ${navigator.hardwareConcurrency} cores`;
}

/** The value after a flag. */
function flag(name: string): string | undefined {
  const at = Deno.args.indexOf(name);
  return at < 0 ? undefined : Deno.args[at + 1];
}

/** The benches that are named, before any flag; all but kernels and hunt by default. */
function asked(): string[] {
  const end = Deno.args.findIndex((arg) => arg.startsWith("--"));
  const names = end < 0 ? Deno.args : Deno.args.slice(0, end);
  const known = [...Object.keys(BENCHES), "kernels", "hunt"];
  for (const name of names) {
    if (known.includes(name)) continue;
    console.error(`Cannot bench ${name}: there are ${known.join(", ")}`);
    Deno.exit(1);
  }
  return names.length > 0 ? names : Object.keys(BENCHES);
}

const names = asked();
const folder = await Deno.makeTempDir({ prefix: "skerry-bench-" });
try {
  console.log(
    "scikit-learn with the better of 1 and 2 threads; OPENBLAS_CORETYPE and " +
      "OPENBLAS_L2_SIZE unset.\n",
  );
  console.log(`load ${load()} before`);
  console.log(
    line(["workload", "ours", "theirs", "ratio", "our RSS", "theirs"]),
  );
  for (const name of names) {
    if (name === "kernels") {
      await benchKernels(folder);
      continue;
    }
    if (name === "hunt") {
      await benchHunt();
      continue;
    }
    for await (const comparison of BENCHES[name](folder)) {
      console.log(row(comparison));
    }
    if (name !== "ingest") continue;
    for await (const text of ingestStages(folder)) console.log(text);
  }
  console.log(`load ${load()} after`);
} finally {
  await Deno.remove(folder, { recursive: true });
}
