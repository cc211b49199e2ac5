// The cells of one column in a block of lines. Each function takes
//
//   at     IN where the end of the first row's cell stands in SEPS
//   step   from there to the end of the next row's
//   n      rows
//   to     OUT the first row's place in its column
//   required  whether an unset cell is for the host
//   last   whether the cell is a line's last, which CR may follow
//
// and returns the number of rows before the first that the host must read.

import { alloc } from "./memory";
import { contains, equal, head } from "./bytes";
import { find, intern } from "./dictionary";
import { isAddress } from "./addresses";
import { real, shortest, whole } from "./numerals";

const CR: u8 = 13, COMMA: u8 = 44, DASH: u8 = 45, BACKSLASH: i32 = 92;
const LONGEST: usize = 1 << 20;

let unset: usize = 0;
let unsetLength: i32 = 0;
let unsetByte: i32 = -1;
let empty: usize = 0;
let emptyLength: i32 = 0;
/** Holds a cell without its escapes, which is never longer. */
let scratch: usize = 0;

/** To be called once, before the arena is first marked. */
export function reserveScratch(): void {
  scratch = alloc(LONGEST + 64);
}

export function scratchAt(): usize {
  return scratch;
}

/** Copies [s, e) to a place in the scratch; the end of it there. */
export function putScratch(to: usize, s: usize, e: usize): usize {
  memory.copy(to, s, e - s);
  return to + (e - s);
}

export function setMarkers(
  unsetAt: usize, unsetSize: i32, emptyAt: usize, emptySize: i32,
): void {
  unset = unsetAt;
  unsetLength = unsetSize;
  unsetByte = unsetSize == 1 ? <i32>load<u8>(unsetAt) : -1;
  empty = emptyAt;
  emptyLength = emptySize;
}

// @ts-ignore: decorator
@inline
function startOf(at: usize): usize {
  return load<usize>(at - 4) + 1;
}

// @ts-ignore: decorator
@inline
function endOf(at: usize, last: bool): usize {
  const e = load<usize>(at);
  return last && load<u8>(e - 1) == CR && e > startOf(at) ? e - 1 : e;
}

// @ts-ignore: decorator
@inline
function isUnset(s: usize, length: i32, byte: i32): bool {
  if (byte >= 0) return length == 1 && <i32>load<u8>(s) == byte;
  return length == unsetLength && (length == 0 || equal(s, unset, length));
}

// @ts-ignore: decorator
@inline
function isEmpty(s: usize, length: i32): bool {
  return length == emptyLength && (length == 0 || equal(s, empty, length));
}

export function fillReals(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
  end: f64,
): i32 {
  const none = unsetByte;
  for (let i = 0; i < n; i++) {
    const s = startOf(at), e = endOf(at, last);
    let value: f64 = NaN;
    if (isUnset(s, <i32>(e - s), none)) {
      if (required) return i;
    } else {
      value = real(s, e);
      if (!(value >= 0 && value < end)) return i;
    }
    store<f64>(to, value);
    at += step;
    to += 8;
  }
  return n;
}

export function fillNumbers(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
  end: f64,
): i32 {
  const none = unsetByte;
  for (let i = 0; i < n; i++) {
    const s = startOf(at), e = endOf(at, last);
    let value: f64 = NaN;
    if (isUnset(s, <i32>(e - s), none)) {
      if (required) return i;
    } else {
      value = <f64>whole(s, e);
      if (!(value >= 0 && value < end)) return i;
    }
    store<f64>(to, value);
    at += step;
    to += 8;
  }
  return n;
}

export function fillTexts(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
  texts: usize,
): i32 {
  const none = unsetByte;
  for (let i = 0; i < n; i++) {
    const s = startOf(at), e = endOf(at, last), length = <i32>(e - s);
    let code: i32 = 0;
    if (isUnset(s, length, none)) {
      if (required) return i;
    } else {
      const v = head(s, min(length, 16));
      // Neither an escape nor the empty marker is what it seems, also where the
      // dictionary has a text that looks like it.
      if (
        hasBackslash(s, length, v) ||
        (length == emptyLength && isEmpty(s, length))
      ) {
        code = codeOfText(texts, s, e);
      } else {
        // Long texts are mostly new ones: looking for them first would be lost.
        if (length <= 16) code = find(texts, s, length, v);
        if (code == 0) code = intern(texts, s, length);
      }
    }
    store<i32>(to, code);
    at += step;
    to += 4;
  }
  return n;
}

// @ts-ignore: decorator
@inline
function hasBackslash(s: usize, length: i32, v: v128): bool {
  return length > 16
    ? contains(s, length, BACKSLASH)
    : v128.any_true(i8x16.eq(v, i8x16.splat(<i8>BACKSLASH)));
}

function codeOfText(texts: usize, s: usize, e: usize): i32 {
  const length = <i32>(e - s);
  if (isEmpty(s, length)) return intern(texts, s, 0);
  return contains(s, length, BACKSLASH)
    ? codeOfEscaped(texts, s, e)
    : intern(texts, s, length);
}

/** An address is checked where it is new to its dictionary. */
export function fillAddresses(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
  texts: usize,
): i32 {
  const none = unsetByte;
  for (let i = 0; i < n; i++) {
    const s = startOf(at), e = endOf(at, last), length = <i32>(e - s);
    let code: i32 = 0;
    if (isUnset(s, length, none)) {
      if (required) return i;
    } else {
      code = find(texts, s, length, head(s, min(length, 16)));
      if (code == 0) {
        if (!isAddress(s, e)) return i;
        code = intern(texts, s, length);
      }
    }
    store<i32>(to, code);
    at += step;
    to += 4;
  }
  return n;
}

export function fillBools(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
  texts: usize,
): i32 {
  const none = unsetByte;
  for (let i = 0; i < n; i++) {
    const s = startOf(at), e = endOf(at, last), length = <i32>(e - s);
    let code: i32 = 0;
    if (isUnset(s, length, none)) {
      if (required) return i;
    } else {
      const c = <i32>load<u8>(s);
      if (length != 1 || (c != 84 && c != 70)) return i;
      code = intern(texts, s, 1);
    }
    store<i32>(to, code);
    at += step;
    to += 4;
  }
  return n;
}

/**
 * Sets and vectors as they stand, or their numbers each in its shortest form.
 *
 * @param texts 0 where all but unset ones are for the host
 */
export function fillLists(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
  texts: usize, numeric: bool,
): i32 {
  const none = unsetByte;
  for (let i = 0; i < n; i++) {
    const s = startOf(at), e = endOf(at, last), length = <i32>(e - s);
    let code: i32 = 0;
    if (isUnset(s, length, none)) {
      if (required) return i;
    } else {
      code = texts == 0 ? 0 : codeOfList(texts, s, e, numeric);
      if (code == 0) return i;
    }
    store<i32>(to, code);
    at += step;
    to += 4;
  }
  return n;
}

function codeOfList(texts: usize, s: usize, e: usize, numeric: bool): i32 {
  const length = <i32>(e - s);
  if (length == 0 || isEmpty(s, length)) return intern(texts, s, 0);
  if (numeric) return codeOfReals(texts, s, e);
  if (holdsEmpty(s, length)) return 0;
  if (contains(s, length, BACKSLASH)) return codeOfEscaped(texts, s, e);
  return intern(texts, s, length);
}

/** Whether an element of a list is, or seems, the empty one. */
function holdsEmpty(s: usize, length: i32): bool {
  if (emptyLength == 0 || !contains(s, length, <i32>load<u8>(empty))) {
    return false;
  }
  for (let i: i32 = 0; i + emptyLength <= length; i++) {
    if (equal(s + <usize>i, empty, emptyLength)) return true;
  }
  return false;
}

/** "\x09" and "\\" become the characters that they stand for. */
function codeOfEscaped(texts: usize, s: usize, e: usize): i32 {
  if (isEmpty(s, <i32>(e - s))) return intern(texts, s, 0);
  let to = scratch;
  for (let p = s; p < e; p++) {
    let c = <i32>load<u8>(p);
    if (c == BACKSLASH && p + 1 < e) {
      const next = <i32>load<u8>(p + 1);
      if (next == BACKSLASH) p++;
      else if ((next | 32) == 120 && p + 3 < e) {
        const high = hex(load<u8>(p + 2)), low = hex(load<u8>(p + 3));
        if (high >= 0 && low >= 0) {
          c = high << 4 | low;
          p += 3;
        }
      }
    }
    store<u8>(to++, <u8>c);
  }
  return intern(texts, scratch, <i32>(to - scratch));
}

function hex(c: u8): i32 {
  const digit = <i32>c - 48, letter = (<i32>c | 32) - 97;
  if (<u32>digit <= 9) return digit;
  return <u32>letter <= 5 ? letter + 10 : -1;
}

function codeOfReals(texts: usize, s: usize, e: usize): i32 {
  let to = scratch, from = s;
  for (let p = s; p <= e; p++) {
    if (p < e && load<u8>(p) != COMMA) continue;
    if (p - from == 1 && load<u8>(from) == DASH) store<u8>(to++, DASH);
    else {
      to = shortest(from, p, to);
      if (to == 0) return 0;
    }
    if (p < e) store<u8>(to++, COMMA);
    from = p + 1;
  }
  return intern(texts, scratch, <i32>(to - scratch));
}
