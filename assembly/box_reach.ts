// Which boxes of a block (boxes.ts) are within eps of another box. Since boxes
// are rounded outwards, "near" may be wrong about what is just out of reach,
// never about what is within, and "inside" the other way round.
//
// A box to compare with has the form of one in a block: its lower bounds are at
// q + 64k, its upper ones 32 bytes further.

import { blockAt, boxBytes, features } from "./boxes";
import { f64At } from "./memory";

/** Squared limits, in every lane. */
const LIMITS = memory.data(32);

/**
 * The largest f32 that is at most x. Which way x was rounded cannot be foreseen,
 * so the step to the next f32, 1 up or down in its bits, is taken 0 or 1 times.
 */
// @ts-ignore: decorator
@inline
export function below(x: f64): f32 {
  const r = <f32>x;
  const over = <i32>(<f64>r > x);
  if (r == 0) return over ? -reinterpret<f32>(1) : r;
  const bits = reinterpret<i32>(r);
  const step = bits >> 31 | 1; // −1 for a negative r
  return reinterpret<f32>(bits - over * step);
}

/** The smallest f32 that is at least x. */
// @ts-ignore: decorator
@inline
export function above(x: f64): f32 {
  return -below(-x);
}

/** The box of one row. @param Q OUT box, d × 64 bytes */
export function boxOfRow(row: usize, Q: usize): void {
  for (let k = 0; k < features; k++) {
    const x = f64At(row, k);
    store<f32>(Q, below(x));
    store<f32>(Q, above(x), 32);
    Q += 64;
  }
}

/** The box around the children that a mask names, at least one. */
export function boxOfChildren(block: i32, mask: i32, Q: usize): void {
  let p = blockAt(block);
  for (let k = 0; k < features; k++) {
    // In every lane, as min and max of single numbers look for NaN too.
    let lo = f32x4.splat(Infinity), hi = f32x4.splat(-Infinity);
    for (let m = mask; m; m &= m - 1) {
      const o = <usize>ctz(m) << 2;
      lo = f32x4.pmin(lo, v128.load32_splat(p + o));
      hi = f32x4.pmax(hi, v128.load32_splat(p + o, 32));
    }
    v128.store32_lane(Q, lo, 0);
    v128.store32_lane(Q, hi, 0, 32);
    Q += 64;
    p += 64;
  }
}

/** The child's box within its block. */
// @ts-ignore: decorator
@inline
export function boxOfChild(block: i32, slot: i32): usize {
  return blockAt(block) + (<usize>slot << 2);
}

/**
 * Sets how far is near. The limits leave room for the rounding of d squares
 * in f32; where those would underflow, nothing counts as inside.
 */
export function setReach(eps: f64): void {
  const eps2 = eps * eps;
  const room = 5e-7 * <f64>(features + 8);
  const near = <f32>(eps2 * (1 + room) + 1e-37);
  const inside = eps2 < 1e-30 ? <f32>-1 : <f32>(min(eps2, 1e37) * (1 - room));
  v128.store(LIMITS, f32x4.splat(near));
  v128.store(LIMITS, f32x4.splat(inside), 16);
}

/** Which children may have points within eps of the box: one bit each. */
// @ts-ignore: decorator
@inline
export function nearMask(q: usize, block: i32): i32 {
  const zero = f32x4.splat(0);
  let a = zero, b = zero;
  let p = blockAt(block);
  const e = p + boxBytes;
  for (; p < e; p += 64) {
    const lo = v128.load32_splat(q);
    const hi = v128.load32_splat(q, 32);
    let t = f32x4.pmax(
      f32x4.sub(v128.load(p), hi), f32x4.sub(lo, v128.load(p, 32)),
    );
    t = f32x4.pmax(t, zero);
    a = f32x4.add(a, f32x4.mul(t, t));
    t = f32x4.pmax(
      f32x4.sub(v128.load(p, 16), hi), f32x4.sub(lo, v128.load(p, 48)),
    );
    t = f32x4.pmax(t, zero);
    b = f32x4.add(b, f32x4.mul(t, t));
    q += 64;
  }
  const limit = v128.load(LIMITS);
  return i32x4.bitmask(f32x4.le(a, limit)) |
    i32x4.bitmask(f32x4.le(b, limit)) << 4;
}

/** Which children have all points within eps of every point of the box. */
// @ts-ignore: decorator
@inline
export function insideMask(q: usize, block: i32): i32 {
  const zero = f32x4.splat(0);
  let a = zero, b = zero;
  let p = blockAt(block);
  const e = p + boxBytes;
  for (; p < e; p += 64) {
    const lo = v128.load32_splat(q);
    const hi = v128.load32_splat(q, 32);
    let t = f32x4.pmax(
      f32x4.sub(v128.load(p, 32), lo), f32x4.sub(hi, v128.load(p)),
    );
    a = f32x4.add(a, f32x4.mul(t, t));
    t = f32x4.pmax(
      f32x4.sub(v128.load(p, 48), lo), f32x4.sub(hi, v128.load(p, 16)),
    );
    b = f32x4.add(b, f32x4.mul(t, t));
    q += 64;
  }
  const limit = v128.load(LIMITS, 16);
  return i32x4.bitmask(f32x4.le(a, limit)) |
    i32x4.bitmask(f32x4.le(b, limit)) << 4;
}
