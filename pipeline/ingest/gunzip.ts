import type { Gunzip as Stream } from "node:zlib";
import { zlib } from "./zlib.ts";

/** Bytes of one decompressed piece. */
const PIECE_BYTES = 1 << 18;

/**
 * Decompresses gzip data given piece by piece, members one after the other as
 * `cat a.gz b.gz` makes them (DecompressionStream takes the first only). What
 * was decoded before damage is handed out all the same.
 */
export class Gunzip {
  readonly #stream: Stream = zlib().createGunzip({ chunkSize: PIECE_BYTES });
  #out: Uint8Array[] = [];
  #wake = () => {};
  #failure?: Error;
  #ended = false;

  constructor() {
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

  /** Why decompression stopped; undefined while all is well. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** The data are over; what follows them is not compressed data. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What these bytes decompress to, in pieces of up to 256 KiB. */
  async add(bytes: Uint8Array): Promise<Uint8Array[]> {
    if (!this.#failure && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#stream.write(bytes, () => resolve());
      });
    }
    return this.#take();
  }

  /** The last pieces; `failure` says whether the data ended early. */
  async finish(): Promise<Uint8Array[]> {
    if (!this.#failure && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#stream.end();
      });
    }
    return this.#take();
  }

  /** Compressed bytes that were decoded, exact once `ended`. */
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
