// Numbers and times as the pages write them: groups of three by a narrow
// no-break space, a no-break space before the unit, – for what is missing.

const NARROW = "\u202f";
const NBSP = "\u00a0";
export const MISSING = "–";

/** 45631 → "45 631"; up to `digits` decimals, trailing zeros dropped. */
export function number(value: number, digits = 0): string {
  if (!Number.isFinite(value)) return MISSING;
  const [whole, part] = Math.abs(value).toFixed(digits).split(".");
  const fraction = part?.replace(/0+$/, "");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, NARROW);
  const text = fraction ? `${grouped}.${fraction}` : grouped;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** As {@link number}, with all decimals kept, to stand in a column. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return MISSING;
  const part = Math.abs(value).toFixed(digits).split(".")[1];
  const whole = Math.trunc(Number(Math.abs(value).toFixed(digits)));
  const text = number(whole) + (part ? `.${part}` : "");
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** Three significant digits or all whole ones: 0.0213, 249, 45 631. */
export function short(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return number(value);
  const digits = 2 - Math.floor(Math.log10(Math.abs(value)));
  return number(value, Math.max(0, Math.min(6, digits)));
}

/** 1 kB = 1000 B. */
export function bytes(value: number): string {
  if (!Number.isFinite(value)) return MISSING;
  if (value < 10_000) return `${number(value)}${NBSP}B`;
  const units = ["kB", "MB", "GB", "TB"];
  let v = value / 1000, i = 0;
  while (v >= 1000 && i < units.length - 1) v /= 1000, i++;
  return short(v) + NBSP + units[i];
}

/** Milliseconds below 1 s, seconds below 2 h, hours below 2 d, then days. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return MISSING;
  const s = Math.abs(seconds);
  if (s > 0 && s < 1) return `${short(seconds * 1000)}${NBSP}ms`;
  if (s < 7200) return `${short(seconds)}${NBSP}s`;
  if (s < 172_800) return `${number(seconds / 3600, 1)}${NBSP}h`;
  return `${number(seconds / 86_400, 1)}${NBSP}days`;
}

/** 0.9996 → "99.9 %": never 100 where something is missing, nor 0.0. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return MISSING;
  let value = share * 100;
  if (share < 1) value = Math.min(value, 99.9);
  if (share > 0) value = Math.max(value, 0.1);
  const whole = value === 0 || value === 100;
  return `${value.toFixed(whole ? 0 : 1)}${NBSP}%`;
}

/** Clocks that were never set count from 1970; such logs carry no date. */
const NO_DATE = 366 * 86_400;

/** "2023-01-04 15:12:40", or "t = 203 s" for logs without a date. */
export function utc(ts: number | null, parts: "s" | "min" | "µs" = "s") {
  if (ts === null || !Number.isFinite(ts)) return MISSING;
  if (ts < NO_DATE) return `t = ${number(ts, 3)}${NBSP}s`;
  const micros = Math.round(ts * 1e6);
  const date = new Date(Math.floor(micros / 1000));
  if (Number.isNaN(date.getTime())) return MISSING;
  const text = date.toISOString().replace("T", " ");
  if (parts === "min") return text.slice(0, 16);
  if (parts === "s") return text.slice(0, 19);
  return text.slice(0, 23) + String(micros % 1000).padStart(3, "0");
}

/**
 * The zone of all times on a page: what its document says. The server, which
 * has no document, draws each in its own.
 */
let zone = globalThis.document?.documentElement?.dataset?.zone ?? "UTC";
let offsets: (ts: number) => number = offsetsOf(zone);

/** What {@link time} and {@link span} write, to stand beside them: "UTC". */
export function zoneName(): string {
  return zone;
}

/**
 * Draws with all times in a zone, and goes back to the one before.
 *
 * @param draw must be synchronous: another page's drawing would be in its zone.
 * @throws RangeError for a zone that is not known.
 */
export function inZone<T>(name: string, draw: () => T): T {
  const before = [zone, offsets] as const;
  offsets = offsetsOf(name);
  zone = name;
  try {
    return draw();
  } finally {
    [zone, offsets] = before;
  }
}

/** Seconds by which the zone's clocks are ahead of UTC at a time. */
export function offsetAt(ts: number): number {
  return Number.isFinite(ts) && ts >= NO_DATE ? offsets(ts) : 0;
}

/** No zone has ever changed its clocks between two quarters of an hour. */
const QUARTER = 900;

function offsetsOf(timeZone: string): (ts: number) => number {
  if (timeZone === "UTC") return () => 0;
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    timeZoneName: "longOffset",
  });
  const known = new Map<number, number>();
  return (ts) => {
    const quarter = Math.floor(ts / QUARTER);
    let offset = known.get(quarter);
    if (offset === undefined) {
      offset = Math.abs(ts) > 8.64e12
        ? 0
        : secondsOf(format.format(quarter * QUARTER * 1000));
      known.set(quarter, offset);
    }
    return offset;
  };
}

/** "1/4/2023, GMT+05:30" → 19 800; before there were zones it has seconds. */
function secondsOf(text: string): number {
  const [, sign, h, m, s = "0"] =
    text.match(/GMT([+\-−])(\d\d):(\d\d)(?::(\d\d))?/) ?? [];
  if (!sign) return 0;
  const seconds = Number(h) * 3600 + Number(m) * 60 + Number(s);
  return sign === "+" ? seconds : -seconds;
}

/** As {@link utc}, by the clocks of the page's zone. */
export function time(ts: number | null, parts: "s" | "min" | "µs" = "s") {
  return utc(ts === null ? null : ts + offsetAt(ts), parts);
}

/** Epoch seconds of "2023-01-04T15:00" by the clocks of the page's zone. */
export function epochOf(clock: string): number {
  const ts = Date.parse(`${clock}Z`) / 1000;
  // Once more with the offset of that time, where clocks change in between.
  return ts - offsetAt(ts - offsetAt(ts));
}

/** "2023-01-04 15:12 to 18:44", the day said once where it is one. */
export function span(from: number | null, to: number | null): string {
  const a = time(from, "min"), b = time(to, "min");
  if (a === MISSING || from! < NO_DATE) return `${a} to ${b}`;
  return `${a} to ${a.slice(0, 10) === b.slice(0, 10) ? b.slice(11) : b}`;
}

/** "1 gap", "2 gaps". */
export function plural(n: number, one: string, many = one + "s"): string {
  return `${number(n)}${NBSP}${n === 1 ? one : many}`;
}
