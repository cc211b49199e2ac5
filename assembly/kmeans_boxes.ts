// How boxes of the kd-tree lie to centers.

import { lanesSum } from "./memory";
import { lower, stride, upper } from "./tree";

/** The middle of a node's box, a padded row. */
// @ts-ignore: decorator
@inline
export function middleOf(node: i32, MIDDLE: usize): void {
  const half = f64x2.splat(0.5);
  const lo = lower(node);
  const hi = upper(node);
  for (let o: usize = 0; o < stride; o += 16) {
    const sum = f64x2.add(v128.load(lo + o), v128.load(hi + o));
    v128.store(MIDDLE + o, f64x2.mul(sum, half));
  }
}

/** The least that |v − z|² exceeds |v − b|² by, over the points v of the box. */
// @ts-ignore: decorator
@inline
export function leadOf(node: i32, b: usize, z: usize): f64 {
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
