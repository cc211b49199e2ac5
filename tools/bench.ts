/**
 * Times Skerry against scikit-learn, pandas and plain SQLite, side by side in
 * one run, and prints one table: wall time is the median of the repeats, memory
 * the peak of a process that does nothing else. Where Python lacks what is
 * compared with, the row says so.
 *
 *     deno task bench [models|workflow|ingest|store]
 */
import { ingestBench } from "../tests/bench/ingest_bench.ts";
import { modelsBench } from "../tests/bench/models_bench.ts";
import type { Bench, Comparison, Measured } from "../tests/bench/run.ts";
import { storeBench } from "../tests/bench/store_bench.ts";
import { workflowBench } from "../tests/bench/workflow_bench.ts";

const BENCHES: Readonly<Record<string, Bench>> = {
  models: modelsBench,
  workflow: workflowBench,
  ingest: ingestBench,
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
  ]) + `  ${against} (${agreement(ours, theirs)})`;
}

/** Both sides' result, once where they agree to six digits. */
function agreement(ours: Measured, theirs: Measured): string {
  const [a, b] = [ours, theirs].map(({ value }) => value.toPrecision(6));
  return a === b ? `both ${a}` : `${a}, theirs ${b}`;
}

const asked = Deno.args.length > 0 ? Deno.args : Object.keys(BENCHES);
const unknown = asked.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  console.error(
    `Cannot run ${unknown}: it is none of ${Object.keys(BENCHES).join(", ")}`,
  );
  Deno.exit(2);
}
const folder = await Deno.makeTempDir({ prefix: "skerry-bench-" });
try {
  console.log(
    "scikit-learn with the better of 1 and 2 threads; OPENBLAS_CORETYPE and " +
      "OPENBLAS_L2_SIZE unset.\n",
  );
  console.log(
    line(["workload", "ours", "theirs", "ratio", "our RSS", "theirs"]),
  );
  for (const name of asked) {
    for await (const comparison of BENCHES[name](folder)) {
      console.log(row(comparison));
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
