// What k-means does between two assignments, whoever makes them: centers move
// to the means of their rows, and how far they went is added up.

import { f64At, greater, setF64 } from "./memory";

/** More than the rounding of a way that is summed up over all iterations. */
const MARGIN: f64 = 1 + 1e-9;

/**
 * Centers ← means of their rows; one without rows stays where it is.
 *
 * @param SUMS IN k padded rows
 * @param COUNTS IN shape (k,), f64
 * @param CENTERS INOUT k padded rows
 * @param WAYS OUT shape (k,): the way of each
 * @returns the square of the way of all of them together
 */
export function moveCenters(
  k: i32, stride: usize, SUMS: usize, COUNTS: usize, CENTERS: usize,
  WAYS: usize,
): f64 {
  const width = <i32>(stride >> 3);
  let shift = 0.0;
  for (let a = 0; a < k; a++) {
    const n = f64At(COUNTS, a);
    let way = 0.0;
    for (let j = n == 0 ? width : 0; j < width; j++) {
      const mean = f64At(SUMS, j) / n;
      const step = mean - f64At(CENTERS, j);
      way += step * step;
      setF64(CENTERS, j, mean);
    }
    shift += way;
    setF64(WAYS, a, sqrt(way));
    SUMS += stride;
    CENTERS += stride;
  }
  return shift;
}

/**
 * Adds to each center's travel its own way and the longest of any other: a row
 * that was nearer to its center by more than the travel since is so still
 * (Hamerly, "Making k-means even faster", 2010).
 *
 * @param WAYS IN shape (k,)
 * @param TRAVEL INOUT shape (k,)
 * @returns what was added at the most: the two longest ways
 */
export function addTravel(k: i32, WAYS: usize, TRAVEL: usize): f64 {
  let first = 0.0, second = 0.0;
  let farthest = -1;
  for (let a = 0; a < k; a++) {
    const way = f64At(WAYS, a);
    if (way > first) {
      second = first;
      first = way;
      farthest = a;
    } else second = greater(second, way);
  }
  for (let a = 0; a < k; a++) {
    const other = a == farthest ? second : first;
    setF64(TRAVEL, a, f64At(TRAVEL, a) + MARGIN * (f64At(WAYS, a) + other));
  }
  return MARGIN * (first + second);
}

/** How many clusters have no rows. */
export function countEmpty(k: i32, COUNTS: usize): i32 {
  let empty = 0;
  for (let a = 0; a < k; a++) empty += <i32>(f64At(COUNTS, a) == 0);
  return empty;
}
