/**
 * Internet addresses as Zeek writes them. The 16-byte form is IPv6 in network
 * order, IPv4 as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
 */

/**
 * The 16 bytes of an address, or null where the text is none. A zone
 * ("%eth0") is ignored; a v4-mapped address equals its IPv4 form.
 *
 * ```ts
 * import { addressBytes } from "./address.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(addressBytes("10.0.0.1")!.at(-1), 1);
 * assert.deepEqual(addressBytes("::ffff:10.0.0.1"), addressBytes("10.0.0.1"));
 * assert.equal(addressBytes("10.0.0.256"), null);
 * ```
 */
export function addressBytes(text: string): Uint8Array | null {
  return text.includes(":") ? ipv6Bytes(text) : ipv4Mapped(text);
}

/** The text of 16 bytes, IPv6 in the shortest form (RFC 5952). */
export function addressText(bytes: Uint8Array): string {
  if (isMapped(bytes)) return bytes.subarray(12).join(".");
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(bytes[i] << 8 | bytes[i + 1]);
  const [from, length] = longestZeros(groups);
  const hex = (part: number[]) => part.map((g) => g.toString(16)).join(":");
  if (length < 2) return hex(groups);
  return hex(groups.slice(0, from)) + "::" + hex(groups.slice(from + length));
}

/** Whether 16 bytes hold an IPv4 address. */
export function isMapped(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  return bytes[10] === 0xff && bytes[11] === 0xff;
}

/**
 * An address as one number: IPv4 its unsigned 32-bit value, IPv6 its upper 32
 * bits (128 bits would swamp a scaler); NaN where the text is no address.
 */
export function addressNumber(text: string): number {
  const bytes = addressBytes(text);
  if (!bytes) return NaN;
  const at = isMapped(bytes) ? 12 : 0;
  return ((bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 |
    bytes[at + 3]) >>> 0);
}

/**
 * As {@link contains}, of an address's text: false where it is none. For very
 * many texts: IPv4 is compared without making bytes of it.
 *
 * ```ts
 * import { addressIn, parseNetwork } from "./address.ts";
 * import assert from "node:assert/strict";
 *
 * const isInternal = addressIn(parseNetwork("10.0.0.0/8"));
 * assert.deepEqual(["10.1.2.3", "11.1.2.3", "x"].map(isInternal), [true, false, false]);
 * ```
 */
export function addressIn(network: Network): (text: string) => boolean {
  const { bytes, prefix } = network;
  const slowly = (text: string) => {
    const own = addressBytes(text);
    return own !== null && contains(network, own);
  };
  if (!isMapped(bytes) || prefix < 96) return slowly;
  const [a, b, c, d] = bytes.subarray(12);
  // A shift by 32 would be one by 0.
  const mask = prefix === 96 ? 0 : -1 << (128 - prefix);
  const base = (a << 24 | b << 16 | c << 8 | d) & mask;
  return (text) => {
    if (text.includes(":")) return slowly(text);
    const value = ipv4Value(text);
    return value >= 0 && (value & mask) === base;
  };
}

/**
 * In [0, 2^32); −1 where the text is no IPv4 address. Letter by letter: a
 * filter reads 100,000 addresses while somebody waits.
 */
function ipv4Value(text: string): number {
  let whole = 0, value = 0, digits = 0, parts = 0;
  for (let i = 0; i <= text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      value = 10 * value + digit;
      if (++digits > 3 || value > 255) return -1;
    } else if (i === text.length || text[i] === ".") {
      if (digits === 0 || ++parts > 4) return -1;
      whole = whole * 256 + value;
      value = digits = 0;
    } else return -1;
  }
  return parts === 4 ? whole : -1;
}

function ipv4Mapped(text: string): Uint8Array | null {
  const value = ipv4Value(text);
  if (value < 0) return null;
  const bytes = new Uint8Array(16).fill(255, 10, 12);
  for (let i = 0; i < 4; i++) bytes[12 + i] = value >>> (24 - 8 * i);
  return bytes;
}

function ipv6Bytes(text: string): Uint8Array | null {
  const halves = text.split("%")[0].split("::");
  if (halves.length > 2) return null;
  const groups = halves.map((half, h) =>
    ipv6Groups(half, h === halves.length - 1)
  );
  const [head, tail] = groups;
  if (!head || (halves.length === 2 && !tail)) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])];
  return Uint8Array.from(all.flatMap((g) => [g >> 8, g & 255]));
}

/**
 * The 16-bit groups of one side of "::"; a dotted quad counts as two and ends
 * the address.
 */
function ipv6Groups(part: string, isLast: boolean): number[] | null {
  if (part === "") return [];
  const out: number[] = [];
  const words = part.split(":");
  for (const [i, word] of words.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(word)) out.push(parseInt(word, 16));
    else {
      const quad = isLast && i === words.length - 1 ? ipv4Value(word) : -1;
      if (quad < 0) return null;
      out.push(quad >>> 16, quad & 0xffff);
    }
  }
  return out;
}

function longestZeros(groups: number[]): [from: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let i = 0; i < 8;) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > best[1]) best = [i, j - i];
    i = Math.max(j, i + 1);
  }
  return best;
}

/** A block of addresses: "10.0.0.0/8", "fd00::/8". */
export interface Network {
  readonly text: string;
  /** Shape (16,). */
  readonly bytes: Uint8Array;
  /** Of the 128: 96 more than an IPv4 prefix. */
  readonly prefix: number;
}

/**
 * @throws SyntaxError "Cannot read network 10.0.0/8: …".
 */
export function parseNetwork(text: string): Network {
  const [address, ...rest] = text.trim().split("/");
  const bytes = addressBytes(address);
  if (!bytes) {
    throw new SyntaxError(
      `Cannot read network ${text}: ${address} is no address`,
    );
  }
  const bits = isMapped(bytes) ? 32 : 128;
  const length = rest.length === 0 ? String(bits) : rest.join("/");
  if (!/^\d+$/.test(length) || Number(length) > bits) {
    throw new SyntaxError(
      `Cannot read network ${text}: the prefix must be an integer in [0, ${bits}], got ${length}`,
    );
  }
  return { text: text.trim(), bytes, prefix: Number(length) + 128 - bits };
}

/** Whether the address lies in the block. */
export function contains(network: Network, bytes: Uint8Array): boolean {
  let left = network.prefix;
  for (let i = 0; left > 0; i++, left -= 8) {
    const mask = left >= 8 ? 255 : 255 << (8 - left) & 255;
    if ((network.bytes[i] & mask) !== (bytes[i] & mask)) return false;
  }
  return true;
}
