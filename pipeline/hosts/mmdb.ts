import { addressBytes, isMapped } from "../address.ts";

/** Stands before the metadata, at the end of the file. */
const MARKER = Uint8Array.of(0xab, 0xcd, 0xef, ...ascii("MaxMind.com"));
/** The metadata lie in the last 128 kB. */
const METADATA_BYTES = 128 * 1024;
/** Zero bytes between the tree and the data. */
const SEPARATOR = 16;
/** Values within values: a damaged file must not lead in circles. */
const DEEPEST = 64;

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function markerAt(bytes: Uint8Array): number {
  const first = Math.max(0, bytes.length - METADATA_BYTES);
  for (let at = bytes.length - MARKER.length; at >= first; at--) {
    if (MARKER.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

export function isMmdb(bytes: Uint8Array): boolean {
  return markerAt(bytes) >= 0;
}

/**
 * A MaxMind DB file: a binary tree over the bits of an address, whose leaves
 * point to values (maxmind.github.io/MaxMind-DB, version 2.0).
 */
export class Mmdb {
  /** Epoch seconds. */
  readonly builtAt: number;
  readonly #bytes: Uint8Array;
  readonly #nodeCount: number;
  /** Bits of one side of a node: 24, 28 or 32. */
  readonly #recordSize: number;
  readonly #isIpv6: boolean;
  readonly #values: Values;
  /** The node under 96 zero bits, where IPv4 begins in a tree of IPv6. */
  readonly #ipv4: number;

  /** @throws SyntaxError when the file is damaged or of another version. */
  constructor(bytes: Uint8Array) {
    const marker = markerAt(bytes);
    if (marker < 0) throw new SyntaxError("there is no MaxMind metadata");
    const metadata = new Values(bytes, marker + MARKER.length).at(0);
    const numberOf = (name: string): number => {
      const value = (metadata as Record<string, unknown> | null)?.[name];
      if (typeof value === "number") return value;
      throw new SyntaxError(`the metadata have no number ${name}`);
    };
    if (numberOf("binary_format_major_version") !== 2) {
      throw new SyntaxError("it is no MaxMind DB of version 2");
    }
    this.#bytes = bytes;
    this.builtAt = numberOf("build_epoch");
    this.#nodeCount = numberOf("node_count");
    this.#recordSize = numberOf("record_size");
    this.#isIpv6 = numberOf("ip_version") === 6;
    const treeBytes = this.#nodeCount * this.#recordSize / 4;
    if (
      ![24, 28, 32].includes(this.#recordSize) ||
      treeBytes + SEPARATOR > marker
    ) throw new SyntaxError("its tree is larger than the file");
    this.#values = new Values(bytes, treeBytes + SEPARATOR);
    this.#ipv4 = this.#isIpv6 ? this.#walk(new Uint8Array(12), 96, 0) : 0;
  }

  /**
   * What is kept of the address; null where nothing is.
   *
   * @throws SyntaxError when the file is damaged there.
   */
  get(address: string): unknown {
    const bytes = addressBytes(address);
    if (bytes === null) return null;
    const isIpv4 = isMapped(bytes);
    if (!isIpv4 && !this.#isIpv6) return null;
    const node = isIpv4
      ? this.#walk(bytes.subarray(12), 32, this.#ipv4)
      : this.#walk(bytes, 128, 0);
    if (node <= this.#nodeCount) return null;
    return this.#values.at(node - this.#nodeCount - SEPARATOR);
  }

  /** Follows the bits from a node; more than the node count is a value. */
  #walk(bytes: Uint8Array, bits: number, from: number): number {
    let node = from;
    for (let bit = 0; bit < bits && node < this.#nodeCount; bit++) {
      node = this.#record(node, bytes[bit >> 3] >> (7 - bit % 8) & 1);
    }
    return node;
  }

  #record(node: number, side: number): number {
    const b = this.#bytes;
    if (this.#recordSize === 32) return uint(b, node * 8 + side * 4, 4);
    if (this.#recordSize === 24) return uint(b, node * 6 + side * 3, 3);
    // 28: the byte in the middle holds the upper halves of both.
    const at = node * 7, middle = b[at + 3];
    return side === 0
      ? (middle >> 4) * 0x1000000 + uint(b, at, 3)
      : (middle & 15) * 0x1000000 + uint(b, at + 4, 3);
  }
}

function uint(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + bytes[at + i];
  return value;
}

/** Types of the data section, by their number. */
const POINTER = 1, TEXT = 2, DOUBLE = 3, BYTES = 4, UINT16 = 5, UINT32 = 6;
const MAP = 7, INT32 = 8, UINT64 = 9, UINT128 = 10, ARRAY = 11;
const BOOLEAN = 14, FLOAT = 15;

/** The values of a data section, read where they are asked for. */
class Values {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #base: number;
  #next = 0;

  constructor(bytes: Uint8Array, base: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#base = base;
  }

  at(offset: number): unknown {
    try {
      this.#next = this.#base + offset;
      return this.#value(0);
    } catch (cause) {
      throw cause instanceof RangeError
        ? new SyntaxError("it is damaged: a value ends after the file", {
          cause,
        })
        : cause;
    }
  }

  #value(depth: number): unknown {
    if (depth > DEEPEST) throw new SyntaxError("it is damaged: too deep");
    const control = this.#view.getUint8(this.#next++);
    let type = control >> 5;
    if (type === POINTER) return this.#pointed(control, depth);
    if (type === 0) type = 7 + this.#view.getUint8(this.#next++);
    const size = this.#size(control & 31);
    if (type === MAP) return this.#map(size, depth);
    if (type === ARRAY) {
      return Array.from({ length: size }, () => this.#value(depth + 1));
    }
    if (type === BOOLEAN) return size !== 0;
    const at = this.#next;
    this.#next += size;
    if (this.#next > this.#bytes.length) throw new RangeError();
    return this.#plain(type, at, size);
  }

  #plain(type: number, at: number, size: number): unknown {
    switch (type) {
      case TEXT:
        return new TextDecoder().decode(
          this.#bytes.subarray(at, at + size),
        );
      case DOUBLE:
        return this.#view.getFloat64(at);
      case FLOAT:
        return this.#view.getFloat32(at);
      case BYTES:
        return this.#bytes.slice(at, at + size);
      case INT32:
        return uint(this.#bytes, at, size) | 0;
      case UINT16:
      case UINT32:
      case UINT64:
      case UINT128:
        return uint(this.#bytes, at, size);
      default:
        throw new SyntaxError(`it is damaged: there is no type ${type}`);
    }
  }

  #map(size: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = Object.create(null);
    for (let i = 0; i < size; i++) {
      const key = String(this.#value(depth + 1));
      map[key] = this.#value(depth + 1);
    }
    return map;
  }

  /** A pointer's value; reading goes on after the pointer. */
  #pointed(control: number, depth: number): unknown {
    const length = (control >> 3 & 3) + 1;
    const upper = length === 4 ? 0 : control & 7;
    const lower = uint(this.#bytes, this.#next, length);
    const added = [0, 2048, 526_336, 0][length - 1];
    const after = this.#next + length;
    this.#next = this.#base + upper * 256 ** length + lower + added;
    const value = this.#value(depth + 1);
    this.#next = after;
    return value;
  }

  #size(told: number): number {
    if (told < 29) return told;
    const length = told - 28;
    const added = [29, 285, 65_821][length - 1];
    const value = uint(this.#bytes, this.#next, length) + added;
    this.#next += length;
    return value;
  }
}
