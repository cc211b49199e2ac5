import { baseName, below } from "./paths.ts";
import { fileProblem, messageOf, SkerryError } from "../errors.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { detect, type Guess } from "./detect.ts";
import { type Copy, type LogFile, STDIN } from "./log_file.ts";
import { typeOfName } from "./record_types.ts";
import type { ScratchFolder } from "./scratch.ts";
import { stdinHead } from "./stdin.ts";
import { type Archive, unpackTar } from "./unpack_tar.ts";

/** A file that is no Zeek log, and every reason for thinking so. */
export interface IgnoredFile {
  readonly path: string;
  readonly reasons: readonly string[];
}

export interface FindOptions extends RunOptions {
  /**
   * Where tar archives are unpacked, and standard input is kept; without it
   * neither is read.
   */
  readonly scratch?: ScratchFolder;
}

export interface FoundLogs {
  readonly logs: readonly LogFile[];
  readonly ignored: readonly IgnoredFile[];
}

/** Bytes that a guess looks at, and where these hold not even one line. */
const HEAD_BYTES = 1 << 15, LONG_HEAD_BYTES = 1 << 21;

/**
 * The logs in a folder and all below it, or the one file, in the order of
 * their paths. Hidden files and what is no regular file are passed over. Logs
 * in a tar archive are found as if it were a folder; "-" is standard input.
 *
 * @throws SkerryError when there is no such file or folder, when it cannot be
 * read, when it holds no file; the signal's reason when it is aborted.
 */
export async function findLogs(
  path: string,
  options: FindOptions = {},
): Promise<FoundLogs> {
  const pacer = new Pacer(options.signal);
  options.signal?.throwIfAborted();
  if (path === STDIN && options.scratch) return await inStdin(options);
  const walk = new Walk(pacer);
  const paths = await walk.start(path);
  const logs: LogFile[] = [], ignored = walk.unreadable;
  for (const [i, file] of paths.entries()) {
    const found = await examine(file);
    if ("reasons" in found) ignored.push(found);
    else if (!("archive" in found)) logs.push(found);
    else {
      const inside = await logsInArchive(found, options);
      logs.push(...inside.logs);
      ignored.push(...inside.ignored);
    }
    options.onProgress?.({
      stage: "finding logs",
      done: i + 1,
      total: paths.length,
      unit: "files",
    });
    if (pacer.due) await pacer.rest();
  }
  return { logs, ignored: ignored.sort((a, b) => order(a.path, b.path)) };
}

/**
 * One sentence on why a folder gave no logs: "3 files are no Zeek logs:
 * notes.txt (not compressed; no #fields line; first line is not a JSON object), …".
 */
export function whyNothing(ignored: readonly IgnoredFile[]): string {
  if (ignored.length === 0) return "There is no file to look at.";
  const shown = ignored.slice(0, 3).map(({ path, reasons }) =>
    `${baseName(path)} (${reasons.join("; ")})`
  );
  const more = ignored.length - shown.length;
  if (more > 0) shown.push(`and ${more} more`);
  const subject = ignored.length === 1
    ? "1 file is no Zeek log"
    : `${ignored.length} files are no Zeek logs`;
  return `${subject}: ${shown.join(", ")}.`;
}

/** Standard input, kept whole: it comes once, and is read several times. */
async function inStdin(options: FindOptions): Promise<FoundLogs> {
  const from = "standard input";
  const path = await options.scratch!.keep(Deno.stdin.readable, options);
  const found = await examine(from, { path, from });
  if ("reasons" in found) return { logs: [], ignored: [found] };
  return isLog(found)
    ? { logs: [found], ignored: [] }
    : await logsInArchive(found, options);
}

function isLog(found: LogFile | IgnoredFile | Archive): found is LogFile {
  return "logType" in found;
}

async function logsInArchive(
  archive: Archive,
  { scratch, signal, onProgress }: FindOptions,
): Promise<FoundLogs> {
  if (!scratch) {
    const reasons = ["a tar archive: run and import unpack it"];
    return { logs: [], ignored: [{ path: archive.path, reasons }] };
  }
  const logs: LogFile[] = [], ignored: IgnoredFile[] = [];
  const members = unpackTar(archive, scratch, { signal, onProgress });
  for await (const { path, copy, problem } of members) {
    if (problem !== undefined) {
      ignored.push({ path, reasons: [problem] });
      continue;
    }
    const found = await examine(path, { path: copy, from: archive.path });
    if (isLog(found)) {
      logs.push(found);
      continue;
    }
    const reasons = "reasons" in found
      ? found.reasons
      : ["a tar archive in another: unpack the outer one first"];
    ignored.push({ path, reasons });
    await Deno.remove(copy);
  }
  return { logs, ignored };
}

async function examine(
  path: string,
  copy?: Copy,
): Promise<LogFile | IgnoredFile | Archive> {
  try {
    using file = await Deno.open(copy?.path ?? path);
    const { size } = await file.stat();
    let guess = await detect(
      await headOf(file, HEAD_BYTES),
      size <= HEAD_BYTES,
    );
    if (Array.isArray(guess) && size > HEAD_BYTES) {
      // One line may be longer than the head, and so may a compressed block.
      await file.seek(0, Deno.SeekMode.Start);
      const head = await headOf(file, LONG_HEAD_BYTES);
      guess = await detect(head, size <= LONG_HEAD_BYTES);
    }
    if (Array.isArray(guess)) return { path, reasons: guess };
    return Object.freeze({
      path,
      size,
      ...("archive" in guess ? guess : withoutName(guess, path)),
      ...(copy ? { copy } : {}),
    });
  } catch (error) {
    return { path, reasons: [`cannot be read (${messageOf(error)})`] };
  }
}

/**
 * The log that comes on standard input, of which this reads the beginning.
 *
 * @throws SkerryError when it is no log.
 */
export async function logOfStdin(): Promise<LogFile> {
  const head = await readHead();
  const guess = await detect(head, head.length < HEAD_BYTES);
  if (Array.isArray(guess) || "archive" in guess) {
    const reasons = Array.isArray(guess) ? guess : ["a tar archive"];
    throw new SkerryError(
      `Cannot read standard input: ${reasons.join("; ")}`,
      { hint: "Give a Zeek log, TSV or JSON lines, or name a file." },
    );
  }
  const { named: _, ...rest } = guess;
  return Object.freeze({ path: STDIN, size: 0, ...rest });
}

async function readHead(): Promise<Uint8Array> {
  const head = await headOf(Deno.stdin, HEAD_BYTES);
  stdinHead.push(head);
  return head;
}

/**
 * The guess as the file's name completes it: "open_conn.log" holds records
 * that look like conn's, and JSON need not say which they are: by default
 * Zeek's JSON logs hold no path.
 */
function withoutName(
  { named, ...guess }: Guess,
  path: string,
): Omit<Guess, "named"> {
  if (!named && guess.logType === "unknown" && guess.format === "zeek-json") {
    return { ...guess, logType: typeOfName(path) ?? guess.logType };
  }
  const open = `open_${guess.logType}`;
  return !named && baseName(path).startsWith(open)
    ? { ...guess, logType: open }
    : guess;
}

async function headOf(
  file: Pick<Deno.FsFile, "read">,
  size: number,
): Promise<Uint8Array> {
  const head = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const n = await file.read(head.subarray(filled));
    if (n === null) break;
    filled += n;
  }
  return head.subarray(0, filled);
}

/** Collects the regular files below a folder, each once. */
class Walk {
  readonly unreadable: IgnoredFile[] = [];
  readonly #pacer: Pacer;
  readonly #seen = new Set<string>();
  readonly #files: string[] = [];
  /** Links are followed last, so that a file is known by its own path. */
  readonly #links: string[] = [];

  constructor(pacer: Pacer) {
    this.#pacer = pacer;
  }

  async start(path: string): Promise<string[]> {
    const info = await statRoot(path);
    if (info.isFile) return [path];
    if (!info.isDirectory) {
      throw new SkerryError(`Cannot read ${path}: it is no file and no folder`);
    }
    try {
      await this.#folder(path);
    } catch (error) {
      this.#pacer.signal?.throwIfAborted();
      throw unreadable(path, error);
    }
    for (let i = 0; i < this.#links.length; i++) {
      await this.#entry(this.#links[i]);
    }
    if (this.#files.length + this.unreadable.length === 0) {
      throw new SkerryError(`Cannot read ${path}: there is no file in it`, {
        hint: "Give the folder that Zeek writes its logs to, or one log file.",
      });
    }
    return this.#files.sort(order);
  }

  async #folder(path: string): Promise<void> {
    const real = await Deno.realPath(path);
    if (this.#seen.has(real)) return;
    this.#seen.add(real);
    const folders: string[] = [];
    for await (
      const { name, isDirectory, isFile, isSymlink } of Deno.readDir(path)
    ) {
      if (name.startsWith(".")) continue;
      const inside = below(path, name);
      if (isFile) await this.#entry(inside);
      else if (isDirectory) folders.push(inside);
      else if (isSymlink) this.#links.push(inside);
      if (this.#pacer.due) await this.#pacer.rest();
    }
    for (const folder of folders.sort(order)) await this.#entry(folder);
  }

  async #file(path: string): Promise<void> {
    const real = await Deno.realPath(path);
    if (this.#seen.has(real)) return;
    this.#seen.add(real);
    this.#files.push(path);
  }

  /**
   * A file, a folder or the target of a link. One that cannot be read is noted:
   * Zeek moves its logs while they are looked at.
   */
  async #entry(path: string): Promise<void> {
    try {
      const info = await Deno.stat(path);
      if (info.isDirectory) await this.#folder(path);
      else if (info.isFile) await this.#file(path);
    } catch (error) {
      this.#pacer.signal?.throwIfAborted();
      this.unreadable.push({
        path,
        reasons: [`cannot be read (${messageOf(error)})`],
      });
    }
  }
}

async function statRoot(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): SkerryError {
  const missing = error instanceof Deno.errors.NotFound;
  const reason = fileProblem(error, "there is no such file or folder");
  return new SkerryError(`Cannot read ${path}: ${reason}`, {
    hint: missing
      ? "Check the spelling; give the folder with Zeek's logs, or one log file."
      : "Check who may read it.",
    cause: error,
  });
}

/** By UTF-16 code units: the same on every machine. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
