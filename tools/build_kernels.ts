/**
 * Builds assembly/kernels.wasm. With --check it builds in memory and fails
 * where the committed file differs.
 *
 *     deno run -A tools/build_kernels.ts [--check]
 */
import asc from "assemblyscript/asc";

const ASSEMBLY = new URL("../assembly/", import.meta.url);
const WASM = new URL("kernels.wasm", ASSEMBLY);
const FLAGS = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--use",
  "abort=",
];

/** The module's bytes; the same sources and compiler give the same bytes. */
export async function buildKernels(): Promise<Uint8Array> {
  let bytes: Uint8Array | null = null;
  const { error, stderr } = await asc.main(
    ["mod.ts", ...FLAGS, "--outFile", "kernels.wasm"],
    {
      readFile: (name) => readSource(name),
      writeFile: (name, contents) => {
        if (name === "kernels.wasm") bytes = contents as Uint8Array;
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
): string | undefined {
  const advice = "run deno task kernels and commit assembly/kernels.wasm";
  if (kept.length === 0) {
    return `assembly/kernels.wasm is missing; ${advice}`;
  }
  const length = Math.max(built.length, kept.length);
  for (let i = 0; i < length; i++) {
    if (built[i] === kept[i]) continue;
    return "assembly/kernels.wasm is not what assembly/*.ts compiles to: " +
      `byte ${i} differs (${built.length} bytes built, ${kept.length} ` +
      `committed); ${advice}`;
  }
  return undefined;
}

/** The committed module; empty where there is none. */
export async function committedKernels(): Promise<Uint8Array> {
  try {
    return await Deno.readFile(WASM);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}

if (import.meta.main) {
  const bytes = await buildKernels();
  if (!Deno.args.includes("--check")) {
    await Deno.writeFile(WASM, bytes);
    console.log(`assembly/kernels.wasm: ${bytes.length} bytes`);
  } else {
    const stale = staleness(bytes, await committedKernels());
    if (stale) {
      console.error(stale);
      Deno.exit(1);
    }
    console.log("assembly/kernels.wasm is what assembly/*.ts compiles to");
  }
}
