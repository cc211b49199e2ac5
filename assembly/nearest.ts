// Nearest rows of a point, by a walk over the kd-tree (tree.ts).

import { squaredDistance } from "./distance";
import { f64At, setF64 } from "./memory";
import {
  boxNearest, end, isLeaf, next, row, start, stride,
} from "./tree";

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
