// One step each of Lloyd's k-means and of its k-means++ seeding, over rows as
// they are. Rows and centers are padded (see distance.ts).
//
// A row that is nearer to its center than any other can have come since is left
// alone (G. Hamerly, "Making k-means even faster", 2010). The others are
// screened in f32 (kmeans_screen.ts), and where that leaves two centers too
// close to call, all are compared in f64: the labels are those of comparing
// every row with every center.

import { squaredDistance } from "./distance";
import { bestOf, leadOfBest, screenRows } from "./kmeans_screen";
import {
  addF64, f64At, greater, i32At, lesser, setF64, setI32,
} from "./memory";

/** Rows of a call that are screened; eight more to fill up the last eight. */
const OPEN = memory.data(4128);
/** Addresses of the eight that are. */
const EIGHT = memory.data(32);

/**
 * Labels each row with its nearest center, the lowest of equally near ones.
 * `startScreen` has read the centers.
 *
 * @param X IN n ≤ 1024 padded rows
 * @param CENTERS IN k padded rows
 * @param LABELS INOUT shape (n,), i32; k where there is no label yet
 * @param BOUNDS INOUT shape (n,): the label holds as long as its TRAVEL is
 *   below this; −∞ if unknown
 * @param TRAVEL IN shape (k + 1,): how far each center and any other have come
 *   together, summed over the assignments
 * @param SUMS INOUT k + 1 padded rows: each center's rows added up, the last
 *   of the rows without a label
 * @param COUNTS INOUT shape (k + 1,), f64
 * @returns how many labels changed
 */
export function assignRows(
  X: usize, n: i32, stride: usize, CENTERS: usize, k: i32, LABELS: usize,
  BOUNDS: usize, TRAVEL: usize, SUMS: usize, COUNTS: usize,
): i32 {
  const open = listOpen(n, LABELS, BOUNDS, TRAVEL);
  let changed = 0;
  for (let from = 0; from < open; from += 8) {
    const list = OPEN + (<usize>from << 2);
    for (let lane = 0; lane < 8; lane++) {
      const at = X + <usize>i32At(list, lane) * stride;
      setI32(EIGHT, lane, <i32>at);
    }
    screenRows(EIGHT);
    const lanes = min(8, open - from);
    for (let lane = 0; lane < lanes; lane++) {
      const i = i32At(list, lane);
      const x = X + <usize>i * stride;
      let best = bestOf(lane);
      let lead = leadOfBest(lane);
      if (lead < 0) {
        best = nearestOf(x, stride, CENTERS, k);
        lead = exactLead;
      }
      setF64(BOUNDS, i, lead + f64At(TRAVEL, best));
      const old = i32At(LABELS, i);
      if (best == old) continue;
      setI32(LABELS, i, best);
      moveRow(x, stride, SUMS + <usize>old * stride, SUMS + <usize>best * stride);
      addF64(COUNTS, old, -1);
      addF64(COUNTS, best, 1);
      changed++;
    }
  }
  return changed;
}

/** Fills OPEN, without a branch. @returns how many rows' bounds are reached. */
function listOpen(n: i32, LABELS: usize, BOUNDS: usize, TRAVEL: usize): i32 {
  let open = 0;
  for (let i = 0; i < n; i++) {
    setI32(OPEN, open, i);
    const way = f64At(TRAVEL, i32At(LABELS, i));
    open += <i32>(f64At(BOUNDS, i) <= way);
  }
  const last = open > 0 ? i32At(OPEN, open - 1) : 0;
  for (let lane = 0; lane < 8; lane++) setI32(OPEN, open + lane, last);
  return open;
}

/** By how much the center that `nearestOf` found last is nearer. */
let exactLead: f64 = 0;

function nearestOf(x: usize, stride: usize, CENTERS: usize, k: i32): i32 {
  let best = 0;
  let nearest = Infinity, second = Infinity;
  for (let z = 0; z < k; z++) {
    const far = squaredDistance(x, CENTERS + <usize>z * stride, stride);
    best = select(z, best, far < nearest);
    second = lesser(second, greater(far, nearest));
    nearest = lesser(nearest, far);
  }
  const other = sqrt(second);
  // Rounding of sums of 1024 squares, at the most.
  exactLead = other - sqrt(nearest) - 1e-12 * other;
  return best;
}

// @ts-ignore: decorator
@inline
function moveRow(x: usize, stride: usize, from: usize, to: usize): void {
  for (let o: usize = 0; o < stride; o += 16) {
    const v = v128.load(x + o);
    v128.store(from + o, f64x2.sub(v128.load(from + o), v));
    v128.store(to + o, f64x2.add(v128.load(to + o), v));
  }
}

/**
 * Squared distance of each row to the center it is labelled with.
 *
 * @param X IN n padded rows
 * @param LABELS IN shape (n,), i32
 * @param DISTANCES OUT shape (n,)
 * @returns their sum
 */
export function ownDistances(
  X: usize, n: i32, stride: usize, CENTERS: usize, LABELS: usize,
  DISTANCES: usize,
): f64 {
  let sum = 0.0;
  for (let i = 0; i < n; i++) {
    const center = CENTERS + <usize>i32At(LABELS, i) * stride;
    const far = squaredDistance(X, center, stride);
    setF64(DISTANCES, i, far);
    sum += far;
    X += stride;
  }
  return sum;
}

/**
 * Adds what CLOSEST would sum up to with each of some rows as one more center:
 * all are tried in one pass over the rows.
 *
 * @param X IN n padded rows
 * @param CANDIDATES IN addresses of four padded rows, i32
 * @param CLOSEST IN shape (n,): squared distance to the nearest center so far
 * @param POTENTIALS INOUT shape (4,)
 */
export function potentialsWith(
  X: usize, n: i32, stride: usize, CANDIDATES: usize, CLOSEST: usize,
  POTENTIALS: usize,
): void {
  const p = <usize>i32At(CANDIDATES, 0), q = <usize>i32At(CANDIDATES, 1);
  const r = <usize>i32At(CANDIDATES, 2), s = <usize>i32At(CANDIDATES, 3);
  let a = f64At(POTENTIALS, 0), b = f64At(POTENTIALS, 1);
  let c = f64At(POTENTIALS, 2), d = f64At(POTENTIALS, 3);
  for (let i = 0; i < n; i++) {
    const closest = f64At(CLOSEST, i);
    a += lesser(closest, squaredDistance(X, p, stride));
    b += lesser(closest, squaredDistance(X, q, stride));
    c += lesser(closest, squaredDistance(X, r, stride));
    d += lesser(closest, squaredDistance(X, s, stride));
    X += stride;
  }
  setF64(POTENTIALS, 0, a);
  setF64(POTENTIALS, 1, b);
  setF64(POTENTIALS, 2, c);
  setF64(POTENTIALS, 3, d);
}

/**
 * Adds a center: CLOSEST ← min(CLOSEST, squared distance to it).
 *
 * @param X IN n padded rows
 * @param CENTER IN one padded row
 * @param CLOSEST INOUT shape (n,)
 * @returns what CLOSEST sums up to now
 */
export function lowerClosest(
  X: usize, n: i32, stride: usize, CENTER: usize, CLOSEST: usize,
): f64 {
  let sum = 0.0;
  for (let i = 0; i < n; i++) {
    const near = lesser(f64At(CLOSEST, i), squaredDistance(X, CENTER, stride));
    setF64(CLOSEST, i, near);
    sum += near;
    X += stride;
  }
  return sum;
}

/**
 * The first row whose running sum of CLOSEST reaches `target`; n when none
 * does. SUM carries the running sum from one block of rows to the next.
 *
 * @param CLOSEST IN shape (n,)
 * @param SUM INOUT one f64
 */
export function firstReaching(
  CLOSEST: usize, n: i32, target: f64, SUM: usize,
): i32 {
  let sum = load<f64>(SUM);
  for (let i = 0; i < n; i++) {
    sum += f64At(CLOSEST, i);
    if (sum >= target) return i;
  }
  store<f64>(SUM, sum);
  return n;
}
