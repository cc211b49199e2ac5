import { CompressedInput } from "./compressed_input.ts";
import { type Decompressor, MOST_TEXT_BYTES } from "./decompressor.ts";
import { PIECE_BYTES, ZlibDecompressor } from "./gunzip.ts";
import { zlib } from "./zlib.ts";

const FRAME = 0xfd2fb528;
/** Sixteen magic numbers of frames that hold no data. */
const SKIPPABLE = 0x184d2a50;
const ID_BYTES = [0, 1, 2, 4], SIZE_BYTES = [0, 2, 4, 8];

/**
 * Decompresses zstd frames one after the other (RFC 8878). node:zlib takes the
 * first only and does not say when one ends early, so its blocks are found
 * here, which are then handed over singly: those before damage are kept.
 */
export class UnzstdFrames implements Decompressor {
  readonly #input = new CompressedInput();
  readonly #out: Uint8Array[] = [];
  readonly #frames = this.#walk();
  #frame?: ZlibDecompressor;
  /** Bytes of `out`. */
  #held = 0;
  #failure?: Error;
  #ended = false;

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
    return this.#run();
  }

  finish(): Promise<Uint8Array[]> {
    this.#input.close();
    return this.#run();
  }

  close(): void {
    this.#frame?.close();
  }

  async #run(): Promise<Uint8Array[]> {
    try {
      while (!this.#failure && !this.#ended && this.#held < MOST_TEXT_BYTES) {
        const { value, done } = this.#frames.next();
        if (done) this.#ended = true;
        else if (value === undefined) break;
        else await this.#decode(value);
      }
    } catch (error) {
      this.#failure = error as Error;
    }
    this.#held = 0;
    return this.#out.splice(0);
  }

  async #decode({ bytes, last }: FramePart): Promise<void> {
    this.#frame ??= new ZlibDecompressor(
      zlib().createZstdDecompress({ chunkSize: PIECE_BYTES }),
    );
    // zlib may still hold a piece when the next comes.
    this.#keep(await this.#frame.add(bytes.slice()));
    if (last) this.#keep(await this.#frame.finish());
    if (this.#frame.failure) throw this.#frame.failure;
    if (!last) return;
    this.#frame.close();
    this.#frame = undefined;
  }

  #keep(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.#out.push(piece);
      this.#held += piece.length;
    }
  }

  /** The parts of all frames, as they come. */
  *#walk(): Generator<FramePart | undefined, void> {
    const input = this.#input;
    for (;;) {
      yield* input.upTo(5);
      if (input.available === 0) return;
      const magic = input.available < 4 ? 0 : uint32(input.bytes);
      if (magic >>> 4 === SKIPPABLE >>> 4) yield* this.#skip();
      else if (magic !== FRAME) return;
      else yield* this.#blocks();
    }
  }

  *#skip(): Generator<undefined, void> {
    const input = this.#input;
    yield* input.need(8);
    for (let left = uint32(input.take(8).subarray(4)); left > 0;) {
      yield* input.need(1);
      left -= input.take(Math.min(left, input.available)).length;
    }
  }

  *#blocks(): Generator<FramePart | undefined, void> {
    const input = this.#input;
    yield* input.need(5);
    const flags = input.bytes[4], single = flags >> 5 & 1;
    const sized = flags >> 6 === 0 ? single : SIZE_BYTES[flags >> 6];
    const head = 5 + (1 - single) + ID_BYTES[flags & 3] + sized;
    yield* input.need(head);
    yield { bytes: input.take(head), last: false };
    for (;;) {
      yield* input.need(3);
      const [a, b, c] = input.bytes, block = a | b << 8 | c << 16;
      const last = (block & 1) === 1, isRun = (block >> 1 & 3) === 1;
      const checksum = last && (flags & 4) !== 0 ? 4 : 0;
      const size = 3 + (isRun ? 1 : block >> 3) + checksum;
      if (size > MOST_BLOCK_BYTES) throw new Error("a block is too long");
      yield* input.need(size);
      yield { bytes: input.take(size), last };
      if (last) return;
    }
  }
}

/** By the format no block is longer than 128 KiB. */
const MOST_BLOCK_BYTES = (1 << 17) + 7;

interface FramePart {
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

function uint32(bytes: Uint8Array): number {
  return (bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24) >>> 0;
}
