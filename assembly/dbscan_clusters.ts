// The clusters of DBSCAN (dbscan.ts) from its core rows: leaves joined to a
// union-find forest, labels of core rows, labels of the rows at their border.

import {
  boxOfChild, boxOfChildren, boxOfRow, insideMask, nearMask,
} from "./box_reach";
import {
  blockCount, childMask, childOf, coreMask, leafCount, leafMask, leafNode,
  leafSize, leafStart, setCoreMask,
} from "./boxes";
import {
  ALL, CLUSTERS, collectNear, CORE, IS_CORE, NEAR, nearCount, NONE, Q,
} from "./dbscan";
import { join, rootOf } from "./forest";
import { i32At, setI32 } from "./memory";
import { surelyOut, within } from "./reach";
import { boxNearest, ORDER, row } from "./tree";

const UNLABELLED: i32 = -1;
/** Pairs of leaves that wait for a search among their rows. */
const MOST_PAIRS: i32 = 65536;

let PAIRS: usize = 0;
let pairCount: i32 = 0;

export function startPairs(pairs: usize): void {
  PAIRS = pairs;
  pairCount = 0;
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

/** Takes the pairs that another instance has put aside, in place of its own. */
export function takePairs(pairs: usize, count: i32): void {
  PAIRS = pairs;
  pairCount = count;
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
