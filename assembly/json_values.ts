// Values of JSON and what they are in a column; 0 or NaN for the host.

import { contains } from "./bytes";
import { intern } from "./dictionary";
import { exact, shortest } from "./numerals";
import { endOfScratch, putScratch, scratchAt } from "./tsv_texts";

const QUOTE: i32 = 34, COMMA: u8 = 44, DASH: u8 = 45, POINT: u8 = 46;
const BACKSLASH: i32 = 92, CLOSE: u8 = 93, SPACE: u8 = 32, TAB: u8 = 9;

/**
 * The quote that ends the text at `p`; 0 where it holds an escape, or a control
 * character, which JSON forbids.
 */
export function endOfText(p: usize): usize {
  const quote = i8x16.splat(<i8>QUOTE), escape = i8x16.splat(<i8>BACKSLASH);
  const control = i8x16.splat(32);
  for (;;) {
    const v = v128.load(p);
    const odd = i8x16.bitmask(
      v128.or(i8x16.eq(v, escape), i8x16.lt_u(v, control)),
    );
    const ends = i8x16.bitmask(i8x16.eq(v, quote));
    if (ends) {
      const first = ctz(ends);
      return odd & ((1 << first) - 1) ? 0 : p + <usize>first;
    }
    if (odd) return 0;
    p += 16;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function isDigit(p: usize): bool {
  return <u32>(<i32>load<u8>(p) - 48) <= 9;
}

/** The place after the number at `p` (RFC 8259, 6); 0 where there is none. */
export function endOfNumber(p: usize): usize {
  if (load<u8>(p) == DASH) p++;
  if (!isDigit(p)) return 0;
  if (load<u8>(p++) != 48) while (isDigit(p)) p++;
  if (load<u8>(p) == POINT) {
    if (!isDigit(++p)) return 0;
    while (isDigit(p)) p++;
  }
  if ((load<u8>(p) | 32) == 101) {
    p++;
    if (load<u8>(p) == 43 || load<u8>(p) == DASH) p++;
    if (!isDigit(p)) return 0;
    while (isDigit(p)) p++;
  }
  return p;
}

/** Epoch seconds of a text: seconds, milliseconds, or ISO 8601. */
export function textTime(s: usize, e: usize): f64 {
  if (e - s > 18 && load<u8>(s + 4) == DASH) return isoTime(s, e);
  const value = exact(s, e);
  return value < 1e11 ? value : value / 1000;
}

/** "2018-03-24T17:15:20.865716Z"; NaN for other zones and longer fractions. */
function isoTime(s: usize, e: usize): f64 {
  const year = digits(s, 4), month = digits(s + 5, 2), day = digits(s + 8, 2);
  const hour = digits(s + 11, 2), minute = digits(s + 14, 2);
  const second = digits(s + 17, 2);
  const t = load<u8>(s + 10);
  if (
    (year | month | day | hour | minute | second) < 0 || year < 1970 ||
    month < 1 || month > 12 || day < 1 || day > lastDay(month) || hour > 23 ||
    minute > 59 || second > 59 || load<u8>(s + 7) != DASH ||
    (t != 84 && t != 32) || load<u8>(s + 13) != 58 || load<u8>(s + 16) != 58 ||
    load<u8>(e - 1) != 90
  ) return NaN;
  let seconds = <i64>daysBefore(year, month, day) * 86400 +
    <i64>(hour * 3600 + minute * 60 + second);
  const from = s + 19, to = e - 1;
  if (from == to) return <f64>seconds;
  const decimals = <i32>(to - from) - 1;
  if (load<u8>(from) != POINT || decimals < 1 || decimals > 6) return NaN;
  const fraction = digits(from + 1, decimals);
  if (fraction < 0) return NaN;
  let scale: i64 = 1;
  for (let i = 0; i < decimals; i++) scale *= 10;
  return <f64>(seconds * scale + <i64>fraction) / <f64>scale;
}

/** The 29th of February is the host's. */
function lastDay(month: i32): i32 {
  if (month == 2) return 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days from 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms"). */
function daysBefore(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400, ofEra = y - era * 400;
  const m = month > 2 ? month - 3 : month + 9;
  const ofYear = (153 * m + 2) / 5 + day - 1;
  return era * 146097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719468;
}

/** The number of `n` digits at `p`; negative where one is none. */
function digits(p: usize, n: i32): i32 {
  let value: i32 = 0;
  for (let i = 0; i < n; i++) {
    const digit = <i32>load<u8>(p + i) - 48;
    if (<u32>digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const T: u8 = 84, F: u8 = 70;

function codeOfByte(texts: usize, c: u8): i32 {
  const at = scratchAt();
  store<u8>(at, c);
  return intern(texts, at, 1);
}

/** A flag that is written as a text. */
export function codeOfFlag(texts: usize, s: usize, length: i32): i32 {
  const four = load<u32>(s);
  if (length == 4 && four == 0x65757274) return codeOfByte(texts, T);
  if (length == 5 && four == 0x736c6166) return codeOfByte(texts, F);
  const c = load<u8>(s);
  return length == 1 && (c == T || c == F) ? intern(texts, s, 1) : 0;
}

/** A number or flag, read as a text. */
export function codeOfScalar(
  texts: usize, s: usize, e: usize, flag: bool,
): i32 {
  const c = load<u8>(s);
  if (c == 116) return codeOfByte(texts, T);
  if (c == 102) return codeOfByte(texts, F);
  if (flag) return 0;
  const at = scratchAt(), to = shortest(s, e, at);
  return to == 0 ? 0 : intern(texts, at, <i32>(to - at));
}

const ESCAPED_COMMA: u32 = 0x6332785c, ESCAPED_DASH: u32 = 0x6432785c;

/**
 * An element that would seem several, or unset, as field_json.ts has it; 0
 * where that might need more room than there is.
 */
function putEscaped(to: usize, s: usize, e: usize): usize {
  if (to + ((e - s) << 2) > endOfScratch()) return 0;
  const alone = e - s == 1;
  for (let p = s; p < e; p++) {
    const c = load<u8>(p);
    if (c == COMMA || (alone && c == DASH)) {
      store<u32>(to, c == COMMA ? ESCAPED_COMMA : ESCAPED_DASH);
      to += 4;
    } else store<u8>(to++, c);
  }
  return to;
}

/** A list whose form was checked: its elements joined by ",". */
export function codeOfList(texts: usize, p: usize, numeric: bool): i32 {
  let to = scratchAt();
  for (let first = true;; first = false) {
    while (load<u8>(p) == SPACE || load<u8>(p) == TAB) p++;
    const c = load<u8>(p);
    if (c == CLOSE) break;
    if (!first) {
      p++;
      while (load<u8>(p) == SPACE || load<u8>(p) == TAB) p++;
      store<u8>(to++, COMMA);
    }
    if (<i32>load<u8>(p) == QUOTE) {
      if (numeric) return 0;
      const s = p + 1, e = endOfText(s), length = <i32>(e - s);
      if (contains(s, length, COMMA) || (length == 1 && load<u8>(s) == DASH)) {
        to = putEscaped(to, s, e);
        if (to == 0) return 0;
      } else to = putScratch(to, s, e);
      p = e + 1;
    } else if (load<u32>(p) == 0x6c6c756e) {
      store<u8>(to++, DASH);
      p += 4;
    } else {
      const e = endOfNumber(p);
      if (e == 0) return 0;
      to = shortest(p, e, to);
      if (to == 0) return 0;
      p = e;
    }
  }
  const at = scratchAt();
  return intern(texts, at, <i32>(to - at));
}
