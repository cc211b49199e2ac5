// k-means++ seeding on the kd-tree: a center tried or added looks only at
// subtrees that it could serve better than the centers so far.
//
// The first center serves all rows, and what they add up to follows from sums
// that are there: no row is looked at until another center could serve its leaf
// better.

import { squaredDistance } from "./distance";
import {
  addRow, get, inertiaOf, LARGEST, meanDistance, set, size, SMALLEST, TOTAL,
} from "./kmeans_nodes";
import {
  addF64, f64At, greater, i32At, lesser, setF64, setI32,
} from "./memory";
import {
  boxFarthest, boxNearest, end, isLeaf, next, nodeCount, ORDER, row, start,
  stride,
} from "./tree";

/** Rows whose CLOSEST is added up, in the matrix's order: 2⁸. */
const GROUP: i32 = 8;

let rows: i32 = 0;
/** Where row i of the matrix is now. */
let POSITIONS: usize = 0;
/** Squared distance of each row to the nearest center so far. */
let CLOSEST: usize = 0;
/** u8 per row: 0 where CLOSEST is not written, as only FIRST has served it. */
let SERVED: usize = 0;
let FIRST: usize = 0;
let GROUPS: usize = 0;
/** Of each group's rows their sum, and their squared distances to its mean. */
let GROUP_SUMS: usize = 0;
let GROUP_SSE: usize = 0;
/** Rows that are tried, and their gains. */
let TRIED: usize = 0;
let GAINS: usize = 0;

// @ts-ignore: decorator
@inline
function groupCount(): i32 {
  return ((rows - 1) >> GROUP) + 1;
}

// @ts-ignore: decorator
@inline
function groupSize(group: i32): f64 {
  return <f64>(min(rows, (group + 1) << GROUP) - (group << GROUP));
}

/**
 * Begins the seedings over a finished tree with its sums.
 *
 * @param positions OUT shape (n,), i32: where row i of the matrix is now
 * @param closest scratch of 8 bytes per row
 * @param served scratch of a byte per row
 * @param groups scratch of 16 bytes and a padded row per 256 rows
 */
export function startSeeding(
  n: i32, positions: usize, closest: usize, served: usize, groups: usize,
): void {
  rows = n;
  POSITIONS = positions;
  CLOSEST = closest;
  SERVED = served;
  GROUP_SUMS = groups;
  GROUPS = GROUP_SUMS + <usize>groupCount() * stride;
  GROUP_SSE = GROUPS + (<usize>groupCount() << 3);
  memory.fill(groups, 0, <usize>groupCount() * (stride + 16));
  for (let i = 0; i < n; i++) {
    const at = i32At(ORDER, i);
    setI32(positions, at, i);
    addRow(GROUP_SUMS + <usize>(at >> GROUP) * stride, row(i));
  }
  for (let i = 0; i < n; i++) {
    const group = i32At(ORDER, i) >> GROUP;
    const sum = GROUP_SUMS + <usize>group * stride;
    addF64(GROUP_SSE, group, meanDistance(sum, groupSize(group), row(i)));
  }
}

/** Begins a seeding with a row of the matrix. @returns the potential. */
export function seedFirst(seed: i32): f64 {
  const c = row(i32At(POSITIONS, seed));
  FIRST = c;
  memory.fill(SERVED, 0, rows);
  for (let group = 0; group < groupCount(); group++) {
    const n = groupSize(group);
    const sum = GROUP_SUMS + <usize>group * stride;
    const far = f64At(GROUP_SSE, group) + n * meanDistance(sum, n, c);
    setF64(GROUPS, group, far);
  }
  for (let node = nodeCount - 1; node >= 0; node--) {
    if (isLeaf(node)) {
      set(node, LARGEST, boxFarthest(c, c, node));
      set(node, SMALLEST, boxNearest(c, c, node));
      set(node, TOTAL, inertiaOf(node, c));
    } else gatherClosest(node);
  }
  return get(0, TOTAL);
}

/** Makes a row a center too. @returns the potential. */
export function seedAdd(seed: i32): f64 {
  serve(0, row(i32At(POSITIONS, seed)));
  return get(0, TOTAL);
}

function serve(node: i32, c: usize): void {
  if (boxNearest(c, c, node) >= get(node, LARGEST)) return;
  if (isLeaf(node)) return serveLeaf(node, c);
  serve(node + 1, c);
  serve(next(node + 1), c);
  gatherClosest(node);
}

/** The squared distance of row i of the tree to the nearest center so far. */
// @ts-ignore: decorator
@inline
function closestOf(i: i32, served: bool): f64 {
  return served ? f64At(CLOSEST, i) : squaredDistance(row(i), FIRST, stride);
}

// @ts-ignore: decorator
@inline
function isServed(i: i32): bool {
  return <bool>load<u8>(SERVED + i);
}

/** Lowers CLOSEST without a branch: which rows gain cannot be foreseen. */
function serveLeaf(node: i32, c: usize): void {
  let largest = 0.0, smallest = Infinity, total = 0.0;
  const served = isServed(start(node));
  for (let i = start(node); i < end(node); i++) {
    const before = closestOf(i, served);
    const near = lesser(before, squaredDistance(row(i), c, stride));
    setF64(CLOSEST, i, near);
    addF64(GROUPS, i32At(ORDER, i) >> GROUP, near - before);
    largest = greater(largest, near);
    smallest = lesser(smallest, near);
    total += near;
  }
  memory.fill(SERVED + start(node), 1, size(node));
  set(node, LARGEST, largest);
  set(node, SMALLEST, smallest);
  set(node, TOTAL, total);
}

function gatherClosest(node: i32): void {
  const left = node + 1;
  const right = next(left);
  set(node, LARGEST, greater(get(left, LARGEST), get(right, LARGEST)));
  set(node, SMALLEST, lesser(get(left, SMALLEST), get(right, SMALLEST)));
  set(node, TOTAL, get(left, TOTAL) + get(right, TOTAL));
}

/**
 * By how much the potential would fall with each of some rows as one more
 * center: all are tried in one pass over the tree.
 *
 * @param seeds INOUT i32, `count` ≤ 32 rows of the matrix; addresses after that
 * @param gains OUT f64, one for each
 */
export function seedGains(seeds: usize, count: i32, gains: usize): void {
  TRIED = seeds;
  GAINS = gains;
  for (let t = 0; t < count; t++) {
    setI32(seeds, t, <i32>row(i32At(POSITIONS, i32At(seeds, t))));
    setF64(gains, t, 0);
  }
  gain(0, -1 >>> (32 - count));
}

/** @param tried one bit for each that may serve a row of the node better */
function gain(node: i32, tried: i32): void {
  const largest = get(node, LARGEST);
  let open = 0;
  for (let m = tried; m; m &= m - 1) {
    const t = ctz(m);
    const c = <usize><u32>i32At(TRIED, t);
    if (boxNearest(c, c, node) >= largest) continue;
    if (boxFarthest(c, c, node) <= get(node, SMALLEST)) {
      addF64(GAINS, t, get(node, TOTAL) - inertiaOf(node, c));
    } else open |= 1 << t;
  }
  if (!open) return;
  if (isLeaf(node)) return gainOfLeaf(node, open);
  gain(node + 1, open);
  gain(next(node + 1), open);
}

function gainOfLeaf(node: i32, open: i32): void {
  const served = isServed(start(node));
  for (let m = open; m; m &= m - 1) {
    const t = ctz(m);
    const c = <usize><u32>i32At(TRIED, t);
    let sum = 0.0;
    for (let i = start(node); i < end(node); i++) {
      const near = squaredDistance(row(i), c, stride);
      sum += greater(0, closestOf(i, served) - near);
    }
    addF64(GAINS, t, sum);
  }
}

/** The row of the matrix at which the running sum of CLOSEST reaches target. */
export function seedReaching(target: f64): i32 {
  let sum = 0.0;
  let group = 0;
  while (group < groupCount() - 1 && sum + f64At(GROUPS, group) < target) {
    sum += f64At(GROUPS, group++);
  }
  const e = min(rows, (group + 1) << GROUP);
  for (let i = group << GROUP; i < e; i++) {
    const at = i32At(POSITIONS, i);
    sum += closestOf(at, isServed(at));
    if (sum >= target) return i;
  }
  return e - 1;
}
