import { delay } from "../delay.ts";
import type { RunOptions } from "../../progress.ts";

const POLL_MS = 100;

/**
 * Holds a lock on the file at `path`, made for this, until disposed of. The
 * system gives the lock free when the process ends, however it ends.
 *
 * @throws the signal's reason when it is aborted while waiting.
 */
export async function lockFile(
  path: string,
  options: RunOptions,
): Promise<AsyncDisposable> {
  const began = performance.now();
  while (true) {
    const file = await Deno.open(path, { write: true, create: true });
    try {
      while (!await file.tryLock(true)) await waited(began, options);
      if (await isAt(file, path)) return heldLock(file, path);
      // Its last holder removed it while we waited: we hold the lock of nothing.
      file.close();
    } catch (error) {
      file.close();
      throw error;
    }
  }
}

async function waited(began: number, options: RunOptions): Promise<void> {
  options.onProgress?.({
    stage: "waiting for another import",
    done: Math.floor((performance.now() - began) / 1000),
    unit: "seconds",
  });
  await delay(POLL_MS, options.signal);
}

async function isAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const there = await Deno.stat(path).catch(() => null);
  return there !== null && there.ino === (await file.stat()).ino;
}

function heldLock(file: Deno.FsFile, path: string): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      // Removed while it is held: whoever waits for it sees that it is gone.
      await Deno.remove(path).catch(() => {});
      file.close();
    },
  };
}
