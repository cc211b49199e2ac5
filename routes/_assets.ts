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

  /** @param asked the query: what is asked for without it may have changed. */
  respond(name: string, asked: string): Response | null {
    const file = this.#files.get(name);
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
