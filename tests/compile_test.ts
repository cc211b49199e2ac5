import assert from "node:assert/strict";
import { build } from "../tools/build.ts";
import { compileArgs, INCLUDED } from "../tools/compile.ts";

const root = new URL("../", import.meta.url);

/** Paths of the tree that `deno compile` prints; "dir/*" stands for all in it. */
function listedPaths(output: string): string[] {
  const folders: string[] = [];
  const out: string[] = [];
  for (const line of output.split("\n")) {
    const match = line.match(
      /^([│ ]*)[├└]─[─┬] (\S.*?) \([\d.]+[KMG]?B(?:[^)]*)\)$/,
    );
    if (!match) continue;
    const depth = match[1].length / 2;
    folders.length = depth;
    folders.push(match[2]);
    out.push(folders.join("/"));
  }
  return out;
}

/** Whether the list holds the file, by name or with its whole folder. */
function isListed(listed: ReadonlySet<string>, file: string): boolean {
  if (listed.has(file)) return true;
  const parts = file.split("/");
  return parts.some((_, i) =>
    i > 0 && listed.has(parts.slice(0, i).join("/") + "/*")
  );
}

async function* filesIn(dir: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(dir, root))) {
    if (entry.isDirectory) yield* filesIn(`${dir}${entry.name}/`);
    else yield dir + entry.name;
  }
}

/** What must be inside: workers, wasm, the web, static files, its bundle. */
async function needed(): Promise<string[]> {
  const out: string[] = [];
  for (const dir of ["static/", "_build/client/"]) {
    for await (const file of filesIn(dir)) out.push(file);
  }
  for (const dir of ["assembly/", "pipeline/", "routes/"]) {
    for await (const file of filesIn(dir)) {
      if (/\.wasm$|worker\.ts$/.test(file)) out.push(file);
    }
  }
  out.push(...INCLUDED.filter((path) => path.endsWith(".ts")));
  return out;
}

Deno.test("deno task compile embeds every worker, wasm and static file", async () => {
  await build(root);
  const folder = await Deno.makeTempDir();
  try {
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: compileArgs(`${folder}/skerry`),
        cwd: root,
        env: { NO_COLOR: "1", DENORT_BIN: Deno.execPath() },
      },
    ).output();
    const text = new TextDecoder().decode(stdout) +
      new TextDecoder().decode(stderr);
    assert.ok(success, text);
    const listed = new Set(listedPaths(text));
    const files = await needed();
    assert.ok(files.includes("assembly/kernels.wasm"));
    assert.ok(files.some((file) => file.startsWith("_build/client/")));
    assert.deepEqual(files.filter((file) => !isListed(listed, file)), []);
    assert.ok(!isListed(listed, "tests/compile_test.ts"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what main.ts loads by a path that is no literal is compiled in", async () => {
  const text = await Deno.readTextFile(new URL("main.ts", root));
  const paths = Array.from(
    text.matchAll(/webPart<[^>]+>\(\s*"\.\/([^"]+)"/g),
    ([, path]) => path,
  );
  assert.deepEqual(paths, ["routes/_server.ts", "routes/_session_clusters.ts"]);
  assert.deepEqual(paths.filter((path) => !INCLUDED.includes(path)), []);
});

Deno.test("the compile's file list is read with its folders", () => {
  const listed = new Set(listedPaths([
    "a",
    "├── main.ts (1KB)",
    "├─┬ assembly (40KB)",
    "│ └── kernels.wasm (40KB)",
    "└── static/* (18.42KB)",
  ].join("\n")));
  assert.ok(isListed(listed, "assembly/kernels.wasm"));
  assert.ok(isListed(listed, "static/style.css"));
  assert.ok(!isListed(listed, "assembly/other.wasm"));
});
