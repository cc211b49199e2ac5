import type { Hash } from "node:crypto";
import defer * as nodeCrypto from "node:crypto";
import { messageOf, SkerryError } from "../errors.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { LogBytes } from "./log_bytes.ts";
import type { LogFile } from "./log_file.ts";

/** What tells a content again, also when more has come behind it. */
export interface Fingerprint {
  /** sha256 of all bytes, hex. */
  readonly hash: string;
  readonly size: number;
  /** Of the bytes up to the last line end. */
  readonly lines: { readonly hash: string; readonly end: number };
  /** sha256 of the first n bytes, for each n asked for that there is. */
  readonly prefixes: ReadonlyMap<number, string>;
}

const LF = 10;

/**
 * The fingerprint of a file as it lies on disk.
 *
 * @param ends lengths of prefixes that are asked for.
 * @throws SkerryError when it cannot be read; the signal's reason.
 */
export async function fileFingerprint(
  path: string,
  ends: readonly number[] = [],
  options: RunOptions = {},
): Promise<Fingerprint> {
  const pacer = new Pacer(options.signal);
  const hasher = new Hasher(ends);
  const buffer = new Uint8Array(1 << 18);
  try {
    using file = await Deno.open(path);
    for (;;) {
      const n = await file.read(buffer);
      if (n === null) break;
      hasher.add(buffer.subarray(0, n));
      if (pacer.due) await pacer.rest();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new SkerryError(`Cannot read ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return hasher.finish();
}

/** As {@link fileFingerprint}, of what a compressed log holds. */
export async function contentFingerprint(
  log: LogFile,
  ends: readonly number[],
  options: RunOptions = {},
): Promise<Fingerprint> {
  const hasher = new Hasher(ends);
  const bytes = new LogBytes(log, { signal: options.signal });
  for await (const chunk of bytes.chunks()) hasher.add(chunk);
  return hasher.finish();
}

/** Line ends in the first `end` bytes of a log's content. */
export async function linesBefore(
  log: LogFile,
  end: number,
  options: RunOptions = {},
): Promise<number> {
  const bytes = new LogBytes(log, { signal: options.signal });
  let lines = 0, left = end;
  for await (const chunk of bytes.chunks()) {
    const part = chunk.subarray(0, left);
    for (let at = part.indexOf(LF); at >= 0; at = part.indexOf(LF, at + 1)) {
      lines++;
    }
    left -= part.length;
    if (left === 0) break;
  }
  return lines;
}

/** Makes a fingerprint of bytes that come in order: `add`, then `finish`. */
export class Hasher {
  readonly #hash = nodeCrypto.createHash("sha256");
  readonly #ends: number[];
  readonly #prefixes = new Map<number, string>();
  #size = 0;
  #lines: Hash = nodeCrypto.createHash("sha256");
  #linesEnd = 0;

  constructor(ends: readonly number[] = []) {
    this.#ends = [...new Set(ends)].filter((end) => end > 0)
      .sort((a, b) => a - b);
  }

  add(bytes: Uint8Array): void {
    let at = 0;
    while (this.#ends[0] <= this.#size + bytes.length - at) {
      const end = this.#ends.shift()!;
      const next = at + end - this.#size;
      this.#addLines(bytes.subarray(at, next));
      this.#prefixes.set(end, this.#hash.copy().digest("hex"));
      at = next;
    }
    this.#addLines(bytes.subarray(at));
  }

  finish(): Fingerprint {
    return {
      hash: this.#hash.digest("hex"),
      size: this.#size,
      lines: { hash: this.#lines.digest("hex"), end: this.#linesEnd },
      prefixes: this.#prefixes,
    };
  }

  /** Remembers the state behind the last line end. */
  #addLines(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(LF) + 1;
    if (end > 0) {
      this.#hash.update(bytes.subarray(0, end));
      this.#lines = this.#hash.copy();
      this.#linesEnd = this.#size + end;
    }
    this.#hash.update(bytes.subarray(end));
    this.#size += bytes.length;
  }
}
