import type { PackedTexts } from "./record_batch.ts";

/** How the texts of one column are written. */
export interface CellWriter {
  /** Whether the bytes [from, to) stand for themselves. */
  readonly isPlain: (bytes: Uint8Array, from: number, to: number) => boolean;
  /** The cell of a text that is not plain, without `before` and `after`. */
  readonly cell: (text: string) => string;
  /** What stands around every cell. */
  readonly before: string;
  readonly after: string;
  /** What stands around plain ones besides, as quotes. */
  readonly quote: string;
  /** What is written for an unset field; null for nothing, not even around it. */
  readonly unset: string | null;
}

/** The cells of one column by code: cell `code` is [ends[code], ends[code + 1]). */
export interface Cells {
  readonly codes: Uint32Array;
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

const utf8 = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Writes each distinct text once: most come many times. */
export function cellsOf(
  { codes, bytes, ends }: PackedTexts,
  writer: CellWriter,
): Cells {
  const { isPlain, cell, before, after, quote, unset } = writer;
  const around = (text: string) => utf8.encode(before + text + after);
  const head = utf8.encode(before + quote), tail = utf8.encode(quote + after);
  const n = ends.length - 1;
  const out = new Bytes(bytes.length + (head.length + tail.length) * (n + 1));
  const outEnds = new Uint32Array(n + 2);
  if (unset !== null) out.add(around(unset));
  outEnds[1] = out.length;
  for (let code = 0; code < n; code++) {
    const from = ends[code], to = ends[code + 1];
    if (isPlain(bytes, from, to)) {
      out.add(head);
      out.addPart(bytes, from, to);
      out.add(tail);
    } else out.add(around(cell(decoder.decode(bytes.slice(from, to)))));
    outEnds[code + 2] = out.length;
  }
  return { codes, bytes: out.bytes, ends: outEnds };
}

/** Bytes that grow. */
class Bytes {
  bytes: Uint8Array;
  length = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  add(bytes: Uint8Array): void {
    this.addPart(bytes, 0, bytes.length);
  }

  addPart(bytes: Uint8Array, from: number, to: number): void {
    if (this.length + to - from > this.bytes.length) this.#grow(to - from);
    const out = this.bytes;
    // Most are a few bytes, for which a call would take longer.
    for (let i = from; i < to; i++) out[this.length++] = bytes[i];
  }

  #grow(more: number): void {
    const old = this.bytes;
    this.bytes = new Uint8Array((old.length + more) * 2);
    this.bytes.set(old);
  }
}

/** Bytes that are handed on at once. */
const PIECE = 1 << 17;

/**
 * The rows of a batch, cells one after the other.
 *
 * @param row what stands around a row and between two cells.
 */
export function* rowsOf(
  length: number,
  columns: readonly Cells[],
  row: {
    readonly open: string;
    readonly between: string;
    readonly close: string;
  },
): Generator<Uint8Array> {
  const [open, between, close] = [row.open, row.between, row.close]
    .map((text) => utf8.encode(text));
  const piece = new Uint8Array(PIECE);
  let at = 0;
  for (let i = 0; i < length; i++) {
    let size = open.length + close.length;
    for (const { codes, ends } of columns) {
      size += ends[codes[i] + 1] - ends[codes[i]] + between.length;
    }
    if (at + size > PIECE && at > 0) {
      yield piece.subarray(0, at);
      at = 0;
    }
    const out = size > PIECE ? new Uint8Array(size) : piece;
    at = write(out, at, open, 0, open.length);
    let first = true;
    for (const { codes, bytes, ends } of columns) {
      const from = ends[codes[i]], to = ends[codes[i] + 1];
      if (from === to) continue;
      if (!first) at = write(out, at, between, 0, between.length);
      first = false;
      at = write(out, at, bytes, from, to);
    }
    at = write(out, at, close, 0, close.length);
    if (out === piece) continue;
    yield out.subarray(0, at);
    at = 0;
  }
  if (at > 0) yield piece.subarray(0, at);
}

function write(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  for (let i = from; i < to; i++) out[at++] = bytes[i];
  return at;
}
