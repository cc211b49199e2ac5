import { parseNetwork } from "./address.ts";

/** What the environment says, read once by the command line. */
export interface Environment {
  readonly SKERRY_STORE?: string;
  /** Of a server's user. */
  readonly SKERRY_DB_PASSWORD?: string;
  readonly HOME?: string;
  readonly XDG_DATA_HOME?: string;
  readonly LOCALAPPDATA?: string;
  readonly USER?: string;
  readonly USERNAME?: string;
  /** Only where it may be read. */
  readonly PATH?: string;
}

/**
 * The store where none is named: `SKERRY_STORE`, else a file in the user's data
 * folder (XDG Base Directory; Application Support; %LOCALAPPDATA%).
 */
export function defaultStore(environment: Environment, os: string): string {
  const { SKERRY_STORE, HOME, XDG_DATA_HOME, LOCALAPPDATA } = environment;
  if (SKERRY_STORE) return SKERRY_STORE;
  if (os === "windows" && LOCALAPPDATA) {
    return `${LOCALAPPDATA}\\Skerry\\skerry.db`;
  }
  if (os === "darwin" && HOME) {
    return `${HOME}/Library/Application Support/Skerry/skerry.db`;
  }
  if (XDG_DATA_HOME) return `${XDG_DATA_HOME}/skerry/skerry.db`;
  return HOME ? `${HOME}/.local/share/skerry/skerry.db` : "skerry.db";
}

/**
 * Seconds of "90s", "15m", "24h", "7d".
 *
 * ```ts
 * import { parseDuration } from "./config.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseDuration("24h"), 86_400);
 * ```
 * @throws SyntaxError for another text.
 */
export function parseDuration(text: string): number {
  const match = text.match(/^(\d+(?:\.\d+)?)([smhd])$/);
  if (!match) {
    throw new SyntaxError(
      `Cannot read the duration ${
        JSON.stringify(text)
      }: write a number and s, m, h or d, as in 24h`,
    );
  }
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[match[2]]!;
  return Number(match[1]) * unit;
}

const SIZES: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
};

/**
 * Bytes of "500MB", "20GB", "1.5 TB"; k = 1,000.
 *
 * ```ts
 * import { parseSize } from "./config.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseSize("20GB"), 20e9);
 * ```
 * @throws SyntaxError for another text.
 */
export function parseSize(text: string): number {
  const match = text.match(/^(\d+(?:\.\d+)?) ?([kmgt]?)b?$/i);
  if (!match) {
    throw new SyntaxError(
      `Cannot read the size ${
        JSON.stringify(text)
      }: write a number and kB, MB, GB or TB, as in 20GB`,
    );
  }
  return Number(match[1]) * SIZES[match[2].toLowerCase()];
}

/** Date.parse alone would also read "noon 12", and in the local zone. */
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ]([\d:.]+)(Z|[+-]\d\d:?\d\d)?)?$/;

/** Date.parse takes 30 February for 1 March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day);
}

/**
 * Epoch seconds of an ISO 8601 time (UTC where it names no zone) or of a
 * number of epoch seconds.
 *
 * @throws SyntaxError for another text.
 */
export function parseTime(text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const [, day, clock, zone] = text.match(ISO) ?? [];
  const ms = Date.parse(`${day}T${clock ?? "00:00"}${zone ?? "Z"}`);
  if (Number.isNaN(ms) || !isDay(day)) {
    throw new SyntaxError(
      `Cannot read the time ${
        JSON.stringify(text)
      }: write it as 2024-04-19T12:00 (UTC) or in epoch seconds`,
    );
  }
  return ms / 1000;
}

/**
 * Networks separated by commas, as they were written.
 *
 * @throws SyntaxError for one that cannot be read.
 */
export function parseNetworks(text: string): string[] {
  return text.split(",").map((part) => parseNetwork(part).text);
}
