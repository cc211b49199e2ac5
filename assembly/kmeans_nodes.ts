// What k-means keeps behind each node of the kd-tree (tree.ts):
//
//   │ sum │ sse │ diagonal │ bound │ largest │ smallest │ total │
//    stride   f64 each; the last three are seeding's
//
// The node's `first` field is its owner: a center, k for none yet, or MIXED.
// Until the owner's travel (kmeans_tree.ts) reaches `bound`, nothing below a node
// changes.

import {
  boxFarthest, end, isLeaf, lower, next, payload, row, start, stride, upper,
} from "./tree";
import { lanesSum } from "./memory";

/** The field of a node that holds its owner. */
export const OWNER: i32 = 3;
export const MIXED: i32 = -1;

/** Fields of a node, behind its sum. */
export const SSE: usize = 0;
export const DIAGONAL: usize = 8;
export const BOUND: usize = 16;
/** Of CLOSEST in the subtree. */
export const LARGEST: usize = 24;
export const SMALLEST: usize = 32;
export const TOTAL: usize = 40;

// @ts-ignore: decorator
@inline
export function get(node: i32, at: usize): f64 {
  return load<f64>(payload(node) + stride + at);
}

// @ts-ignore: decorator
@inline
export function set(node: i32, at: usize, value: f64): void {
  store<f64>(payload(node) + stride + at, value);
}

// @ts-ignore: decorator
@inline
export function size(node: i32): i32 {
  return end(node) - start(node);
}

/** Bytes behind each node that `sumNodes` and the rest need. */
export function kmeansPayload(rowBytes: usize): usize {
  return rowBytes + 48;
}

/**
 * Sums of the nodes in [from, to) of a finished tree; the last nodes first.
 * The caller goes from the end to the beginning.
 */
export function sumNodes(from: i32, to: i32): void {
  for (let node = to - 1; node >= from; node--) {
    if (isLeaf(node)) sumRows(node);
    else sumChildren(node);
    const far = boxFarthest(lower(node), upper(node), node);
    set(node, DIAGONAL, sqrt(far));
  }
}

function sumRows(node: i32): void {
  const sum = payload(node);
  memory.fill(sum, 0, stride);
  for (let i = start(node); i < end(node); i++) addRow(sum, row(i));
  let sse = 0.0;
  const n = <f64>size(node);
  for (let i = start(node); i < end(node); i++) {
    sse += meanDistance(sum, n, row(i));
  }
  set(node, SSE, sse);
}

/** Of two groups together (Chan, Golub, LeVeque, 1983). */
function sumChildren(node: i32): void {
  const left = node + 1;
  const right = next(left);
  const a = payload(left);
  const b = payload(right);
  const sum = payload(node);
  const na = <f64>size(left);
  const nb = <f64>size(right);
  let gap = 0.0;
  for (let o: usize = 0; o < stride; o += 8) {
    const t = load<f64>(a + o) / na - load<f64>(b + o) / nb;
    gap += t * t;
    store<f64>(sum + o, load<f64>(a + o) + load<f64>(b + o));
  }
  set(node, SSE, get(left, SSE) + get(right, SSE) + gap * na * nb / (na + nb));
}

/** Squared distance of a point to the mean of n rows of that sum. */
// @ts-ignore: decorator
@inline
export function meanDistance(sum: usize, n: f64, p: usize): f64 {
  const by = f64x2.splat(1 / n);
  let far = f64x2.splat(0);
  for (let o: usize = 0; o < stride; o += 16) {
    const t = f64x2.sub(f64x2.mul(v128.load(sum + o), by), v128.load(p + o));
    far = f64x2.add(far, f64x2.mul(t, t));
  }
  return lanesSum(far);
}

/** Squared distances of a node's rows to a point, summed. */
// @ts-ignore: decorator
@inline
export function inertiaOf(node: i32, p: usize): f64 {
  const n = <f64>size(node);
  return get(node, SSE) + n * meanDistance(payload(node), n, p);
}

// @ts-ignore: decorator
@inline
export function addRow(SUM: usize, X: usize): void {
  for (let o: usize = 0; o < stride; o += 16) {
    v128.store(SUM + o, f64x2.add(v128.load(SUM + o), v128.load(X + o)));
  }
}

// @ts-ignore: decorator
@inline
export function takeRow(SUM: usize, X: usize): void {
  for (let o: usize = 0; o < stride; o += 16) {
    v128.store(SUM + o, f64x2.sub(v128.load(SUM + o), v128.load(X + o)));
  }
}
