import { SkerryError } from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";

const SEPARATOR = Deno.build.os === "windows" ? "\\" : "/";

/** A folder that pages may choose from. */
export interface Folder {
  readonly path: string;
  readonly name: string;
}

/** Folders that one page lists. */
const LISTED = 500;

/**
 * The folders whose logs the pages may read: others on this machine are none
 * of theirs. Links are followed before anything is compared.
 */
export class ImportRoots {
  private constructor(readonly paths: readonly string[]) {}

  /** @throws SkerryError when one of them is no folder. */
  static async of(paths: readonly string[]): Promise<ImportRoots> {
    const real = await Promise.all(paths.map(realRoot));
    return new ImportRoots([...new Set(real)]);
  }

  /**
   * The path without links.
   *
   * @throws HttpError 403 when it lies in none of the folders, 404 when it is
   * not there: of what lies elsewhere nobody learns whether it is.
   */
  async resolve(path: string): Promise<string> {
    const real = await Deno.realPath(path).catch(() => null);
    if (real !== null && this.holds(real)) return real;
    if (real === null && this.paths.some((root) => isWithin(path, root))) {
      throw new HttpError(
        404,
        `Cannot read ${path}: there is no such file or folder`,
      );
    }
    throw new HttpError(
      403,
      `Cannot read ${path}: it lies in no folder that this server may import`,
      this.paths.length === 0
        ? "Start it as skerry serve --allow-import DIR."
        : `It may import ${this.paths.join(", ")}; start it with ` +
          "--allow-import DIR for another one.",
    );
  }

  /** Whether a path without links lies in one of the folders. */
  holds(real: string): boolean {
    return this.paths.some((root) => isWithin(real, root));
  }

  /** The folders in one of the folders, by name. @throws as `resolve`. */
  async folders(path: string): Promise<Folder[]> {
    const real = await this.resolve(path);
    const out: Folder[] = [];
    try {
      for await (const { name, isDirectory } of Deno.readDir(real)) {
        if (!isDirectory || name.startsWith(".")) continue;
        out.push({ name, path: joined(real, name) });
        if (out.length === LISTED) break;
      }
    } catch (cause) {
      if (cause instanceof Deno.errors.NotADirectory) return [];
      throw new SkerryError(`Cannot list ${path}: it cannot be read`, {
        cause,
      });
    }
    return out.sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** The folder above; null for one of the roots. */
  above(real: string): string | null {
    if (this.paths.includes(real)) return null;
    const parent = real.slice(0, real.lastIndexOf(SEPARATOR)) || SEPARATOR;
    return this.holds(parent) ? parent : null;
  }
}

async function realRoot(path: string): Promise<string> {
  try {
    const real = await Deno.realPath(path);
    if ((await Deno.stat(real)).isDirectory) return real;
  } catch (cause) {
    throw new SkerryError(`Cannot import from ${path}: it cannot be read`, {
      hint: "--allow-import names a folder of this machine",
      cause,
    });
  }
  throw new SkerryError(`Cannot import from ${path}: it is no folder`, {
    hint: "--allow-import names a folder of this machine",
  });
}

function joined(folder: string, name: string): string {
  return folder.endsWith(SEPARATOR) ? folder + name : folder + SEPARATOR + name;
}

/** Whether a path is a folder or lies in it; both without links. */
export function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(joined(root, ""));
}
