/**
 * Builds the WebAssembly modules of assembly/. With --check it builds in memory
 * and fails where a committed file differs.
 *
 *     deno run -A tools/build_kernels.ts [--check]
 */
import asc from "assemblyscript/asc";

const ASSEMBLY = new URL("../assembly/", import.meta.url);

/** A module and the source that says what it exports. */
export interface Module {
  readonly wasm: string;
  readonly entry: string;
  /** Besides {@link FLAGS}. */
  readonly flags?: readonly string[];
}

export const KERNELS: Module = { wasm: "kernels.wasm", entry: "mod.ts" };
export const PARSERS: Module = { wasm: "parsers.wasm", entry: "parsers.ts" };
/** Over a memory that is given to it and shared with other instances. */
export const THREADS: Module = {
  wasm: "dbscan_threads.wasm",
  entry: "dbscan_threads.ts",
  flags: [
    "--enable",
    "threads",
    "--sharedMemory",
    "--importMemory",
    "--zeroFilledMemory",
    "--maximumMemory",
    "65536",
  ],
};

const FLAGS = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--enable",
  "relaxed-simd",
  "--use",
  "abort=",
];

/** The module's bytes; the same sources and compiler give the same bytes. */
export async function buildKernels(
  { wasm, entry, flags = [] }: Module = KERNELS,
): Promise<Uint8Array> {
  let bytes: Uint8Array | null = null;
  const { error, stderr } = await asc.main(
    [entry, ...FLAGS, ...flags, "--outFile", wasm],
    {
      readFile: (name) => readSource(name),
      writeFile: (name, contents) => {
        if (name === wasm) bytes = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !bytes) {
    throw new SyntaxError(`Cannot build the kernels: ${stderr}`, {
      cause: error,
    });
  }
  return bytes;
}

function readSource(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, ASSEMBLY));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * What tells the committed module from what the sources give, as a sentence;
 * undefined where nothing does.
 *
 * @param kept the committed module, empty where there is none.
 */
export function staleness(
  built: Uint8Array,
  kept: Uint8Array,
  { wasm }: Module = KERNELS,
): string | undefined {
  const advice = `run deno task kernels and commit assembly/${wasm}`;
  if (kept.length === 0) {
    return `assembly/${wasm} is missing; ${advice}`;
  }
  const length = Math.max(built.length, kept.length);
  for (let i = 0; i < length; i++) {
    if (built[i] === kept[i]) continue;
    return `assembly/${wasm} is not what assembly/*.ts compiles to: ` +
      `byte ${i} differs (${built.length} bytes built, ${kept.length} ` +
      `committed); ${advice}`;
  }
  return undefined;
}

/** The committed module; empty where there is none. */
export async function committedKernels(
  { wasm }: Module = KERNELS,
): Promise<Uint8Array> {
  try {
    return await Deno.readFile(new URL(wasm, ASSEMBLY));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}

if (import.meta.main) {
  for (const module of [KERNELS, PARSERS, THREADS]) {
    const bytes = await buildKernels(module), path = `assembly/${module.wasm}`;
    if (!Deno.args.includes("--check")) {
      await Deno.writeFile(new URL(module.wasm, ASSEMBLY), bytes);
      console.log(`${path}: ${bytes.length} bytes`);
      continue;
    }
    const stale = staleness(bytes, await committedKernels(module), module);
    if (stale) {
      console.error(stale);
      Deno.exit(1);
    }
    console.log(`${path} is what assembly/*.ts compiles to`);
  }
}
