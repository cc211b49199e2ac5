// Times ours against scikit-learn side by side, as ratios of one run.
const root = new URL("../", import.meta.url);

const BENCHES = ["tests/bench/kernels_bench.ts"];

for (const bench of BENCHES) {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", bench],
    cwd: root,
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
