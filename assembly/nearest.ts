// Rows near a point, by a walk over the kd-tree (tree.ts).

import { squaredDistance } from "./distance";
import { f64At, i32At, setF64, setI32 } from "./memory";
import { setLimits, surelyOut, within } from "./reach";
import {
  boxFarthest, boxNearest, end, isLeaf, lower, next, nodeCount, ORDER, row,
  start, stride, upper,
} from "./tree";

const UNLABELLED: i32 = -1;

/**
 * Squared distance from a point to the n-th nearest row of a finished tree.
 *
 * @param q IN padded row
 * @param n from 1 to the number of rows
 * @param HEAP scratch of 8n bytes: the n least distances, the largest first
 */
export function nthNearest(q: usize, n: i32, HEAP: usize): f64 {
  for (let i = 0; i < n; i++) setF64(HEAP, i, Infinity);
  visit(0, q, n, HEAP);
  return f64At(HEAP, 0);
}

/** The nearer child first, so that the other is mostly out of reach. */
function visit(node: i32, q: usize, n: i32, HEAP: usize): void {
  if (isLeaf(node)) {
    for (let i = start(node); i < end(node); i++) {
      const far = squaredDistance(q, row(i), stride);
      if (far < f64At(HEAP, 0)) replaceLargest(HEAP, n, far);
    }
    return;
  }
  let near = node + 1;
  let other = next(near);
  let least = boxNearest(q, q, near);
  let most = boxNearest(q, q, other);
  if (most < least) {
    const t = near;
    near = other;
    other = t;
    const u = least;
    least = most;
    most = u;
  }
  if (least < f64At(HEAP, 0)) visit(near, q, n, HEAP);
  if (most < f64At(HEAP, 0)) visit(other, q, n, HEAP);
}

function replaceLargest(HEAP: usize, n: i32, value: f64): void {
  let at = 0;
  while (true) {
    let child = 2 * at + 1;
    if (child >= n) break;
    if (child + 1 < n && f64At(HEAP, child + 1) > f64At(HEAP, child)) child++;
    if (f64At(HEAP, child) <= value) break;
    setF64(HEAP, at, f64At(HEAP, child));
    at = child;
  }
  setF64(HEAP, at, value);
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
