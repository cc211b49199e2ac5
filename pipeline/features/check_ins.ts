/**
 * Burst gaps worth trying, in seconds: none; the widest hole in the sorted log
 * gaps; 1 s and 10 s where some but not all gaps are shorter.
 *
 * @param sorted gaps between all events, ascending; seconds.
 */
export function collapseCandidates(sorted: Float64Array): number[] {
  let zeros = 0;
  while (zeros < sorted.length && !(sorted[zeros] > 0)) zeros++;
  const gaps = sorted.subarray(zeros);
  const out = [0];
  const n = gaps.length;
  if (n < 4) return out;
  let widest = 4, at = -1;
  for (let i = Math.floor(0.05 * n); i < Math.floor(0.9 * n); i++) {
    const ratio = gaps[i + 1] / gaps[i];
    if (ratio > widest) {
      widest = ratio;
      at = i;
    }
  }
  if (at >= 0) out.push(Math.sqrt(gaps[at] * gaps[at + 1]));
  if (gaps[0] < 1 && gaps[n - 1] >= 1) out.push(1);
  if (gaps[0] < 10 && gaps[Math.floor(0.9 * n)] > 30) out.push(10);
  return out;
}

/**
 * Gaps between events, ascending.
 *
 * @param ts epoch seconds, ascending.
 */
export function sortedGaps(ts: Float64Array): Float64Array {
  const gaps = new Float64Array(Math.max(0, ts.length - 1));
  for (let i = 0; i < gaps.length; i++) gaps[i] = ts[i + 1] - ts[i];
  return gaps.sort();
}

/** First event of each burst: what comes within `collapse` seconds is one. */
export function checkInsOf(ts: Float64Array, collapse: number): Float64Array {
  if (collapse === 0) return ts;
  const first = new Float64Array(ts.length);
  let n = 0;
  for (let i = 0; i < ts.length; i++) {
    if (i === 0 || ts[i] - ts[i - 1] > collapse) first[n++] = ts[i];
  }
  return first.subarray(0, n);
}

/**
 * Gaps inside the hours in which the pair lives: those above ten medians
 * (nights, sleep) are left out.
 *
 * @param gaps ascending.
 * @returns the first of them, as a view.
 */
export function activeGaps(gaps: Float64Array): Float64Array {
  const limit = 10 * gaps[gaps.length >> 1];
  let n = gaps.length;
  if (limit > 0) { while (n > 0 && gaps[n - 1] > limit) n--; }
  return gaps.subarray(0, n);
}

/**
 * Pauses between bursts inside the same hours: from the last event of one to
 * the first of the next. Beyond `collapse` those of a memoryless process are
 * memoryless, too; from first event to first event they are not, since how
 * long a burst lasts is added to them.
 *
 * @param all gaps between all events, ascending; seconds.
 * @returns some of them, as a view.
 */
export function activePauses(
  all: Float64Array,
  collapse: number,
): Float64Array {
  let short = 0;
  while (short < all.length && all[short] <= collapse) short++;
  return activeGaps(all.subarray(short));
}
