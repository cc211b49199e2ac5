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

/** Whether the committed module is what the sources give. */
export async function kernelsAreFresh(): Promise<boolean> {
  const built = await buildKernels();
  const kept = await Deno.readFile(WASM).catch(() => new Uint8Array());
  return built.length === kept.length && built.every((b, i) => b === kept[i]);
}

if (import.meta.main) {
  if (!Deno.args.includes("--check")) {
    const bytes = await buildKernels();
    await Deno.writeFile(WASM, bytes);
    console.log(`assembly/kernels.wasm: ${bytes.length} bytes`);
  } else if (!await kernelsAreFresh()) {
    console.error(
      "assembly/kernels.wasm is not what assembly/*.ts compiles to; " +
        "run deno run -A tools/build_kernels.ts and commit it",
    );
    Deno.exit(1);
  }
}
