import { addressBytes } from "../address.ts";
import { isNumeric } from "../record_batch.ts";

/** Largest time taken as seconds (the year 5138); above, milliseconds. */
const SECONDS_END = 1e11;

/** Why a number is no value of a numeric Zeek type; undefined where it is. */
export function numberProblem(type: string, value: number): string | undefined {
  if (!Number.isFinite(value)) return "is not a number";
  switch (type) {
    case "time":
      return value >= 0 && value < SECONDS_END
        ? undefined
        : "is not a time in seconds since 1970";
    case "count":
      if (value < 0) return "is negative";
      return wholeProblem(value);
    case "int":
      return wholeProblem(value);
    case "port":
      return Number.isInteger(value) && value >= 0 && value <= 65_535
        ? undefined
        : "is not a port in [0, 65535]";
  }
}

/** Why a count is none that a number holds exactly. */
export const TOO_LARGE = "is 2^53 or more";

function wholeProblem(value: number): string | undefined {
  if (!Number.isInteger(value)) return "is not a whole number";
  // From here on a double no longer holds every whole number.
  return Math.abs(value) >= 2 ** 53 ? TOO_LARGE : undefined;
}

/** What {@link addressBytes} takes for IPv4, told without making its bytes. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|[01]?\d?\d)(?:\.(?!$)|$)){4}$/;

/** Why a text is no value of a Zeek type kept as text. */
export function textProblem(type: string, text: string): string | undefined {
  if (type === "addr" && !IPV4.test(text) && !addressBytes(text)) {
    return "is not an IP address";
  }
  if (type === "bool" && text !== "T" && text !== "F") {
    return "is not T or F";
  }
}

/**
 * The elements, as `elementText` gives them, joined by ",", numbers in their shortest form, so that TSV's
 * "60.000000" and JSON's 60.0 are the same text. Null where one is bad.
 */
export function listText(
  element: string,
  parts: readonly string[],
): string | null {
  if (!isNumeric(element)) return parts.join(",");
  const out: string[] = [];
  for (const part of parts) {
    const value = numberOf(part);
    if (part !== "-" && numberProblem(element, value)) return null;
    out.push(part === "-" ? part : String(value));
  }
  return out.join(",");
}

/** The number a text stands for in decimal notation, else NaN. */
export function numberOf(text: string): number {
  return /^-?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

const ISO =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Epoch seconds of a time as JSON logs have it: seconds, milliseconds
 * (`LogAscii::json_timestamps = JSON::TS_MILLIS`), the text of either, or ISO
 * 8601 (UTC where it names no zone). NaN where it is none of these.
 */
export function timeOf(value: string | number): number {
  if (typeof value === "number") {
    return Math.abs(value) < SECONDS_END ? value : value / 1000;
  }
  const iso = ISO.exec(value);
  if (!iso) return timeOf(numberOf(value));
  const [, day, clock, fraction = "0", zone = "Z"] = iso;
  const seconds = Date.parse(`${day}T${clock}${zone}`) / 1000;
  // Going through the digits rounds once, as reading the TSV form does.
  return Number(`${seconds}.${fraction}`);
}

/** Powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: 18 }, (_, i) => 10 ** i);

/**
 * The number in decimal notation at [from, to), correctly rounded; NaN where
 * there is none. Digits up to 2^53 are an exact integer over an exact power of
 * ten, so that one division rounds once (Clinger 1990); else the slow way.
 */
export function parseNumber(
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  const negative = bytes[from] === 45;
  const start = negative ? from + 1 : from;
  if (start >= to) return NaN;
  if (to - start > 17) return parseSlowly(bytes, from, to);
  let digits = 0, point = -1;
  for (let i = start; i < to; i++) {
    const digit = bytes[i] - 48;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (bytes[i] === 46 && point < 0 && i > start) point = i;
    else return parseSlowly(bytes, from, to);
  }
  if (digits > 2 ** 53) return parseSlowly(bytes, from, to);
  const value = point < 0 ? digits : digits / POWERS[to - point - 1];
  return negative ? -value : value;
}

function parseSlowly(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 64) return NaN;
  return numberOf(String.fromCharCode(...bytes.subarray(from, to)));
}
