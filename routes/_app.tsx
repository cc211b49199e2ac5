import { type Context, Hono } from "hono";
import { type SessionStore, SkerryError } from "../pipeline/mod.ts";
import { Assets } from "./_assets.ts";
import { ClusterFits } from "./_cluster_fits.ts";
import type { ComputeClusters } from "./_clusters.ts";
import { reload } from "./_dev.ts";
import { ImportRoots } from "./_import_roots.ts";
import { Imports } from "./_imports.ts";
import { registerIslands } from "./_islands.ts";
import { Jobs } from "./_jobs.ts";
import { islands, routes } from "./_manifest.gen.ts";
import {
  type Handler,
  HttpError,
  type RouteContext,
  type RouteModule,
} from "./_page.ts";
import { Pages } from "./_pages.tsx";
import { allowHosts, headers, sameOrigin } from "./_security.ts";

export interface AppOptions {
  readonly store: SessionStore;
  /** "host:port" as browsers may ask for it; all others are refused. */
  readonly hosts: readonly string[];
  /** Without it the cluster page says that there is nothing to compute with. */
  readonly clusters?: ComputeClusters;
  /** Folders whose logs the pages may read; none by default. */
  readonly importRoots?: readonly string[];
  /** The store that the server was started with, where it is a file. */
  readonly home?: string;
  /** Goes on with another store, which ends with the server; null: its own. */
  readonly useStore?: (store: SessionStore | null) => Promise<void>;
  readonly version?: string;
  /** Of times on pages, where a browser has chosen none; UTC by default. */
  readonly timeZone?: string;
  /** Pages reload when the server has come back. */
  readonly dev?: boolean;
  /** Stops what computes in the background. */
  readonly signal?: AbortSignal;
  /** Gets what no page explains. */
  readonly onError?: (error: unknown) => void;
}

/**
 * The pages and their API.
 *
 * @param root where `static/` and `_build/client/` are.
 * @throws SkerryError when the browser's part is not built, or a folder to
 * import from is none.
 */
export async function createApp(
  root: URL,
  options: AppOptions,
): Promise<Hono> {
  registerIslands(islands);
  const assets = await Assets.load(root);
  const jobs = new Jobs(options.signal);
  const imports = new Imports(
    options.store,
    jobs,
    await ImportRoots.of(options.importRoots ?? []),
  );
  const paths = routes.map(([path]) => path);
  const pages = new Pages(assets, options, paths, jobs);
  const clusters = options.clusters
    ? new ClusterFits(options.clusters, jobs)
    : null;

  const app = new Hono();
  app.use(headers(), allowHosts(options.hosts), sameOrigin());
  app.get(
    "/assets/*",
    (c) => {
      const name = c.req.path.slice("/assets/".length);
      return assets.respond(name, new URL(c.req.url).search) ?? c.notFound();
    },
  );
  if (options.dev) app.get("/dev/reload", () => reload(options.signal));
  for (const [path, module] of routes) {
    for (const [method, handle] of handlersOf(module)) {
      app.on(method, path, async (c) => {
        const context = contextOf(c, options, clusters, jobs, imports);
        const answer = await handle(context);
        if (answer instanceof Response) return answer;
        return pages.render(module, context, answer.data);
      });
    }
  }
  app.notFound((c) =>
    pages.failure(c, new HttpError(404, "Cannot find this page"))
  );
  app.onError((error, c) => {
    if (!isMeant(error)) (options.onError ?? console.error)(error);
    return pages.failure(c, error);
  });
  return app;
}

/** A page without a handler needs no data. */
function handlersOf(module: RouteModule): [string, Handler<unknown>][] {
  const { GET, POST } = module.handler ?? {};
  const nothing = () => Promise.resolve({ data: undefined });
  const out: [string, Handler<unknown>][] = [];
  if (GET || module.default) out.push(["GET", GET ?? nothing]);
  if (POST) out.push(["POST", POST]);
  return out;
}

function contextOf(
  c: Context,
  { store, home, useStore, signal }: AppOptions,
  clusters: ClusterFits | null,
  jobs: Jobs,
  imports: Imports,
): RouteContext {
  return {
    request: c.req.raw,
    url: new URL(c.req.url),
    params: c.req.param() as Record<string, string>,
    store,
    clusters,
    jobs,
    imports,
    home: home ?? null,
    useStore: useStore ?? null,
    signal,
  };
}

/** Errors whose message is written for people; the others are ours to mend. */
function isMeant(error: unknown): boolean {
  return error instanceof HttpError || error instanceof SkerryError;
}
