/** Takes the lines that a {@link LineScanner} finds. */
export interface LineSink {
  /**
   * A line at [from, to) of `bytes`, without its end ("\n" or "\r\n"). The
   * bytes are valid during the call only.
   *
   * @param line number, from 1.
   */
  onLine(bytes: Uint8Array, from: number, to: number, line: number): void;
  /** A line above {@link MAX_LINE_BYTES}; `head` is the start of it. */
  onLongLine(head: Uint8Array, line: number): void;
}

/** Longer lines are skipped: no Zeek record is, and memory is finite. */
export const MAX_LINE_BYTES = 1 << 20;

const LF = 10, CR = 13;
const BOM = [0xef, 0xbb, 0xbf];

/** Cuts chunks of bytes into lines: `add` each chunk, then `finish`. */
export class LineScanner {
  readonly #sink: LineSink;
  #line = 1;
  #rest: Uint8Array = new Uint8Array(0);
  /** Within a line already reported as too long. */
  #skipping = false;
  #started = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  add(chunk: Uint8Array): void {
    const bytes = this.#rest.length > 0 ? concat(this.#rest, chunk) : chunk;
    // The first bytes may come in pieces of less than a BOM.
    if (!this.#started && bytes.length < BOM.length) this.#keepRest(bytes);
    else this.#cut(bytes);
  }

  #cut(bytes: Uint8Array): void {
    let from = !this.#started && BOM.every((b, i) => bytes[i] === b) ? 3 : 0;
    this.#started = true;
    for (;;) {
      const end = bytes.indexOf(LF, from);
      if (end < 0) break;
      this.#emit(bytes, from, end);
      from = end + 1;
    }
    this.#keepRest(bytes.subarray(from));
  }

  /** @param whole false where the last line was cut and must be dropped. */
  finish(whole = true): void {
    if (!this.#started) this.#cut(this.#rest);
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    if (whole && rest.length > 0) this.#emit(rest, 0, rest.length);
  }

  #emit(bytes: Uint8Array, from: number, end: number): void {
    const line = this.#line++;
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    const to = end > from && bytes[end - 1] === CR ? end - 1 : end;
    if (to - from > MAX_LINE_BYTES) this.#tooLong(bytes.subarray(from), line);
    else this.#sink.onLine(bytes, from, to, line);
  }

  #keepRest(rest: Uint8Array): void {
    if (!this.#skipping && rest.length > MAX_LINE_BYTES) {
      this.#tooLong(rest, this.#line);
      this.#skipping = true;
    }
    this.#rest = this.#skipping ? new Uint8Array(0) : rest.slice();
  }

  #tooLong(bytes: Uint8Array, line: number): void {
    this.#sink.onLongLine(bytes.subarray(0, 200), line);
  }
}

/** The bytes of both. */
export function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
