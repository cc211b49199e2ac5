// Nearest and second nearest centers of eight rows at a time, in f32: who is
// surely nearest, and by how much, needs no more (kmeans.ts decides the rest).
//
// A row's score of center c is |c|² − 2x·c, its squared distance less |x|²:
//
//   PACK, one line per feature          CENTERS, one line per center
//   │ x₀ x₁ x₂ x₃ │ x₄ x₅ x₆ x₇ │       │ −2c₀ −2c₁ … −2c_d−1 │ |c|² │
//
// Rows and centers are multiplied by a power of two that brings the largest
// coordinate to about 1, so that nothing overflows. With u = 2⁻²⁴, rounding
// changes a score by less than γ(|x|² + |c|²), γ = 2(d + 6)u: d products and
// sums, each of terms up to |c|² + 2|x||c|, of rounded factors. The |c|² that
// is kept is 2γ too small, so that no score exceeds the true one by more than
// γ|x|², however far away its center is; a center's true score is at most
// 3γ|c|² + γ|x|² above its own.

import { f64At } from "./memory";

/** What underflow may do to a sum of squares that are at most 1. */
const TINY: f64 = 1e-30;

let k: i32 = 0;
let d: i32 = 0;
let stride: usize = 0;
let scale: f64 = 1;
let gamma: f64 = 0;
let PACK: usize = 0;
let CENTERS: usize = 0;
/** Eight lanes each of what a scan finds. */
const NEAREST = memory.data(32);
const SECOND = memory.data(32);
const BEST = memory.data(32);
const SQUARES = memory.data(32);

/** Bytes of scratch that `startScreen` needs. */
export function screenBytes(clusters: i32, rowBytes: i32): i32 {
  const features = rowBytes >> 3;
  return (features << 5) + ((clusters + 3) & ~3) * (features + 1) * 4;
}

/**
 * Reads the centers anew.
 *
 * @param clusters k
 * @param rowBytes bytes of a padded row
 * @param centers IN k padded rows
 * @param by a power of two: by × the largest coordinate is about 1
 * @param scratch of `screenBytes`, left alone while rows are screened
 */
export function startScreen(
  clusters: i32, rowBytes: i32, centers: usize, by: f64, scratch: usize,
): void {
  k = clusters;
  stride = rowBytes;
  d = rowBytes >> 3;
  scale = by;
  gamma = <f64>(2 * (d + 6)) / 16777216;
  PACK = scratch;
  CENTERS = PACK + (<usize>d << 5);
  let p = CENTERS;
  for (let z = 0; z < ((k + 3) & ~3); z++) {
    let squares = 0.0;
    for (let j = 0; j < d; j++) {
      // Behind the last center come some that are near to nothing.
      const c = z < k ? by * f64At(centers + <usize>z * stride, j) : 0;
      squares += c * c;
      store<f32>(p, <f32>(-2 * c));
      p += 4;
    }
    store<f32>(p, z < k ? <f32>(squares * (1 - 2 * gamma)) : <f32>1e38);
    p += 4;
  }
}

/**
 * Screens eight rows; `lead` and `bestOf` tell of each.
 *
 * @param ROWS IN addresses of eight padded rows, i32
 */
export function screenRows(ROWS: usize): void {
  packFour(ROWS, PACK);
  packFour(ROWS + 16, PACK + 16);
  sumSquares();
  v128.store(NEAREST, f32x4.splat(Infinity));
  v128.store(NEAREST, f32x4.splat(Infinity), 16);
  v128.store(SECOND, f32x4.splat(Infinity));
  v128.store(SECOND, f32x4.splat(Infinity), 16);
  for (let z = 0; z < k; z += 4) scanFour(z);
}

/** Which center has the least score of a row. */
// @ts-ignore: decorator
@inline
export function bestOf(lane: i32): i32 {
  return load<i32>(BEST + (<usize>lane << 2));
}

/**
 * By how much the nearest center is surely nearer to a row than any other;
 * below 0 where that is not sure.
 */
// @ts-ignore: decorator
@inline
export function leadOfBest(lane: i32): f64 {
  const at = <usize>lane << 2;
  const squares = <f64>load<f32>(SQUARES + at);
  const nearest = <f64>load<f32>(NEAREST + at);
  const second = <f64>load<f32>(SECOND + at);
  const line = CENTERS + <usize>(bestOf(lane) * (d + 1) + d) * 4;
  const room = 2 * gamma * squares + TINY;
  const own = nearest + 3.01 * gamma * <f64>load<f32>(line) + room;
  const other = second - room;
  if (own >= other) return -1;
  const gap = sqrt(other + squares) - sqrt(max(0, own + squares));
  return gap * (1 - 1e-12) / scale;
}

/** Four rows to half of PACK's lines. */
// @ts-ignore: decorator
@inline
function packFour(ROWS: usize, to: usize): void {
  const a = <usize>load<u32>(ROWS), b = <usize>load<u32>(ROWS, 4);
  const c = <usize>load<u32>(ROWS, 8), e = <usize>load<u32>(ROWS, 12);
  const by = f64x2.splat(scale);
  for (let o: usize = 0; o < stride; o += 16) {
    const p = single(a + o, by), q = single(b + o, by);
    const r = single(c + o, by), s = single(e + o, by);
    const pq = v128.shuffle<f32>(p, q, 0, 4, 1, 5);
    const rs = v128.shuffle<f32>(r, s, 0, 4, 1, 5);
    v128.store(to, v128.shuffle<f32>(pq, rs, 0, 1, 4, 5));
    v128.store(to, v128.shuffle<f32>(pq, rs, 2, 3, 6, 7), 32);
    to += 64;
  }
}

// @ts-ignore: decorator
@inline
function single(p: usize, by: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.mul(v128.load(p), by));
}

function sumSquares(): void {
  let a = f32x4.splat(0), b = a;
  for (let p = PACK, e = PACK + (<usize>d << 5); p < e; p += 32) {
    const x = v128.load(p), y = v128.load(p, 16);
    a = f32x4.add(a, f32x4.mul(x, x));
    b = f32x4.add(b, f32x4.mul(y, y));
  }
  v128.store(SQUARES, a);
  v128.store(SQUARES, b, 16);
}

/** Scores of centers z to z + 3: eight sums fit into the registers. */
// @ts-ignore: decorator
@inline
function scanFour(z: i32): void {
  const line = <usize>(d + 1) << 2;
  const C = CENTERS + <usize>z * line;
  const end = C + (<usize>d << 2);
  let a = v128.load32_splat(end), b = v128.load32_splat(end + line);
  let c = v128.load32_splat(end + 2 * line);
  let e = v128.load32_splat(end + 3 * line);
  let a2 = a, b2 = b, c2 = c, e2 = e;
  for (let p = C, x = PACK; p < end; p += 4) {
    const low = v128.load(x), high = v128.load(x, 16);
    let t = v128.load32_splat(p);
    a = f32x4.add(a, f32x4.mul(low, t));
    a2 = f32x4.add(a2, f32x4.mul(high, t));
    t = v128.load32_splat(p + line);
    b = f32x4.add(b, f32x4.mul(low, t));
    b2 = f32x4.add(b2, f32x4.mul(high, t));
    t = v128.load32_splat(p + 2 * line);
    c = f32x4.add(c, f32x4.mul(low, t));
    c2 = f32x4.add(c2, f32x4.mul(high, t));
    t = v128.load32_splat(p + 3 * line);
    e = f32x4.add(e, f32x4.mul(low, t));
    e2 = f32x4.add(e2, f32x4.mul(high, t));
    x += 32;
  }
  keepLeast(z, a, b, c, e, 0);
  keepLeast(z, a2, b2, c2, e2, 16);
}

/** Scores of four centers into the lanes' least two. */
// @ts-ignore: decorator
@inline
function keepLeast(
  z: i32, a: v128, b: v128, c: v128, e: v128, half: usize,
): void {
  let nearest = v128.load(NEAREST + half);
  let second = v128.load(SECOND + half);
  let best = v128.load(BEST + half);
  best = v128.bitselect(i32x4.splat(z), best, f32x4.lt(a, nearest));
  second = f32x4.pmin(second, f32x4.pmax(nearest, a));
  nearest = f32x4.pmin(nearest, a);
  best = v128.bitselect(i32x4.splat(z + 1), best, f32x4.lt(b, nearest));
  second = f32x4.pmin(second, f32x4.pmax(nearest, b));
  nearest = f32x4.pmin(nearest, b);
  best = v128.bitselect(i32x4.splat(z + 2), best, f32x4.lt(c, nearest));
  second = f32x4.pmin(second, f32x4.pmax(nearest, c));
  nearest = f32x4.pmin(nearest, c);
  best = v128.bitselect(i32x4.splat(z + 3), best, f32x4.lt(e, nearest));
  second = f32x4.pmin(second, f32x4.pmax(nearest, e));
  nearest = f32x4.pmin(nearest, e);
  v128.store(NEAREST + half, nearest);
  v128.store(SECOND + half, second);
  v128.store(BEST + half, best);
}
