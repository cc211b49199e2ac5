import { SkerryError } from "../pipeline/mod.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Of its content: "?v=…" for a file whose name does not tell it. */
  readonly version: string;
}

/**
 * The client bundle under `_build/client` and the files in `static/`, read
 * once, at start: a request never reaches the disk. Every address tells the
 * content, so that a browser asks for each only once: later pages paint without
 * a request besides their own.
 */
export class Assets {
  readonly #files = new Map<string, Asset>();
  #names: Readonly<Record<string, string>> = {};

  /** @throws SkerryError when the client bundle has not been built. */
  static async load(root: URL): Promise<Assets> {
    const assets = new Assets();
    const build = new URL("_build/client/", root);
    assets.#names = await readManifest(build);
    await assets.#read(build, "", () => Promise.resolve(""));
    await assets.#read(new URL("static/", root), "static/", versionOf);
    return assets;
  }

  async #read(
    folder: URL,
    prefix: string,
    version: (body: Uint8Array<ArrayBuffer>) => Promise<string>,
  ): Promise<void> {
    for await (const entry of Deno.readDir(folder)) {
      if (!entry.isFile || entry.name === "manifest.json") continue;
      const body = await Deno.readFile(new URL(entry.name, folder));
      this.#files.set(prefix + entry.name, {
        body,
        version: await version(body),
      });
    }
  }

  /** Where a page finds "static/style.css", "boot.js" or "island:Clusters". */
  url(name: string): string {
    const file = this.#names[name] ?? name;
    return `/assets/${file}${this.#files.get(file)?.version ?? ""}`;
  }

  /** All stylesheets of a page as one: a browser paints when it has the last. */
  styles(names: readonly string[]): string {
    const file = `${STYLES}${names.join("+")}.css`;
    return `/assets/${file}${this.#found(file)?.version ?? ""}`;
  }

  /** @param asked the query: what is asked for without it may have changed. */
  respond(name: string, asked: string): Response | null {
    const file = this.#found(name);
    if (!file) return null;
    const extension = name.slice(name.lastIndexOf(".") + 1);
    return new Response(file.body, {
      headers: {
        "content-type": TYPES[extension] ?? "application/octet-stream",
        "cache-control": file.version === asked
          ? "public, max-age=31536000, immutable"
          : "no-cache",
      },
    });
  }

  #found(name: string): Asset | null {
    return name.startsWith(STYLES)
      ? this.#joined(name)
      : this.#files.get(name) ?? null;
  }

  /** "styles/style+data.css", which is made of files in `static/`. */
  #joined(name: string): Asset | null {
    const parts = name.slice(STYLES.length, -".css".length).split("+")
      .map((part) => this.#files.get(`static/${part}.css`));
    if (parts.some((part) => part === undefined)) return null;
    const own = parts as Asset[];
    return {
      body: bytesOf(own.map(({ body }) => body)),
      version: `?v=${own.map(({ version }) => version.slice(3)).join("")}`,
    };
  }
}

/** Where stylesheets are that are made of several. */
const STYLES = "styles/";

function bytesOf(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

async function versionOf(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", body);
  return `?v=${new Uint8Array(hash, 0, 4).toHex()}`;
}

async function readManifest(build: URL): Promise<Record<string, string>> {
  try {
    return JSON.parse(
      await Deno.readTextFile(new URL("manifest.json", build)),
    );
  } catch (cause) {
    throw new SkerryError(
      "Cannot serve the pages: the browser's part is not built",
      { hint: "deno task build", cause },
    );
  }
}
