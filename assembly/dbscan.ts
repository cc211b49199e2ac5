// Exact DBSCAN (Ester, Kriegel, Sander, Xu, 1996) in O(n) memory: no list of
// neighbours is ever stored.
//
// The kd-tree's leaves are at most eps across, so every leaf is a clique: with
// minSamples rows all of them are core, and its core rows always share a
// cluster. Duplicates, most of a connection log, end up in one leaf. Clusters
// are therefore sets of leaves, kept as a union-find forest.
//
// A block of up to eight leaves (boxes.ts) looks for what is near it once, for
// all of them. Boxes only say what is surely in or out of reach; a pair of rows
// near the limit is decided by the sum of squares in feature order, as
// scikit-learn's kd-tree sums.

import {
  boxOfChild, boxOfChildren, boxOfRow, insideMask, nearMask, setReach,
} from "./box_reach";
import {
  blockCount, childOf, coreMask, endLeaf, leafCount, leafMask, leafSize,
  leafStart,
} from "./boxes";
import { startPairs } from "./dbscan_clusters";
import { startForest } from "./forest";
import { i32At, setI32 } from "./memory";
import { setLimits, within } from "./reach";
import { row } from "./tree";

/** How many of a leaf's rows are core. */
export const NONE: u8 = 0;
export const SOME: u8 = 1;
export const ALL: u8 = 2;

let minSamples: i32 = 0;
let radius: f64 = 0;
/** u8 per row, in the tree's order. */
export let IS_CORE: usize = 0;
/** Per leaf: NONE, SOME or ALL; cluster of a root. */
export let CORE: usize = 0;
export let CLUSTERS: usize = 0;
/** Blocks with leaves near the one at hand, in preorder; itself is at `own`. */
export let NEAR: usize = 0;
export let nearCount: i32 = 0;
let own: i32 = 0;
/** Per entry the block and which of its leaves one leaf's rows must look at. */
let LIST: usize = 0;
let STACK: usize = 0;
export let Q: usize = 0;

/**
 * Begins a clustering of the rows of a finished tree whose leaves are at most
 * eps across, with its blocks.
 *
 * @param isCore OUT shape (n,), u8, in the tree's order
 * @param leaves scratch of 12 bytes per leaf
 * @param blocks scratch of 16 bytes per block
 * @param query scratch of one box, d × 64 bytes
 * @param pairs scratch of 512 KiB
 */
export function startDbscan(
  n: i32, eps: f64, samples: i32, isCore: usize, leaves: usize, blocks: usize,
  query: usize, pairs: usize,
): void {
  setReach(eps);
  setPlaces(eps, samples, isCore, leaves, blocks, query);
  startPairs(pairs);
  memory.fill(isCore, 0, n);
  memory.fill(CORE, NONE, leafCount);
  memory.fill(CLUSTERS, 0xff, <usize>leafCount << 2);
  startForest(leaves);
}

function setPlaces(
  eps: f64, samples: i32, isCore: usize, leaves: usize, blocks: usize,
  query: usize,
): void {
  setLimits(eps);
  radius = eps;
  minSamples = samples;
  IS_CORE = isCore;
  CLUSTERS = leaves + (<usize>leafCount << 2);
  CORE = CLUSTERS + (<usize>leafCount << 2);
  NEAR = blocks;
  STACK = NEAR + (<usize>blockCount << 2);
  LIST = STACK + (<usize>blockCount << 2);
  Q = query;
}

/** Writes down where the clustering is, in 24 bytes. */
export function lendCore(STATE: usize): void {
  store<f64>(STATE, radius);
  setI32(STATE, 2, minSamples);
  setI32(STATE, 3, <i32>IS_CORE);
  setI32(STATE, 4, <i32>CLUSTERS - (leafCount << 2));
}

/**
 * Takes the clustering of another instance with the same memory: other blocks
 * may then be gone through here.
 *
 * @param blocks scratch of 16 bytes per block
 * @param query scratch of one box, d × 64 bytes
 */
export function borrowCore(STATE: usize, blocks: usize, query: usize): void {
  const isCore = <usize><u32>i32At(STATE, 3);
  const leaves = <usize><u32>i32At(STATE, 4);
  setPlaces(
    load<f64>(STATE), i32At(STATE, 2), isCore, leaves, blocks, query,
  );
}

/** Finds the core rows of the leaves of the blocks in [from, to). */
export function findCore(from: i32, to: i32): void {
  for (let block = from; block < to; block++) {
    const open = largeLeaves(block);
    if (!open) continue;
    boxOfChildren(block, open, Q);
    collectNear(block, false, 0);
    for (let m = open; m; m &= m - 1) coreOfLeaf(block, ctz(m));
  }
}

/**
 * Marks the leaves that are core by their own rows, or with those of the block
 * that are surely in reach. @returns the others.
 */
function largeLeaves(block: i32): i32 {
  const leaves = leafMask(block);
  let open = 0;
  for (let m = leaves; m; m &= m - 1) {
    const slot = ctz(m);
    let sure = leafSize(childOf(block, slot));
    if (sure < minSamples) {
      const inside = insideMask(boxOfChild(block, slot), block) & leaves;
      sure += sizeOf(block, inside & ~(1 << slot));
    }
    if (sure >= minSamples) markAll(childOf(block, slot));
    else open |= 1 << slot;
  }
  return open;
}

/** Rows of the leaves that a mask names. */
// @ts-ignore: decorator
@inline
function sizeOf(block: i32, mask: i32): i32 {
  let rows = 0;
  for (; mask; mask &= mask - 1) rows += leafSize(childOf(block, ctz(mask)));
  return rows;
}

function markAll(leaf: i32): void {
  memory.fill(IS_CORE + leafStart(leaf), 1, leafSize(leaf));
  store<u8>(CORE + leaf, ALL);
}

/**
 * Lists the blocks that have leaves near the box in Q.
 *
 * @param coreOnly leaves without core rows are left out
 * @param after so are subtrees that end before this leaf
 */
export function collectNear(block: i32, coreOnly: bool, after: i32): void {
  nearCount = 0;
  own = 0;
  let depth = 1;
  setI32(STACK, 0, blockCount - 1);
  while (depth > 0) {
    const at = i32At(STACK, --depth);
    let mask = nearMask(Q, at);
    if (coreOnly) mask &= coreMask(at);
    const leaves = mask & leafMask(at);
    if (leaves) {
      if (at == block) own = nearCount;
      setI32(NEAR, nearCount++, at);
    }
    // Downwards, so that the first child is taken first.
    for (mask ^= leaves; mask;) {
      const slot = 31 - clz(mask);
      mask ^= 1 << slot;
      const child = ~childOf(at, slot);
      if (endLeaf(child) > after) setI32(STACK, depth++, child);
    }
  }
}

function coreOfLeaf(block: i32, slot: i32): void {
  const leaf = childOf(block, slot);
  const q = boxOfChild(block, slot);
  let sure = leafSize(leaf);
  let listed = 0, ownListed = 0;
  for (let t = 0; t < nearCount; t++) {
    const at = i32At(NEAR, t);
    let mask = nearMask(q, at) & leafMask(at);
    if (t == own) {
      mask &= ~(1 << slot);
      ownListed = listed;
    }
    if (!mask) continue;
    const inside = insideMask(q, at) & mask;
    sure += sizeOf(at, inside);
    if (sure >= minSamples) return markAll(leaf);
    mask ^= inside;
    if (!mask) continue;
    setI32(LIST, 2 * listed, at);
    setI32(LIST, 2 * listed + 1, mask);
    listed++;
  }
  const s = leafStart(leaf);
  const e = leafStart(leaf + 1);
  let cores = 0;
  for (let i = s; i < e; i++) {
    if (!reaches(row(i), sure, listed, ownListed)) continue;
    store<u8>(IS_CORE + i, 1);
    cores++;
  }
  store<u8>(CORE + leaf, cores == e - s ? ALL : cores > 0 ? SOME : NONE);
}

/**
 * Whether `sure` rows and those of LIST within eps make minSamples. Starts at
 * the row's own block: what is close in preorder is mostly close in space.
 */
function reaches(p: usize, sure: i32, listed: i32, first: i32): bool {
  boxOfRow(p, Q);
  let count = sure;
  for (let t = first; t < listed && count < minSamples; t++) {
    count = countWithin(p, t, count);
  }
  for (let t = first - 1; t >= 0 && count < minSamples; t--) {
    count = countWithin(p, t, count);
  }
  return count >= minSamples;
}

function countWithin(p: usize, t: i32, count: i32): i32 {
  const block = i32At(LIST, 2 * t);
  let mask = nearMask(Q, block) & i32At(LIST, 2 * t + 1);
  if (!mask) return count;
  const inside = insideMask(Q, block) & mask;
  count += sizeOf(block, inside);
  for (mask ^= inside; mask; mask &= mask - 1) {
    const leaf = childOf(block, ctz(mask));
    const e = leafStart(leaf + 1);
    for (let i = leafStart(leaf); i < e && count < minSamples; i++) {
      if (within(p, row(i))) count++;
    }
  }
  return count;
}
