/** How numbers and times are written, in sentences, in the terminal and on pages. */

const NBSP = "\u00a0";

/** 249 s, 2.5 h, 3.1 days: seconds below 2 h, then hours, then days. */
export function seconds(value: number): string {
  const s = Math.abs(value);
  // Compared as they will be written: 7199.7 s is 2 h, not 7200 s.
  if (s >= 2 * 86_400) return `${round(value / 86_400, 1)}${NBSP}days`;
  if (s >= 7199.5) return `${round(value / 3600, 1)}${NBSP}h`;
  if (s >= 9.95) return `${round(value, 0)}${NBSP}s`;
  return s >= 0.9995 || s === 0
    ? `${round(value, 1)}${NBSP}s`
    : `${round(1000 * value, s < 0.01 ? 1 : 0)}${NBSP}ms`;
}

/** 80 B, 2.7 kB, 1.7 MB; k = 1,000. */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let u = 0, v = value;
  while (v >= 999.5 && u < units.length - 1) {
    v /= 1000;
    u++;
  }
  return `${round(v, u === 0 || v >= 100 ? 0 : 1)}${NBSP}${units[u]}`;
}

/** Groups of three by a narrow no-break space from 1,000. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** 7 %, under 1 %, over 99 %: only nothing is 0 %, only all of it 100 %. */
export function share(fraction: number): string {
  if (fraction > 0 && fraction < 0.01) return "under 1 %";
  if (fraction > 0.99 && fraction < 1) return "over 99 %";
  return `${Math.round(100 * fraction)} %`;
}

/** Beyond this the model of chance, not the data, is what is doubted. */
const RAREST = 15;

/**
 * "fewer than 1 in 10^6": a probability by its power of ten, rounded up; none
 * is written as rarer than 1 in 10^15.
 *
 * @param log10 its decimal logarithm, below 0.
 */
export function fewerThan(log10: number): string {
  return `fewer than 1 in 10^${Math.min(RAREST, Math.floor(-log10))}`;
}

function round(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0+$/, "");
}

/**
 * 2024-04-18 23:59:44, in UTC or another zone; "t = 203 s" for logs whose
 * clock starts at 0.
 *
 * @param ts epoch seconds.
 * @throws RangeError for a zone that is not known.
 */
export function time(ts: number, timeZone = "UTC"): string {
  if (ts < 1e8) return `t = ${seconds(ts)}`;
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  return parts.format(ts * 1000);
}

/** "1 file", "2 files". */
export function plural(n: number, one: string, many = one + "s"): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/**
 * Words broken into lines of at most `width`; a longer word (an IPv6 address,
 * a host name) keeps a line of its own and is never cut.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

/**
 * "  head    text" as the help has it: the text begins at column `indent`, under
 * a head that is too long, and stays there.
 */
export function columns(
  head: string,
  text: string,
  indent: number,
  width = 100,
): string[] {
  const under = " ".repeat(indent);
  const [first, ...more] = wrap(text, width - indent);
  return [
    ...(head.length < indent - 3
      ? [`  ${head}`.padEnd(indent) + first]
      : [`  ${head}`, under + first]),
    ...more.map((line) => under + line),
  ];
}
