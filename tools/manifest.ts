// Writes routes/_manifest.gen.ts and islands/_manifest.gen.ts from the files
// in the two folders. Static imports only, so that `deno compile` and the
// bundler see every module. With --check it writes nothing and fails when one
// of the two is out of date.

/** Pages and islands; a name that begins with _ is glue. */
async function walk(root: URL, folder: string): Promise<string[]> {
  const out: string[] = [];
  for await (const entry of Deno.readDir(new URL(folder, root))) {
    if (entry.name.startsWith("_")) continue;
    if (entry.isDirectory) {
      out.push(...await walk(root, `${folder}${entry.name}/`));
    } else if (/\.tsx?$/.test(entry.name)) out.push(folder + entry.name);
  }
  return out.sort(literalsFirst);
}

/** The router takes the first that fits: "events" before "[id]". */
function literalsFirst(a: string, b: string): number {
  const [x, y] = [a, b].map((path) => path.replaceAll("[", "\uffff"));
  return x < y ? -1 : 1;
}

/** "routes/findings/[id].tsx" → "/findings/:id". */
export function routePath(file: string): string {
  const path = file.replace(/^routes/, "").replace(/\.tsx?$/, "")
    .replace(/\/index$/, "")
    .replace(/\[\.\.\.(\w+)\]/g, ":$1{.+}")
    .replace(/\[(\w+)\]/g, ":$1");
  return path === "" ? "/" : path;
}

const HEAD = "// Written by tools/manifest.ts; do not edit.\n";

/** Each manifest's path and text. */
export async function manifests(root: URL): Promise<Map<string, string>> {
  const routes = await walk(root, "routes/");
  const islands = await walk(root, "islands/");
  return new Map([
    ["routes/_manifest.gen.ts", serverManifest(routes, islands)],
    ["islands/_manifest.gen.ts", clientManifest(islands)],
  ]);
}

function serverManifest(routes: string[], islands: string[]): string {
  return HEAD +
    'import { island } from "../islands/_json_props.ts";\n' +
    'import type { RouteModule } from "./_page.ts";\n' +
    routes.map((f, i) =>
      `import * as r${i} from "${f.replace(/^routes/, ".")}";\n`
    ).join("") +
    islands.map((f, i) => `import i${i} from "../${f}";\n`).join("") +
    "\nexport const routes: readonly (readonly [string, RouteModule])[] = [\n" +
    routes.map((f, i) => `  ["${routePath(f)}", r${i}],\n`).join("") +
    "];\n\nexport const islands = {\n" +
    islands.map((f, i) => `  ${nameOf(f)}: island(i${i}),\n`).join("") +
    "};\n";
}

function clientManifest(islands: string[]): string {
  return HEAD +
    'import type { ComponentType } from "preact";\n\n' +
    "// deno-lint-ignore no-explicit-any\n" +
    "type Load = () => Promise<{ default: ComponentType<any> }>;\n\n" +
    "export const islands: Readonly<Record<string, Load>> = {\n" +
    islands.map((f) =>
      `  ${nameOf(f)}: () => import("${f.replace(/^islands/, ".")}"),\n`
    ).join("") + "};\n";
}

/** "islands/Clusters.tsx" → "Clusters". */
function nameOf(file: string): string {
  return file.replace(/^islands\//, "").replace(/\.tsx?$/, "");
}

/** The manifests that differ from the tree; written unless only checked. */
export async function writeManifests(
  root: URL,
  options: { readonly check?: boolean } = {},
): Promise<string[]> {
  const stale: string[] = [];
  for (const [file, text] of await manifests(root)) {
    const old = await Deno.readTextFile(new URL(file, root)).catch(() => "");
    if (old === text) continue;
    stale.push(file);
    if (!options.check) await Deno.writeTextFile(new URL(file, root), text);
  }
  return stale;
}

if (import.meta.main) {
  const check = Deno.args.includes("--check");
  const root = new URL("../", import.meta.url);
  const stale = await writeManifests(root, { check });
  if (check && stale.length > 0) {
    console.error(`out of date: ${stale.join(", ")}: run deno task manifest`);
    Deno.exit(1);
  }
}
