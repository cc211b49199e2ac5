import defer * as nodeCrypto from "node:crypto";
import type { CompressedInput } from "./compressed_input.ts";
import { Crc64 } from "./crc64.ts";
import { Lzma } from "./lzma.ts";
import { zlib } from "./zlib.ts";

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const LZMA2 = 0x21;
/** That of `xz -9`; more would have a log take more memory than a run may. */
const MOST_DICTIONARY = 1 << 26;
/** Bytes of the check behind a block, by its type. */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

const damaged = (what: string) => new Error(`invalid ${what}`);

/**
 * Decompresses xz data, streams one after the other, with LZMA2 as their only
 * filter, as `xz` writes them (The .xz File Format 1.2.1). The index, which
 * repeats the blocks' lengths, is passed over.
 */
export function* unxz(
  input: CompressedInput,
): Generator<Uint8Array | undefined, void> {
  for (let first = true;; first = false) {
    yield* input.upTo(12);
    // Streams may be padded by four zeros each.
    while (
      !first && input.available >= 4 && isZero(input.bytes.subarray(0, 4))
    ) {
      input.take(4);
      yield* input.upTo(12);
    }
    if (!MAGIC.every((byte, i) => input.bytes[i] === byte)) {
      if (!first) return;
      throw new Error("incorrect header");
    }
    yield* input.need(12);
    yield* stream(input);
  }
}

function* stream(
  input: CompressedInput,
): Generator<Uint8Array | undefined, void> {
  const head = input.take(12).slice();
  if (zlib().crc32(head.subarray(6, 8)) !== uint32(head, 8)) {
    throw damaged("xz header");
  }
  const checkType = head[7] & 15;
  for (;;) {
    yield* input.need(1);
    if (input.bytes[0] === 0) break;
    yield* block(input, checkType);
  }
  yield* index(input);
  yield* input.need(12);
  const foot = input.take(12);
  if (foot[10] !== 89 || foot[11] !== 90) throw damaged("xz footer");
}

function* block(
  input: CompressedInput,
  checkType: number,
): Generator<Uint8Array | undefined, void> {
  const size = (input.bytes[0] + 1) * 4;
  yield* input.need(size);
  const lzma = new Lzma(dictionaryOf(input.take(size)));
  const began = input.passed, check = newCheck(checkType);
  for (let fresh = true;; fresh = false) {
    const text = yield* chunk(input, lzma, fresh);
    if (!text) break;
    check?.update(text);
    yield text;
  }
  const padding = (4 - (input.passed - began) % 4) % 4;
  const length = CHECK_BYTES[checkType];
  yield* input.need(padding + length);
  input.take(padding);
  const found = input.take(length).toHex();
  if (check && check.digest() !== found) {
    throw new Error("incorrect data check");
  }
}

/** The dictionary's size by a block's header; all else there is optional. */
function dictionaryOf(head: Uint8Array): number {
  const end = head.length - 4;
  if (zlib().crc32(head.subarray(0, end)) !== uint32(head, end)) {
    throw damaged("block header");
  }
  const flags = head[1];
  let at = 2;
  for (const bit of [0x40, 0x80]) {
    if (flags & bit) { while (head[at++] & 0x80); }
  }
  if ((flags & 3) !== 0 || head[at] !== LZMA2) {
    throw new Error("it uses a filter other than LZMA2");
  }
  const bits = head[at + 2] & 63;
  const size = bits === 40 ? 2 ** 32 : (2 | bits & 1) * 2 ** ((bits >> 1) + 11);
  if (bits > 40) throw damaged("block header");
  if (size > MOST_DICTIONARY) {
    throw new Error(`its dictionary of ${size} bytes is larger than 64 MiB`);
  }
  return size;
}

/** An LZMA2 chunk's text; undefined for the mark behind the last. */
function* chunk(
  input: CompressedInput,
  lzma: Lzma,
  fresh: boolean,
): Generator<undefined, Uint8Array | undefined> {
  yield* input.need(1);
  const control = input.bytes[0];
  if (control === 0) {
    input.take(1);
    return undefined;
  }
  if (control < 0x80) {
    if (control > 2 || fresh && control !== 1) throw damaged("chunk");
    yield* input.need(3);
    const size = uint16(input.bytes, 1) + 1;
    yield* input.need(3 + size);
    if (control === 1) lzma.resetDictionary();
    return lzma.copy(input.take(3 + size).slice(3));
  }
  const reset = control >> 5 & 3, head = reset >= 2 ? 6 : 5;
  if (fresh && reset !== 3) throw damaged("chunk");
  yield* input.need(head);
  const size = ((control & 31) << 16) + uint16(input.bytes, 1) + 1;
  const packed = uint16(input.bytes, 3) + 1;
  yield* input.need(head + packed);
  const bytes = input.take(head + packed);
  if (reset === 3) lzma.resetDictionary();
  if (reset >= 2) lzma.setProperties(bytes[5]);
  if (reset >= 1) lzma.resetState();
  return lzma.decode(bytes.subarray(head), size);
}

/** Passes over the list of blocks and its padding and checksum. */
function* index(input: CompressedInput): Generator<undefined, void> {
  const began = input.passed;
  input.take(1);
  const records = yield* integer(input);
  for (let i = 0; i < records * 2; i++) yield* integer(input);
  const padding = (4 - (input.passed - began) % 4) % 4;
  yield* input.need(padding + 4);
  input.take(padding + 4);
}

function* integer(input: CompressedInput): Generator<undefined, number> {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    yield* input.need(1);
    const [byte] = input.take(1);
    value += (byte & 127) * 128 ** i;
    if (byte < 128) return value;
  }
  throw damaged("index");
}

interface Check {
  update(bytes: Uint8Array): void;
  /** Hex, as its bytes stand in the file. */
  digest(): string;
}

/** Types that nobody writes are not looked at. */
function newCheck(type: number): Check | undefined {
  if (type === 4) return new Crc64();
  if (type === 10) {
    const hash = nodeCrypto.createHash("sha256");
    return {
      update: (bytes) => hash.update(bytes),
      digest: () => hash.digest("hex"),
    };
  }
  if (type !== 1) return undefined;
  let crc = 0;
  return {
    update: (bytes) => crc = zlib().crc32(bytes, crc),
    digest: () => Uint8Array.of(crc, crc >>> 8, crc >>> 16, crc >>> 24).toHex(),
  };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function uint16(bytes: Uint8Array, at: number): number {
  return bytes[at] << 8 | bytes[at + 1];
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 |
    bytes[at + 3] << 24) >>> 0;
}
