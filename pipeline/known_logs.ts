// Which logs need to be read, and from where: each content is read once,
// whatever its name and whether it is compressed, and a file that has grown is
// read on.
import {
  contentFingerprint,
  fileFingerprint,
  type Fingerprint,
  linesBefore,
  type LogFile,
  type LogStart,
  placeOf,
} from "./ingest/mod.ts";
import type { RunOptions } from "./progress.ts";
import type { ImportedFile, ReadContent } from "./store/session_store.ts";

/** A log that is not known yet, or not to its end. */
export interface FreshLog {
  readonly log: LogFile;
  /** sha256 of the file as it lies on disk, hex. */
  readonly hash: string;
  /** See `ImportedFile`. */
  readonly modifiedAt: number | null;
  /** What it is whatever its name is; null where the system has no such. */
  readonly inode: number | null;
  /** The whole lines that were there; null where they were not looked at. */
  readonly lines: Fingerprint["lines"] | null;
  /** The known file that it goes on from, and where. */
  readonly continues:
    | { readonly hash: string; readonly start: LogStart }
    | null;
  /** Nothing has come since: only its other name or form is new. */
  readonly nothingNew: boolean;
}

/** Written so recently, a file may be written again within the same instant. */
const SETTLED_SECONDS = 2;

/** The logs that are to be read, in their order. */
export async function freshLogs(
  logs: readonly LogFile[],
  known: readonly ImportedFile[],
  options: RunOptions,
): Promise<FreshLog[]> {
  const files = new KnownFiles(known);
  const out: FreshLog[] = [];
  for (const [done, log] of logs.entries()) {
    options.onProgress?.({
      stage: "comparing",
      done,
      total: logs.length,
      unit: "files",
    });
    const fresh = await compare(log, files, options);
    if (fresh) out.push(fresh);
  }
  return out;
}

async function compare(
  log: LogFile,
  files: KnownFiles,
  options: RunOptions,
): Promise<FreshLog | null> {
  const { signal } = options;
  const modifiedAt = await modified(placeOf(log));
  if (files.isUntouched(log, modifiedAt)) return null;
  const inode = await inodeOf(placeOf(log));
  const plain = log.compression === "none";
  const ends = plain ? files.ends : [];
  const found = await fileFingerprint(placeOf(log), ends, { signal });
  if (files.has(found.hash)) return null;
  const fresh = {
    log,
    hash: found.hash,
    modifiedAt: settled(modifiedAt),
    inode,
  };
  files.take(found.hash);
  // A compressed log may be a plain one of before, after its rotation.
  const content = plain
    ? found
    : files.plainEnds.length === 0
    ? null
    : await contentFingerprint(log, files.plainEnds, { signal });
  const lines = content?.lines ?? null;
  const before = content && files.before(content.prefixes);
  if (!before) return { ...fresh, lines, continues: null, nothingNew: false };
  const { hash, content: { end } } = before;
  const line = 1 + await linesBefore(log, end, { signal });
  return {
    ...fresh,
    lines,
    continues: { hash, start: { offset: end, line } },
    nothingNew: end === content.size,
  };
}

const PACKED = /\.(gz|zst|bz2|xz)$/;

type WithContent = ImportedFile & { readonly content: ReadContent };

class KnownFiles {
  /** Lengths of the contents that are known. */
  readonly ends: readonly number[];
  /**
   * Of those that were no compressed logs: only such go on under another form,
   * and to compare a compressed log means to decompress it twice.
   */
  readonly plainEnds: readonly number[];
  readonly #hashes: Set<string>;
  readonly #byPath = new Map<string, ImportedFile>();
  /** By the hash of their content. */
  readonly #contents = new Map<string, WithContent>();

  constructor(known: readonly ImportedFile[]) {
    this.#hashes = new Set(known.map(({ hash }) => hash));
    for (const file of known) {
      this.#byPath.set(file.path, file);
      const { content } = file;
      if (content?.hash && content.end > 0) {
        this.#contents.set(content.hash, { ...file, content });
      }
    }
    const all = [...this.#contents.values()];
    this.ends = all.map(({ content }) => content.end);
    this.plainEnds = all.filter(({ path }) => !PACKED.test(path))
      .map(({ content }) => content.end);
  }

  has(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  /** The same content under another name is not read either. */
  take(hash: string): void {
    this.#hashes.add(hash);
  }

  /** As rsync and make do: same path, size and time of writing. */
  isUntouched({ path, size }: LogFile, modifiedAt: number | null): boolean {
    const file = this.#byPath.get(path);
    return file !== undefined && modifiedAt !== null && file.size === size &&
      file.modifiedAt === modifiedAt;
  }

  /** The longest known content with which this one begins. */
  before(prefixes: ReadonlyMap<number, string>): WithContent | undefined {
    let longest: WithContent | undefined;
    for (const [end, hash] of prefixes) {
      const file = this.#contents.get(hash);
      if (file && end > (longest?.content.end ?? 0)) longest = file;
    }
    return longest;
  }
}

/** Epoch seconds. */
async function modified(path: string): Promise<number | null> {
  const info = await Deno.stat(path).catch(() => null);
  return info?.mtime ? info.mtime.getTime() / 1000 : null;
}

export async function inodeOf(path: string): Promise<number | null> {
  return (await Deno.stat(path).catch(() => null))?.ino ?? null;
}

function settled(modifiedAt: number | null): number | null {
  const age = Date.now() / 1000 - (modifiedAt ?? Infinity);
  return age > SETTLED_SECONDS ? modifiedAt : null;
}
