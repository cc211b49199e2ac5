import defer * as bzip2 from "./bunzip2.ts";
import { CompressedInput } from "./compressed_input.ts";
import defer * as zstd from "./unzstd.ts";
import defer * as xz from "./unxz.ts";
import defer * as gzip from "./gunzip.ts";

/** How a file's bytes are packed, by its first bytes. */
export type Compression = "none" | "gzip" | "zstd" | "bzip2" | "xz";

/**
 * Takes compressed bytes bit by bit: `add` in order, then `finish`. A few bytes
 * may stand for gigabytes: more is given where nothing is added, until nothing
 * comes; {@link unpacked} asks so.
 */
export interface Decompressor {
  /** Why decompression stopped; undefined while all is well. */
  readonly failure: Error | undefined;
  /** The data are over; what follows them is not compressed data. */
  readonly ended: boolean;
  /** Compressed bytes that were decoded, exact once `ended` or failed. */
  readonly consumed: number;
  /** What these bytes decompress to, in pieces. */
  add(bytes: Uint8Array): Promise<Uint8Array[]>;
  /** The last pieces; `failure` says whether the data ended early. */
  finish(): Promise<Uint8Array[]>;
  close(): void;
}

export function newDecompressor(
  compression: Exclude<Compression, "none">,
): Decompressor {
  switch (compression) {
    case "gzip":
      return new gzip.Gunzip();
    case "zstd":
      return new zstd.UnzstdFrames();
    case "bzip2":
      return new BlockDecompressor(bzip2.bunzip2);
    case "xz":
      return new BlockDecompressor(xz.unxz);
  }
}

/** Bytes of text that are given at once, and a block more. */
export const MOST_TEXT_BYTES = 1 << 22;

const NOTHING = new Uint8Array(0);

/** All that these bytes decompress to; behind the last, "end" stands. */
export async function* unpacked(
  packed: Decompressor,
  bytes: Uint8Array | "end",
): AsyncGenerator<Uint8Array> {
  let pieces = await (bytes === "end" ? packed.finish() : packed.add(bytes));
  while (pieces.length > 0) {
    yield* pieces;
    pieces = await packed.add(NOTHING);
  }
}

/**
 * Decodes what is there of its input: gives a piece, or undefined where it
 * needs more bytes; returns where what follows is no such data.
 *
 * @throws Error for damage, of which all before it was given.
 */
export type BlockDecoder = (
  input: CompressedInput,
) => Generator<Uint8Array | undefined, void>;

/** Formats of blocks that are decoded whole, without waiting amid one. */
class BlockDecompressor implements Decompressor {
  readonly #input = new CompressedInput();
  readonly #pieces: ReturnType<BlockDecoder>;
  #failure?: Error;
  #ended = false;

  constructor(decoder: BlockDecoder) {
    this.#pieces = decoder(this.#input);
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get consumed(): number {
    return this.#input.passed;
  }

  add(bytes: Uint8Array): Promise<Uint8Array[]> {
    this.#input.add(bytes);
    return Promise.resolve(this.#run());
  }

  finish(): Promise<Uint8Array[]> {
    this.#input.close();
    return Promise.resolve(this.#run());
  }

  close(): void {
    this.#pieces.return();
  }

  #run(): Uint8Array[] {
    const out: Uint8Array[] = [];
    if (this.#failure || this.#ended) return out;
    try {
      for (let length = 0; length < MOST_TEXT_BYTES;) {
        const { value, done } = this.#pieces.next();
        if (done) this.#ended = true;
        if (!value) return out;
        out.push(value);
        length += value.length;
      }
      return out;
    } catch (error) {
      this.#failure = error as Error;
      return out;
    }
  }
}
