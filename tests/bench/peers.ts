/**
 * DuckDB and polars, to be compared with. They are no dependency of this
 * project: npm puts them into _build/peers when they are asked for.
 */
import { type Measured, run } from "./run.ts";

const FOLDER = new URL("../../_build/peers/", import.meta.url).pathname;

export type Peer = "DuckDB" | "polars";

/** Packages of each; polars' own does not always bring its native part. */
const PACKAGES: Record<Peer, readonly string[]> = {
  DuckDB: ["@duckdb/node-api@1.5.6-r.1"],
  polars: [
    "nodejs-polars@0.26.1",
    `nodejs-polars-${nativePart()}@0.26.1`,
  ],
};

/** As polars names what it is built for: "linux-x64-gnu". */
function nativePart(): string {
  const { os, arch } = Deno.build;
  const cpu = arch === "aarch64" ? "arm64" : "x64";
  if (os === "windows") return `win32-${cpu}-msvc`;
  return os === "darwin" ? `darwin-${cpu}` : `linux-${cpu}-gnu`;
}

/** Puts a peer where it can be loaded; why it could not be, where it could not. */
export async function install(peer: Peer): Promise<string | undefined> {
  await Deno.mkdir(FOLDER, { recursive: true });
  // Without one, npm would look for another folder further up.
  await Deno.writeTextFile(`${FOLDER}package.json`, '{ "private": true }\n');
  try {
    const { success, stderr } = await new Deno.Command("npm", {
      args: [
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        // What is not saved is taken away where the other is installed.
        ...Object.values(PACKAGES).flat().filter((name) =>
          PACKAGES[peer].includes(name) || installed.has(name)
        ),
      ],
      cwd: FOLDER,
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) {
      for (const name of PACKAGES[peer]) installed.add(name);
      return undefined;
    }
    const text = new TextDecoder().decode(stderr);
    return `${peer} does not install: ${
      /npm error (?!code)(.*)/.exec(text)?.[1] ?? text.trim().slice(0, 120)
    }`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no npm";
    throw error;
  }
}

const installed = new Set<string>();

/** What a peer takes for a workload of peer_theirs.ts, on so many threads. */
export async function runPeer(
  peer: Peer,
  workload: string,
  folder: string,
  threads: number,
): Promise<Measured | { readonly skipped: string }> {
  const script = new URL("peer_theirs.ts", import.meta.url).pathname;
  const got = await run<Measured | { readonly skipped: string }>(
    Deno.execPath(),
    ["run", "-A", script, peer, workload, folder, FOLDER, String(threads)],
    { ...Deno.env.toObject(), POLARS_MAX_THREADS: String(threads) },
  );
  return got;
}

/** The better of one and two threads, and which that is. */
export async function bestOfPeer(peer: Peer, workload: string, folder: string) {
  const one = await runPeer(peer, workload, folder, 1);
  const two = await runPeer(peer, workload, folder, 2);
  const oneIsBest = "skipped" in two || "skipped" in one || one.ms <= two.ms;
  return oneIsBest
    ? { theirs: one, against: `${peer}, 1 thread` }
    : { theirs: two, against: `${peer}, 2 threads` };
}
