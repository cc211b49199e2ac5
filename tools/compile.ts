// Makes one binary, _build/skerry. Its runtime is downloaded on first use;
// where it cannot be had, DENORT_BIN=$(command -v deno) lets the step itself be
// checked, though that output does not run the program.
import { build } from "./build.ts";

const root = new URL("../", import.meta.url);

/** What the program reads at run time; workers and the web, not followed. */
export const INCLUDED = [
  "static",
  "_build/client",
  "assembly/dbscan_threads.wasm",
  "assembly/kernels.wasm",
  "assembly/parsers.wasm",
  "pipeline/detectors/surrogate_worker.ts",
  "pipeline/features/timing_worker.ts",
  "pipeline/ingest/parse_worker.ts",
  "pipeline/models/dbscan_worker.ts",
  "pipeline/models/kmeans_worker.ts",
  "pipeline/store/sqlite/reading_worker.ts",
  "routes/_server.ts",
  "routes/_session_clusters.ts",
];

/** Arguments of `deno`, with the permissions that the binary will have. */
export function compileArgs(output: string): string[] {
  return [
    "compile",
    "--frozen",
    "--node-modules-dir=none",
    "--exclude-unused-npm",
    // Batches die young: room for more of them only costs memory.
    "--v8-flags=--max-semi-space-size=4",
    "--allow-read",
    "--allow-write",
    "--allow-env=SKERRY_STORE,SKERRY_DB_PASSWORD,HOME,XDG_DATA_HOME,LOCALAPPDATA,USER,USERNAME,NO_COLOR,TERM,LANG,LC_ALL",
    "--allow-net=127.0.0.1",
    ...INCLUDED.flatMap((path) => ["--include", path]),
    "--output",
    output,
    "main.ts",
  ];
}

if (import.meta.main) {
  await build(root);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: compileArgs(Deno.args[0] ?? "_build/skerry"),
    cwd: root,
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  Deno.exit(code);
}
