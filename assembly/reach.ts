// Whether two rows of the tree (tree.ts) are within eps of each other: by two
// features at a time where that is beyond doubt, else by the sum of squares in
// feature order, as scikit-learn's kd-tree sums.

import { squaredDistance } from "./distance";
import { f64At } from "./memory";
import { stride } from "./tree";

let eps2: f64 = 0;
/** A squared distance above the one or up to the other leaves no doubt. */
export let surelyOut: f64 = 0;
export let surelyIn: f64 = 0;

export function setLimits(eps: f64): void {
  eps2 = eps * eps;
  surelyOut = eps2 * (1 + 1e-9);
  surelyIn = eps2 * (1 - 1e-9);
}

// @ts-ignore: decorator
@inline
export function within(p: usize, q: usize): bool {
  const far = squaredDistance(p, q, stride);
  if (far > surelyOut) return false;
  return far <= surelyIn || withinExactly(p, q);
}

function withinExactly(p: usize, q: usize): bool {
  let sum = 0.0;
  for (let k = 0; k < <i32>(stride >> 3); k++) {
    const t = f64At(p, k) - f64At(q, k);
    sum += t * t;
  }
  return sum <= eps2;
}
