// Watches the tree: writes the manifests, bundles for the browser and starts
// the server again. An open page reloads by itself (static/reload.js).
// Arguments are those of `skerry serve`.
import { build } from "./build.ts";
import { writeManifests } from "./manifest.ts";

const root = new URL("../", import.meta.url);
const WATCHED = ["routes", "islands", "pipeline", "static"];

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
      args: ["run", "-A", "main.ts", "serve", "--dev", ...Deno.args],
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

const server = new DevServer();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, async () => {
    await server.stop();
    Deno.exit(0);
  });
}
await server.round();
for await (const _ of changes()) await server.round();
