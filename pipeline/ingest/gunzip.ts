import type { Transform } from "node:stream";
import type { Zlib } from "node:zlib";
import type { Decompressor } from "./decompressor.ts";
import { zlib } from "./zlib.ts";

/** Bytes of one decompressed piece. */
export const PIECE_BYTES = 1 << 18;

/** A stream of node:zlib, given and asked piece by piece. */
export class ZlibDecompressor implements Decompressor {
  readonly #stream: Transform & Zlib;
  #out: Uint8Array[] = [];
  #wake = () => {};
  #failure?: Error;
  #ended = false;

  constructor(stream: Transform & Zlib) {
    this.#stream = stream;
    this.#stream.on("data", (bytes: Uint8Array) => this.#out.push(bytes));
    this.#stream.on("error", (error: Error) => {
      this.#failure = error;
      this.#wake();
    });
    this.#stream.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** In pieces of up to 256 KiB. */
  async add(bytes: Uint8Array): Promise<Uint8Array[]> {
    if (bytes.length > 0 && !this.#failure && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#stream.write(bytes, () => resolve());
      });
    }
    return this.#take();
  }

  async finish(): Promise<Uint8Array[]> {
    if (!this.#failure && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#stream.end();
      });
    }
    return this.#take();
  }

  get consumed(): number {
    return this.#stream.bytesWritten;
  }

  close(): void {
    this.#stream.destroy();
  }

  #take(): Uint8Array[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}

/**
 * Decompresses gzip data, members one after the other as `cat a.gz b.gz` makes
 * them (DecompressionStream takes the first only). What was decoded of the
 * piece before damage in it is kept by zlib to itself.
 */
export class Gunzip extends ZlibDecompressor {
  constructor() {
    super(zlib().createGunzip({ chunkSize: PIECE_BYTES }));
  }
}
