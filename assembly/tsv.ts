// Rows of Zeek's tab-separated logs, straight into columns. What is unusual is
// not read here: parseTsv stops at that line and the host reads it, slowly.
//
// Lines are taken in blocks that fit the first cache, each column of a block in
// one loop: no branch on the kind of cell, and rows overlap in the processor.
// In a block every line has `width` cells, so that cell `c` of its row `i` ends
// at SEPS[first + i · width + c] and begins after the separator before that.

import { dictionaryLength, forgetCellsOf } from "./dictionary";
import { TIME, REAL, WHOLE, PORT, FOREIGN } from "./field_kinds";
import {
  cellsOfLines, countOfLines, placeOfSep, sepAt, sepOfLine,
} from "./lines";
import { noSpan, span, stoppedAt } from "./results";
import { MOST_BLOCK } from "./tsv_block";
import { setMarkers } from "./tsv_cell";
import { fillNumbers, fillReals } from "./tsv_numbers";
import { fillTexts, fillUnset } from "./tsv_texts";

// A planned cell as it lies in memory.
const CELL: usize = 0;
const KIND: usize = 4;
const REQUIRED: usize = 8;
const COLUMN: usize = 12;
const TEXTS: usize = 16;
const PLANNED: usize = 20;

// Why parseTsv returned.
const DONE: i32 = 0;
const FOR_HOST: i32 = 1;
const FULL: i32 = 2;

const TAB: i32 = 9, CR: i32 = 13, SPACE: i32 = 32, HASH: i32 = 35;

/** Longest line that is read. */
const LONGEST: usize = 1 << 20;
/** Bytes of texts that end a batch before its rows do. */
const MOST_TEXT: i32 = 1 << 23;
/** Larger times are no seconds (the year 5138). */
const TIME_END: f64 = 1e11;
const WHOLE_END: f64 = 9007199254740992;
const PORT_END: f64 = 65536;

/** Rows of a block are fewer where lines for the host are frequent. */
const LEAST_BLOCK: i32 = 8;

let plan: usize = 0;
let cells: i32 = 0;
let width: i32 = 0;
/** The planned cell whose numbers are the rows' times; 0 where there is none. */
let timeCell: usize = 0;
let block: i32 = MOST_BLOCK;

/**
 * Begins a plan.
 *
 * @param at IN room for it, 20 bytes a kept cell
 * @param n kept cells; 0 counts lines without reading them
 * @param time which of them is `ts`; −1 where none is
 * @param cellsInLine cells that a line must have
 * @param unset IN what stands for no value
 * @param empty IN what stands for an empty text
 */
export function planTsv(
  at: usize, n: i32, time: i32, cellsInLine: i32, unset: usize,
  unsetLength: i32, empty: usize, emptyLength: i32,
): void {
  plan = at;
  cells = n;
  timeCell = time < 0 ? 0 : at + <usize>time * PLANNED;
  width = cellsInLine;
  block = MOST_BLOCK;
  setMarkers(unset, unsetLength, empty, emptyLength);
}

/** Plans kept cell `i`; `texts` is its dictionary, 0 for numbers. */
export function planCell(
  i: i32, cell: i32, kind: i32, required: i32, column: usize, texts: usize,
): void {
  const p = plan + <usize>i * PLANNED;
  store<i32>(p, cell, CELL);
  store<i32>(p, kind, KIND);
  store<i32>(p, required, REQUIRED);
  store<usize>(p, column, COLUMN);
  store<usize>(p, texts, TEXTS);
  // The plan before may have read cells otherwise.
  if (texts != 0) forgetCellsOf(texts);
}

/**
 * Reads lines until there is none, one is for the host, or a batch is full.
 *
 * @param line first line to read
 * @param start where it begins
 * @param row row that it becomes
 * @param mostRows rows that fill a batch
 */
export function parseTsv(
  line: i32, start: usize, row: i32, mostRows: i32,
): i32 {
  const from = row, n = countOfLines();
  let status = DONE;
  noSpan();
  while (line < n) {
    if (row >= mostRows || isCrowded()) {
      status = FULL;
      break;
    }
    const most = min(block, min(n - line, mostRows - row));
    const regular = regularLines(line, start, most);
    const made = cells == 0 ? regular : readBlock(line, start, row, regular);
    row += made;
    line += made;
    if (made > 0) start = sepAt(sepOfLine(line - 1)) + 1;
    if (made == most) block = min(block << 1, MOST_BLOCK);
    else {
      block = max(min(block, made) >> 1, LEAST_BLOCK);
      status = FOR_HOST;
      break;
    }
  }
  stoppedAt(line, start, row - from);
  return status;
}

/** Whether some column has so many texts that the batch should end. */
function isCrowded(): bool {
  const stop = plan + <usize>cells * PLANNED;
  for (let p = plan; p < stop; p += PLANNED) {
    const texts = load<usize>(p, TEXTS);
    if (texts != 0 && dictionaryLength(texts) > MOST_TEXT) return true;
  }
  return false;
}

/** How many lines, up to `most`, are records with all their cells. */
function regularLines(line: i32, start: usize, most: i32): i32 {
  const counts = cells == 0;
  if (!counts && width > 1 && cellsOfLines() == width) {
    return recordsOf(line, start, most);
  }
  let before = line == 0 ? -1 : sepOfLine(line - 1);
  let i: i32 = 0;
  for (; i < most; i++) {
    const last = sepOfLine(line + i), lf = sepAt(last);
    const c = <i32>load<u8>(start);
    const blank = lf == start || (lf == start + 1 && c == CR);
    if (
      blank || isUnusual(c) || lf - start > LONGEST ||
      (last - before != width && !counts)
    ) break;
    before = last;
    start = lf + 1;
  }
  return i;
}

/** As regularLines, where all lines have their cells, and more than one. */
function recordsOf(line: i32, start: usize, most: i32): i32 {
  const step = <usize>width << 2;
  let at = placeOfSep(sepOfLine(line)), i: i32 = 0;
  for (; i < most; i++) {
    const lf = load<usize>(at), c = <i32>load<u8>(start);
    if ((c <= HASH && isUnusual(c)) || lf - start > LONGEST) break;
    start = lf + 1;
    at += step;
  }
  return i;
}

/** Whether a line that begins so may be part of a header. */
// @ts-ignore: decorator
@inline
function isUnusual(c: i32): bool {
  return c == HASH || c == TAB || c == SPACE;
}

/** Reads `n` regular lines; returns how many were, before one for the host. */
function readBlock(line: i32, start: usize, row: i32, n: i32): i32 {
  if (n == 0) return 0;
  const first = line == 0 ? 0 : sepOfLine(line - 1) + 1;
  // Where the cell before the first one would end.
  store<usize>(placeOfSep(first - 1), start - 1);
  const step = <usize>width << 2, stop = plan + <usize>cells * PLANNED;
  for (let p = plan; p < stop; p += PLANNED) {
    const cell = load<i32>(p, CELL), at = placeOfSep(first + cell);
    n = fill(p, at, step, n, row, cell == width - 1);
  }
  if (timeCell != 0) spanOf(load<usize>(timeCell, COLUMN), row, n);
  return n;
}

/** Fills one column of `n` rows; returns how many were before one for the host. */
function fill(
  p: usize, at: usize, step: usize, n: i32, row: i32, last: bool,
): i32 {
  const kind = load<i32>(p, KIND), texts = load<usize>(p, TEXTS);
  const required = load<i32>(p, REQUIRED) != 0;
  const to = load<usize>(p, COLUMN) + (<usize>row << (kind <= PORT ? 3 : 2));
  switch (kind) {
    case TIME:
      return fillReals(at, step, n, to, required, last, TIME_END);
    case REAL:
      return fillReals(at, step, n, to, required, last, Infinity);
    case WHOLE:
      return fillNumbers(at, step, n, to, required, last, WHOLE_END);
    case PORT:
      return fillNumbers(at, step, n, to, required, last, PORT_END);
    default:
      return texts == 0 || kind == FOREIGN
        ? fillUnset(at, step, n, to, required, last)
        : fillTexts(at, step, n, to, required, last, texts, kind);
  }
}

function spanOf(column: usize, row: i32, n: i32): void {
  let first = Infinity, last = -Infinity;
  for (let i = row; i < row + n; i++) {
    const ts = load<f64>(column + (<usize>i << 3));
    if (ts < first) first = ts;
    if (ts > last) last = ts;
  }
  span(first, last);
}
