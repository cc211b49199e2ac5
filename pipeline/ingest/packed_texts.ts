import type { PackedTexts } from "../record_batch.ts";

/** Gives the memory that a batch is copied to: so many bytes, on 8 of them. */
export type BatchMemory = (bytes: number) => ArrayBufferLike;

/** Copies views one after the other into memory of their own. */
export class Copier {
  readonly buffer: ArrayBufferLike;
  #at = 0;

  constructor(memory: BatchMemory, bytes: number) {
    this.buffer = memory(bytes);
  }

  f64(values: Float64Array): Float64Array {
    const copy = new Float64Array(this.buffer, this.#at, values.length);
    return this.#put(copy, values);
  }

  u32(values: Uint32Array): Uint32Array {
    const copy = new Uint32Array(this.buffer, this.#at, values.length);
    return this.#put(copy, values);
  }

  i32(values: Int32Array): Int32Array {
    const copy = new Int32Array(this.buffer, this.#at, values.length);
    return this.#put(copy, values);
  }

  u8(values: Uint8Array): Uint8Array {
    const copy = new Uint8Array(this.buffer, this.#at, values.length);
    return this.#put(copy, values);
  }

  #put<T extends Float64Array | Uint32Array | Int32Array | Uint8Array>(
    copy: T,
    values: T,
  ): T {
    copy.set(values);
    this.#at += up(copy.byteLength);
    return copy;
  }
}

/** The next multiple of 8. */
export function up(bytes: number): number {
  return (bytes + 7) & ~7;
}

const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Texts with bad UTF-8 as U+FFFD, those that become equal under one code; null
 * where none is bad. A text that begins within a character is, also where the
 * one before it happens to end within one.
 */
export function repaired(
  { codes, bytes, ends }: PackedTexts,
): PackedTexts | null {
  const n = ends.length - 1;
  const broken = ends.some((at, i) =>
    i < n && at < ends[i + 1] && (bytes[at] & 0xc0) === 0x80
  );
  if (!broken && isValid(bytes)) return null;
  const codeOf = new Map<string, number>();
  const map = Uint32Array.from({ length: n + 1 }, (_, code) => {
    if (code === 0) return 0;
    const text = lenient.decode(bytes.subarray(ends[code - 1], ends[code]));
    if (!codeOf.has(text)) codeOf.set(text, codeOf.size + 1);
    return codeOf.get(text)!;
  });
  const texts = [...codeOf.keys()].map((text) => utf8.encode(text));
  const newEnds = new Int32Array(texts.length + 1);
  texts.forEach(({ length }, i) => newEnds[i + 1] = newEnds[i] + length);
  const newBytes = new Uint8Array(newEnds[texts.length]);
  texts.forEach((text, i) => newBytes.set(text, newEnds[i]));
  return { codes: codes.map((c) => map[c]), bytes: newBytes, ends: newEnds };
}

function isValid(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
