import { createHash } from "node:crypto";
import { messageOf, SkerryError } from "../errors.ts";
import { Pacer, type RunOptions } from "../progress.ts";

/**
 * SHA-256 of the bytes of a file as they lie on disk, in hexadecimal.
 *
 * @throws SkerryError when the file cannot be read; the signal's reason when it
 * is aborted.
 */
export async function hashFile(
  path: string,
  options: RunOptions = {},
): Promise<string> {
  const pacer = new Pacer(options.signal);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(1 << 18);
  try {
    using file = await Deno.open(path);
    const total = (await file.stat()).size;
    for (let done = 0;;) {
      const n = await file.read(buffer);
      if (n === null) break;
      hash.update(buffer.subarray(0, n));
      done += n;
      options.onProgress?.({ stage: "hashing", done, total, unit: "bytes" });
      if (pacer.due) await pacer.rest();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new SkerryError(`Cannot read ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return hash.digest("hex");
}
