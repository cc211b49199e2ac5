// Lloyd's k-means and its k-means++ seeding on the kd-tree (tree.ts).
//
// Assignment: a node all of whose box is nearest to one center moves as a whole
// (Kanungo et al., "An efficient k-means clustering algorithm", 2002; Pelleg &
// Moore, 1999). How much nearer that center is than any other is kept as a
// bound, and a subtree is left alone until the centers have gone so far
// (Hamerly, "Making k-means even faster", 2010). Sums and counts only change
// with what changes its center. (Bounds to each second center apart from those
// to the rest were tried: hardly fewer visits, and each takes longer.)
//
// Seeding: a center tried or added looks only at subtrees that it could serve
// better than the centers so far.
//
// Behind a node of tree.ts:
//
//   │ sum │ sse │ diagonal │ bound │ largest │ smallest │ total │
//    stride   f64 each; the last three are seeding's
//
// The node's `first` field is its owner: a center, k for none yet, or MIXED.
// Until `travelled` reaches `bound`, nothing below a node changes.

import { squaredDistance } from "./distance";
import { addF64, f64At, i32At, lanesSum, setF64, setI32 } from "./memory";
import {
  boxFarthest, boxNearest, end, field, isLeaf, lower, next, nodeCount, ORDER,
  payload, row, setField, start, stride, upper,
} from "./tree";

const OWNER: i32 = 3;
const MIXED: i32 = -1;

/** Fields of a node, behind its sum. */
const SSE: usize = 0;
const DIAGONAL: usize = 8;
const BOUND: usize = 16;
/** Of CLOSEST in the subtree. */
const LARGEST: usize = 24;
const SMALLEST: usize = 32;
const TOTAL: usize = 40;

/** Rows whose CLOSEST is added up, in the matrix's order: 2⁸. */
const GROUP: i32 = 8;

let rows: i32 = 0;
let POSITIONS: usize = 0;
let CLOSEST: usize = 0;
let GROUPS: usize = 0;

let k: i32 = 0;
let CENTERS: usize = 0;
/** k + 1 padded rows and counts: the last are of rows without a center. */
let SUMS: usize = 0;
let COUNTS: usize = 0;
/** Center and bound of each row of a mixed leaf. */
let ROW_OWNERS: usize = 0;
let ROW_BOUNDS: usize = 0;
/** Twice the longest way of any center, summed over the assignments. */
let travelled: f64 = 0;
/** Squared distances of a node's middle to its candidates; that middle. */
let FAR: usize = 0;
let MIDDLE: usize = 0;
/** What the rounding of coordinates may do to a distance. */
let fuzz: f64 = 0;

// @ts-ignore: decorator
@inline
function get(node: i32, at: usize): f64 {
  return load<f64>(payload(node) + stride + at);
}

// @ts-ignore: decorator
@inline
function set(node: i32, at: usize, value: f64): void {
  store<f64>(payload(node) + stride + at, value);
}

// @ts-ignore: decorator
@inline
function size(node: i32): i32 {
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
function meanDistance(sum: usize, n: f64, p: usize): f64 {
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
function inertiaOf(node: i32, p: usize): f64 {
  const n = <f64>size(node);
  return get(node, SSE) + n * meanDistance(payload(node), n, p);
}

// @ts-ignore: decorator
@inline
function addRow(SUM: usize, X: usize): void {
  for (let o: usize = 0; o < stride; o += 16) {
    v128.store(SUM + o, f64x2.add(v128.load(SUM + o), v128.load(X + o)));
  }
}

// @ts-ignore: decorator
@inline
function takeRow(SUM: usize, X: usize): void {
  for (let o: usize = 0; o < stride; o += 16) {
    v128.store(SUM + o, f64x2.sub(v128.load(SUM + o), v128.load(X + o)));
  }
}

// ── Seeding ────────────────────────────────────────────────────────────────

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

function serveLeaf(node: i32, c: usize, first: bool): void {
  let largest = 0.0, smallest = Infinity, total = 0.0;
  for (let i = start(node); i < end(node); i++) {
    let near = squaredDistance(row(i), c, stride);
    const before = first ? 0 : f64At(CLOSEST, i);
    if (first || near < before) {
      setF64(CLOSEST, i, near);
      addF64(GROUPS, i32At(ORDER, i) >> GROUP, near - before);
    } else near = before;
    largest = max(largest, near);
    smallest = min(smallest, near);
    total += near;
  }
  set(node, LARGEST, largest);
  set(node, SMALLEST, smallest);
  set(node, TOTAL, total);
}

function gatherClosest(node: i32): void {
  const left = node + 1;
  const right = next(left);
  set(node, LARGEST, max(get(left, LARGEST), get(right, LARGEST)));
  set(node, SMALLEST, min(get(left, SMALLEST), get(right, SMALLEST)));
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
    sum += max(0, f64At(CLOSEST, i) - near);
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

// ── Lloyd ──────────────────────────────────────────────────────────────────

/**
 * The largest subtrees of at most `most` rows: an assignment takes them one by
 * one.
 *
 * @param roots OUT i32, room for all nodes
 * @returns how many
 */
export function listRoots(most: i32, roots: usize): i32 {
  let count = 0;
  for (let node = 0; node < nodeCount;) {
    if (size(node) > most && !isLeaf(node)) node++;
    else {
      setI32(roots, count++, node);
      node = next(node);
    }
  }
  return count;
}

/**
 * Begins a run: no row has a center.
 *
 * @param clusters number of centers k
 * @param centers IN k padded rows, moved by the caller between assignments
 * @param sums OUT k + 1 padded rows
 * @param counts OUT shape (k + 1,), f64
 * @param owners scratch of 4 bytes per row
 * @param bounds scratch of 8 bytes per row
 * @param scratch of 8 bytes per center and 16 more, and one padded row
 * @param roots IN i32, the nodes that `assignNodes` is given
 * @param largest the largest coordinate
 */
export function startLloyd(
  clusters: i32, centers: usize, sums: usize, counts: usize, owners: usize,
  bounds: usize, scratch: usize, roots: usize, rootCount: i32, largest: f64,
): void {
  k = clusters;
  CENTERS = centers;
  SUMS = sums;
  COUNTS = counts;
  ROW_OWNERS = owners;
  ROW_BOUNDS = bounds;
  FAR = scratch;
  MIDDLE = (FAR + (<usize>k << 3) + 15) & ~15;
  travelled = 0;
  fuzz = 1e-15 * largest * <f64>(stride >> 3);
  memory.fill(sums, 0, <usize>(k + 1) * stride);
  memory.fill(counts, 0, <usize>(k + 1) << 3);
  for (let i = 0; i < rootCount; i++) {
    setField(i32At(roots, i), OWNER, k);
    set(i32At(roots, i), BOUND, -Infinity);
  }
}

/** Tells the bounds how far the centers went at most. */
export function addWay(longest: f64): void {
  travelled += 2 * longest;
}

/**
 * Gives the rows below these nodes their nearest centers, the lowest of equally
 * near ones, and keeps sums and counts.
 *
 * @param roots IN i32, `count` nodes
 * @param candidates scratch of 4096 bytes per center
 */
export function assignNodes(roots: usize, count: i32, candidates: usize): void {
  for (let z = 0; z < k; z++) setI32(candidates, z, z);
  for (let i = 0; i < count; i++) {
    assign(i32At(roots, i), candidates, k, Infinity, MIXED);
  }
}

// A row of a mixed leaf: its center and its bound.

// @ts-ignore: decorator
@inline
function ownerOf(i: i32): i32 {
  return i32At(ROW_OWNERS, i);
}

/**
 * @param C IN centers that may be nearest to a row of this node
 * @param lead how much nearer the best of them is than all the others, at least
 * @param before the center of the whole subtree so far, MIXED if unknown
 * @returns the node's bound
 */
function assign(
  node: i32, C: usize, count: i32, lead: f64, before: i32,
): f64 {
  if (before == MIXED) {
    const bound = get(node, BOUND);
    if (bound > travelled) return bound;
    before = field(node, OWNER);
  }
  const first = nearestToMiddle(node, C, count);
  const best = i32At(C, first);
  const nearest = f64At(FAR, first);
  const b = CENTERS + <usize>best * stride;
  const diagonal = get(node, DIAGONAL);
  const KEPT = C + (<usize>count << 2);
  let kept = 0;
  for (let t = 0; t < count; t++) {
    const z = i32At(C, t);
    if (t != first) {
      const ahead = leadOf(node, b, CENTERS + <usize>z * stride);
      if (ahead > 0) {
        const reach = sqrt(2 * (nearest + f64At(FAR, t))) + diagonal;
        const gap = ahead / reach - 1e-12 * reach - fuzz;
        if (gap > 0) {
          lead = min(lead, gap);
          continue;
        }
      }
    }
    setI32(KEPT, kept++, z);
  }
  let bound: f64;
  if (kept == 1) {
    moveNode(node, before, best);
    bound = lead + travelled;
  } else {
    setField(node, OWNER, MIXED);
    if (isLeaf(node)) bound = assignRows(node, KEPT, kept, lead, before);
    else {
      bound = assign(node + 1, KEPT, kept, lead, before);
      bound = min(bound, assign(next(node + 1), KEPT, kept, lead, before));
    }
  }
  set(node, BOUND, bound);
  return bound;
}

/** Fills FAR. @returns which candidate is nearest to the middle of the box. */
// @ts-ignore: decorator
@inline
function nearestToMiddle(node: i32, C: usize, count: i32): i32 {
  const half = f64x2.splat(0.5);
  const lo = lower(node);
  const hi = upper(node);
  for (let o: usize = 0; o < stride; o += 16) {
    const sum = f64x2.add(v128.load(lo + o), v128.load(hi + o));
    v128.store(MIDDLE + o, f64x2.mul(sum, half));
  }
  let first = 0;
  let nearest = Infinity;
  for (let t = 0; t < count; t++) {
    const z = CENTERS + <usize>i32At(C, t) * stride;
    const far = squaredDistance(MIDDLE, z, stride);
    setF64(FAR, t, far);
    if (far < nearest) {
      nearest = far;
      first = t;
    }
  }
  return first;
}

/** The least that |v − z|² exceeds |v − b|² by, over the points v of the box. */
// @ts-ignore: decorator
@inline
function leadOf(node: i32, b: usize, z: usize): f64 {
  const lo = lower(node);
  const hi = upper(node);
  if (stride == 16) return lanesSum(pairLead(lo, hi, b, z));
  if (stride == 64) {
    const c = f64x2.add(
      pairLead(lo, hi, b, z), pairLead(lo + 16, hi + 16, b + 16, z + 16),
    );
    const d = f64x2.add(
      pairLead(lo + 32, hi + 32, b + 32, z + 32),
      pairLead(lo + 48, hi + 48, b + 48, z + 48),
    );
    return lanesSum(f64x2.add(c, d));
  }
  let sum = f64x2.splat(0);
  for (let o: usize = 0; o < stride; o += 16) {
    sum = f64x2.add(sum, pairLead(lo + o, hi + o, b + o, z + o));
  }
  return lanesSum(sum);
}

// @ts-ignore: decorator
@inline
function pairLead(lo: usize, hi: usize, b: usize, z: usize): v128 {
  const p = v128.load(z);
  const q = v128.load(b);
  const d = f64x2.sub(p, q);
  // The corner of the box that lies farthest towards z.
  const v = v128.bitselect(
    v128.load(hi), v128.load(lo), f64x2.gt(d, f64x2.splat(0)),
  );
  return f64x2.mul(d, f64x2.sub(f64x2.add(p, q), f64x2.add(v, v)));
}

function moveNode(node: i32, before: i32, to: i32): void {
  if (before == to) {
    setField(node, OWNER, to);
    return;
  }
  if (before == MIXED) releaseBelow(node);
  else release(node, before);
  setField(node, OWNER, to);
  addRow(SUMS + <usize>to * stride, payload(node));
  addF64(COUNTS, to, <f64>size(node));
}

function release(node: i32, from: i32): void {
  takeRow(SUMS + <usize>from * stride, payload(node));
  addF64(COUNTS, from, -<f64>size(node));
}

/** Takes the rows of a mixed node from their centers. */
function releaseBelow(node: i32): void {
  if (isLeaf(node)) {
    for (let i = start(node); i < end(node); i++) {
      const from = ownerOf(i);
      takeRow(SUMS + <usize>from * stride, row(i));
      addF64(COUNTS, from, -1);
    }
    return;
  }
  for (let child = node + 1; child < next(node); child = next(child)) {
    const from = field(child, OWNER);
    if (from == MIXED) releaseBelow(child);
    else release(child, from);
  }
}

function assignRows(
  node: i32, C: usize, count: i32, lead: f64, before: i32,
): f64 {
  let least = Infinity;
  for (let i = start(node); i < end(node); i++) {
    let from = before;
    if (before == MIXED) {
      const bound = f64At(ROW_BOUNDS, i);
      if (bound > travelled) {
        least = min(least, bound);
        continue;
      }
      from = ownerOf(i);
    }
    least = min(least, assignRow(i, C, count, lead, from));
  }
  return least;
}

/** @returns the row's bound. */
// @ts-ignore: decorator
@inline
function assignRow(
  i: i32, C: usize, count: i32, lead: f64, from: i32,
): f64 {
  const x = row(i);
  let best = 0;
  let nearest = Infinity, second = Infinity;
  // Candidates rise, so that the lowest of equally near ones comes first.
  for (let t = 0; t < count; t++) {
    const z = i32At(C, t);
    const far = squaredDistance(x, CENTERS + <usize>z * stride, stride);
    if (far < nearest) {
      second = nearest;
      nearest = far;
      best = z;
    } else second = min(second, far);
  }
  const other = sqrt(second);
  const gap = other - sqrt(nearest) - 1e-12 * other - fuzz;
  const bound = min(lead, gap) + travelled;
  setF64(ROW_BOUNDS, i, bound);
  setI32(ROW_OWNERS, i, best);
  if (best != from) {
    takeRow(SUMS + <usize>from * stride, x);
    addF64(COUNTS, from, -1);
    addRow(SUMS + <usize>best * stride, x);
    addF64(COUNTS, best, 1);
  }
  return bound;
}

/**
 * Labels of the rows below these nodes as they were last assigned.
 *
 * @param roots IN i32, `count` nodes
 * @param LABELS OUT shape (n,), i32, in the matrix's order
 * @returns squared distances of these rows to their centers, summed
 */
export function labelNodes(roots: usize, count: i32, LABELS: usize): f64 {
  let inertia = 0.0;
  for (let i = 0; i < count; i++) inertia += label(i32At(roots, i), LABELS);
  return inertia;
}

function label(node: i32, LABELS: usize): f64 {
  const owner = field(node, OWNER);
  if (owner != MIXED) {
    for (let i = start(node); i < end(node); i++) {
      setI32(LABELS, i32At(ORDER, i), owner);
    }
    return inertiaOf(node, CENTERS + <usize>owner * stride);
  }
  if (!isLeaf(node)) {
    return label(node + 1, LABELS) + label(next(node + 1), LABELS);
  }
  let inertia = 0.0;
  for (let i = start(node); i < end(node); i++) {
    const z = ownerOf(i);
    setI32(LABELS, i32At(ORDER, i), z);
    inertia += squaredDistance(row(i), CENTERS + <usize>z * stride, stride);
  }
  return inertia;
}

/**
 * Squared distance of each row to the center it is labelled with.
 *
 * @param LABELS IN shape (n,), i32, in the matrix's order
 * @param DISTANCES OUT shape (n,), in the matrix's order
 */
export function distancesToOwn(LABELS: usize, DISTANCES: usize): void {
  for (let i = 0; i < rows; i++) {
    const r = i32At(ORDER, i);
    const center = CENTERS + <usize>i32At(LABELS, r) * stride;
    setF64(DISTANCES, r, squaredDistance(row(i), center, stride));
  }
}
