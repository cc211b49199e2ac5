// Exact DBSCAN (Ester, Kriegel, Sander, Xu, 1996) in O(n) memory: no list of
// neighbours is ever stored.
//
// The kd-tree's leaves are at most eps across, so every leaf is a clique: with
// minSamples rows all of them are core, and its core rows always share a
// cluster. Duplicates, most of a connection log, end up in one leaf. Clusters
// are therefore sets of leaves, kept as a union-find forest over the nodes.
//
// Boxes are compared with a margin; a pair within it is decided by the sum of
// squares in feature order, as scikit-learn's kd-tree sums.

import { squaredDistance } from "./distance";
import { f64At, i32At, setI32 } from "./memory";
import {
  boxFarthest, boxNearest, end, field, isLeaf, lower, next, nodeCount, ORDER,
  row, setField, start, stride, upper,
} from "./tree";

/** Fields of a node (see tree.ts). */
const ROOT: i32 = 3;
const CORE: i32 = 4;
const CLUSTER: i32 = 5;

/** How much of a node is core; inner nodes know NONE and SOME. */
const NONE: i32 = 0;
const SOME: i32 = 1;
const ALL: i32 = 2;

const UNLABELLED: i32 = -1;

let eps2: f64 = 0;
let surelyOut: f64 = 0;
let surelyIn: f64 = 0;
let minSamples: i32 = 0;
let IS_CORE: usize = 0;
let NEAR: usize = 0;
let nearCount: i32 = 0;
let nearOwn: i32 = 0;

/**
 * Begins a clustering of the rows of a finished tree whose leaves are at most
 * eps across.
 *
 * @param isCore OUT shape (n,), u8, in the tree's order
 * @param near scratch of 4n bytes
 */
export function startDbscan(
  n: i32, eps: f64, samples: i32, isCore: usize, near: usize,
): void {
  eps2 = eps * eps;
  surelyOut = eps2 * (1 + 1e-9);
  surelyIn = eps2 * (1 - 1e-9);
  minSamples = samples;
  IS_CORE = isCore;
  NEAR = near;
  memory.fill(isCore, 0, n);
  for (let node = 0; node < nodeCount; node++) {
    setField(node, ROOT, node);
    setField(node, CORE, NONE);
    setField(node, CLUSTER, UNLABELLED);
  }
}

/** Finds the core rows of the leaves in [from, to). */
export function findCore(from: i32, to: i32): void {
  for (let leaf = from; leaf < to; leaf++) {
    if (isLeaf(leaf)) setField(leaf, CORE, coreOf(leaf));
  }
}

function coreOf(leaf: i32): i32 {
  const s = start(leaf);
  const e = end(leaf);
  const sure = e - s >= minSamples ? e - s : collectNear(leaf);
  if (sure >= minSamples) {
    memory.fill(IS_CORE + s, 1, e - s);
    return ALL;
  }
  let cores = 0;
  for (let i = s; i < e; i++) {
    if (!reaches(row(i), sure)) continue;
    store<u8>(IS_CORE + i, 1);
    cores++;
  }
  return cores == e - s ? ALL : cores > 0 ? SOME : NONE;
}

/**
 * Lists in NEAR the leaves that may hold neighbours of some rows of this one.
 *
 * @returns how many rows are surely neighbours of every row, itself included;
 * at least minSamples as soon as that is known
 */
function collectNear(leaf: i32): i32 {
  const lo = lower(leaf);
  const hi = upper(leaf);
  let sure = end(leaf) - start(leaf);
  nearCount = 0;
  for (let node = 0; node < nodeCount;) {
    if (node == leaf) {
      nearOwn = nearCount;
      node++;
    } else if (boxNearest(lo, hi, node) > surelyOut) node = next(node);
    else if (!isLeaf(node)) node++;
    else {
      if (boxFarthest(lo, hi, node) <= surelyIn) {
        sure += end(node) - start(node);
        if (sure >= minSamples) return sure;
      } else setI32(NEAR, nearCount++, node);
      node++;
    }
  }
  return sure;
}

/**
 * Whether `sure` rows and those of NEAR within eps make minSamples. Starts at
 * the row's own leaf: what is close in preorder is mostly close in space.
 */
function reaches(p: usize, sure: i32): bool {
  let count = sure;
  for (let t = nearOwn; t < nearCount && count < minSamples; t++) {
    count = countWithin(p, i32At(NEAR, t), count);
  }
  for (let t = nearOwn - 1; t >= 0 && count < minSamples; t--) {
    count = countWithin(p, i32At(NEAR, t), count);
  }
  return count >= minSamples;
}

function countWithin(p: usize, leaf: i32, count: i32): i32 {
  if (boxNearest(p, p, leaf) > surelyOut) return count;
  const s = start(leaf);
  const e = end(leaf);
  if (boxFarthest(p, p, leaf) <= surelyIn) return count + e - s;
  for (let i = s; i < e && count < minSamples; i++) {
    if (within(p, row(i))) count++;
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

/** Tells inner nodes whether anything below them is core. */
export function spreadCore(): void {
  for (let node = nodeCount - 1; node >= 0; node--) {
    if (isLeaf(node)) continue;
    const left = node + 1;
    const some = field(left, CORE) != NONE || field(next(left), CORE) != NONE;
    setField(node, CORE, some ? SOME : NONE);
  }
}

/**
 * Joins the leaves in [from, to) with later ones wherever two core rows are
 * within eps. The first pass (`search` 0) takes what the boxes alone prove;
 * the second looks for a pair of rows, mostly found joined by then.
 */
export function joinLeaves(from: i32, to: i32, search: i32): void {
  for (let leaf = from; leaf < to; leaf++) {
    if (isLeaf(leaf) && field(leaf, CORE) != NONE) joinLater(leaf, search != 0);
  }
}

function joinLater(leaf: i32, search: bool): void {
  const lo = lower(leaf);
  const hi = upper(leaf);
  for (let node = leaf + 1; node < nodeCount;) {
    if (field(node, CORE) == NONE || boxNearest(lo, hi, node) > surelyOut) {
      node = next(node);
      continue;
    }
    if (isLeaf(node) && rootOf(node) != rootOf(leaf)) {
      const joined = boxFarthest(lo, hi, node) <= surelyIn ||
        (search && havePair(leaf, node));
      if (joined) join(leaf, node);
    }
    node++;
  }
}

function havePair(a: i32, b: i32): bool {
  if (end(a) - start(a) > end(b) - start(b)) {
    const t = a;
    a = b;
    b = t;
  }
  for (let i = start(a); i < end(a); i++) {
    if (!load<u8>(IS_CORE + i)) continue;
    if (boxNearest(row(i), row(i), b) > surelyOut) continue;
    if (hasCoreWithin(row(i), b)) return true;
  }
  return false;
}

function hasCoreWithin(p: usize, leaf: i32): bool {
  for (let i = start(leaf); i < end(leaf); i++) {
    if (load<u8>(IS_CORE + i) && within(p, row(i))) return true;
  }
  return false;
}

function rootOf(node: i32): i32 {
  let up = field(node, ROOT);
  while (up != node) {
    const above = field(up, ROOT);
    setField(node, ROOT, above);
    node = above;
    up = field(node, ROOT);
  }
  return node;
}

function join(a: i32, b: i32): void {
  a = rootOf(a);
  b = rootOf(b);
  if (a < b) setField(b, ROOT, a);
  else setField(a, ROOT, b);
}

/**
 * Labels the core rows; clusters are numbered by their lowest row.
 *
 * @param LABELS OUT shape (n,), i32, in the matrix's order; −1 where not core
 * @param CORE_ROWS OUT shape (n,), u8, in the matrix's order
 * @returns the number of clusters
 */
export function labelCore(n: i32, LABELS: usize, CORE_ROWS: usize): i32 {
  for (let leaf = 0; leaf < nodeCount; leaf++) {
    if (!isLeaf(leaf)) continue;
    for (let i = start(leaf); i < end(leaf); i++) {
      const core = load<u8>(IS_CORE + i);
      store<u8>(CORE_ROWS + i32At(ORDER, i), core);
      setI32(LABELS, i32At(ORDER, i), core ? leaf : UNLABELLED);
    }
  }
  let clusters = 0;
  for (let i = 0; i < n; i++) {
    const leaf = i32At(LABELS, i);
    if (leaf == UNLABELLED) continue;
    const root = rootOf(leaf);
    if (field(root, CLUSTER) == UNLABELLED) setField(root, CLUSTER, clusters++);
    setI32(LABELS, i, field(root, CLUSTER));
  }
  return clusters;
}

/**
 * Gives the other rows of the leaves in [from, to) the lowest cluster that has
 * a core row within eps: the one scikit-learn reaches first.
 *
 * @param LABELS INOUT shape (n,), i32, in the matrix's order
 */
export function labelBorder(from: i32, to: i32, LABELS: usize): void {
  for (let leaf = from; leaf < to; leaf++) {
    if (!isLeaf(leaf) || field(leaf, CORE) == ALL) continue;
    collectCore(leaf);
    for (let i = start(leaf); i < end(leaf); i++) {
      if (load<u8>(IS_CORE + i)) continue;
      setI32(LABELS, i32At(ORDER, i), lowestCluster(row(i)));
    }
  }
}

/** Lists in NEAR the leaves with core rows that may be within eps. */
function collectCore(leaf: i32): void {
  const lo = lower(leaf);
  const hi = upper(leaf);
  nearCount = 0;
  for (let node = 0; node < nodeCount;) {
    if (field(node, CORE) == NONE || boxNearest(lo, hi, node) > surelyOut) {
      node = next(node);
      continue;
    }
    if (isLeaf(node)) setI32(NEAR, nearCount++, node);
    node++;
  }
}

function lowestCluster(p: usize): i32 {
  let best = i32.MAX_VALUE;
  for (let t = 0; t < nearCount; t++) {
    const leaf = i32At(NEAR, t);
    const cluster = field(rootOf(leaf), CLUSTER);
    if (cluster >= best || boxNearest(p, p, leaf) > surelyOut) continue;
    if (hasCoreWithin(p, leaf)) best = cluster;
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
  eps2 = eps * eps;
  surelyOut = eps2 * (1 + 1e-9);
  surelyIn = eps2 * (1 - 1e-9);
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
