import { type SessionStore, SkerryError } from "../pipeline/mod.ts";
import { type AppOptions, createApp } from "./_app.tsx";

export interface ServeOptions extends Omit<AppOptions, "hosts" | "useStore"> {
  /** What else depends on the store, which the pages may change. */
  readonly with?: (store: SessionStore) => Partial<AppOptions>;
  /** 0 takes any free port. */
  readonly port: number;
  /** A loopback address: there is no password. */
  readonly hostname?: string;
  /** Aborting it ends the server; requests under way are answered first. */
  readonly signal?: AbortSignal;
  readonly onListen?: (address: { hostname: string; port: number }) => void;
}

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

/**
 * Serves the pages until the signal is aborted.
 *
 * @throws SkerryError when the address is not a loopback one, is in use, or
 * the browser's part is not built.
 */
export async function serve(root: URL, options: ServeOptions): Promise<void> {
  const { hostname = "127.0.0.1", port, signal } = options;
  if (!LOOPBACK.includes(hostname)) {
    throw new SkerryError(
      `Cannot listen on ${hostname}: only this machine may read the logs`,
      { hint: "--host 127.0.0.1" },
    );
  }
  signal?.throwIfAborted();
  const hosts: string[] = [];
  await using apps = new Apps(root, { ...options, hosts });
  await apps.use(options.store);
  const server = listen({ hostname, port }, (request) => apps.fetch(request));
  const address = { hostname, port: server.addr.port };
  hosts.push(...hostsOf(address));
  options.onListen?.(address);
  await finished(server, signal);
}

/** The app over the store that is used now. */
class Apps implements AsyncDisposable {
  #app: Awaited<ReturnType<typeof createApp>> | null = null;
  #stop = new AbortController();
  readonly #opened: SessionStore[] = [];

  constructor(
    readonly root: URL,
    readonly options: ServeOptions & Pick<AppOptions, "hosts">,
  ) {}

  /** Jobs and open streams over the store before it end. */
  async use(store: SessionStore): Promise<void> {
    const { root, options } = this;
    const stop = new AbortController();
    const signals = [stop.signal, ...(options.signal ? [options.signal] : [])];
    this.#app = await createApp(root, {
      ...options,
      ...options.with?.(store),
      store,
      home: fileOf(options.store),
      signal: AbortSignal.any(signals),
      useStore: async (next) => {
        if (next) this.#opened.push(next);
        await this.use(next ?? options.store);
      },
    });
    this.#stop.abort(new DOMException("The store was changed", "AbortError"));
    this.#stop = stop;
  }

  fetch(request: Request): Response | Promise<Response> {
    return this.#app!.fetch(request);
  }

  /** The first store is its caller's. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const store of this.#opened) await store[Symbol.asyncDispose]();
  }
}

/** Undefined for a server's store, and for one in memory. */
function fileOf({ location }: SessionStore): string | undefined {
  return /^(mysql|mariadb):/i.test(location) || location === ":memory:"
    ? undefined
    : location;
}

type Server = Deno.HttpServer<Deno.NetAddr>;

function listen(
  options: { hostname: string; port: number },
  handler: (request: Request) => Response | Promise<Response>,
): Server {
  const { hostname, port } = options;
  try {
    // Wrapped, so that what Deno tells a handler does not become Hono's env.
    return Deno.serve(
      { ...options, onListen() {} },
      (request) => handler(request),
    );
  } catch (cause) {
    const where = `${hostname}:${port}`;
    if (cause instanceof Deno.errors.AddrInUse) {
      throw new SkerryError(
        `Cannot listen on ${where}: the port is in use`,
        { hint: `--port ${port + 1}`, cause },
      );
    }
    if (cause instanceof Deno.errors.PermissionDenied) {
      throw new SkerryError(
        `Cannot listen on ${where}: the system does not allow it`,
        { hint: "--port 8000", cause },
      );
    }
    throw cause;
  }
}

/** How browsers may name the server. */
function hostsOf(address: { hostname: string; port: number }): string[] {
  const named = address.hostname.includes(":")
    ? `[${address.hostname}]`
    : address.hostname;
  const suffix = address.port === 80 ? "" : `:${address.port}`;
  return [...new Set([named, "localhost"])].map((name) => name + suffix);
}

/** Milliseconds for the answers under way when the server ends. */
const GRACE = 2000;

/** Waits for the signal, then for the last answers, but not for ever. */
async function finished(server: Server, signal?: AbortSignal): Promise<void> {
  const late = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    server.shutdown();
    timer = setTimeout(late.resolve, GRACE);
  };
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    await Promise.race([server.finished, late.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
