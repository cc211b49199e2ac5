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
  blockCount, boxOfChild, boxOfChildren, boxOfRow, childMask, childOf, coreMask,
  endLeaf, insideMask, leafCount, leafMask, leafNode, leafSize, leafStart,
  nearMask, setCoreMask, setReach,
} from "./boxes";
import { squaredDistance } from "./distance";
import { f64At, i32At, setI32 } from "./memory";
import {
  boxFarthest, boxNearest, end, isLeaf, lower, next, nodeCount, ORDER, row,
  start, stride, upper,
} from "./tree";

/** How many of a leaf's rows are core. */
const NONE: u8 = 0;
const SOME: u8 = 1;
const ALL: u8 = 2;

const UNLABELLED: i32 = -1;
/** Pairs of leaves that wait for a search among their rows. */
const MOST_PAIRS: i32 = 65536;

let eps2: f64 = 0;
let surelyOut: f64 = 0;
let surelyIn: f64 = 0;
let minSamples: i32 = 0;
/** u8 per row, in the tree's order. */
let IS_CORE: usize = 0;
/** Per leaf: NONE, SOME or ALL; parent in the forest; cluster of a root. */
let CORE: usize = 0;
let ROOTS: usize = 0;
let CLUSTERS: usize = 0;
/** Blocks with leaves near the one at hand, in preorder; itself is at `own`. */
let NEAR: usize = 0;
let nearCount: i32 = 0;
let own: i32 = 0;
/** Per entry the block and which of its leaves one leaf's rows must look at. */
let LIST: usize = 0;
let STACK: usize = 0;
let Q: usize = 0;
let PAIRS: usize = 0;
let pairCount: i32 = 0;

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
  setLimits(eps);
  setReach(eps);
  minSamples = samples;
  IS_CORE = isCore;
  ROOTS = leaves;
  CLUSTERS = ROOTS + (<usize>leafCount << 2);
  CORE = CLUSTERS + (<usize>leafCount << 2);
  NEAR = blocks;
  STACK = NEAR + (<usize>blockCount << 2);
  LIST = STACK + (<usize>blockCount << 2);
  Q = query;
  PAIRS = pairs;
  pairCount = 0;
  memory.fill(isCore, 0, n);
  memory.fill(CORE, NONE, leafCount);
  memory.fill(CLUSTERS, 0xff, <usize>leafCount << 2);
  for (let leaf = 0; leaf < leafCount; leaf++) setI32(ROOTS, leaf, leaf);
}

function setLimits(eps: f64): void {
  eps2 = eps * eps;
  surelyOut = eps2 * (1 + 1e-9);
  surelyIn = eps2 * (1 - 1e-9);
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
function collectNear(block: i32, coreOnly: bool, after: i32): void {
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

// @ts-ignore: decorator
@inline
function within(p: usize, q: usize): bool {
  const far = squaredDistance(p, q, stride);
  if (far > surelyOut) return false;
  return far <= surelyIn || withinExactly(p, q);
}

function withinExactly(p: usize, q: usize): bool {
  let sum = 0.0;
  for (let k = 0; k < <i32>(stride >> 3); k++) {
    const t = f64At(p, k) - f64At(q, k);
    sum += t * t;
  }
  return sum <= eps2;
}

/** Tells the blocks which children hold core rows. */
export function spreadCore(): void {
  for (let block = 0; block < blockCount; block++) {
    let mask = 0;
    for (let m = childMask(block); m; m &= m - 1) {
      const slot = ctz(m);
      const child = childOf(block, slot);
      const some = child < 0
        ? coreMask(~child) != 0
        : load<u8>(CORE + child) != NONE;
      if (some) mask |= 1 << slot;
    }
    setCoreMask(block, mask);
  }
}

/**
 * Joins the leaves of the blocks in [from, to) with later ones where the boxes
 * alone prove two core rows within eps; where they leave it open, the pair is
 * put aside for `searchPairs`, when most of them are joined by other ways.
 *
 * @returns how many pairs wait
 */
export function joinLeaves(from: i32, to: i32): i32 {
  for (let block = from; block < to; block++) {
    const cores = coreMask(block) & leafMask(block);
    if (!cores) continue;
    boxOfChildren(block, cores, Q);
    collectNear(block, true, childOf(block, ctz(cores)));
    for (let m = cores; m; m &= m - 1) joinLater(block, ctz(m));
  }
  return pairCount;
}

function joinLater(block: i32, slot: i32): void {
  const leaf = childOf(block, slot);
  const q = boxOfChild(block, slot);
  let root = rootOf(leaf);
  for (let t = 0; t < nearCount; t++) {
    const at = i32At(NEAR, t);
    let mask = nearMask(q, at) & coreMask(at) & leafMask(at);
    if (!mask) continue;
    const inside = insideMask(q, at);
    for (; mask; mask &= mask - 1) {
      const other = childOf(at, ctz(mask));
      if (other <= leaf || rootOf(other) == root) continue;
      if (inside & mask & -mask) join(leaf, other);
      else if (pairCount < MOST_PAIRS) addPair(leaf, other);
      else if (havePair(leaf, other)) join(leaf, other);
      root = rootOf(leaf);
    }
  }
}

function addPair(a: i32, b: i32): void {
  setI32(PAIRS, 2 * pairCount, a);
  setI32(PAIRS, 2 * pairCount + 1, b);
  pairCount++;
}

/** Looks for two core rows within eps in up to `budget` waiting pairs. */
export function searchPairs(budget: i32): i32 {
  for (; pairCount > 0 && budget > 0; budget--) {
    pairCount--;
    const a = i32At(PAIRS, 2 * pairCount);
    const b = i32At(PAIRS, 2 * pairCount + 1);
    if (rootOf(a) != rootOf(b) && havePair(a, b)) join(a, b);
  }
  return pairCount;
}

function havePair(a: i32, b: i32): bool {
  if (leafSize(a) > leafSize(b)) {
    const t = a;
    a = b;
    b = t;
  }
  for (let i = leafStart(a); i < leafStart(a + 1); i++) {
    if (!load<u8>(IS_CORE + i)) continue;
    if (boxNearest(row(i), row(i), leafNode(b)) > surelyOut) continue;
    if (hasCoreWithin(row(i), b)) return true;
  }
  return false;
}

function hasCoreWithin(p: usize, leaf: i32): bool {
  for (let i = leafStart(leaf); i < leafStart(leaf + 1); i++) {
    if (load<u8>(IS_CORE + i) && within(p, row(i))) return true;
  }
  return false;
}

function rootOf(leaf: i32): i32 {
  let up = i32At(ROOTS, leaf);
  while (up != leaf) {
    const above = i32At(ROOTS, up);
    setI32(ROOTS, leaf, above);
    leaf = above;
    up = i32At(ROOTS, leaf);
  }
  return leaf;
}

function join(a: i32, b: i32): void {
  a = rootOf(a);
  b = rootOf(b);
  if (a < b) setI32(ROOTS, b, a);
  else setI32(ROOTS, a, b);
}

/**
 * Labels the core rows; clusters are numbered by their lowest row.
 *
 * @param LABELS OUT shape (n,), i32, in the matrix's order; −1 where not core
 * @param CORE_ROWS OUT shape (n,), u8, in the matrix's order
 * @returns the number of clusters
 */
export function labelCore(n: i32, LABELS: usize, CORE_ROWS: usize): i32 {
  for (let leaf = 0; leaf < leafCount; leaf++) {
    const root = rootOf(leaf);
    for (let i = leafStart(leaf); i < leafStart(leaf + 1); i++) {
      const core = load<u8>(IS_CORE + i);
      store<u8>(CORE_ROWS + i32At(ORDER, i), core);
      setI32(LABELS, i32At(ORDER, i), core ? root : UNLABELLED);
    }
  }
  let clusters = 0;
  for (let i = 0; i < n; i++) {
    const root = i32At(LABELS, i);
    if (root == UNLABELLED) continue;
    if (i32At(CLUSTERS, root) == UNLABELLED) setI32(CLUSTERS, root, clusters++);
    setI32(LABELS, i, i32At(CLUSTERS, root));
  }
  return clusters;
}

/**
 * Gives the other rows of the blocks in [from, to) the lowest cluster that has
 * a core row within eps: the one scikit-learn reaches first.
 *
 * @param LABELS INOUT shape (n,), i32, in the matrix's order
 */
export function labelBorder(from: i32, to: i32, LABELS: usize): void {
  for (let block = from; block < to; block++) {
    let open = 0;
    for (let m = leafMask(block); m; m &= m - 1) {
      if (load<u8>(CORE + childOf(block, ctz(m))) != ALL) open |= m & -m;
    }
    if (!open) continue;
    boxOfChildren(block, open, Q);
    collectNear(block, true, 0);
    if (nearCount == 0) continue;
    for (let m = open; m; m &= m - 1) labelRows(childOf(block, ctz(m)), LABELS);
  }
}

function labelRows(leaf: i32, LABELS: usize): void {
  for (let i = leafStart(leaf); i < leafStart(leaf + 1); i++) {
    if (load<u8>(IS_CORE + i)) continue;
    setI32(LABELS, i32At(ORDER, i), lowestCluster(row(i)));
  }
}

function lowestCluster(p: usize): i32 {
  let best = i32.MAX_VALUE;
  boxOfRow(p, Q);
  for (let t = 0; t < nearCount; t++) {
    const at = i32At(NEAR, t);
    let mask = nearMask(Q, at) & coreMask(at) & leafMask(at);
    for (; mask; mask &= mask - 1) {
      const leaf = childOf(at, ctz(mask));
      const cluster = i32At(CLUSTERS, rootOf(leaf));
      if (cluster < best && hasCoreWithin(p, leaf)) best = cluster;
    }
  }
  return best == i32.MAX_VALUE ? UNLABELLED : best;
}

/**
 * The label of the nearest row of a finished tree, the lowest label of equally
 * near ones; −1 where none is within eps.
 *
 * @param Q IN n padded rows
 * @param ROW_LABELS IN i32 per tree row, before it was reordered; identical
 *   rows have the same label, as they have in any clustering
 * @param LABELS OUT shape (n,), i32
 */
export function nearestLabels(
  Q: usize, n: i32, eps: f64, ROW_LABELS: usize, LABELS: usize,
): void {
  setLimits(eps);
  for (let i = 0; i < n; i++) {
    setI32(LABELS, i, nearestLabel(Q, ROW_LABELS));
    Q += stride;
  }
}

function nearestLabel(q: usize, ROW_LABELS: usize): i32 {
  let nearest = surelyOut;
  let label = UNLABELLED;
  for (let node = 0; node < nodeCount;) {
    if (boxNearest(q, q, node) > nearest * (1 + 1e-9)) {
      node = next(node);
      continue;
    }
    if (isLeaf(node)) {
      for (let i = start(node); i < lastOf(node); i++) {
        const far = squaredDistance(q, row(i), stride);
        if (far > nearest || !within(q, row(i))) continue;
        const own = i32At(ROW_LABELS, i32At(ORDER, i));
        if (far < nearest || label == UNLABELLED || own < label) label = own;
        nearest = far;
      }
    }
    node++;
  }
  return label;
}

/** A leaf of one point, many times over, needs one look. */
function lastOf(leaf: i32): i32 {
  return boxFarthest(lower(leaf), upper(leaf), leaf) == 0
    ? start(leaf) + 1
    : end(leaf);
}
