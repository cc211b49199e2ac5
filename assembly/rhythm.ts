// Follow-up times of the contacts of one pair: pipeline/features/link_test.ts.

import { f64At, i32At, setF64, setI32 } from "./memory";

/** Contacts after each that are looked at. */
const FOLLOWERS: i32 = 8;
/** Bins of which a peak is told from its sides. */
const BESIDE: i32 = 4;
/** Fewer values are sorted where they stand. */
const FEW: i32 = 16;

/**
 * Times between contacts and the eight that follow each.
 *
 * @param TS IN, shape (n), ascending; seconds.
 * @param LAGS OUT, up to 8 n values, those that are 0 or less as well.
 * @returns how many there are.
 */
export function followerLags(TS: usize, n: i32, LAGS: usize): i32 {
  let out = LAGS;
  for (let k = 1; k <= FOLLOWERS && k < n; k++) {
    const later = TS + (<usize>k << 3);
    const end = n - k;
    let i = 0;
    for (; i + 2 <= end; i += 2) {
      const at = <usize>i << 3;
      v128.store(out, f64x2.sub(v128.load(later + at), v128.load(TS + at)));
      out += 16;
    }
    if (i < end) {
      store<f64>(out, f64At(later, i) - f64At(TS, i));
      out += 8;
    }
  }
  return <i32>((out - LAGS) >> 3);
}

/**
 * A histogram of lags on the log axis, by a table: log_bins.ts has it.
 *
 * @param BINS IN, shape (cells), i16: by leading bits of a double its lowest bin.
 * @param EDGES IN, shape (cells), f64: from where on the next one begins.
 * @param firstCell leading bits of the first cell, `shift` bits off the end.
 * @param COUNTS OUT, shape (nBins), i32, of bins from `lowest` on; its ends are
 *   four bins from those of BINS and stay 0. A lag beyond the table is counted
 *   at its end.
 */
export function countLags(
  LAGS: usize, n: i32, BINS: usize, EDGES: usize,
  firstCell: i32, cells: i32, shift: i32,
  lowest: i32, COUNTS: usize, nBins: i32,
): void {
  memory.fill(COUNTS, 0, <usize>nBins << 2);
  for (let i = 0; i < n; i++) {
    const lag = f64At(LAGS, i);
    if (!(lag > 0)) continue;
    let cell = <i32>(reinterpret<u64>(lag) >> shift) - firstCell;
    cell = min(max(cell, 0), cells - 1);
    const bin = <i32>load<i16>(BINS + (<usize>cell << 1)) +
      <i32>(lag >= f64At(EDGES, cell)) - lowest;
    setI32(COUNTS, bin, i32At(COUNTS, bin) + 1);
  }
}

/**
 * Bins that stand out most from those on their sides, the highest first and of
 * equal ones the lower.
 *
 * @param COUNTS IN, shape (nBins), i32; the four at either end are 0.
 * @param PEAKS OUT, shape (most), i32. HEIGHTS scratch, shape (most), f64.
 * @returns how many there are.
 */
export function highestBins(
  COUNTS: usize, nBins: i32, PEAKS: usize, HEIGHTS: usize, most: i32,
): i32 {
  let found = 0;
  for (let b = BESIDE; b < nBins - BESIDE; b++) {
    const here = i32At(COUNTS, b);
    if (here == 0) continue;
    if (here < i32At(COUNTS, b - 1) || here < i32At(COUNTS, b + 1)) continue;
    const beside = max(
      i32At(COUNTS, b - 3) + i32At(COUNTS, b - 4),
      i32At(COUNTS, b + 3) + i32At(COUNTS, b + 4),
    );
    const height = <f64>here - 0.5 * <f64>beside;
    let place = found;
    while (place > 0 && f64At(HEIGHTS, place - 1) < height) place--;
    if (place == most) continue;
    if (found < most) found++;
    for (let p = found - 1; p > place; p--) {
      setI32(PEAKS, p, i32At(PEAKS, p - 1));
      setF64(HEIGHTS, p, f64At(HEIGHTS, p - 1));
    }
    setI32(PEAKS, place, b);
    setF64(HEIGHTS, place, height);
  }
  return found;
}

/**
 * The median (of an even number the upper one) of the values low ≤ x < high;
 * NaN where there is none. NEAR is scratch for as many as there are values.
 */
export function medianWithin(
  VALUES: usize, n: i32, low: f64, high: f64, NEAR: usize,
): f64 {
  const lows = f64x2.splat(low), highs = f64x2.splat(high);
  let out = NEAR;
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const both = v128.load(VALUES + (<usize>i << 3));
    const within = i64x2.bitmask(
      v128.and(f64x2.ge(both, lows), f64x2.lt(both, highs)),
    );
    // Written always, kept where it lies within: no branch to foresee.
    store<f64>(out, f64x2.extract_lane(both, 0));
    out += <usize>(within & 1) << 3;
    store<f64>(out, f64x2.extract_lane(both, 1));
    out += <usize>(within >> 1) << 3;
  }
  if (i < n) {
    const last = f64At(VALUES, i);
    store<f64>(out, last);
    if (last >= low && last < high) out += 8;
  }
  const count = <i32>((out - NEAR) >> 3);
  return count == 0 ? NaN : nthOf(NEAR, count, count >> 1);
}

/** The value that is `nth` in ascending order (Hoare 1961); none is NaN. */
function nthOf(X: usize, n: i32, nth: i32): f64 {
  let from = 0, to = n - 1;
  while (to - from >= FEW) {
    const pivot = middleOf(
      f64At(X, from), f64At(X, from + ((to - from) >> 1)), f64At(X, to),
    );
    let i = from, j = to;
    while (i <= j) {
      while (f64At(X, i) < pivot) i++;
      while (f64At(X, j) > pivot) j--;
      if (i > j) break;
      const swapped = f64At(X, i);
      setF64(X, i++, f64At(X, j));
      setF64(X, j--, swapped);
    }
    if (nth <= j) to = j;
    else if (nth >= i) from = i;
    else return f64At(X, nth);
  }
  for (let i = from + 1; i <= to; i++) {
    const value = f64At(X, i);
    let j = i;
    while (j > from && f64At(X, j - 1) > value) {
      setF64(X, j, f64At(X, j - 1));
      j--;
    }
    setF64(X, j, value);
  }
  return f64At(X, nth);
}

function middleOf(a: f64, b: f64, c: f64): f64 {
  return max(min(a, b), min(max(a, b), c));
}

/** By which `countFollowed` tells its two numbers apart. */
const BOTH: i32 = 65536;

/**
 * Periods of the clock with a contact that has a follower at low to high
 * seconds, times 65,536, and those with a contact early enough for one.
 *
 * @param TS IN, shape (n), ascending, n < 32,768; seconds.
 */
export function countFollowed(
  TS: usize, n: i32, period: f64, low: f64, high: f64,
): i32 {
  const start = f64At(TS, 0), last = f64At(TS, n - 1);
  let followed = 0, asked = 0, j = 0;
  let slot: f64 = -1, slotFollowed: f64 = -1;
  for (let i = 0; i < n; i++) {
    const own = f64At(TS, i);
    if (!(own + high <= last)) break;
    const at = Math.floor((own - start) / period);
    if (at != slot) {
      slot = at;
      asked++;
    } else if (at == slotFollowed) continue;
    const from = own + low;
    while (j < n && f64At(TS, j) < from) j++;
    if (j == n || f64At(TS, j) > own + high) continue;
    slotFollowed = at;
    followed++;
  }
  return followed * BOTH + asked;
}
