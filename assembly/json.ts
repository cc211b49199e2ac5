// Records of JSON lines, straight into columns. A line is read here only where
// all of it is plain JSON of one flat object (with "id" as an object in it); at
// any other parseJson stops, and the host reads it with JSON.parse.
//
//   keys     dictionary of the keys that mean something, and by code
//   meaning  the key (16 bytes, zeros after it) │ its length │ what it means │
//            the code of the key that followed it last │ free
//   field    kind │ required │ column │ texts │ stamp
//   stamp    the line that set the field last: a key that comes twice is odd

import { head } from "./bytes";
import { codeOfCell, isCell, placeOfCell, setCell } from "./cells";
import {
  cellsOf, dictionaryLength, dictionarySize, endOfKey, find, forgetCellsOf, intern,
} from "./dictionary";
import { isAddress } from "./addresses";
import {
  codeOfFlag, codeOfList, codeOfScalar, endOfNumber, endOfText, textTime,
} from "./json_values";
import {
  TIME, WHOLE, PORT, TEXT, ADDRESS, BOOL, LIST, REALS,
} from "./field_kinds";
import { countOfLines, endOfLine } from "./lines";
import { endOfShort, exact, shortNumber } from "./numerals";
import { noSpan, span, stoppedAt } from "./results";

// A field as it lies in memory.
const KIND: usize = 0;
const REQUIRED: usize = 4;
const COLUMN: usize = 8;
const TEXTS: usize = 12;
const STAMP: usize = 16;
const FIELD: usize = 20;

// A meaning as it lies in memory; what follows no key is meaning 0.
const KEY: usize = 0;
/** −1 for keys of more than 16 bytes, which only the dictionary holds. */
const KEY_LENGTH: usize = 16;
const ACTION: usize = 20;
const NEXT: usize = 24;
const MEANING_BITS: usize = 5;

/** What a key means: a field from 0 on, or one of these. */
const OTHER: i32 = -1;
const TYPE: i32 = -2;
const TELLING: i32 = -3;
const PARENT: i32 = -4;

// Why parseJson returned.
const DONE: i32 = 0;
const FOR_HOST: i32 = 1;
const FULL: i32 = 2;

const CR: u8 = 13, QUOTE: u8 = 34, COMMA: u8 = 44, COLON: u8 = 58;
const OPEN: u8 = 123, CLOSE: u8 = 125, BRACKET: u8 = 91;
const SPACE: u8 = 32, TAB: u8 = 9;
/** `":` and `,"` by one load each: loads are what reading takes most of. */
const VALUE_NEXT: u16 = 0x3a22, NEXT_KEY: u16 = 0x222c;

const LONGEST: usize = 1 << 20;
/** Keys that are known, fields or not, and bytes of one that means nothing. */
const MOST_KEYS: i32 = 512, LONGEST_KEY: i32 = 64;
const MOST_TEXT: i32 = 1 << 23;

let fields: usize = 0;
let nFields: i32 = 0;
let timeField: i32 = -1;
let keys: usize = 0;
let actions: usize = 0;
/** Keys within "id". */
let innerKeys: usize = 0;
let innerActions: usize = 0;
let logType: usize = 0;
let logTypeLength: i32 = 0;
let stamp: i32 = 0;
let crowded: bool = false;
/** Whether a record must name its log type. */
let mustName: bool = false;
/** Whether every key must have a meaning. */
let strict: bool = false;
/** Whether the record names it; whether a key tells of another type. */
let named: bool = false;
let telling: bool = false;
let row: i32 = 0;
let ts: f64 = NaN;

/**
 * Takes up a plan.
 *
 * @param at INOUT fields, 20 bytes each, their stamps 0 at first
 * @param time which of them is `ts`; −1 where none is
 * @param keyDictionary IN
 * @param keyActions INOUT by code: what it means, 0
 * @param innerDictionary IN the same for keys within "id"
 * @param type IN the name that a record may have as its log type
 * @param must whether it must have one
 * @param known whether keys without a meaning are for the host
 */
export function planJson(
  at: usize, n: i32, time: i32, keyDictionary: usize, keyActions: usize,
  innerDictionary: usize, innerDictionaryActions: usize, type: usize,
  typeLength: i32, must: bool, known: bool,
): void {
  fields = at;
  mustName = must;
  strict = known;
  nFields = n;
  timeField = time;
  keys = keyDictionary;
  actions = keyActions;
  innerKeys = innerDictionary;
  innerActions = innerDictionaryActions;
  logType = type;
  logTypeLength = typeLength;
}

export function planField(
  at: usize, i: i32, kind: i32, required: i32, column: usize, texts: usize,
): void {
  const p = at + <usize>i * FIELD;
  store<i32>(p, kind, KIND);
  store<i32>(p, required, REQUIRED);
  store<usize>(p, column, COLUMN);
  store<usize>(p, texts, TEXTS);
  store<i32>(p, 0, STAMP);
  if (kind == TEXT || kind == ADDRESS) forgetCellsOf(texts);
}

/**
 * Reads lines until there is none, one is for the host, or a batch is full.
 *
 * @param line first line to read
 * @param start where it begins
 * @param firstRow row that it becomes
 * @param mostRows rows that fill a batch
 */
export function parseJson(
  line: i32, start: usize, firstRow: i32, mostRows: i32,
): i32 {
  const n = countOfLines();
  let status = DONE;
  noSpan();
  crowded = false;
  row = firstRow;
  for (; line < n; line++) {
    if (row >= mostRows || crowded) {
      status = FULL;
      break;
    }
    const lf = endOfLine(line);
    if (lf - start > LONGEST || !readLine(start, lf)) {
      status = FOR_HOST;
      break;
    }
    span(ts, ts);
    row++;
    start = lf + 1;
  }
  stoppedAt(line, start, row - firstRow);
  return status;
}

// @ts-ignore: decorator
@inline
function past(p: usize): usize {
  while (load<u8>(p) == SPACE || load<u8>(p) == TAB) p++;
  return p;
}

/** False where the host must read the line. */
function readLine(start: usize, lf: usize): bool {
  let p = past(start);
  if (load<u8>(p) != OPEN) return false;
  stamp++;
  ts = NaN;
  named = false;
  telling = false;
  p = readObject(p + 1, keys, actions);
  if (p == 0 || (!named && (mustName || telling))) return false;
  p = past(p);
  if (p == lf || (p == lf - 1 && load<u8>(p) == CR)) return closeRow();
  return false;
}

/** Unsets the fields that the line left out; false where it must not. */
function closeRow(): bool {
  const stop = fields + <usize>nFields * FIELD;
  for (let p = fields; p < stop; p += FIELD) {
    if (load<i32>(p, STAMP) == stamp) continue;
    if (load<i32>(p, REQUIRED)) return false;
    unset(load<i32>(p, KIND), load<usize>(p, COLUMN));
  }
  return true;
}

// @ts-ignore: decorator
@inline
function unset(kind: i32, column: usize): void {
  if (kind <= PORT) store<f64>(column + (<usize>row << 3), NaN);
  else store<i32>(column + (<usize>row << 2), 0);
}

/** Reads what follows "{"; the place after "}", or 0 for the host. */
function readObject(p: usize, names: usize, meanings: usize): usize {
  p = past(p);
  if (load<u8>(p) != QUOTE) return 0;
  let meaning = meanings, s = p + 1;
  for (;;) {
    // Keys come in the order that they had in the line before.
    let code = load<i32>(meaning, NEXT);
    let at = meanings + (<usize>code << MEANING_BITS);
    let e = code == 0 ? 0 : endOfNext(names, code, at, s);
    if (e == 0) {
      e = endOfText(s);
      if (e == 0) return 0;
      const length = <i32>(e - s);
      code = find(names, s, length, head(s, min(length, 16)));
      if (code == 0) code = learnKey(names, meanings, s, length);
      if (code != 0) store<i32>(meaning, code, NEXT);
      at = meanings + (<usize>code << MEANING_BITS);
    }
    if (code == 0 && strict) return 0;
    if (code != 0) meaning = at;
    const action = code == 0 ? OTHER : load<i32>(at, ACTION);
    p = valueAfter(e);
    if (p == 0) return 0;
    p = action >= 0 ? setField(action, p) : passValue(action, p);
    if (p == 0) return 0;
    if (load<u16>(p) == NEXT_KEY) {
      s = p + 2;
      continue;
    }
    p = past(p);
    const c = load<u8>(p++);
    if (c == CLOSE) return p;
    if (c != COMMA) return 0;
    p = past(p);
    if (load<u8>(p) != QUOTE) return 0;
    s = p + 1;
  }
  return 0;
}

/** The quote after the key `code` where that stands at `s`; else 0. */
// @ts-ignore: decorator
@inline
function endOfNext(names: usize, code: i32, at: usize, s: usize): usize {
  const length = load<i32>(at, KEY_LENGTH);
  if (length < 0) return endOfKey(names, code, s);
  const e = s + <usize>length;
  const differs = v128.xor(head(s, length), v128.load(at, KEY));
  return v128.any_true(differs) || load<u8>(e) != QUOTE ? 0 : e;
}

/** Where the value of the key begins whose quote is at `e`; 0 without a colon. */
// @ts-ignore: decorator
@inline
function valueAfter(e: usize): usize {
  if (load<u16>(e) == VALUE_NEXT) {
    // Most writers put nothing between, some one space.
    const c = load<u8>(e + 2);
    return c == SPACE || c == TAB ? past(e + 3) : e + 2;
  }
  const p = past(e + 1);
  return load<u8>(p) == COLON ? past(p + 1) : 0;
}

/**
 * The code of a key that means nothing, so that it is known where it comes next;
 * 0 where it must mean something, or there are too many.
 */
function learnKey(names: usize, meanings: usize, s: usize, length: i32): i32 {
  if (strict || length > LONGEST_KEY || dictionarySize(names) >= MOST_KEYS) {
    return 0;
  }
  const code = intern(names, s, length);
  setMeaning(meanings, code, OTHER, s, length);
  return code;
}

/** What the key of this code means, and nothing follows it yet. */
function setMeaning(
  meanings: usize, code: i32, action: i32, s: usize, length: i32,
): void {
  const at = meanings + (<usize>code << MEANING_BITS), short = length <= 16;
  v128.store(at, short ? head(s, length) : i64x2(0, 0), KEY);
  store<i32>(at, short ? length : -1, KEY_LENGTH);
  store<i32>(at, action, ACTION);
  store<i32>(at, 0, NEXT);
}

/** Adds a key of a plan and what it means. */
export function planKey(
  names: usize, meanings: usize, s: usize, length: i32, action: i32,
): void {
  setMeaning(meanings, intern(names, s, length), action, s, length);
}

/** Passes over the value of a key that is no field; 0 for the host. */
function passValue(action: i32, p: usize): usize {
  const c = load<u8>(p);
  if (action == TELLING) telling = true;
  if (action == PARENT) {
    return c == OPEN ? readObject(p + 1, innerKeys, innerActions) : 0;
  }
  if (c == QUOTE) {
    const s = p + 1, e = endOfText(s);
    if (e == 0) return 0;
    if (action == TYPE) {
      if (!isLogType(s, <i32>(e - s))) return 0;
      named = true;
    }
    return e + 1;
  }
  if (action == TYPE) return 0;
  if (c == BRACKET) return passList(p + 1);
  return passScalar(p);
}

function isLogType(s: usize, length: i32): bool {
  if (length != logTypeLength) return false;
  for (let i = 0; i < length; i++) {
    if (load<u8>(s + i) != load<u8>(logType + i)) return false;
  }
  return true;
}

function passScalar(p: usize): usize {
  const word = endOfWord(p);
  return word != 0 ? word : endOfNumber(p);
}

/** The place after true, false or null at `p`; else 0. */
// @ts-ignore: decorator
@inline
function endOfWord(p: usize): usize {
  const four = load<u32>(p);
  if (four == 0x65757274 || four == 0x6c6c756e) return p + 4;
  return four == 0x736c6166 && load<u8>(p + 4) == 101 ? p + 5 : 0;
}

function passList(p: usize): usize {
  p = past(p);
  if (load<u8>(p) == 93) return p + 1;
  for (;;) {
    if (load<u8>(p) == QUOTE) {
      const e = endOfText(p + 1);
      if (e == 0) return 0;
      p = e + 1;
    } else {
      p = passScalar(p);
      if (p == 0) return 0;
    }
    p = past(p);
    const c = load<u8>(p++);
    if (c == 93) return p;
    if (c != COMMA) return 0;
    p = past(p);
  }
  return 0;
}

/** Puts the value at `p` into field `f`; the place after it, 0 for the host. */
function setField(f: i32, p: usize): usize {
  const field = fields + <usize>f * FIELD;
  if (load<i32>(field, STAMP) == stamp) return 0;
  store<i32>(field, stamp, STAMP);
  if (load<u32>(p) == 0x6c6c756e) { // null
    unset(load<i32>(field, KIND), load<usize>(field, COLUMN));
    return load<i32>(field, REQUIRED) ? 0 : p + 4;
  }
  const kind = load<i32>(field, KIND), column = load<usize>(field, COLUMN);
  if (kind <= PORT) {
    return setNumber(f, kind, column + (<usize>row << 3), p);
  }
  const texts = load<usize>(field, TEXTS);
  return setText(kind, texts, column + (<usize>row << 2), p);
}

function setNumber(f: i32, kind: i32, to: usize, p: usize): usize {
  let value: f64, next: usize;
  if (load<u8>(p) == QUOTE) {
    const s = p + 1, e = endOfText(s);
    if (e == 0) return 0;
    value = kind == TIME ? textTime(s, e) : exact(s, e);
    next = e + 1;
  } else {
    value = shortNumber(p);
    next = endOfShort;
    if (next == 0) {
      next = endOfNumber(p);
      if (next == 0) return 0;
      value = exact(p, next);
    }
    if (kind == TIME && value >= 1e11) value /= 1000;
  }
  if (!(value >= 0)) return 0;
  if (kind == TIME && value >= 1e11) return 0;
  if (kind >= WHOLE) {
    if (value != trunc(value) || value >= 9007199254740992) return 0;
    if (kind == PORT && value > 65535) return 0;
  }
  if (f == timeField) ts = value;
  store<f64>(to, value);
  return next;
}

/** The code of a text without escapes; 0 for what is no address. */
function codeOfText(kind: i32, texts: usize, s: usize, length: i32): i32 {
  const code = find(texts, s, length, head(s, min(length, 16)));
  if (code != 0) return code;
  if (kind == ADDRESS && !isAddress(s, s + <usize>length)) return 0;
  return intern(texts, s, length);
}

function setText(kind: i32, texts: usize, to: usize, p: usize): usize {
  const c = load<u8>(p);
  let code: i32 = 0, next: usize = 0;
  if (kind > REALS) return 0;
  if (c == QUOTE) {
    const s = p + 1, e = endOfText(s);
    if (e == 0) return 0;
    const length = <i32>(e - s);
    next = e + 1;
    if (kind == BOOL) code = codeOfFlag(texts, s, length);
    else if (kind == REALS) return 0;
    else if (kind <= ADDRESS && length <= 16) {
      const v = head(s, length), place = placeOfCell(cellsOf(texts), v);
      if (isCell(place, length, v)) code = codeOfCell(place);
      else {
        code = codeOfText(kind, texts, s, length);
        if (code != 0) setCell(place, length, v, code);
      }
    } else code = codeOfText(kind, texts, s, length);
  } else if (c == BRACKET && (kind == LIST || kind == REALS)) {
    next = passList(p + 1);
    if (next == 0) return 0;
    code = codeOfList(texts, p + 1, kind == REALS);
  } else if (kind == TEXT || kind == BOOL) {
    next = passScalar(p);
    if (next == 0) return 0;
    code = codeOfScalar(texts, p, next, kind == BOOL);
  }
  if (code == 0) return 0;
  if (dictionaryLength(texts) > MOST_TEXT) crowded = true;
  store<i32>(to, code);
  return next;
}
