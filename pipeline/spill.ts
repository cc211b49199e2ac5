import defer * as v8 from "node:v8";
import { messageOf, SkerryError } from "./errors.ts";
import { Pager, type SpillFile } from "./features/pager.ts";

const GIB = 2 ** 30;
const PREFIX = "skerry-", SUFFIX = ".spill";

export interface SpillOptions {
  /** Bytes of connections that are held in memory; half of RAM, at most 3 GiB. */
  readonly memory?: number;
}

/**
 * What does not fit into memory, in a file that is made when it is first
 * needed. Where the system allows it the file loses its name at once: whatever
 * ends the program, nothing is left. Elsewhere the next hunt takes it away.
 */
export class Spill implements SpillFile, Disposable {
  readonly pager: Pager;
  readonly #folder: string | null;
  #path = "";
  #file: Deno.FsFile | null = null;
  #end = 0;

  /** @param location of the store: the file goes beside it, else to the system's. */
  constructor(location: string, { memory = defaultMemory() }: SpillOptions) {
    this.#folder = folderOf(location);
    this.pager = new Pager(memory, () => this);
  }

  write(bytes: Uint8Array, place = this.#end): number {
    try {
      const file = this.#file ??= this.#open();
      file.seekSync(place, Deno.SeekMode.Start);
      for (let at = 0; at < bytes.length;) {
        at += file.writeSync(bytes.subarray(at));
      }
    } catch (error) {
      throw new SkerryError(
        `Cannot put connections on disk in ${
          this.#folder ?? "the system's folder for temporary files"
        }: ${messageOf(error)}`,
        { hint: "give --memory more, or a --store elsewhere", cause: error },
      );
    }
    this.#end = Math.max(this.#end, place + bytes.length);
    return place;
  }

  read(bytes: Uint8Array, place: number): void {
    this.#file!.seekSync(place, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) {
      const n = this.#file!.readSync(bytes.subarray(at));
      if (n === null) throw new SkerryError(`Cannot read ${this.#path} back`);
      at += n;
    }
  }

  [Symbol.dispose](): void {
    this.#file?.close();
    if (this.#file) remove(this.#path);
    this.#file = null;
  }

  #open(): Deno.FsFile {
    if (this.#folder !== null) takeAway(this.#folder);
    this.#path = this.#folder === null
      ? Deno.makeTempFileSync({ prefix: PREFIX, suffix: SUFFIX })
      : `${this.#folder}${PREFIX}${crypto.randomUUID()}${SUFFIX}`;
    const file = Deno.openSync(this.#path, {
      read: true,
      write: true,
      create: true,
      mode: 0o600,
    });
    remove(this.#path);
    return file;
  }
}

/** What a hunt that crashed has left. */
function takeAway(folder: string): void {
  for (const { name } of Deno.readDirSync(folder)) {
    if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) remove(folder + name);
  }
}

/** Windows does not take the name of an open file: it is left, or not ours. */
function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    const isHeld = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied ||
      Deno.build.os === "windows";
    if (!isHeld) throw error;
  }
}

/** Of a store that is a file; null of one in memory or on a server. */
function folderOf(location: string): string | null {
  if (location === ":memory:" || /^[a-z][a-z0-9+.-]+:\/\//i.test(location)) {
    return null;
  }
  return location.replace(/[^\\/]*$/, "") || "./";
}

/**
 * Half of RAM, at most 3 GiB. V8 takes a quarter of RAM for its heap, and
 * tells without a permission.
 */
function defaultMemory(): number {
  return Math.min(3 * GIB, 2 * v8.getHeapStatistics().heap_size_limit);
}
