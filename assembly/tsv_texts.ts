// The texts of one column in a block of lines. Each function takes
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
import { codeOfCell, isCell, placeOfCell, setCell } from "./cells";
import { cellsOf, find, foresee, intern, internHashed } from "./dictionary";
import { ADDRESS, BOOL, REALS, TEXT } from "./field_kinds";
import { MOST_BLOCK } from "./tsv_block";
import { isAddress } from "./addresses";
import { shortest } from "./numerals";
import {
  empty, emptyLength, endOf, isEmpty, isUnset, startOf, unsetByte,
  unsetLength,
} from "./tsv_cell";

const CR: u8 = 13, COMMA: u8 = 44, DASH: u8 = 45, F: u8 = 70, T: u8 = 84;
const BACKSLASH: i32 = 92;
const LONGEST: usize = 1 << 20;
/** Of the texts of one block, as far as they are long. */
const HASHES = memory.data(MOST_BLOCK << 2, 16);

/** Holds a cell without its escapes, or a list's with twice its backslashes. */
let scratch: usize = 0;

/** To be called once, before the arena is first marked. */
export function reserveScratch(): void {
  scratch = alloc((LONGEST << 1) + 64);
}

export function endOfScratch(): usize {
  return scratch + (LONGEST << 1);
}

export function scratchAt(): usize {
  return scratch;
}

/** Copies [s, e) to a place in the scratch; the end of it there. */
export function putScratch(to: usize, s: usize, e: usize): usize {
  memory.copy(to, s, e - s);
  return to + (e - s);
}

/**
 * Any column but numbers. Most cells of a log are short and have been seen
 * before, so that what they came to is looked up first.
 *
 * @param texts the column's dictionary
 */
export function fillTexts(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
  texts: usize, kind: i32,
): i32 {
  const cells = cellsOf(texts);
  const foreseen = kind == TEXT && isLong(at) &&
    isLong(at + <usize>(n - 1) * step);
  if (foreseen) foreseeTexts(at, step, n, texts);
  for (let i = 0; i < n; i++) {
    const ends = load<u64>(at - 4), s = <usize>ends + 1;
    let length = <i32>(ends >> 32) - <i32>s, code: i32 = 0;
    if (last && length > 0 && load<u8>(s + <usize>length - 1) == CR) length--;
    if (<u32>length <= 16) {
      const v = head(s, length), place = placeOfCell(cells, v);
      if (isCell(place, length, v)) code = codeOfCell(place);
      else {
        code = codeOf(kind, texts, s, length, required);
        if (code < 0) return i;
        setCell(place, length, v, code);
      }
    } else if (foreseen && !last && isPlain(s, length)) {
      code = internHashed(texts, s, length, load<u32>(HASHES + (<usize>i << 2)));
    } else {
      code = codeOf(kind, texts, s, length, required);
      if (code < 0) return i;
    }
    store<i32>(to, code);
    at += step;
    to += 4;
  }
  return n;
}

// @ts-ignore: decorator
@inline
function isLong(at: usize): bool {
  return load<usize>(at) - load<usize>(at - 4) > 17;
}

/** Whether a long text is what it seems. */
// @ts-ignore: decorator
@inline
function isPlain(s: usize, length: i32): bool {
  return length != unsetLength && length != emptyLength &&
    !contains(s, length, BACKSLASH);
}

/** Hashes a column of long texts, most of them new to the dictionary. */
function foreseeTexts(at: usize, step: usize, n: i32, texts: usize): void {
  for (let i = 0; i < n; i++) {
    const s = startOf(at), length = <i32>(load<usize>(at) - s);
    store<u32>(HASHES + (<usize>i << 2), foresee(texts, s, length));
    at += step;
  }
}

/** A column of which all cells but unset ones are for the host. */
export function fillUnset(
  at: usize, step: usize, n: i32, to: usize, required: bool, last: bool,
): i32 {
  for (let i = 0; i < n; i++) {
    const s = startOf(at), e = endOf(at, last);
    if (required || !isUnset(s, <i32>(e - s), unsetByte)) return i;
    store<i32>(to, 0);
    at += step;
    to += 4;
  }
  return n;
}

/** The code of a cell, 0 where it is unset; −1 where it is for the host. */
function codeOf(
  kind: i32, texts: usize, s: usize, length: i32, required: bool,
): i32 {
  if (isUnset(s, length, unsetByte)) return required ? -1 : 0;
  const e = s + <usize>length;
  let code: i32 = 0;
  switch (kind) {
    case TEXT:
      return codeOfText(texts, s, e);
    case ADDRESS:
      code = find(texts, s, length, head(s, min(length, 16)));
      if (code == 0 && isAddress(s, e)) code = intern(texts, s, length);
      break;
    case BOOL:
      if (length == 1 && (load<u8>(s) == T || load<u8>(s) == F)) {
        code = intern(texts, s, 1);
      }
      break;
    default:
      code = codeOfList(texts, s, e, kind == REALS);
  }
  return code == 0 ? -1 : code;
}

function codeOfText(texts: usize, s: usize, e: usize): i32 {
  const length = <i32>(e - s);
  if (isEmpty(s, length)) return intern(texts, s, 0);
  return contains(s, length, BACKSLASH)
    ? codeOfEscaped(texts, s, e)
    : intern(texts, s, length);
}

function codeOfList(texts: usize, s: usize, e: usize, numeric: bool): i32 {
  const length = <i32>(e - s);
  if (length == 0 || isEmpty(s, length)) return intern(texts, s, 0);
  if (numeric) return codeOfReals(texts, s, e);
  if (holdsEmpty(s, length)) return 0;
  if (contains(s, length, BACKSLASH)) return codeOfEscapedList(texts, s, e);
  return intern(texts, s, length);
}

/**
 * As codeOfEscaped, but that a comma and a backslash stay escaped, and a dash,
 * which may stand for an unset element, is for the host: see field_json.ts.
 */
function codeOfEscapedList(texts: usize, s: usize, e: usize): i32 {
  let to = scratch;
  for (let p = s; p < e; p++) {
    const c = <i32>load<u8>(p);
    if (c != BACKSLASH) {
      store<u8>(to++, <u8>c);
      continue;
    }
    const own = escapedAt(p, e);
    if (own == DASH) return 0;
    if (own == COMMA) {
      store<u32>(to, 0x6332785c); // "\x2c"
      to += 4;
    } else {
      store<u8>(to++, <u8>own);
      if (own == BACKSLASH) store<u8>(to++, <u8>own);
    }
    p += escapeLength - 1;
  }
  return intern(texts, scratch, <i32>(to - scratch));
}

/** Bytes of the escape that escapedAt has read last. */
let escapeLength: usize = 1;

/** What the backslash at `p` begins; itself where that is no escape. */
function escapedAt(p: usize, e: usize): i32 {
  escapeLength = 1;
  if (p + 1 >= e) return BACKSLASH;
  const next = <i32>load<u8>(p + 1);
  if (next == BACKSLASH) escapeLength = 2;
  else if ((next | 32) == 120 && p + 3 < e) {
    const high = hex(load<u8>(p + 2)), low = hex(load<u8>(p + 3));
    if (high >= 0 && low >= 0) {
      escapeLength = 4;
      return high << 4 | low;
    }
  }
  return BACKSLASH;
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
    if (c == BACKSLASH) {
      c = escapedAt(p, e);
      p += escapeLength - 1;
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
