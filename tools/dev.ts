// Watches the tree: writes the manifests, bundles for the browser and starts
// the server again. An open page reloads by itself (static/reload.js).
//
//   deno task dev [STORE [PORT]]
import { defaultStore, openStore, VERSION } from "../pipeline/mod.ts";
import { build } from "./build.ts";
import { writeManifests } from "./manifest.ts";

const root = new URL("../", import.meta.url);
const WATCHED = ["routes", "islands", "pipeline", "static"];

/** The first argument of the process that serves. */
const CHILD = "--child";

/** Milliseconds: editors save in several steps. */
const PAUSE = 60;

class DevServer {
  #child: Deno.ChildProcess | null = null;

  /** Brings everything up to date; keeps the old server when that fails. */
  async round(): Promise<void> {
    const t0 = performance.now();
    try {
      await writeManifests(root);
      await build(root, { dev: true });
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      return;
    }
    await this.stop();
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tools/dev.ts", CHILD, ...Deno.args],
      cwd: root,
    }).spawn();
    console.log(`rebuilt in ${Math.round(performance.now() - t0)} ms`);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    try {
      child?.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await child?.status;
  }
}

/** One value for each quiet moment after something has changed. */
async function* changes(): AsyncGenerator<void> {
  const paths = WATCHED.map((folder) => new URL(folder, root).pathname);
  let news = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  (async () => {
    for await (const event of Deno.watchFs(paths)) {
      if (event.kind === "access" || event.paths.every(isGenerated)) continue;
      clearTimeout(timer);
      timer = setTimeout(() => news.resolve(), PAUSE);
    }
  })();
  for (;;) {
    await news.promise;
    news = Promise.withResolvers();
    yield;
  }
}

function isGenerated(path: string): boolean {
  return path.includes(".gen.");
}

/** The server itself, in a process of its own that loads the code anew. */
async function serveOnce(location: string, port: number): Promise<void> {
  const { serve } = await import("../routes/_server.ts");
  const { sessionClusters } = await import("../routes/_session_clusters.ts");
  await using store = await openStore(location, { readers: 2 });
  const stop = new AbortController();
  Deno.addSignalListener("SIGTERM", () => stop.abort());
  await serve(root, {
    store,
    port,
    dev: true,
    version: VERSION,
    signal: stop.signal,
    clusters: sessionClusters(store),
    onListen: (at) => console.log(`http://${at.hostname}:${at.port}/`),
  });
}

async function watch(): Promise<void> {
  const server = new DevServer();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, async () => {
      await server.stop();
      Deno.exit(0);
    });
  }
  await server.round();
  for await (const _ of changes()) await server.round();
}

if (Deno.args[0] === CHILD) {
  const [, location, port] = Deno.args;
  const fallback = defaultStore(Deno.env.toObject(), Deno.build.os);
  await serveOnce(location ?? fallback, Number(port ?? 8000));
  Deno.exit(0);
} else await watch();
