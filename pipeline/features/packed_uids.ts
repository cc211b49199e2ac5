/**
 * Zeek's uids are C and up to 18 digits to the base 62 (src/UID.cc, base62 of
 * 96 random bits): in 14 B each instead of 18 and where they end. Each row is
 * its number of digits, then its first eight and its second eight of them in
 * six bytes, then what is left of them; all rows of a page are as long.
 */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const C = "C".charCodeAt(0);
const MOST = 18;
/** Digits of one number: 62⁸ is below 2⁴⁸. */
const GROUP = 8;
/** In place of the number of digits where a record has no uid. */
const NONE = 255;

const codes = new TextEncoder().encode(DIGITS);
/** By character its value as a digit, or 255. */
const values = new Uint8Array(256).fill(255);
codes.forEach((code, value) => values[code] = value);

/** Bytes of a row with so many digits. */
function strideOf(digits: number): number {
  return 1 + (digits <= GROUP ? 6 : 12) + Math.max(0, digits - 2 * GROUP);
}

/**
 * Rows one after the other, or null where a text is no uid of Zeek's.
 *
 * @param bytes the texts in UTF-8, one after the other.
 * @param ends where each of them ends.
 */
export function packUids(
  bytes: Uint8Array,
  ends: Uint32Array,
): Uint8Array | null {
  let most = 0;
  for (let i = 0, from = 0; i < ends.length; from = ends[i++]) {
    const digits = ends[i] - from - 1;
    if (digits > MOST || (digits >= 0 && bytes[from] !== C)) return null;
    for (let at = from + 1; at < ends[i]; at++) {
      if (values[bytes[at]] === 255) return null;
    }
    if (digits > most) most = digits;
  }
  const stride = strideOf(most);
  const packed = new Uint8Array(stride * ends.length);
  const view = new DataView(packed.buffer);
  for (let i = 0, from = 0; i < ends.length; from = ends[i++]) {
    const digits = ends[i] - from - 1;
    let at = i * stride;
    packed[at++] = digits < 0 ? NONE : digits;
    for (let group = 0; group < digits; group += GROUP) {
      const end = Math.min(digits, group + GROUP);
      let number = 0;
      for (let d = group; d < end; d++) {
        number = number * 62 + values[bytes[from + 1 + d]];
      }
      if (group < 2 * GROUP) {
        view.setUint32(at, number % 2 ** 32);
        view.setUint16(at + 4, number / 2 ** 32);
        at += 6;
      } else if (digits === MOST) view.setUint16(at, number);
      else view.setUint8(at, number);
    }
  }
  return packed;
}

const text = new TextDecoder();
const written = Uint8Array.of(C, ...new Uint8Array(MOST));

/** The uid of a row of {@link packUids}, of `rows` in all. */
export function unpackUid(
  packed: Uint8Array,
  rows: number,
  row: number,
): string {
  const stride = packed.length / rows;
  const view = new DataView(packed.buffer, packed.byteOffset + row * stride);
  const digits = view.getUint8(0);
  if (digits === NONE) return "";
  for (let group = 0, at = 1; group < digits; group += GROUP, at += 6) {
    let number = group < 2 * GROUP
      ? view.getUint32(at) + 2 ** 32 * view.getUint16(at + 4)
      : digits === MOST
      ? view.getUint16(at)
      : view.getUint8(at);
    for (let d = Math.min(digits, group + GROUP); d > group; d--) {
      written[d] = codes[number % 62];
      number = Math.floor(number / 62);
    }
  }
  return text.decode(written.subarray(0, 1 + digits));
}

/** Whether a row of {@link packUids} has no uid. */
export function isNone(packed: Uint8Array, rows: number, row: number): boolean {
  return packed[row * (packed.length / rows)] === NONE;
}
