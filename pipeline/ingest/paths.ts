// What reading logs asks of paths. node:path takes 10 ms and 5 MB to load: here
// it answers only for Windows and for paths with parts to be left out.
import defer * as nodePath from "node:path";

const isPosix = Deno.build.os !== "windows";

/** Its last part. */
export function baseName(path: string): string {
  if (!isPosix || path.endsWith("/")) return nodePath.basename(path);
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folders that lead to it, "." where none is named. */
export function foldersOf(path: string): string[] {
  if (!isPosix) return nodePath.dirname(path).split(nodePath.sep);
  const at = path.lastIndexOf("/");
  return at < 0 ? ["."] : path.slice(0, Math.max(at, 1)).split("/");
}

/**
 * The path of what a folder holds under a name.
 *
 * ```ts
 * import { below } from "./paths.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(below("/logs", "conn.log"), "/logs/conn.log");
 * assert.equal(below("./logs/", "conn.log"), "logs/conn.log");
 * ```
 */
export function below(folder: string, name: string): string {
  const isPlain = isPosix && folder !== "" &&
    folder.split("/").every((part, i) =>
      part !== "." && part !== ".." && (part !== "" || i === 0)
    );
  return isPlain ? `${folder}/${name}` : nodePath.join(folder, name);
}
