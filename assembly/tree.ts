// A kd-tree over padded rows. Building it reorders the rows, so that each node
// is a range of them; nodes stand in preorder:
//
//            0                 node:  left child   = node + 1
//         ┌──┴───┐                    right child  = next(left child)
//         1      4                    whole subtree = [node, next(node))
//       ┌─┴─┐  ┌─┴─┐                  leaf         = next(node) is node + 1
//       2   3  5   6
//
// One node, 2 × stride + 16 bytes and the payload of what uses the tree:
//
//   │ lower corner │ upper corner │ start │ end │ next │ first │ payload │
//      stride bytes   stride bytes   i32 each; `first` is the user's too

import { f64At, i32At, setF64, setI32 } from "./memory";
import { partition } from "./partition";

export let ROWS: usize = 0;
export let ORDER: usize = 0;
export let NODES: usize = 0;
export let stride: usize = 0;
export let nodeCount: i32 = 0;

let STACK: usize = 0;
let depth: i32 = 0;
let leafRows: i32 = 1;
let leafDiagonal: f64 = 0;
let nodeBytes: usize = 0;

/**
 * A node with more rows is cut by the box of a sample of at least so many of
 * them: whether it is a leaf is clear without the others, and its own box is
 * that of its children. Going through all rows at every level is slow.
 */
const LARGE: i32 = 1024;
const BOX_SAMPLES: i32 = 128;
/** Rows looked at to place the cut of a large node. */
const SAMPLES: i32 = 48;
const SAMPLE: usize = memory.data(384);

// @ts-ignore: decorator
@inline
export function lower(node: i32): usize {
  return NODES + <usize>node * nodeBytes;
}

// @ts-ignore: decorator
@inline
export function upper(node: i32): usize {
  return NODES + <usize>node * nodeBytes + stride;
}

// @ts-ignore: decorator
@inline
export function field(node: i32, i: i32): i32 {
  return i32At(NODES + <usize>node * nodeBytes + (stride << 1), i);
}

// @ts-ignore: decorator
@inline
export function setField(node: i32, i: i32, value: i32): void {
  setI32(NODES + <usize>node * nodeBytes + (stride << 1), i, value);
}

// @ts-ignore: decorator
@inline
export function start(node: i32): i32 {
  return field(node, 0);
}

// @ts-ignore: decorator
@inline
export function end(node: i32): i32 {
  return field(node, 1);
}

/** What the tree's user keeps with a node. */
// @ts-ignore: decorator
@inline
export function payload(node: i32): usize {
  return NODES + <usize>node * nodeBytes + (stride << 1) + 16;
}

/** The node after this one's subtree. */
// @ts-ignore: decorator
@inline
export function next(node: i32): i32 {
  return field(node, 2);
}

// @ts-ignore: decorator
@inline
export function isLeaf(node: i32): bool {
  return field(node, 2) == node + 1;
}

// @ts-ignore: decorator
@inline
export function row(i: i32): usize {
  return ROWS + <usize>i * stride;
}

/**
 * Begins a tree; `growTree` builds it. A node is a leaf when it has at most
 * `rowsPerLeaf` rows or when the squared diagonal of its box is at most
 * `diagonal`.
 *
 * @param rows INOUT n padded rows, reordered
 * @param order OUT shape (n,), i32: which row stood where row i is now
 * @param nodes OUT nodes; 2n − 1 at the most
 * @param stack scratch of 8(n + 1) bytes
 * @param payloadBytes a multiple of 16
 */
export function startTree(
  rows: usize, n: i32, rowBytes: usize, order: usize, nodes: usize,
  stack: usize, rowsPerLeaf: i32, diagonal: f64, payloadBytes: usize,
): void {
  ROWS = rows;
  ORDER = order;
  NODES = nodes;
  STACK = stack;
  stride = rowBytes;
  nodeBytes = (rowBytes << 1) + 16 + payloadBytes;
  leafRows = rowsPerLeaf;
  leafDiagonal = diagonal;
  nodeCount = 0;
  depth = 0;
  for (let i = 0; i < n; i++) setI32(order, i, i);
  push(0, n);
}

/** Writes down where the tree is, in 20 bytes. */
export function lendTree(STATE: usize): void {
  setI32(STATE, 0, <i32>ROWS);
  setI32(STATE, 1, <i32>ORDER);
  setI32(STATE, 2, <i32>NODES);
  setI32(STATE, 3, <i32>stride);
  setI32(STATE, 4, <i32>nodeBytes);
}

/** Takes the finished tree of another instance with the same memory. */
export function borrowTree(STATE: usize): void {
  ROWS = <u32>i32At(STATE, 0);
  ORDER = <u32>i32At(STATE, 1);
  NODES = <u32>i32At(STATE, 2);
  stride = <u32>i32At(STATE, 3);
  nodeBytes = <u32>i32At(STATE, 4);
}

/**
 * Builds on until about `budget` rows were looked at or `capacity` nodes, for
 * which there is room, are made.
 *
 * @returns nodes finished so far, or −1 when the tree is whole
 */
export function growTree(budget: i32, capacity: i32): i32 {
  let left = <i64>budget;
  while (depth > 0 && left > 0 && nodeCount < capacity) {
    depth--;
    const s = i32At(STACK, 2 * depth);
    const e = i32At(STACK, 2 * depth + 1);
    left -= e - s;
    addNode(s, e);
  }
  if (depth > 0) return nodeCount;
  linkNodes();
  return -1;
}

/** How many nodes there are. */
export function countNodes(): i32 {
  return nodeCount;
}

function push(s: i32, e: i32): void {
  setI32(STACK, 2 * depth, s);
  setI32(STACK, 2 * depth + 1, e);
  depth++;
}

function addNode(s: i32, e: i32): void {
  const node = nodeCount++;
  setField(node, 0, s);
  setField(node, 1, e);
  setField(node, 2, node + 1);
  if (e - s > LARGE) {
    findBox(node, s, e, (e - s) / BOX_SAMPLES);
    if (cutNode(node, s, e)) return;
  }
  findBox(node, s, e, 1);
  cutNode(node, s, e);
}

/** Cuts a node by its box, if it is no leaf. @returns whether it was cut. */
function cutNode(node: i32, s: i32, e: i32): bool {
  let diagonal = 0.0, widest = 0.0;
  let axis = 0;
  for (let k = 0; k < <i32>(stride >> 3); k++) {
    const width = f64At(upper(node), k) - f64At(lower(node), k);
    diagonal += width * width;
    if (width > widest) {
      widest = width;
      axis = k;
    }
  }
  if (e - s <= leafRows || diagonal <= leafDiagonal || widest == 0) {
    return false;
  }
  setField(node, 2, 0); // not a leaf; linkNodes finds its end
  const cut = partition(s, e, axis, cutOf(node, s, e, axis));
  push(cut, e);
  push(s, cut);
  return true;
}

/**
 * The box of every step-th row. Eight features at a time: a pass over the rows
 * for each is slow.
 */
function findBox(node: i32, s: i32, e: i32, step: i32): void {
  let o: usize = 0;
  const by = <usize>step * stride;
  for (; o + 64 <= stride; o += 64) findBoxOfEight(node, s, e, by, o);
  for (; o < stride; o += 16) {
    let p = row(s) + o;
    const last = row(e);
    let lo = v128.load(p);
    let hi = lo;
    for (p += by; p < last; p += by) {
      const x = v128.load(p);
      lo = f64x2.pmin(lo, x);
      hi = f64x2.pmax(hi, x);
    }
    v128.store(lower(node) + o, lo);
    v128.store(upper(node) + o, hi);
  }
}

function findBoxOfEight(
  node: i32, s: i32, e: i32, by: usize, o: usize,
): void {
  let p = row(s) + o;
  const last = row(e);
  let lo0 = v128.load(p), lo1 = v128.load(p, 16);
  let lo2 = v128.load(p, 32), lo3 = v128.load(p, 48);
  let hi0 = lo0, hi1 = lo1, hi2 = lo2, hi3 = lo3;
  for (p += by; p < last; p += by) {
    let x = v128.load(p);
    lo0 = f64x2.pmin(lo0, x);
    hi0 = f64x2.pmax(hi0, x);
    x = v128.load(p, 16);
    lo1 = f64x2.pmin(lo1, x);
    hi1 = f64x2.pmax(hi1, x);
    x = v128.load(p, 32);
    lo2 = f64x2.pmin(lo2, x);
    hi2 = f64x2.pmax(hi2, x);
    x = v128.load(p, 48);
    lo3 = f64x2.pmin(lo3, x);
    hi3 = f64x2.pmax(hi3, x);
  }
  const a = lower(node) + o;
  const b = upper(node) + o;
  v128.store(a, lo0);
  v128.store(a, lo1, 16);
  v128.store(a, lo2, 32);
  v128.store(a, lo3, 48);
  v128.store(b, hi0);
  v128.store(b, hi1, 16);
  v128.store(b, hi2, 32);
  v128.store(b, hi3, 48);
}

/**
 * The middle of the box, but in a large node never beyond all but one of a
 * sample's rows: heavy tails would make the tree as deep as it has rows. Cuts
 * nearer the middle row, as a median, end in more and longer leaves.
 */
function cutOf(node: i32, s: i32, e: i32, axis: i32): f64 {
  const lo = f64At(lower(node), axis);
  const hi = f64At(upper(node), axis);
  let cut = lo + 0.5 * (hi - lo);
  if (e - s > 256) {
    sortSample(s, e, axis);
    cut = max(cut, f64At(SAMPLE, 1));
    cut = min(cut, f64At(SAMPLE, SAMPLES - 2));
  }
  return cut < hi ? cut : lo;
}

function sortSample(s: i32, e: i32, axis: i32): void {
  const step = (e - s) / SAMPLES;
  for (let i = 0; i < SAMPLES; i++) {
    const value = f64At(row(s + i * step), axis);
    let t = i;
    while (t > 0 && f64At(SAMPLE, t - 1) > value) {
      setF64(SAMPLE, t, f64At(SAMPLE, t - 1));
      t--;
    }
    setF64(SAMPLE, t, value);
  }
}

/** Finds where subtrees end, and the boxes that were only guessed. */
function linkNodes(): void {
  for (let node = nodeCount - 1; node >= 0; node--) {
    if (next(node) != 0) continue;
    const right = next(node + 1);
    setField(node, 2, next(right));
    if (end(node) - start(node) > LARGE) joinBoxes(node, node + 1, right);
  }
}

function joinBoxes(node: i32, a: i32, b: i32): void {
  for (let o: usize = 0; o < stride; o += 16) {
    const lo = f64x2.pmin(v128.load(lower(a) + o), v128.load(lower(b) + o));
    const hi = f64x2.pmax(v128.load(upper(a) + o), v128.load(upper(b) + o));
    v128.store(lower(node) + o, lo);
    v128.store(upper(node) + o, hi);
  }
}

/** Squared distance between the boxes [lo, hi] and a node's. */
// @ts-ignore: decorator
@inline
export function boxNearest(lo: usize, hi: usize, node: i32): f64 {
  const zero = f64x2.splat(0);
  const a = lower(node);
  const b = upper(node);
  let sum = zero;
  for (let o: usize = 0; o < stride; o += 16) {
    const below = f64x2.sub(v128.load(a + o), v128.load(hi + o));
    const above = f64x2.sub(v128.load(lo + o), v128.load(b + o));
    const t = f64x2.pmax(f64x2.pmax(below, above), zero);
    sum = f64x2.add(sum, f64x2.mul(t, t));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Largest squared distance between points of the box [lo, hi] and a node's. */
// @ts-ignore: decorator
@inline
export function boxFarthest(lo: usize, hi: usize, node: i32): f64 {
  const a = lower(node);
  const b = upper(node);
  let sum = f64x2.splat(0);
  for (let o: usize = 0; o < stride; o += 16) {
    const t = f64x2.pmax(
      f64x2.sub(v128.load(b + o), v128.load(lo + o)),
      f64x2.sub(v128.load(hi + o), v128.load(a + o)),
    );
    sum = f64x2.add(sum, f64x2.mul(t, t));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
