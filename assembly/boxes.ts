// The leaves of a finished kd-tree (tree.ts) under a flat tree of blocks. A
// block holds the boxes of up to 8 children, so that one box is compared with
// all of them in a few SIMD instructions and without a branch per child:
//
//   │ lo₀ ×8 │ hi₀ ×8 │ lo₁ ×8 │ hi₁ ×8 │ … │ child ×8 │ leaves │ cores │ end │ all │
//     f32, 64 bytes per feature                i32 each
//
//   child    a leaf's number ≥ 0, or ~ the number of another block
//   leaves   which children are leaves, one bit each
//   cores    which children hold core rows (dbscan.ts)
//   end      the first leaf after the block's subtree
//   all      which children there are
//
// Boxes are rounded outwards to f32: "near" may be wrong about what is just out
// of reach, never about what is within, and "inside" the other way round.
// A box to compare with has the same form: lo at q + 64k, hi 32 bytes further.

import { f64At, i32At, setI32 } from "./memory";
import {
  end, field, isLeaf, lower, next, nodeCount, setField, start, upper,
} from "./tree";

export let BLOCKS: usize = 0;
export let blockCount: i32 = 0;
export let leafCount: i32 = 0;

let STARTS: usize = 0;
let LEAF_NODES: usize = 0;
/** Per child its node and what a block calls it; per list its length. */
let ITEMS: usize = 0;
let items: i32 = 0;
let LENGTHS: usize = 0;
let lists: i32 = 0;
let nodesLeft: i32 = 0;
let features: i32 = 0;
/** Bytes of the boxes, and of all, of one block. */
let boxBytes: usize = 0;
let blockBytes: usize = 0;

/** Squared limits, in every lane. */
const LIMITS = memory.data(32);
/** Field of a tree node: the number of the first leaf in its subtree. */
const FIRST: i32 = 3;
const WIDTH: i32 = 8;

// @ts-ignore: decorator
@inline
export function blockAt(block: i32): usize {
  return BLOCKS + <usize>block * blockBytes;
}

// @ts-ignore: decorator
@inline
export function childOf(block: i32, slot: i32): i32 {
  return i32At(blockAt(block) + boxBytes, slot);
}

// @ts-ignore: decorator
@inline
export function leafMask(block: i32): i32 {
  return i32At(blockAt(block) + boxBytes, WIDTH);
}

// @ts-ignore: decorator
@inline
export function coreMask(block: i32): i32 {
  return i32At(blockAt(block) + boxBytes, WIDTH + 1);
}

/** The children that there are. */
// @ts-ignore: decorator
@inline
export function childMask(block: i32): i32 {
  return i32At(blockAt(block) + boxBytes, WIDTH + 3);
}

export function setCoreMask(block: i32, mask: i32): void {
  setI32(blockAt(block) + boxBytes, WIDTH + 1, mask);
}

/** The first leaf after the block's subtree. */
// @ts-ignore: decorator
@inline
export function endLeaf(block: i32): i32 {
  return i32At(blockAt(block) + boxBytes, WIDTH + 2);
}

// @ts-ignore: decorator
@inline
export function leafStart(leaf: i32): i32 {
  return i32At(STARTS, leaf);
}

/** Rows of a leaf. */
// @ts-ignore: decorator
@inline
export function leafSize(leaf: i32): i32 {
  return i32At(STARTS, leaf + 1) - i32At(STARTS, leaf);
}

/** The tree node of a leaf. */
// @ts-ignore: decorator
@inline
export function leafNode(leaf: i32): i32 {
  return i32At(LEAF_NODES, leaf);
}

/** The leaves of the finished tree are numbered. @returns how many. */
export function countLeaves(): i32 {
  leafCount = 0;
  for (let node = 0; node < nodeCount; node++) {
    setField(node, FIRST, leafCount);
    if (isLeaf(node)) leafCount++;
  }
  return leafCount;
}

/**
 * Begins the blocks over the numbered leaves; `growBlocks` makes them.
 *
 * @param d features
 * @param blocks OUT room for as many blocks as leaves, d × 64 + 48 bytes each
 * @param starts OUT shape (leaves + 1,), i32: first row of each leaf
 * @param leafNodes OUT shape (leaves,), i32
 * @param stack scratch of 12 bytes per leaf
 */
export function startBlocks(
  d: i32, blocks: usize, starts: usize, leafNodes: usize, stack: usize,
): void {
  BLOCKS = blocks;
  STARTS = starts;
  LEAF_NODES = leafNodes;
  ITEMS = stack;
  LENGTHS = stack + (<usize>leafCount << 3);
  features = d;
  boxBytes = <usize>d << 6;
  blockBytes = boxBytes + 48;
  blockCount = 0;
  items = 0;
  lists = 0;
  nodesLeft = nodeCount;
  setI32(starts, leafCount, end(0));
}

/**
 * Goes through up to `budget` nodes, from the last to the root. The stack holds
 * a list of children for each finished subtree that has no block yet; where two
 * lists are too long for one block, each gets its own.
 *
 * @returns nodes that are left, −1 when the root has its block: the last one
 */
export function growBlocks(budget: i32): i32 {
  for (; nodesLeft > 0 && budget > 0; budget--) {
    const node = --nodesLeft;
    if (isLeaf(node)) {
      const leaf = field(node, FIRST);
      setI32(STARTS, leaf, start(node));
      setI32(LEAF_NODES, leaf, node);
      push(node, leaf);
    } else mergeLists(node);
  }
  if (nodesLeft > 0) return nodesLeft;
  close(0);
  return -1;
}

/** How many blocks there are. */
export function countBlocks(): i32 {
  return blockCount;
}

/** A list of one child. */
function push(node: i32, child: i32): void {
  setI32(ITEMS, 2 * items, node);
  setI32(ITEMS, 2 * items + 1, child);
  items++;
  setI32(LENGTHS, lists++, 1);
}

/** The two topmost lists become one: that of the left child lies on top. */
function mergeLists(node: i32): void {
  const left = i32At(LENGTHS, lists - 1);
  const right = i32At(LENGTHS, lists - 2);
  if (left + right > WIDTH) {
    if (left > 1) close(node + 1);
    // The right list is under it: the left one is taken off meanwhile.
    items--;
    lists--;
    const top = i32At(ITEMS, 2 * items);
    const child = i32At(ITEMS, 2 * items + 1);
    if (right > 1) close(next(node + 1));
    push(top, child);
  }
  const length = i32At(LENGTHS, lists - 1) + i32At(LENGTHS, lists - 2);
  lists--;
  setI32(LENGTHS, lists - 1, length);
}

/** The topmost list becomes a block, and the block a list of one child. */
function close(node: i32): void {
  const block = blockCount++;
  const children = i32At(LENGTHS, --lists);
  const fields = blockAt(block) + boxBytes;
  let leaves = 0;
  for (let i = 0; i < WIDTH; i++) {
    if (i >= children) {
      setBox(block, i, -1);
      continue;
    }
    items--;
    const child = i32At(ITEMS, 2 * items + 1);
    setBox(block, i, i32At(ITEMS, 2 * items));
    setI32(fields, i, child);
    if (child >= 0) leaves |= 1 << i;
  }
  const after = next(node);
  setI32(fields, WIDTH, leaves);
  setI32(fields, WIDTH + 1, 0);
  setI32(fields, WIDTH + 2, after < nodeCount ? field(after, FIRST) : leafCount);
  setI32(fields, WIDTH + 3, (1 << children) - 1);
  push(node, ~block);
}

/** The box of a node; for −1 one that is near to nothing. */
function setBox(block: i32, slot: i32, node: i32): void {
  let p = blockAt(block) + (<usize>slot << 2);
  for (let k = 0; k < features; k++) {
    store<f32>(p, node < 0 ? <f32>Infinity : below(f64At(lower(node), k)));
    store<f32>(p, node < 0 ? <f32>Infinity : above(f64At(upper(node), k)), 32);
    p += 64;
  }
}

/** The largest f32 that is at most x. */
// @ts-ignore: decorator
@inline
function below(x: f64): f32 {
  const r = <f32>x;
  if (<f64>r <= x) return r;
  const bits = reinterpret<i32>(r);
  if (r > 0) return reinterpret<f32>(bits - 1);
  return r < 0 ? reinterpret<f32>(bits + 1) : -reinterpret<f32>(1);
}

/** The smallest f32 that is at least x. */
// @ts-ignore: decorator
@inline
function above(x: f64): f32 {
  return -below(-x);
}

/** The box of one row. @param Q OUT box, d × 64 bytes */
export function boxOfRow(row: usize, Q: usize): void {
  for (let k = 0; k < features; k++) {
    const x = f64At(row, k);
    store<f32>(Q, below(x));
    store<f32>(Q, above(x), 32);
    Q += 64;
  }
}

/** The box around the children that a mask names, at least one. */
export function boxOfChildren(block: i32, mask: i32, Q: usize): void {
  let p = blockAt(block);
  for (let k = 0; k < features; k++) {
    let lo: f32 = Infinity, hi: f32 = -Infinity;
    for (let m = mask; m; m &= m - 1) {
      const o = <usize>ctz(m) << 2;
      lo = min(lo, load<f32>(p + o));
      hi = max(hi, load<f32>(p + o, 32));
    }
    store<f32>(Q, lo);
    store<f32>(Q, hi, 32);
    Q += 64;
    p += 64;
  }
}

/** The child's box within its block. */
// @ts-ignore: decorator
@inline
export function boxOfChild(block: i32, slot: i32): usize {
  return blockAt(block) + (<usize>slot << 2);
}

/**
 * Sets how far is near. The limits leave room for the rounding of d squares
 * in f32; where those would underflow, nothing counts as inside.
 */
export function setReach(eps: f64): void {
  const eps2 = eps * eps;
  const room = 5e-7 * <f64>(features + 8);
  const near = <f32>(eps2 * (1 + room) + 1e-37);
  const inside = eps2 < 1e-30 ? <f32>-1 : <f32>(min(eps2, 1e37) * (1 - room));
  v128.store(LIMITS, f32x4.splat(near));
  v128.store(LIMITS, f32x4.splat(inside), 16);
}

/** Which children may have points within eps of the box: one bit each. */
// @ts-ignore: decorator
@inline
export function nearMask(q: usize, block: i32): i32 {
  const zero = f32x4.splat(0);
  let a = zero, b = zero;
  let p = blockAt(block);
  const e = p + boxBytes;
  for (; p < e; p += 64) {
    const lo = v128.load32_splat(q);
    const hi = v128.load32_splat(q, 32);
    let t = f32x4.pmax(
      f32x4.sub(v128.load(p), hi), f32x4.sub(lo, v128.load(p, 32)),
    );
    t = f32x4.pmax(t, zero);
    a = f32x4.add(a, f32x4.mul(t, t));
    t = f32x4.pmax(
      f32x4.sub(v128.load(p, 16), hi), f32x4.sub(lo, v128.load(p, 48)),
    );
    t = f32x4.pmax(t, zero);
    b = f32x4.add(b, f32x4.mul(t, t));
    q += 64;
  }
  const limit = v128.load(LIMITS);
  return i32x4.bitmask(f32x4.le(a, limit)) |
    i32x4.bitmask(f32x4.le(b, limit)) << 4;
}

/** Which children have all points within eps of every point of the box. */
// @ts-ignore: decorator
@inline
export function insideMask(q: usize, block: i32): i32 {
  const zero = f32x4.splat(0);
  let a = zero, b = zero;
  let p = blockAt(block);
  const e = p + boxBytes;
  for (; p < e; p += 64) {
    const lo = v128.load32_splat(q);
    const hi = v128.load32_splat(q, 32);
    let t = f32x4.pmax(
      f32x4.sub(v128.load(p, 32), lo), f32x4.sub(hi, v128.load(p)),
    );
    a = f32x4.add(a, f32x4.mul(t, t));
    t = f32x4.pmax(
      f32x4.sub(v128.load(p, 48), lo), f32x4.sub(hi, v128.load(p, 16)),
    );
    b = f32x4.add(b, f32x4.mul(t, t));
    q += 64;
  }
  const limit = v128.load(LIMITS, 16);
  return i32x4.bitmask(f32x4.le(a, limit)) |
    i32x4.bitmask(f32x4.le(b, limit)) << 4;
}
