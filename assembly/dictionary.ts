// The distinct texts of one column: equal texts have one code, counted from 1
// in the order of first appearance (0 stands for unset).
//
//   BYTES   GET⁣POST⁣HEAD…          texts one after the other
//   ENDS    0, 3, 7, 11 …          text `code` is [ENDS[code−1], ENDS[code])
//   SLOTS   hash (32) │ code (32)   open addressing, at most half full
//
// What outgrows its room moves to one twice as large; the old one is lost until
// the arena is reset, which at most doubles what is needed.

import { alloc } from "./memory";
import { equal, head } from "./bytes";
import { forgetCells, newCells } from "./cells";

// A dictionary as it lies in memory.
const SLOTS: usize = 0;
const MASK: usize = 4;
const ENDS: usize = 8;
const CAPACITY: usize = 12;
const COUNT: usize = 16;
const BYTES: usize = 20;
const ROOM: usize = 24;
/** Bytes of all texts OR-ed together: 0x80 tells what is not ASCII. */
const SEEN: usize = 28;
/** What cells of a log came to (cells.ts); 0 where that is not kept. */
const CELLS: usize = 32;
const SIZE: usize = 36;

const FIRST_SLOTS: i32 = 256;
const FIRST_ROOM: i32 = 4096;
const SPARE: i32 = 32;

/** Mixed into every hash, so that no log can be made to collide. */
let seed: u64 = 0;

/** Keeps a look from being left out as useless. */
let seen: i32 = 0;

export function seedHash(low: i32, high: i32): void {
  seed = <u64>(<u32>low) | <u64>(<u32>high) << 32;
}

/**
 * An empty dictionary with room for so many distinct texts of so many bytes in
 * all, and it grows; its address stands for it.
 */
export function newDictionary(texts: i32, bytes: i32): usize {
  let slots = FIRST_SLOTS, room = FIRST_ROOM;
  while (slots >> 1 < texts) slots <<= 1;
  while (room < bytes) room <<= 1;
  const d = alloc(SIZE);
  store<usize>(d, alloc(<usize>slots << 3), SLOTS);
  store<i32>(d, slots - 1, MASK);
  store<usize>(d, alloc(<usize>slots << 2), ENDS);
  store<i32>(d, slots, CAPACITY);
  store<usize>(d, alloc(<usize>(room + SPARE)), BYTES);
  store<i32>(d, room, ROOM);
  store<usize>(d, 0, CELLS);
  clearDictionary(d);
  return d;
}

/** Forgets all texts; keeps the room. */
export function clearDictionary(d: usize): void {
  const size = <usize>(load<i32>(d, MASK) + 1) << 3;
  memory.fill(load<usize>(d, SLOTS), 0, size);
  store<i32>(d, 0, COUNT);
  store<i32>(d, 0, SEEN);
  store<i32>(load<usize>(d, ENDS), 0);
  if (load<usize>(d, CELLS) != 0) forgetCellsOf(d);
}

/** Forgets what cells came to, or makes room to remember it. */
export function forgetCellsOf(d: usize): void {
  if (load<usize>(d, CELLS) == 0) store<usize>(d, newCells(), CELLS);
  forgetCells(load<usize>(d, CELLS));
}

// @ts-ignore: decorator
@inline
export function cellsOf(d: usize): usize {
  return load<usize>(d, CELLS);
}

/** Number of distinct texts. */
export function dictionarySize(d: usize): i32 {
  return load<i32>(d, COUNT);
}

/** Where ENDS begins: i32, shape (size + 1,). */
export function dictionaryEnds(d: usize): usize {
  return load<usize>(d, ENDS);
}

export function dictionaryBytes(d: usize): usize {
  return load<usize>(d, BYTES);
}

/** Whether some text is not plain ASCII. */
export function dictionaryIsWide(d: usize): bool {
  return (load<i32>(d, SEEN) & 0x80) != 0;
}

/** Length of all texts together. */
// @ts-ignore: decorator
@inline
export function dictionaryLength(d: usize): i32 {
  return load<i32>(load<usize>(d, ENDS) + (<usize>load<i32>(d, COUNT) << 2));
}

const K1: u64 = 0x9e3779b97f4a7c15;
const K2: u64 = 0xbf58476d1ce4e5b9;
const K3: u64 = 0x94d049bb133111eb;

// @ts-ignore: decorator
@inline
function mix(h: u64, v: v128): u64 {
  const low = <u64>i64x2.extract_lane(v, 0);
  const high = <u64>i64x2.extract_lane(v, 1);
  return rotl((h ^ low) * K1, 29) + (h ^ high) * K2;
}

// @ts-ignore: decorator
@inline
function finished(h: u64): u32 {
  // Never 0: that marks a free slot.
  return <u32>(((h ^ (h >> 32)) * K3) >> 32) | 1;
}

/** The first 16 bytes of a text, zeros after its end. */
// @ts-ignore: decorator
@inline
function first(p: usize, length: i32): v128 {
  return head(p, min(length, 16));
}

/** The last 16 bytes of a text of at least as many. */
// @ts-ignore: decorator
@inline
function last(p: usize, length: i32): v128 {
  return v128.load(p + <usize>(length - 16));
}

/** Up to 32 bytes need no loop: the first and the last 16 may overlap. */
// @ts-ignore: decorator
@inline
function hashOf(p: usize, length: i32): u32 {
  let h = mix(seed + <u64>length, first(p, length));
  if (length <= 16) return finished(h);
  for (let i: i32 = 16; i < length - 16; i += 16) {
    h = mix(h, v128.load(p + <usize>i));
  }
  return finished(mix(h, last(p, length)));
}

/**
 * The slot of a text: the one that holds its code, or the free one where its
 * code would go.
 *
 * @param p IN its bytes, 16 more readable
 */
// @ts-ignore: decorator
@inline
function slotOf(d: usize, p: usize, length: i32, hash: u32): usize {
  const slots = load<usize>(d, SLOTS), mask = load<i32>(d, MASK);
  const ends = load<usize>(d, ENDS), bytes = load<usize>(d, BYTES);
  let i = <i32>(hash >> 1) & mask;
  let at = slots + (<usize>i << 3);
  for (let slot = load<u64>(at); slot != 0; slot = load<u64>(at)) {
    if (<u32>(slot >> 32) == hash) {
      const entry = ends + (<usize>(<u32>slot) << 2);
      const from = load<i32>(entry - 4);
      if (
        load<i32>(entry) - from == length &&
        equal(bytes + <usize>from, p, length)
      ) return at;
    }
    i = (i + 1) & mask;
    at = slots + (<usize>i << 3);
  }
  return at;
}

/** The code of a text; 0 where the dictionary lacks it. */
function findLong(d: usize, p: usize, length: i32): i32 {
  return <i32>load<u64>(slotOf(d, p, length, hashOf(p, length)));
}

/**
 * The code of a text; 0 where the dictionary lacks it. Most texts fit one
 * vector, for which no loop is needed.
 *
 * @param v the text's first 16 bytes, zeros after its end
 */
// @ts-ignore: decorator
@inline
export function find(d: usize, p: usize, length: i32, v: v128): i32 {
  if (length > 16) return findLong(d, p, length);
  const hash = finished(mix(seed + <u64>length, v));
  const slots = load<usize>(d, SLOTS), mask = load<i32>(d, MASK);
  let i = <i32>(hash >> 1) & mask;
  for (;;) {
    const slot = load<u64>(slots + (<usize>i << 3));
    if (slot == 0) break;
    if (<u32>(slot >> 32) == hash) {
      const entry = load<usize>(d, ENDS) + (<usize>(<u32>slot) << 2);
      const from = load<i32>(entry - 4);
      const q = load<usize>(d, BYTES) + <usize>from;
      if (
        load<i32>(entry) - from == length &&
        !v128.any_true(v128.xor(head(q, length), v))
      ) return <i32>slot;
    }
    i = (i + 1) & mask;
  }
  return 0;
}

/** The quote after the text `code` where that stands at `s`; else 0. */
// @ts-ignore: decorator
@inline
export function endOfKey(d: usize, code: i32, s: usize): usize {
  if (code == 0) return 0;
  const entry = load<usize>(d, ENDS) + (<usize>code << 2);
  const from = load<i32>(entry - 4), length = load<i32>(entry) - from;
  const e = s + <usize>length;
  if (load<u8>(e) != 34) return 0;
  return equal(load<usize>(d, BYTES) + <usize>from, s, length) ? e : 0;
}

/** The code of a text, which is added where the dictionary lacks it. */
export function intern(d: usize, p: usize, length: i32): i32 {
  return internHashed(d, p, length, hashOf(p, length));
}

/**
 * The hash of a text, and a look at where it would stand: of many texts, the
 * memory that all of them need is fetched at once instead of one by one.
 */
// @ts-ignore: decorator
@inline
export function foresee(d: usize, p: usize, length: i32): u32 {
  const hash = hashOf(p, length), i = <i32>(hash >> 1) & load<i32>(d, MASK);
  seen += load<i32>(load<usize>(d, SLOTS) + (<usize>i << 3));
  return hash;
}

/** As {@link intern}, by the text's hash. */
export function internHashed(
  d: usize, p: usize, length: i32, hash: u32,
): i32 {
  const slot = slotOf(d, p, length, hash);
  const code = <i32>load<u64>(slot);
  return code != 0 ? code : add(d, p, length, hash, slot);
}

function add(d: usize, p: usize, length: i32, hash: u32, slot: usize): i32 {
  const from = dictionaryLength(d), to = from + length;
  if (to > load<i32>(d, ROOM)) growBytes(d, to);
  const seen = put(load<usize>(d, BYTES) + <usize>from, p, length);
  store<i32>(d, load<i32>(d, SEEN) | seen, SEEN);
  const code = load<i32>(d, COUNT) + 1;
  if (code >= load<i32>(d, CAPACITY)) growEnds(d);
  store<i32>(load<usize>(d, ENDS) + (<usize>code << 2), to);
  store<i32>(d, code, COUNT);
  store<u64>(slot, <u64>hash << 32 | <u64>code);
  if (code << 1 > load<i32>(d, MASK) + 1) growSlots(d);
  return code;
}

/**
 * Copies a text, and up to 15 bytes more; 0x80 where a byte of it has its
 * highest bit set.
 */
// @ts-ignore: decorator
@inline
function put(to: usize, p: usize, length: i32): i32 {
  let any = first(p, length);
  v128.store(to, any);
  if (length > 16) {
    for (let i: i32 = 16; i < length - 16; i += 16) {
      const v = v128.load(p + <usize>i);
      v128.store(to + <usize>i, v);
      any = v128.or(any, v);
    }
    const v = last(p, length);
    v128.store(to + <usize>(length - 16), v);
    any = v128.or(any, v);
  }
  return i8x16.bitmask(any) ? 0x80 : 0;
}

function growBytes(d: usize, need: i32): void {
  let room = load<i32>(d, ROOM);
  const used = dictionaryLength(d);
  while (room < need) room <<= 1;
  const bytes = alloc(<usize>(room + SPARE));
  memory.copy(bytes, load<usize>(d, BYTES), <usize>used);
  store<usize>(d, bytes, BYTES);
  store<i32>(d, room, ROOM);
}

function growEnds(d: usize): void {
  const capacity = load<i32>(d, CAPACITY) << 1;
  const ends = alloc(<usize>capacity << 2);
  memory.copy(ends, load<usize>(d, ENDS), <usize>capacity << 1);
  store<usize>(d, ends, ENDS);
  store<i32>(d, capacity, CAPACITY);
}

function growSlots(d: usize): void {
  const old = load<usize>(d, SLOTS);
  const n = load<i32>(d, MASK) + 1, mask = (n << 1) - 1;
  const slots = alloc(<usize>n << 4);
  memory.fill(slots, 0, <usize>n << 4);
  for (let k = 0; k < n; k++) {
    const slot = load<u64>(old + (<usize>k << 3));
    if (slot == 0) continue;
    let i = <i32>(slot >> 33) & mask;
    while (load<u64>(slots + (<usize>i << 3)) != 0) i = (i + 1) & mask;
    store<u64>(slots + (<usize>i << 3), slot);
  }
  store<usize>(d, slots, SLOTS);
  store<i32>(d, mask, MASK);
}
