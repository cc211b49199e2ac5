// How a query over findings writes times: how long ago, at a time, between two.
import { parseDuration, parseTime } from "./config.ts";

/** From ≤ t < to, epoch seconds; infinite where the text leaves an end open. */
export type TimeSpan = readonly [from: number, to: number];

const DAY = 86_400;

/**
 * A time, a day or a stretch: `2023-01-04`, `2023-01-04T15:00..2023-01-05`,
 * `..2023-01-04`. A day at the end counts to its end. UTC where no zone is
 * named, so that an address that is passed on means the same everywhere.
 *
 * ```ts
 * import { parseSpan } from "./finding_times.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseSpan("1970-01-02"), [86_400, 172_800]);
 * assert.deepEqual(parseSpan("1970-01-02T01:00.."), [90_000, Infinity]);
 * ```
 * @throws SyntaxError for another text, or where the end lies before the start.
 */
export function parseSpan(text: string): TimeSpan {
  const [first, second = first, ...more] = text.split("..");
  if (more.length > 0 || (first === "" && second === "")) {
    throw new SyntaxError(
      `write ${JSON.stringify(text)} as 2023-01-04, or as FROM..TO`,
    );
  }
  const from = first === "" ? -Infinity : parseTime(first);
  const to = second === "" ? Infinity : endOf(second);
  if (to > from || first === second) return [from, to];
  throw new SyntaxError(`${text} ends before it begins`);
}

function endOf(text: string): number {
  return parseTime(text) + (/^\d{4}-\d\d-\d\d$/.test(text) ? DAY : 0);
}

/**
 * Whether a time fits `<7d` (counted back from `now`) or `>=2023-01-04`.
 *
 * @throws SyntaxError for another text.
 */
export function parseWhen(text: string): (ts: number, now: number) => boolean {
  const [, sign = "=", rest] = text.match(/^(>=|<=|>|<|=)?(.*)$/)!;
  if (/^\d{4}-/.test(rest)) {
    const [from, to] = parseSpan(rest);
    return (ts) => fits(sign, ts, from, to);
  }
  const limit = parseDuration(rest);
  return (ts, now) => fits(sign, now - ts, limit, limit);
}

function fits(sign: string, value: number, from: number, to: number): boolean {
  switch (sign) {
    case ">=":
      return value >= from;
    case "<=":
      return value <= to;
    case ">":
      return value > to;
    case "<":
      return value < from;
    default:
      return value >= from && value <= to;
  }
}
