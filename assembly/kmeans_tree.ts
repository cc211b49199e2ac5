// Lloyd's k-means on the kd-tree (tree.ts) with sums at its nodes
// (kmeans_nodes.ts).
//
// A node all of whose box is nearest to one center moves as a whole (Kanungo et
// al., "An efficient k-means clustering algorithm", 2002; Pelleg & Moore,
// 1999). How much nearer that center is than any other is kept as a bound, and
// a subtree is left alone until the centers have gone so far (Hamerly, "Making
// k-means even faster", 2010). Sums and counts only change with what changes
// its center. (Bounds to each second center apart from those to the rest were
// tried: hardly fewer visits, and each takes longer.)

import { squaredDistance } from "./distance";
import { leadOf, middleOf } from "./kmeans_boxes";
import {
  addRow, BOUND, DIAGONAL, get, inertiaOf, MIXED, OWNER, set, size, takeRow,
} from "./kmeans_nodes";
import {
  addF64, f64At, greater, i32At, lesser, setF64, setI32,
} from "./memory";
import {
  end, field, isLeaf, lower, next, nodeCount, ORDER, payload, row, setField,
  start, stride, upper,
} from "./tree";

let k: i32 = 0;
let CENTERS: usize = 0;
/** k + 1 padded rows and counts: the last are of rows without a center. */
let SUMS: usize = 0;
let COUNTS: usize = 0;
/** Center and bound of each row of a mixed leaf. */
let ROW_OWNERS: usize = 0;
let ROW_BOUNDS: usize = 0;
/**
 * How far each center and any other have come together, summed over the
 * assignments, behind the same of the two that went farthest: a node of rows
 * with several centers has MIXED for an owner, and −1 + 1 is 0.
 */
let TRAVEL: usize = 0;
/** Squared distances of a node's middle to its candidates; that middle. */
let FAR: usize = 0;
let MIDDLE: usize = 0;
/** What the rounding of coordinates may do to a distance. */
let fuzz: f64 = 0;

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
 * @param travel IN shape (k + 2,), of MIXED, of each center and of none; the
 *   caller adds to it between assignments
 * @param scratch of 8 bytes per center and 16 more, and one padded row
 * @param roots IN i32, the nodes that `assignNodes` is given
 */
export function startLloyd(
  clusters: i32, centers: usize, sums: usize, counts: usize, owners: usize,
  bounds: usize, travel: usize, scratch: usize, roots: usize, rootCount: i32,
): void {
  k = clusters;
  CENTERS = centers;
  SUMS = sums;
  COUNTS = counts;
  ROW_OWNERS = owners;
  ROW_BOUNDS = bounds;
  TRAVEL = travel;
  FAR = scratch;
  MIDDLE = (FAR + (<usize>k << 3) + 15) & ~15;
  fuzz = 1e-15 * largestCoordinate() * <f64>(stride >> 3);
  memory.fill(sums, 0, <usize>(k + 1) * stride);
  memory.fill(counts, 0, <usize>(k + 1) << 3);
  for (let i = 0; i < rootCount; i++) {
    setField(i32At(roots, i), OWNER, k);
    set(i32At(roots, i), BOUND, -Infinity);
  }
}

/** Of all rows, without a sign: the root's box has it. */
function largestCoordinate(): f64 {
  let most = 0.0;
  for (let j = 0; j < <i32>(stride >> 3); j++) {
    most = greater(most, -f64At(lower(0), j));
    most = greater(most, f64At(upper(0), j));
  }
  return most;
}

// @ts-ignore: decorator
@inline
function travelOf(owner: i32): f64 {
  return f64At(TRAVEL, owner + 1);
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
 * @returns how far its center and any other may come before a row changes
 */
function assign(
  node: i32, C: usize, count: i32, lead: f64, before: i32,
): f64 {
  if (before == MIXED) {
    before = field(node, OWNER);
    const left = get(node, BOUND) - travelOf(before);
    if (left > 0) return left;
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
          lead = lesser(lead, gap);
          continue;
        }
      }
    }
    setI32(KEPT, kept++, z);
  }
  if (kept == 1) {
    moveNode(node, before, best);
    set(node, BOUND, lead + travelOf(best));
    return lead;
  }
  setField(node, OWNER, MIXED);
  let left: f64;
  if (isLeaf(node)) left = assignRows(node, KEPT, kept, lead, before);
  else {
    left = assign(node + 1, KEPT, kept, lead, before);
    left = lesser(left, assign(next(node + 1), KEPT, kept, lead, before));
  }
  set(node, BOUND, left + travelOf(MIXED));
  return left;
}

/** Fills FAR. @returns which candidate is nearest to the middle of the box. */
// @ts-ignore: decorator
@inline
function nearestToMiddle(node: i32, C: usize, count: i32): i32 {
  middleOf(node, MIDDLE);
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
      from = ownerOf(i);
      const left = f64At(ROW_BOUNDS, i) - travelOf(from);
      if (left > 0) {
        least = lesser(least, left);
        continue;
      }
    }
    least = lesser(least, assignRow(i, C, count, lead, from));
  }
  return least;
}

/** @returns as `assign`. */
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
    // Without a branch: which is nearer cannot be foreseen.
    best = select(z, best, far < nearest);
    second = lesser(second, greater(far, nearest));
    nearest = lesser(nearest, far);
  }
  const other = sqrt(second);
  const gap = other - sqrt(nearest) - 1e-12 * other - fuzz;
  const left = lesser(lead, gap);
  setF64(ROW_BOUNDS, i, left + travelOf(best));
  setI32(ROW_OWNERS, i, best);
  if (best != from) {
    takeRow(SUMS + <usize>from * stride, x);
    addF64(COUNTS, from, -1);
    addRow(SUMS + <usize>best * stride, x);
    addF64(COUNTS, best, 1);
  }
  return left;
}

/**
 * Labels of the rows below these nodes as they were last assigned.
 *
 * @param roots IN i32, `count` nodes
 * @param LABELS OUT shape (n,), i32, in the matrix's order; 0 for no labels
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
    for (let i = LABELS ? start(node) : end(node); i < end(node); i++) {
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
    if (LABELS) setI32(LABELS, i32At(ORDER, i), z);
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
  for (let i = 0; i < end(0); i++) {
    const r = i32At(ORDER, i);
    const center = CENTERS + <usize>i32At(LABELS, r) * stride;
    setF64(DISTANCES, r, squaredDistance(row(i), center, stride));
  }
}
