// One step each of Lloyd's k-means and of its k-means++ seeding. Rows and
// centers are padded (see distance.ts).
//
// The assignment step compares means in sorted order (S. Phillips,
// "Acceleration of k-means and related clustering algorithms", 2002): a row x
// of center a can only be nearer to center j where
// |a − j| < |x − a| + |x − best|, so the centers are tried from the nearest to
// a outwards until that fails. A row nearer to its center than the second one
// can have come since is not compared at all (G. Hamerly, "Making k-means even
// faster", 2010). Both give what trying all k would give.

import { squaredDistance } from "./distance";
import { addF64, f64At, i32At, lesser, setF64, setI32 } from "./memory";

/** Rounding of the bounds; larger than that of a sum of 1024 squares. */
const MARGIN: f64 = 1 + 1e-9;

/**
 * The other centers by their distance to center a.
 *
 * @param CENTERS IN k padded rows
 * @param ORDER INOUT row a of shape (k, k): center numbers, a itself first
 * @param GAPS OUT row a of shape (k, k): distance to ORDER's center
 */
export function rankCenters(
  CENTERS: usize, k: i32, stride: usize, a: i32, ORDER: usize, GAPS: usize,
): void {
  const order = ORDER + (<usize>(a * k) << 2);
  const gaps = GAPS + (<usize>(a * k) << 3);
  const center = CENTERS + <usize>a * stride;
  // Insertion: the order changes little from one iteration to the next.
  for (let i = 0; i < k; i++) {
    const j = i32At(order, i);
    const gap = j == a
      ? -1.0
      : sqrt(squaredDistance(center, CENTERS + <usize>j * stride, stride));
    let t = i;
    while (t > 0 && f64At(gaps, t - 1) > gap) {
      setF64(gaps, t, f64At(gaps, t - 1));
      setI32(order, t, i32At(order, t - 1));
      t--;
    }
    setF64(gaps, t, gap);
    setI32(order, t, j);
  }
}

/**
 * Labels each row with its nearest center, the lowest of equally near ones.
 *
 * @param X IN n padded rows
 * @param CENTERS IN k padded rows
 * @param ORDER IN shape (k, k), from `rankCenters`
 * @param GAPS IN shape (k, k), from `rankCenters`
 * @param LABELS INOUT shape (n,), i32; −1 where there is no label yet
 * @param SECOND INOUT shape (n,): no other center is nearer; 0 if unknown
 * @param drift how far any center has moved since SECOND was written
 * @param SUMS INOUT k padded rows: the sum of each center's rows is added
 * @param COUNTS INOUT shape (k,), f64
 * @param INERTIA INOUT one f64: squared distances to the nearest center
 * @returns how many labels changed
 */
export function assignRows(
  X: usize, n: i32, stride: usize, CENTERS: usize, k: i32,
  ORDER: usize, GAPS: usize, LABELS: usize, SECOND: usize, drift: f64,
  SUMS: usize, COUNTS: usize, INERTIA: usize,
): i32 {
  let changed = 0;
  let inertia = 0.0;
  let guess = 0;
  for (let i = 0; i < n; i++) {
    const old = i32At(LABELS, i);
    const a = old < 0 ? guess : old;
    let best = a;
    let nearest = squaredDistance(X, CENTERS + <usize>a * stride, stride);
    const own = sqrt(nearest);
    let second = f64At(SECOND, i) - drift;
    if (own * MARGIN >= second) {
      const order = ORDER + (<usize>(a * k) << 2);
      const gaps = GAPS + (<usize>(a * k) << 3);
      let next = Infinity; // squared distance to the second of those tried
      let untried = Infinity; // distance that no other center is within
      let reach = 2 * own * MARGIN;
      for (let t = 1; t < k; t++) {
        const gap = f64At(gaps, t);
        if (gap > reach) {
          untried = gap - own;
          break;
        }
        const j = i32At(order, t);
        const far = squaredDistance(X, CENTERS + <usize>j * stride, stride);
        if (far < nearest) {
          next = nearest;
          nearest = far;
          best = j;
          reach = (own + sqrt(far)) * MARGIN;
        } else {
          next = lesser(next, far);
          if (far == nearest && j < best) best = j;
        }
      }
      second = lesser(sqrt(next), untried);
    }
    setF64(SECOND, i, second);
    if (best != old) {
      setI32(LABELS, i, best);
      changed++;
    }
    inertia += nearest;
    addRow(SUMS + <usize>best * stride, X, stride);
    addF64(COUNTS, best, 1);
    guess = best;
    X += stride;
  }
  addF64(INERTIA, 0, inertia);
  return changed;
}

// @ts-ignore: decorator
@inline
function addRow(SUM: usize, X: usize, stride: usize): void {
  for (let o: usize = 0; o < stride; o += 16) {
    v128.store(SUM + o, f64x2.add(v128.load(SUM + o), v128.load(X + o)));
  }
}

/**
 * Squared distance of each row to the center it is labelled with.
 *
 * @param X IN n padded rows
 * @param LABELS IN shape (n,), i32
 * @param DISTANCES OUT shape (n,)
 */
export function ownDistances(
  X: usize, n: i32, stride: usize, CENTERS: usize, LABELS: usize,
  DISTANCES: usize,
): void {
  for (let i = 0; i < n; i++) {
    const center = CENTERS + <usize>i32At(LABELS, i) * stride;
    setF64(DISTANCES, i, squaredDistance(X, center, stride));
    X += stride;
  }
}

/**
 * What the sum of CLOSEST would be with one more center.
 *
 * @param X IN n padded rows
 * @param CENTER IN one padded row
 * @param CLOSEST IN shape (n,): squared distance to the nearest center so far
 */
export function potentialWith(
  X: usize, n: i32, stride: usize, CENTER: usize, CLOSEST: usize,
): f64 {
  let sum = 0.0;
  for (let i = 0; i < n; i++) {
    sum += lesser(f64At(CLOSEST, i), squaredDistance(X, CENTER, stride));
    X += stride;
  }
  return sum;
}

/**
 * Adds a center: CLOSEST ← min(CLOSEST, squared distance to it).
 *
 * @param X IN n padded rows
 * @param CENTER IN one padded row
 * @param CLOSEST INOUT shape (n,)
 */
export function lowerClosest(
  X: usize, n: i32, stride: usize, CENTER: usize, CLOSEST: usize,
): void {
  for (let i = 0; i < n; i++) {
    const far = squaredDistance(X, CENTER, stride);
    if (far < f64At(CLOSEST, i)) setF64(CLOSEST, i, far);
    X += stride;
  }
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
