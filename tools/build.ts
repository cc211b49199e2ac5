// Bundles the browser's part, islands/_boot.ts with the islands that it loads
// and islands/_status.ts, into _build/client with names that carry a hash. Does nothing when the
// inputs are those of the last build.
import { createHash } from "node:crypto";
import * as esbuild from "esbuild";

export interface BuildOptions {
  /** Readable output with source maps. */
  readonly dev?: boolean;
}

export interface BuildReport {
  readonly files: number;
  readonly bytes: number;
  /** False when the last build was still good. */
  readonly built: boolean;
}

const OUT = "_build/client";
const KEY = "_build/client.key";

/** @throws what esbuild says, when a module does not bundle. */
export async function build(
  root: URL,
  options: BuildOptions = {},
): Promise<BuildReport> {
  const key = await inputsKey(root, options);
  if (await textOf(new URL(KEY, root)) === key) return standing(root);
  try {
    const files = await bundle(root, options);
    await replaceClient(root, files);
    await Deno.writeTextFile(new URL(KEY, root), key);
    const bytes = [...files.values()].reduce((n, body) => n + body.length, 0);
    return { files: files.size, bytes, built: true };
  } finally {
    await esbuild.stop();
  }
}

/** Sources, this file and the lock, which holds every version. */
async function inputsKey(root: URL, options: BuildOptions): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(options));
  const files = ["deno.lock", "tools/build.ts", ...await islandFiles(root)];
  for (const file of files) {
    hash.update(`\0${file}\0`).update(await Deno.readFile(new URL(file, root)));
  }
  return hash.digest("hex");
}

async function islandFiles(root: URL): Promise<string[]> {
  const out: string[] = [];
  for await (const entry of Deno.readDir(new URL("islands/", root))) {
    if (entry.isFile) out.push("islands/" + entry.name);
  }
  return out.sort();
}

function textOf(file: URL): Promise<string> {
  return Deno.readTextFile(file).catch(() => "");
}

async function standing(root: URL): Promise<BuildReport> {
  let files = 0, bytes = 0;
  for await (const entry of Deno.readDir(new URL(OUT, root))) {
    bytes += (await Deno.stat(new URL(`${OUT}/${entry.name}`, root))).size;
    files++;
  }
  return { files, bytes, built: false };
}

/** File name → content, with manifest.json. */
async function bundle(
  root: URL,
  options: BuildOptions,
): Promise<Map<string, Uint8Array>> {
  const result = await esbuild.build({
    absWorkingDir: decodeURIComponent(root.pathname),
    entryPoints: [
      { in: "islands/_boot.ts", out: "boot" },
      { in: "islands/_status.ts", out: "status" },
    ],
    outdir: OUT,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: !options.dev,
    sourcemap: options.dev ? "inline" : false,
    metafile: true,
    write: false,
    jsx: "automatic",
    jsxImportSource: "preact",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    legalComments: "none",
  });
  const files = new Map(
    result.outputFiles.map((f) => [baseName(f.path), f.contents]),
  );
  const names = JSON.stringify(namesOf(result.metafile));
  return files.set("manifest.json", new TextEncoder().encode(names));
}

/** "boot.js", "status.js" and "island:NAME" → the hashed file name. */
function namesOf(metafile: esbuild.Metafile): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [file, output] of Object.entries(metafile.outputs)) {
    const entry = output.entryPoint ?? "";
    if (!entry.startsWith("islands/")) continue;
    const name = baseName(entry).replace(/\.tsx?$/, "");
    if (name.startsWith("_")) names[`${name.slice(1)}.js`] = baseName(file);
    else names["island:" + name] = baseName(file);
  }
  return names;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Written beside the old one, then put in its place: never half a bundle. */
async function replaceClient(
  root: URL,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const out = new URL(OUT, root);
  const fresh = new URL(`${OUT}.${crypto.randomUUID()}/`, root);
  await Deno.mkdir(fresh, { recursive: true });
  for (const [name, body] of files) {
    await Deno.writeFile(new URL(name, fresh), body);
  }
  await Deno.remove(out, { recursive: true }).catch(() => {});
  await Deno.rename(fresh, out);
}

if (import.meta.main) {
  const t0 = performance.now();
  const report = await build(new URL("../", import.meta.url));
  const ms = Math.round(performance.now() - t0);
  console.log(
    report.built
      ? `built ${report.files} files, ${report.bytes} bytes, in ${ms} ms`
      : `the client bundle is current: ${report.files} files`,
  );
}
