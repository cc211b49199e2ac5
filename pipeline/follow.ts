import { SkerryError } from "./errors.ts";
import {
  importLogs,
  type ImportOptions,
  type ImportResult,
} from "./import_logs.ts";
import { findLogs, type LogFile } from "./ingest/mod.ts";
import type { Dataset, SessionStore } from "./store/session_store.ts";

export interface FollowOptions extends ImportOptions {
  /** Seconds between two looks; 60 where absent. */
  readonly every?: number;
  /**
   * Seconds that a compressed log must have been left alone for before it is
   * read; 10 where absent. One that is still being written would be taken for
   * another content than the log it is made of.
   */
  readonly settle?: number;
  /** Is told what could not be read this time, and will be tried again. */
  readonly onTrouble?: (error: SkerryError) => void;
}

/** The same trouble so often in a row does not pass by itself. */
const MOST_TROUBLES = 3;

/**
 * Imports a folder that Zeek is writing to, again and again: what was appended,
 * and files that are new. Rotation and compression make no record count twice,
 * since contents are known again; a log that was cut or replaced is another
 * content.
 *
 * @param path a folder, or one log.
 * @yields each import that found something new.
 * @returns when the signal is aborted while it waits.
 * @throws SkerryError when the same thing failed three times in a row; the
 * signal's reason when it is aborted while logs are read.
 */
export async function* follow(
  store: SessionStore,
  dataset: Dataset,
  path: string,
  { every = 60, settle = 10, onTrouble, ...options }: FollowOptions = {},
): AsyncGenerator<ImportResult, void> {
  let trouble = "", times = 0;
  while (!options.signal?.aborted) {
    try {
      const found = await findLogs(path, options);
      const logs = await settled(found.logs, settle);
      const imported = await importLogs(
        store,
        dataset,
        { ...found, logs },
        options,
      );
      times = 0;
      if (imported.newFiles.size > 0) yield imported;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof SkerryError)) throw error;
      times = error.message === trouble ? times + 1 : 1;
      trouble = error.message;
      if (times >= MOST_TROUBLES) throw error;
      onTrouble?.(error);
    }
    await wait(every * 1000, options.signal);
  }
}

/** Until the time is over or the signal is aborted, whichever is first. */
async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + ms;
  while (!signal?.aborted && performance.now() < end) {
    const left = Math.min(end - performance.now(), MOST_WAIT_MS);
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}

/** How long a stop may take while nothing is done. */
const MOST_WAIT_MS = 100;

const PACKED = /\.(gz|zst|bz2|xz)$/;

/**
 * Without compressed logs that are still being made: `gzip` removes the plain
 * one when it is done.
 */
async function settled(
  logs: readonly LogFile[],
  seconds: number,
): Promise<LogFile[]> {
  const paths = new Set(logs.map(({ path }) => path));
  const out: LogFile[] = [];
  for (const log of logs) {
    if (log.compression !== "none") {
      const plain = log.path.replace(PACKED, "");
      if (plain !== log.path && paths.has(plain)) continue;
      const { mtime } = await Deno.stat(log.path)
        .catch(() => ({ mtime: null }));
      if (mtime && Date.now() - mtime.getTime() < seconds * 1000) continue;
    }
    out.push(log);
  }
  return out;
}
