// k-means++ seeding on the kd-tree: a center tried or added looks only at
// subtrees that it could serve better than the centers so far.

import { squaredDistance } from "./distance";
import {
  get, inertiaOf, LARGEST, set, SMALLEST, TOTAL,
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
let GROUPS: usize = 0;

/**
 * Begins the seedings over a finished tree with its sums.
 *
 * @param positions OUT shape (n,), i32: where row i of the matrix is now
 * @param closest OUT shape (n,), in the tree's order
 * @param groups OUT one f64 per 256 rows
 */
export function startSeeding(
  n: i32, positions: usize, closest: usize, groups: usize,
): void {
  rows = n;
  POSITIONS = positions;
  CLOSEST = closest;
  GROUPS = groups;
  for (let i = 0; i < n; i++) setI32(positions, i32At(ORDER, i), i);
}

/** Begins a seeding with a row of the matrix. @returns the potential. */
export function seedFirst(seed: i32): f64 {
  memory.fill(GROUPS, 0, (<usize>(rows - 1) >> GROUP << 3) + 8);
  const c = row(i32At(POSITIONS, seed));
  for (let node = nodeCount - 1; node >= 0; node--) {
    if (isLeaf(node)) serveLeaf(node, c, true);
    else gatherClosest(node);
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
  if (isLeaf(node)) return serveLeaf(node, c, false);
  serve(node + 1, c);
  serve(next(node + 1), c);
  gatherClosest(node);
}

/** Lowers CLOSEST without a branch: which rows gain cannot be foreseen. */
function serveLeaf(node: i32, c: usize, first: bool): void {
  let largest = 0.0, smallest = Infinity, total = 0.0;
  for (let i = start(node); i < end(node); i++) {
    const before = first ? 0 : f64At(CLOSEST, i);
    const far = squaredDistance(row(i), c, stride);
    const near = first ? far : lesser(before, far);
    setF64(CLOSEST, i, near);
    addF64(GROUPS, i32At(ORDER, i) >> GROUP, near - before);
    largest = greater(largest, near);
    smallest = lesser(smallest, near);
    total += near;
  }
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

/** By how much the potential would fall with that row as one more center. */
export function seedGain(seed: i32): f64 {
  return gain(0, row(i32At(POSITIONS, seed)));
}

function gain(node: i32, c: usize): f64 {
  if (boxNearest(c, c, node) >= get(node, LARGEST)) return 0;
  if (boxFarthest(c, c, node) <= get(node, SMALLEST)) {
    return get(node, TOTAL) - inertiaOf(node, c);
  }
  if (!isLeaf(node)) return gain(node + 1, c) + gain(next(node + 1), c);
  let sum = 0.0;
  for (let i = start(node); i < end(node); i++) {
    const near = squaredDistance(row(i), c, stride);
    sum += greater(0, f64At(CLOSEST, i) - near);
  }
  return sum;
}

/** The row of the matrix at which the running sum of CLOSEST reaches target. */
export function seedReaching(target: f64): i32 {
  let sum = 0.0;
  const groups = ((rows - 1) >> GROUP) + 1;
  let group = 0;
  while (group < groups - 1 && sum + f64At(GROUPS, group) < target) {
    sum += f64At(GROUPS, group++);
  }
  const e = min(rows, (group + 1) << GROUP);
  for (let i = group << GROUP; i < e; i++) {
    sum += f64At(CLOSEST, i32At(POSITIONS, i));
    if (sum >= target) return i;
  }
  return e - 1;
}
