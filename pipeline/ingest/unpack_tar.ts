import { baseName } from "./paths.ts";
import { messageOf } from "../errors.ts";
import type { RunOptions } from "../progress.ts";
import type { Compression } from "./decompressor.ts";
import { LogBytes } from "./log_bytes.ts";
import type { Copy } from "./log_file.ts";
import type { ScratchFolder } from "./scratch.ts";

/** A tar archive, itself compressed or not. */
export interface Archive {
  readonly archive: "tar";
  readonly path: string;
  readonly copy?: Copy;
  readonly compression: Compression;
  /** Bytes on disk. */
  readonly size: number;
}

/** A file of an archive, or what is wrong from there on. */
export type Member =
  | { readonly path: string; readonly copy: string; readonly problem?: never }
  | { readonly path: string; readonly copy?: never; readonly problem: string };

/** What `tar-stream` tells of a file. */
interface Entry extends AsyncIterable<Uint8Array> {
  readonly header: { readonly name: string; readonly type: string };
  resume(): void;
}

/**
 * The regular files of an archive, each copied into the scratch folder under a
 * name of its own, so that no name in the archive leads anywhere. Its path is
 * the archive's with the name behind it, as if that were a folder. Hidden
 * files, folders and links are passed over. Where the archive is damaged, what
 * came before is given, also of a file that was cut, and what is wrong last.
 *
 * @throws SkerryError when it cannot be read or there is no room; the signal's
 * reason.
 */
export async function* unpackTar(
  archive: Archive,
  scratch: ScratchFolder,
  options: RunOptions = {},
): AsyncGenerator<Member> {
  const { default: tar } = await import("tar-stream");
  const files = tar.extract();
  const bytes = new LogBytes({
    ...archive,
    format: "zeek-tsv",
    logType: "unknown",
  }, {
    signal: options.signal,
    onProgress: (progress) =>
      options.onProgress?.({ ...progress, stage: "unpacking" }),
  });
  const reader = new Reader();
  const fed = feed(bytes, files, reader);
  let problem: string | undefined;
  try {
    problem = yield* members(archive, files, reader, scratch, options);
  } finally {
    files.destroy();
  }
  // Why the bytes ended says more than that the files did.
  const failure = await fed;
  if (failure !== undefined) throw failure;
  problem = bytes.problem ?? problem;
  if (problem === undefined) return;
  yield {
    path: archive.path,
    problem: `it is a tar archive, and damaged: ${problem}`,
  };
}

/** @returns why no more can be had; undefined where all was. */
async function* members(
  { path }: Archive,
  files: AsyncIterable<Entry>,
  reader: Reader,
  scratch: ScratchFolder,
  options: RunOptions,
): AsyncGenerator<Member, string | undefined> {
  const names = new Set<string>();
  const entries = files[Symbol.asyncIterator]();
  let problem: string | undefined;
  while (problem === undefined) {
    const next = await reader.next(entries);
    if (next instanceof Error) return messageOf(next);
    if (next.done) return undefined;
    const { header: { name, type } } = next.value;
    if (type !== "file" || isHidden(name)) {
      next.value.resume();
      continue;
    }
    const content = reader.upToDamage(next.value, (text) => problem = text);
    const copy = await scratch.keep(content, options);
    yield { path: unused(`${path}/${clean(name)}`, names), copy };
  }
  return problem;
}

/** @returns why the bytes cannot be read; undefined where they can. */
async function feed(
  bytes: LogBytes,
  // deno-lint-ignore no-explicit-any -- tar-stream has no types
  files: any,
  reader: Reader,
): Promise<unknown> {
  let closed = false, go = () => {};
  files.on("drain", () => go());
  files.on("close", () => {
    closed = true;
    go();
  });
  // Told to whom asks for the next file.
  files.on("error", () => {});
  try {
    for await (const chunk of bytes.chunks()) {
      if (closed) return;
      // The chunk is only lent.
      if (files.write(chunk.slice())) continue;
      await new Promise<void>((resolve) => {
        go = resolve;
        if (closed) resolve();
      });
    }
    // Where more is missing, an end makes it forget what was not taken yet.
    await reader.starves(() => closed);
    files.end();
  } catch (error) {
    files.destroy();
    return error;
  }
}

/** Knows whether who reads an archive has all that came of it. */
class Reader {
  #asked = 0;
  #waits = false;

  /** The next of them, or why there is none. */
  async next<T>(items: AsyncIterator<T>): Promise<IteratorResult<T> | Error> {
    this.#asked++;
    this.#waits = true;
    try {
      return await items.next();
    } catch (error) {
      return error as Error;
    } finally {
      this.#waits = false;
    }
  }

  async *upToDamage(
    entry: Entry,
    onDamage: (problem: string) => void,
  ): AsyncGenerator<Uint8Array> {
    const pieces = entry[Symbol.asyncIterator]();
    for (;;) {
      const next = await this.next(pieces);
      if (next instanceof Error) return onDamage(messageOf(next));
      if (next.done) return;
      yield next.value;
    }
  }

  /** Resolves when it waits in vain, or nobody reads any more. */
  async starves(closed: () => boolean): Promise<void> {
    for (let asked = -1; !closed(); asked = this.#asked) {
      if (this.#waits && asked === this.#asked) return;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}

function isHidden(name: string): boolean {
  return baseName(name).startsWith(".");
}

/** Without what leads out of a folder; names of archives are not to be trusted. */
function clean(name: string): string {
  return name.split(/[/\\]/).filter((part) => !/^\.{0,2}$/.test(part))
    .join("/");
}

/** An archive may hold a name twice, as one that was appended to does. */
function unused(path: string, names: Set<string>): string {
  let free = path;
  for (let n = 2; names.has(free); n++) free = `${path} (${n})`;
  names.add(free);
  return free;
}
