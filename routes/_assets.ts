import { SkerryError } from "../pipeline/mod.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Named by its content, so a browser may keep it for good. */
  readonly hashed: boolean;
}

/**
 * The client bundle under `_build/client` and the files in `static/`, read
 * once, at start: a request never reaches the disk.
 */
export class Assets {
  readonly #files = new Map<string, Asset>();
  #names: Readonly<Record<string, string>> = {};

  /** @throws SkerryError when the client bundle has not been built. */
  static async load(root: URL): Promise<Assets> {
    const assets = new Assets();
    const build = new URL("_build/client/", root);
    assets.#names = await readManifest(build);
    await assets.#read(build, "", true);
    await assets.#read(new URL("static/", root), "static/", false);
    return assets;
  }

  async #read(folder: URL, prefix: string, hashed: boolean): Promise<void> {
    for await (const entry of Deno.readDir(folder)) {
      if (!entry.isFile || entry.name === "manifest.json") continue;
      const body = await Deno.readFile(new URL(entry.name, folder));
      this.#files.set(prefix + entry.name, { body, hashed });
    }
  }

  /** Where a page finds "static/style.css", "boot.js" or "island:Clusters". */
  url(name: string): string {
    return "/assets/" + (this.#names[name] ?? name);
  }

  respond(name: string): Response | null {
    const file = this.#files.get(name);
    if (!file) return null;
    const extension = name.slice(name.lastIndexOf(".") + 1);
    return new Response(file.body, {
      headers: {
        "content-type": TYPES[extension] ?? "application/octet-stream",
        "cache-control": file.hashed
          ? "public, max-age=31536000, immutable"
          : "no-cache",
      },
    });
  }
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
