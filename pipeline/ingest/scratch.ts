import { below } from "./paths.ts";
import { messageOf, SkerryError } from "../errors.ts";
import { Pacer, type RunOptions } from "../progress.ts";

/**
 * A folder for copies that are needed for a while, made when the first one is
 * and removed with all that is in it. It lies where the system has such
 * folders, `TMPDIR` where that is set.
 */
export class ScratchFolder implements AsyncDisposable {
  #path?: Promise<string>;
  #files = 0;

  /**
   * Writes all bytes to a file of its own.
   *
   * @returns its path.
   * @throws SkerryError when there is no room; what reading throws, and the
   * signal's reason.
   */
  async keep(
    bytes: AsyncIterable<Uint8Array>,
    { signal }: RunOptions = {},
  ): Promise<string> {
    const pacer = new Pacer(signal);
    const path = await this.#newPath();
    using file = await written(() => Deno.open(path, NEW));
    for await (const piece of bytes) {
      await written(async () => {
        for (let at = 0; at < piece.length;) {
          at += await file.write(piece.subarray(at));
        }
      });
      if (pacer.due) await pacer.rest();
    }
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#path) return;
    const path = await this.#path;
    this.#path = undefined;
    await Deno.remove(path, { recursive: true });
  }

  async #newPath(): Promise<string> {
    this.#path ??= written(() => Deno.makeTempDir({ prefix: "skerry-" }));
    return below(await this.#path, String(++this.#files));
  }
}

const NEW: Deno.OpenOptions = { write: true, createNew: true, mode: 0o600 };

async function written<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new SkerryError(`Cannot unpack logs: ${messageOf(error)}`, {
      hint: "Set TMPDIR to a folder that has room for them and may be written.",
      cause: error,
    });
  }
}
