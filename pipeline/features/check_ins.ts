/**
 * Burst gaps worth trying, in seconds: none; the widest hole in the sorted log
 * gaps; 1 s and 10 s where some but not all gaps are shorter.
 *
 * @param ts epoch seconds, ascending.
 */
export function collapseCandidates(ts: Float64Array): number[] {
  const gaps = gapsOf(ts).filter((g) => g > 0).sort();
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

export function gapsOf(ts: Float64Array): Float64Array {
  const gaps = new Float64Array(Math.max(0, ts.length - 1));
  for (let i = 0; i < gaps.length; i++) gaps[i] = ts[i + 1] - ts[i];
  return gaps;
}

/** First event of each burst: what comes within `collapse` seconds is one. */
export function checkInsOf(ts: Float64Array, collapse: number): Float64Array {
  if (collapse === 0) return ts;
  return ts.filter((t, i) => i === 0 || t - ts[i - 1] > collapse);
}

/**
 * Gaps inside the hours in which the pair lives, ascending: those above ten
 * medians (nights, sleep) are left out.
 */
export function activeGaps(checkIns: Float64Array): Float64Array {
  return withoutSleep(gapsOf(checkIns));
}

/**
 * Pauses between bursts inside the same hours, ascending: from the last event
 * of one to the first of the next. Beyond `collapse` those of a memoryless
 * process are memoryless, too; from first event to first event they are not,
 * since how long a burst lasts is added to them.
 */
export function activePauses(ts: Float64Array, collapse: number): Float64Array {
  return withoutSleep(gapsOf(ts).filter((gap) => gap > collapse));
}

function withoutSleep(unsorted: Float64Array): Float64Array {
  const gaps = unsorted.sort();
  const limit = 10 * gaps[gaps.length >> 1];
  return limit > 0 ? gaps.filter((g) => g <= limit) : gaps;
}
