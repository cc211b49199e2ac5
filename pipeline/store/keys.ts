import { addressBytes, addressText } from "../address.ts";

/** The key's form of an address that is unset or none at all. */
export const NO_ADDRESS = new Uint8Array(0);

/** The key's form of an unset port. */
export const NO_PORT = -1;

const MICROSECONDS = 1e6;

/** Epoch seconds → whole microseconds, within what a double counts exactly. */
export function microseconds(ts: number): number {
  const us = Math.round(ts * MICROSECONDS);
  return Math.min(
    Math.max(us, Number.MIN_SAFE_INTEGER),
    Number.MAX_SAFE_INTEGER,
  );
}

/**
 * Correctly rounded, hence the very double that "1672843056.914972" reads as.
 */
export function seconds(us: number): number {
  return us / MICROSECONDS;
}

/** The first microsecond whose time is not before `ts` epoch seconds. */
export function firstMicrosecond(ts: number): number {
  const us = microseconds(ts);
  return seconds(us) < ts ? us + 1 : us;
}

/** The 16 bytes of an address, {@link NO_ADDRESS} where the text is none. */
export function addressKey(text: string): Uint8Array {
  return addressBytes(text) ?? NO_ADDRESS;
}

/** The text of a key in hex; undefined for {@link NO_ADDRESS}. */
export function addressOfHex(hex: string): string | undefined {
  return hex === "" ? undefined : addressText(Uint8Array.fromHex(hex));
}

/** Order of SQLite's BLOBs: byte by byte, the shorter first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
