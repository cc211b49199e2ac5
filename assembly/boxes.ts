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
// Boxes are rounded outwards to f32.

import { above, below } from "./box_reach";
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
export let features: i32 = 0;
/** Bytes of the boxes, and of all, of one block. */
export let boxBytes: usize = 0;
let blockBytes: usize = 0;

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
  setWidth(d);
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

/** Writes down where the blocks are, in 24 bytes. */
export function lendBlocks(STATE: usize): void {
  setI32(STATE, 0, <i32>BLOCKS);
  setI32(STATE, 1, <i32>STARTS);
  setI32(STATE, 2, <i32>LEAF_NODES);
  setI32(STATE, 3, features);
  setI32(STATE, 4, blockCount);
  setI32(STATE, 5, leafCount);
}

/** Takes the finished blocks of another instance with the same memory. */
export function borrowBlocks(STATE: usize): void {
  BLOCKS = <u32>i32At(STATE, 0);
  STARTS = <u32>i32At(STATE, 1);
  LEAF_NODES = <u32>i32At(STATE, 2);
  setWidth(i32At(STATE, 3));
  blockCount = i32At(STATE, 4);
  leafCount = i32At(STATE, 5);
}

function setWidth(d: i32): void {
  features = d;
  boxBytes = <usize>d << 6;
  blockBytes = boxBytes + 48;
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
