// Parts a range of the tree's rows (tree.ts) by one feature.

import { f64At, i32At, setI32 } from "./memory";
import { ORDER, row, stride } from "./tree";

/** Rows of which `partition` writes down those on the wrong side. */
const STRETCH: i32 = 64;
const LEFT: usize = memory.data(260);
const RIGHT: usize = memory.data(260);

/**
 * Rows with x ≤ cut first; returns the first row of the others. Which rows of a
 * stretch stand on the wrong side is written down without a branch, which could
 * not be foreseen, then they are swapped (Edelkamp & Weiß, "BlockQuicksort",
 * 2016).
 */
export function partition(s: i32, e: i32, axis: i32, cut: f64): i32 {
  let left = 0, right = 0; // how many are written down and not yet swapped
  let nextLeft = LEFT, nextRight = RIGHT;
  while (e - s > 2 * STRETCH) {
    if (left == 0) {
      nextLeft = LEFT;
      left = findHigh(s, axis, cut);
    }
    if (right == 0) {
      nextRight = RIGHT;
      right = findLow(e, axis, cut);
    }
    const pairs = min(left, right);
    for (let t = 0; t < pairs; t++) {
      swapRows(s + i32At(nextLeft, t), e - 1 - i32At(nextRight, t));
    }
    nextLeft += <usize>pairs << 2;
    nextRight += <usize>pairs << 2;
    left -= pairs;
    right -= pairs;
    if (left == 0) s += STRETCH;
    if (right == 0) e -= STRETCH;
  }
  return partitionFew(s, e, axis, cut);
}

/** Rows of the stretch from s on that belong right, as offsets from it. */
function findHigh(s: i32, axis: i32, cut: f64): i32 {
  let p = row(s) + (<usize>axis << 3);
  let count = 0;
  for (let i = 0; i < STRETCH; i++) {
    setI32(LEFT, count, i);
    count += <i32>(load<f64>(p) > cut);
    p += stride;
  }
  return count;
}

/** Rows of the stretch before e that belong left, as offsets from its end. */
function findLow(e: i32, axis: i32, cut: f64): i32 {
  let p = row(e - 1) + (<usize>axis << 3);
  let count = 0;
  for (let i = 0; i < STRETCH; i++) {
    setI32(RIGHT, count, i);
    count += <i32>(load<f64>(p) <= cut);
    p -= stride;
  }
  return count;
}

function partitionFew(s: i32, e: i32, axis: i32, cut: f64): i32 {
  let i = s;
  let j = e - 1;
  while (true) {
    while (i <= j && f64At(row(i), axis) <= cut) i++;
    while (i <= j && f64At(row(j), axis) > cut) j--;
    if (i > j) return i;
    swapRows(i++, j--);
  }
}

function swapRows(i: i32, j: i32): void {
  const p = row(i);
  const q = row(j);
  for (let o: usize = 0; o < stride; o += 16) {
    const t = v128.load(p + o);
    v128.store(p + o, v128.load(q + o));
    v128.store(q + o, t);
  }
  const t = i32At(ORDER, i);
  setI32(ORDER, i, i32At(ORDER, j));
  setI32(ORDER, j, t);
}
