/** As zlib says it, so that all formats tell of an early end alike. */
export const EARLY_END = "unexpected end of file";

/** Compressed bytes that came and were not decoded yet. */
export class CompressedInput {
  #buffer = new Uint8Array(1 << 16);
  #at = 0;
  #end = 0;
  #passed = 0;
  #closed = false;

  add(bytes: Uint8Array): void {
    const length = this.available + bytes.length;
    if (this.#end + bytes.length > this.#buffer.length) {
      // What is held moves once for as many bytes again.
      const wide = length * 2 > this.#buffer.length
        ? new Uint8Array(length * 2)
        : this.#buffer;
      wide.set(this.#buffer.subarray(this.#at, this.#end));
      this.#buffer = wide;
      this.#end -= this.#at;
      this.#at = 0;
    }
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** No more bytes come. */
  close(): void {
    this.#closed = true;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get available(): number {
    return this.#end - this.#at;
  }

  /** Bytes that were taken. */
  get passed(): number {
    return this.#passed;
  }

  /** What is there; valid until more is added. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#at, this.#end);
  }

  /** The next n bytes, which are there; valid until more is added. */
  take(n: number): Uint8Array {
    const taken = this.#buffer.subarray(this.#at, this.#at + n);
    this.#at += n;
    this.#passed += n;
    return taken;
  }

  /**
   * Waits for n bytes.
   *
   * @throws Error when the data end before.
   */
  *need(n: number): Generator<undefined, void> {
    while (this.available < n) {
      if (this.#closed) throw new Error(EARLY_END);
      yield;
    }
  }

  /** Waits for n bytes or the end of the data. */
  *upTo(n: number): Generator<undefined, void> {
    while (this.available < n && !this.#closed) yield;
  }
}
