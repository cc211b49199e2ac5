import assert from "node:assert/strict";

const root = new URL("../", import.meta.url);

/** A room of the code: which files are in it, and whose they may import. */
interface Room {
  readonly name: string;
  readonly holds: RegExp;
  /** Names of rooms; types alone may also come from `typesFrom`. */
  readonly mayImport: readonly string[];
  readonly typesFrom?: readonly string[];
  /** Packages and built-ins, by the start of the specifier. */
  readonly packages: readonly string[];
}

/** The first room whose pattern fits is the file's. */
const ROOMS: readonly Room[] = [
  { name: "assembly", holds: /^assembly\//, mayImport: [], packages: [] },
  {
    name: "ingest",
    holds: /^pipeline\/ingest\//,
    mayImport: ["nouns", "kernels"],
    packages: ["node:", "tar-stream"],
  },
  {
    name: "features",
    holds: /^pipeline\/features\//,
    mayImport: ["nouns", "kernels"],
    packages: ["tldts"],
  },
  {
    name: "hosts",
    holds: /^pipeline\/hosts\//,
    mayImport: ["nouns"],
    packages: ["node:process"],
  },
  {
    name: "models",
    holds: /^pipeline\/models\//,
    mayImport: ["nouns", "kernels"],
    packages: [],
  },
  {
    name: "detectors",
    holds: /^pipeline\/detectors\//,
    mayImport: ["nouns", "kernels", "features", "models"],
    packages: [],
  },
  {
    name: "store",
    holds: /^pipeline\/store\//,
    mayImport: ["nouns"],
    packages: ["node:", "mysql2"],
  },
  {
    name: "report",
    holds: /^pipeline\/report\//,
    mayImport: ["nouns", "models"],
    typesFrom: ["hunt", "store"],
    packages: [],
  },
  {
    name: "kernels",
    holds: /^pipeline\/(kernels|parser_kernels|shared_kernels)\.ts$/,
    mayImport: ["nouns"],
    packages: [],
  },
  {
    name: "mod",
    holds: /^pipeline\/mod\.ts$/,
    mayImport: [
      "nouns",
      "features",
      "hosts",
      "models",
      "detectors",
      "store",
      "report",
      "hunt",
    ],
    typesFrom: ["ingest"],
    packages: [],
  },
  {
    name: "hunt",
    holds:
      /^pipeline\/(hunt|hunt_notes|thresholds|severity_bands|spill|follow|scene|measure|annotate|explain|evaluate|cut|cut_cells|import_(?:logs|notes|watch)|known_logs|records|cluster|collect_features|classify(?:_labels|_split|_review|_pairs)?|model_file|export_dataset)\.ts$/,
    mayImport: [
      "nouns",
      "ingest",
      "features",
      "hosts",
      "models",
      "detectors",
      "store",
    ],
    packages: ["node:process", "node:v8"],
  },
  {
    name: "nouns",
    holds: /^pipeline\/[^/]+\.ts$/,
    mayImport: [],
    typesFrom: ["store"],
    packages: ["node:crypto", "node:process"],
  },
  {
    name: "islands",
    holds: /^islands\//,
    mayImport: [],
    typesFrom: [
      "nouns",
      "features",
      "models",
      "store",
      "report",
      "mod",
      "hunt",
    ],
    packages: ["d3-", "preact"],
  },
  {
    name: "routes",
    holds: /^routes\//,
    mayImport: ["mod", "islands"],
    packages: ["hono", "preact"],
  },
  {
    name: "cli",
    holds: /^pipeline\/cli\//,
    mayImport: ["mod"],
    packages: [],
  },
  {
    name: "main",
    holds: /^main\.ts$/,
    mayImport: ["mod", "cli", "routes"],
    packages: [],
  },
];

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** Loaded only where the program comes to it. */
  readonly onDemand: boolean;
}

async function* sources(dir = ""): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(`./${dir}`, root))) {
    const path = dir + entry.name;
    if (entry.isDirectory) {
      if (/^(assembly|pipeline|islands|routes)(\/|$)/.test(path)) {
        yield* sources(path + "/");
      }
    } else if (/^(main\.ts|.+\/.+\.tsx?)$/.test(path)) yield path;
  }
}

const STATEMENT =
  /^\s*(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

async function importsOf(file: string): Promise<Import[]> {
  const text = await Deno.readTextFile(new URL(file, root));
  const code = text.replace(/\/\*\*[\s\S]*?\*\//g, "");
  return Array.from(code.matchAll(STATEMENT), (match) => ({
    file,
    specifier: match[2] ?? match[3],
    typeOnly: match[1] !== undefined || onlyTypes(match[0]),
    onDemand: match[3] !== undefined,
  }));
}

/** `import { type A, type B } from` brings no code either. */
function onlyTypes(statement: string): boolean {
  const names = statement.match(/\{([^}]*)\}/)?.[1];
  return names !== undefined &&
    !/^\s*(import|export)\s+\w+\s*,/.test(statement) &&
    names.split(",").map((name) => name.trim()).filter(Boolean)
      .every((name) => name.startsWith("type "));
}

function roomOf(file: string): Room {
  const room = ROOMS.find(({ holds }) => holds.test(file));
  assert.ok(room, `${file} is in no room`);
  return room;
}

/** A sentence when the import breaks the table, else null. */
function complaint(
  room: Room,
  found: Omit<Import, "onDemand">,
): string | null {
  const { file, specifier } = found;
  if (!specifier.startsWith(".")) {
    return room.packages.some((start) => specifier.startsWith(start))
      ? null
      : `${file} imports ${specifier}: ${room.name} may import ${
        room.packages.join(", ") || "no package"
      }`;
  }
  const target = new URL(specifier, new URL(file, root)).href.slice(
    root.href.length,
  );
  const to = roomOf(target);
  if (to === room || room.mayImport.includes(to.name)) return null;
  if (found.typeOnly && room.typesFrom?.includes(to.name)) return null;
  return `${file} imports ${target}: ${room.name} may import ${
    room.mayImport.join(", ") || "nothing"
  }`;
}

async function allImports(): Promise<Import[]> {
  const out: Import[] = [];
  for await (const file of sources()) out.push(...await importsOf(file));
  return out;
}

Deno.test("every import follows the table of rooms", async () => {
  const imports = await allImports();
  assert.ok(imports.length > 200, `only ${imports.length} imports were found`);
  const complaints = imports.map((found) =>
    complaint(roomOf(found.file), found)
  )
    .filter((text) => text !== null);
  assert.deepEqual(complaints, []);
});

/** Every file that is loaded with this one. */
async function loadedWith(file: string): Promise<Set<string>> {
  const loaded = new Set([file]);
  for (const file of loaded) {
    for (const { specifier, typeOnly, onDemand } of await importsOf(file)) {
      if (typeOnly || onDemand || !specifier.startsWith(".")) continue;
      const { href } = new URL(specifier, new URL(file, root));
      loaded.add(href.slice(root.href.length));
    }
  }
  return loaded;
}

Deno.test("pipeline/mod.ts is loaded without what opens a store", async () => {
  const loaded = await loadedWith("pipeline/mod.ts");
  assert.ok(loaded.has("pipeline/models/kmeans.ts"));
  const opening = ["store", "copy_store", "sqlite/engine", "mysql/open"]
    .map((name) => `pipeline/store/${name}.ts`);
  const found = new Set(await Array.fromAsync(sources()));
  for (const file of opening) {
    assert.ok(found.has(file), `${file} is not there any more`);
    assert.ok(!loaded.has(file), `${file} is loaded`);
  }
});

Deno.test("the table refuses what it should", () => {
  const refused = (file: string, specifier: string, typeOnly = false) =>
    complaint(roomOf(file), { file, specifier, typeOnly }) !== null;
  assert.ok(refused("pipeline/models/kmeans.ts", "../ingest/mod.ts"));
  assert.ok(
    refused("pipeline/store/sqlite/engine.ts", "../../features/mod.ts"),
  );
  assert.ok(refused("islands/Clusters.tsx", "../pipeline/mod.ts"));
  assert.ok(!refused("islands/Clusters.tsx", "../pipeline/mod.ts", true));
  assert.ok(refused("routes/index.tsx", "../pipeline/store/sqlite/engine.ts"));
  assert.ok(refused("pipeline/models/pca.ts", "hono"));
  assert.ok(refused("pipeline/cli/run.ts", "../store/mod.ts"));
  assert.ok(refused("pipeline/cli/serve.ts", "../../routes/_server.ts"));
  assert.ok(!refused("main.ts", "./routes/_server.ts"));
});

Deno.test("SQL stands only in the store", async () => {
  for await (const file of sources()) {
    if (roomOf(file).name === "store") continue;
    const text = await Deno.readTextFile(new URL(file, root));
    assert.doesNotMatch(
      text,
      /\b(SELECT\s+.+\s+FROM|INSERT INTO|CREATE TABLE)\b/,
      file,
    );
  }
});

Deno.test("only the files of the kernels name a WebAssembly module", async () => {
  for await (const file of sources()) {
    if (file.startsWith("assembly/") || roomOf(file).name === "kernels") {
      continue;
    }
    const text = await Deno.readTextFile(new URL(file, root));
    assert.doesNotMatch(text, /\.wasm["'`]/, file);
  }
});
