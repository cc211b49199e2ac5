import { type Parsers, SPARE_BYTES, STOPS } from "../parser_kernels.ts";

/** Takes the lines that a {@link BlockScanner} finds. */
export interface LineSink {
  /**
   * A line at [from, to) of `bytes`, without its end ("\n" or "\r\n").
   *
   * @param line number, from 1.
   */
  onLine(bytes: Uint8Array, from: number, to: number, line: number): void;
  /** A line above {@link MAX_LINE_BYTES}; `head` is the start of it. */
  onLongLine(head: Uint8Array, line: number): void;
  /** What reads many lines at once, as the lines so far have it; may change. */
  readonly bulk?: BulkReader | null;
}

/** Reads lines of the parsers' text where they lie. */
export interface BulkReader {
  /** Byte between cells, to be indexed with the ends of lines. */
  readonly separator: number;
  /** Cells that lines are likely to have, which saves a list of lines; or 0. */
  readonly width: number;
  /**
   * Reads from line `line` of the indexed text, which begins at `start`, until
   * one of {@link STOPS}; `nextLine` and `nextStart` tell where.
   *
   * @param number that of the line in its log.
   */
  read(line: number, start: number, number: number): number;
}

/** Longer lines are skipped: no Zeek record is, and memory is finite. */
export const MAX_LINE_BYTES = 1 << 20;

/** Bytes of a log read at once. */
export const CHUNK_BYTES = 1 << 18;

const LF = 10, CR = 13;
const BOM = [0xef, 0xbb, 0xbf];
/** Kernels read whole words, also before the first number. */
const BEFORE = 64;
const CAPACITY = MAX_LINE_BYTES + CHUNK_BYTES;

/**
 * Cuts a log into lines within the memory of the parsers: `add` each chunk,
 * then `finish`. What can be read in bulk is, and the rest goes to the sink.
 *
 *     │ before │ line │ line │ … │ beginning of a line │   room   │ spare │
 *              ↑ text                                  ↑ filled
 */
export class BlockScanner {
  readonly #parsers: Parsers;
  readonly #sink: LineSink;
  readonly #text: number;
  /** Length of the text. */
  #filled = 0;
  /** Bytes of the text up to here hold no end of a line. */
  #line: number;
  /** Within a line already reported as too long. */
  #skipping = false;
  #started = false;
  #consumed = 0;

  /**
   * @param line number of the first line.
   * @param midway whether it is not the first of the log, which a byte order
   * mark may precede.
   */
  constructor(parsers: Parsers, sink: LineSink, line = 1, midway = false) {
    this.#parsers = parsers;
    this.#sink = sink;
    this.#text = parsers.alloc(BEFORE + CAPACITY + SPARE_BYTES) + BEFORE;
    parsers.run.reserveIndex(CAPACITY);
    this.#started = midway;
    this.#line = line;
  }

  /** Bytes up to the end of the last whole line. */
  get consumed(): number {
    return this.#consumed;
  }

  /** Number of the line that begins there. */
  get line(): number {
    return this.#line;
  }

  /** Where the next chunk can be read to without a copy. */
  room(): Uint8Array<ArrayBuffer> {
    const size = Math.min(CHUNK_BYTES, CAPACITY - this.#filled);
    return this.#parsers.u8(this.#text + this.#filled, size);
  }

  /** @param chunk what was read into the room, or any other bytes. */
  add(chunk: Uint8Array): void {
    const { byteLength } = chunk, room = this.room();
    const inPlace = chunk.buffer === room.buffer &&
      chunk.byteOffset === room.byteOffset;
    for (let at = 0; at < byteLength;) {
      const size = Math.min(byteLength - at, this.room().length);
      if (!inPlace) this.room().set(chunk.subarray(at, at + size));
      this.#filled += size;
      at += size;
      // The first bytes may come in pieces of less than a BOM.
      if (this.#started || this.#filled >= BOM.length) this.#cut();
    }
  }

  /** @param whole false where the last line was cut and must be dropped. */
  finish(whole = true): void {
    if (!this.#started) this.#cut();
    const rest = this.#bytes(0, this.#filled);
    this.#filled = 0;
    if (!whole || rest.length === 0) return;
    this.#emit(rest, this.#line);
  }

  #cut(): void {
    const from = this.#started ? 0 : this.#passBom();
    this.#started = true;
    const rest = this.#readLines(from);
    this.#consumed += rest - from;
    this.#keepFrom(rest);
  }

  #passBom(): number {
    const head = this.#bytes(0, Math.min(BOM.length, this.#filled));
    if (!BOM.every((b, i) => head[i] === b)) return 0;
    this.#consumed += BOM.length;
    return BOM.length;
  }

  /** Reads all whole lines of the text; where the first other one begins. */
  #readLines(from: number): number {
    const { run } = this.#parsers, end = this.#text + this.#filled;
    let line = 0, start = this.#text + from, indexed = -1;
    if (this.#skipping) start = this.#passLine(start);
    for (;;) {
      const bulk = this.#sink.bulk, separator = bulk?.separator ?? LF;
      if (separator !== indexed) {
        run.indexText(start, end, separator, bulk?.width ?? 1);
        indexed = separator;
        line = 0;
      }
      if (line >= run.countOfLines()) break;
      if (bulk) {
        const stop = bulk.read(line, start, this.#line);
        this.#line += run.nextLine.value - line;
        line = run.nextLine.value;
        start = run.nextStart.value >>> 0;
        if (stop !== STOPS.forHost) continue;
      }
      const lf = run.endOfLine(line++) >>> 0;
      this.#emit(
        this.#bytes(start - this.#text, lf - this.#text),
        this.#line++,
      );
      start = lf + 1;
    }
    return start - this.#text;
  }

  /** Where the line ends whose beginning was too long. */
  #passLine(start: number): number {
    const view = this.#parsers.u8(start, this.#text + this.#filled - start);
    const lf = view.indexOf(LF);
    if (lf < 0) return start;
    this.#skipping = false;
    this.#line++;
    return start + lf + 1;
  }

  #emit(bytes: Uint8Array, line: number): void {
    const { length } = bytes;
    const to = bytes[length - 1] === CR ? length - 1 : length;
    if (to > MAX_LINE_BYTES) this.#sink.onLongLine(bytes.slice(0, 200), line);
    else this.#sink.onLine(bytes, 0, to, line);
  }

  #keepFrom(rest: number): void {
    const text = this.#parsers.u8(this.#text, this.#filled);
    const length = this.#filled - rest;
    if (this.#skipping || length > MAX_LINE_BYTES) {
      if (!this.#skipping) {
        this.#sink.onLongLine(text.slice(rest, rest + 200), this.#line);
      }
      this.#skipping = true;
      this.#consumed += length;
      this.#filled = 0;
      return;
    }
    text.copyWithin(0, rest);
    this.#filled = length;
  }

  /** A copy: memory may grow, and views with it be lost, while it is read. */
  #bytes(from: number, to: number): Uint8Array {
    return this.#parsers.u8(this.#text + from, to - from).slice();
  }
}
