// One command that says all is well. Stops at the first step that fails.
const root = new URL("../", import.meta.url);

/** What is checked, in the order of what is quickest. */
const STEPS: readonly (readonly [does: string, ...args: string[]])[] = [
  ["format", "fmt", "--check"],
  ["lint", "lint"],
  ["manifests fresh", "run", "--allow-read=.", "tools/manifest.ts", "--check"],
  ["types", "check", "main.ts", "tools/", "tests/", "islands/", "routes/"],
  [
    "kernels rebuilt identical",
    "run",
    "-A",
    "tools/build_kernels.ts",
    "--check",
  ],
  ["tests, import directions, doc examples", "run", "-A", "tools/run_tests.ts"],
];

for (const [does, ...args] of STEPS) {
  console.log(`— ${does}`);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  if (code !== 0) {
    console.error(`Not ok: ${does}   (deno ${args.join(" ")})`);
    Deno.exit(code);
  }
}
console.log("All is well");
