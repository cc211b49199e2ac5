import { inZone, offsetAt, time } from "../islands/_format.ts";
import { messageOf, parseTime } from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";

/** A time that says itself where it is: epoch seconds, Z or an offset. */
const PLACED = /^-?\d+(\.\d+)?$|(Z|[+-]\d\d:?\d\d)$/;

/** A day may end as an offset does: 2024-04-19. */
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Epoch seconds of a time that was typed by the clocks of a zone; forms send
 * the zone along, so that an address means the same everywhere.
 *
 * @param zone IANA name; UTC where empty.
 * @throws HttpError 400 for a time or a zone that cannot be read.
 */
export function typedTime(text: string, zone: string): number {
  try {
    const ts = parseTime(text);
    if (zone === "" || (PLACED.test(text) && !DAY.test(text))) return ts;
    return inZone(zone, () => ts - offsetAt(ts - offsetAt(ts)));
  } catch (error) {
    throw new HttpError(400, messageOf(error));
  }
}

/** A time as its field shows it, by the clocks of the page's zone. */
export function clockText(ts: number | undefined): string {
  if (ts === undefined) return "";
  const text = time(ts, Number.isInteger(ts) ? "s" : "µs");
  // Logs without a date have seconds.
  if (!/^\d{4}-/.test(text)) return String(ts);
  return text.replace(" ", "T").replace(/T00:00:00$/, "");
}
