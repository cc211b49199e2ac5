import { messageOf, SkerryError } from "../errors.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { newDecompressor, unpacked } from "./decompressor.ts";
import { type LogFile, placeOf, STDIN } from "./log_file.ts";
import { openStdin, type Source } from "./stdin.ts";

const LF = 10;
/** Bytes of a file read at once. */
const READ_BYTES = 1 << 18;

type Packed = Exclude<LogFile["compression"], "none">;

/** Gives the memory that the next bytes are read to. */
type Room = () => Uint8Array;

export interface BytesOptions extends RunOptions {
  /**
   * Only the lines that begin in [from, to) of the decompressed log, which may
   * both be anywhere in a line.
   */
  readonly from?: number;
  readonly to?: number;
  /** Where bytes that need no decompression are read to. */
  readonly room?: Room;
}

/** Bytes of a compressed file decompressed at once: text is 5 to 20 times more. */
const PACKED_BYTES = 1 << 15;
/** Bytes that are collected where single bytes are decompressed. */
const CRUMBS_BYTES = 1 << 14;

/**
 * The bytes of a log, decompressed, chunk by chunk. After the last one
 * `problem` says what is wrong with the compressed data, if anything.
 */
export class LogBytes {
  readonly #log: LogFile;
  readonly #options: BytesOptions;
  readonly #pacer: Pacer;
  #done = 0;
  #problem?: string;
  #cut = false;
  #began: number;

  constructor(log: LogFile, options: BytesOptions) {
    this.#log = log;
    this.#options = options;
    this.#pacer = new Pacer(options.signal);
    this.#began = options.from ?? 0;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  /** Where the first line begins, known once there is a chunk. */
  get began(): number {
    return this.#began;
  }

  /** Whether data are missing after the last chunk: its last line is cut. */
  get cut(): boolean {
    return this.#cut;
  }

  /**
   * Valid until the next is asked for.
   *
   * @throws SkerryError when the file cannot be read, or ends before `from`.
   */
  async *chunks(): AsyncGenerator<Uint8Array> {
    this.#options.signal?.throwIfAborted();
    if (this.#log.path === STDIN) return yield* this.#stdin();
    using file = await this.#reading(() => Deno.openSync(placeOf(this.#log)));
    const pieces = this.#log.compression === "none"
      ? this.#plain(file)
      : this.#after(this.#decompressed(file, this.#log.compression));
    yield* this.#paced(this.#lines(pieces));
  }

  /** Standard input cannot be read again: of damage its beginning is kept. */
  async *#stdin(): AsyncGenerator<Uint8Array> {
    const { room } = this.#options, own = new Uint8Array(READ_BYTES);
    const { compression } = this.#log;
    if (compression === "none") {
      yield* this.#paced(this.#raw(openStdin(), room ?? (() => own)));
      return;
    }
    const packed = newDecompressor(compression);
    try {
      for await (const piece of this.#compressed(openStdin())) {
        yield* unpacked(packed, piece);
        if (packed.failure || packed.ended) break;
      }
      yield* unpacked(packed, "end");
      if (packed.failure) this.#fail(packed.failure, packed.consumed);
    } finally {
      packed.close();
    }
  }

  async *#paced(
    pieces: AsyncGenerator<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of pieces) {
      yield chunk;
      this.#options.signal?.throwIfAborted();
      if (this.#pacer.due) await this.#pacer.rest();
    }
  }

  async *#plain(file: Deno.FsFile): AsyncGenerator<Uint8Array> {
    const { from = 0, room } = this.#options, skip = this.#skip;
    if (skip > 0) {
      const { size } = await this.#reading(() => file.statSync());
      if (from > size) throw this.#tooShort(size, from);
      await this.#reading(() => file.seekSync(skip, Deno.SeekMode.Start));
    }
    const own = new Uint8Array(room ? 0 : READ_BYTES);
    yield* this.#raw(file, room ?? (() => own), skip);
  }

  /** Bytes before the one that tells whether a line begins at `from`. */
  get #skip(): number {
    return Math.max(0, (this.#options.from ?? 0) - 1);
  }

  /** Of what begins at `skip`, the lines that begin in [from, to). */
  async *#lines(
    pieces: AsyncGenerator<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    const { from = 0, to = Infinity } = this.#options;
    let at = this.#skip, begun = from === 0;
    for await (let piece of pieces) {
      const end = at + piece.length;
      if (!begun) {
        const lf = piece.indexOf(LF);
        if (lf < 0 && end < to) {
          at = end;
          continue;
        }
        if (lf < 0 || at + lf >= to - 1) return;
        begun = true;
        piece = piece.subarray(lf + 1);
        at += lf + 1;
        this.#began = at;
      }
      const lf = end < to ? -1 : piece.indexOf(LF, Math.max(0, to - 1 - at));
      at = end;
      if (lf < 0) yield piece;
      else return yield piece.subarray(0, lf + 1);
    }
  }

  /** What comes after the bytes to pass over. */
  async *#after(
    pieces: AsyncGenerator<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    const skip = this.#skip;
    let before = 0, after = 0;
    for await (const piece of pieces) {
      const fresh = piece.subarray(Math.min(skip - before, piece.length));
      before += piece.length - fresh.length;
      after += fresh.length;
      if (fresh.length > 0) yield fresh;
    }
    const { from = 0 } = this.#options;
    if (before + after < from) throw this.#tooShort(before + after, from);
  }

  #tooShort(size: number, from: number): SkerryError {
    return new SkerryError(
      `Cannot read ${this.#log.path} from byte ${from}: it ends at byte ${size}`,
    );
  }

  /**
   * The file's bytes as they are. Reading at once costs less than a promise
   * for it, and 256 KiB keep nobody waiting.
   */
  async *#raw(
    file: Pick<Source, "readSync">,
    room: Room,
    done = 0,
  ): AsyncGenerator<Uint8Array> {
    for (;;) {
      const buffer = room();
      const n = await this.#reading(() => file.readSync(buffer));
      if (n === null) return;
      yield buffer.subarray(0, n);
      done += n;
      this.#report(done);
    }
  }

  #compressed(file: Pick<Source, "readSync">): AsyncGenerator<Uint8Array> {
    // Each piece anew: zlib may still hold the last one.
    return this.#raw(file, () => new Uint8Array(PACKED_BYTES));
  }

  /** Progress never goes back, also where a part is read again. */
  #report(done: number): void {
    this.#done = Math.max(this.#done, done);
    this.#options.onProgress?.({
      stage: "reading",
      done: this.#done,
      total: this.#log.size > 0
        ? Math.max(this.#done, this.#log.size)
        : undefined,
      unit: "bytes",
    });
  }

  async *#decompressed(
    file: Deno.FsFile,
    compression: Packed,
  ): AsyncGenerator<Uint8Array> {
    const packed = newDecompressor(compression);
    let at = 0, given = 0;
    try {
      for await (const piece of this.#compressed(file)) {
        for await (const chunk of unpacked(packed, piece)) {
          given += chunk.length;
          yield chunk;
        }
        if (packed.failure && compression === "gzip") {
          return yield* this.#salvage(file, at, given);
        }
        if (packed.failure) return this.#fail(packed.failure, packed.consumed);
        at += piece.length;
        if (packed.ended) break;
      }
      yield* unpacked(packed, "end");
      if (packed.failure) this.#fail(packed.failure, at);
      else await this.#checkTail(file, packed.consumed);
    } finally {
      packed.close();
    }
  }

  /**
   * zlib keeps to itself what it decoded of the piece in which it met damage.
   * So decompress anew, the piece at `at` byte by byte, and hand out what lies
   * beyond the `given` bytes: twice the work, for damaged files only.
   */
  async *#salvage(
    file: Deno.FsFile,
    at: number,
    given: number,
  ): AsyncGenerator<Uint8Array> {
    await this.#reading(() => file.seekSync(0, Deno.SeekMode.Start));
    const gunzip = newDecompressor("gzip");
    let known = given, held = new Uint8Array(0);
    try {
      for await (const [piece, end] of this.#slowly(file, at)) {
        for (const chunk of await gunzip.add(piece)) {
          const fresh = chunk.subarray(Math.min(known, chunk.length));
          known -= chunk.length - fresh.length;
          held = concat(held, fresh);
        }
        // Not crumb by crumb: each would copy what is there of a long line.
        if (held.length >= CRUMBS_BYTES || gunzip.failure) {
          yield held;
          held = new Uint8Array(0);
        }
        if (gunzip.failure) return this.#fail(gunzip.failure, end);
      }
      yield held;
    } finally {
      gunzip.close();
    }
  }

  /** Pieces of the file and where each ends: single bytes from `at` on. */
  async *#slowly(
    file: Deno.FsFile,
    at: number,
  ): AsyncGenerator<[piece: Uint8Array, end: number]> {
    let end = 0;
    for await (const piece of this.#compressed(file)) {
      const step = end + piece.length <= at ? piece.length : 1;
      for (let i = 0; i < piece.length; i += step) {
        yield [piece.subarray(i, i + step), end + i + step];
        if (this.#pacer.due) await this.#pacer.rest();
      }
      end += piece.length;
    }
  }

  #fail({ message }: Error, at: number): void {
    const place = `at byte ${at} of ${this.#log.size}`;
    if (/header check/.test(message)) this.#tail(at);
    else if (/data check|length check|checksum/.test(message)) {
      this.#problem =
        `the checksum ${place} does not match, so that any row may be wrong`;
    } else {
      this.#cut = true;
      this.#problem = /unexpected end/.test(message)
        ? `the compressed data ends early: the file stops at byte ${at}`
        : `the compressed data is damaged ${place} (${message})`;
    }
  }

  /** Zeros after the data are padding, as tapes have it; others are told of. */
  async #checkTail(file: Deno.FsFile, at: number): Promise<void> {
    await this.#reading(() => file.seekSync(at, Deno.SeekMode.Start));
    for await (
      const piece of this.#raw(file, () => new Uint8Array(READ_BYTES))
    ) {
      if (piece.some((b) => b !== 0)) return this.#tail(at);
      if (this.#pacer.due) await this.#pacer.rest();
    }
  }

  #tail(at: number): void {
    this.#problem =
      `after the compressed data, at byte ${at} of ${this.#log.size}, come other bytes`;
  }

  async #reading<T>(read: () => T | Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw new SkerryError(
        `Cannot read ${this.#log.path}: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }
}

/** The bytes of both. */
export function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
