import { log10BinomialTail } from "./distributions.ts";
import { BIN, binner, spanOf } from "./log_bins.ts";
import type { RegularityTest } from "./regularity.ts";

/** Followers that are looked at; what lies between two beats hides no more. */
const FOLLOWERS = 8;
const WIDTHS = [0.02, 0.08];
const PEAKS = 3;
/** A cadence is seen in so many of its periods, or not at all. */
const MIN_PERIODS = 8;
/** log10 p that a cadence has at most. */
const LEAST = -2;
/** Longer series are judged by their first contacts. */
const LONGEST = 3000;

/**
 * A cadence with other contacts amid it: how many contacts have a follower one
 * period later, against how many have one a little sooner or later. Needs no
 * model of what else goes on, since burstiness fills all three windows alike.
 *
 * @param ts check-ins, ascending; seconds.
 * @returns the strongest cadences, at most three, the best first.
 */
export function linkTests(ts: Float64Array): RegularityTest[] {
  const times = ts.length > LONGEST ? ts.subarray(0, LONGEST) : ts;
  if (times.length < 12) return [];
  return peaksOf(times)
    .flatMap((period) => WIDTHS.map((w) => linkTest(times, period, w)))
    .filter(({ log10p }) => log10p < LEAST)
    .sort((a, b) => b.effect - a.effect)
    .slice(0, 3);
}

/** Times between contacts and their followers, each with its bin. */
interface Lags {
  /** Seconds, all above 0. */
  readonly seconds: Float64Array;
  /** Bin of each, less `first`. */
  readonly bins: Uint16Array;
  readonly first: number;
  /** Lags in each bin. */
  readonly counts: Uint32Array;
}

/** Lags at which the histogram of followers stands out most, seconds. */
function peaksOf(ts: Float64Array): number[] {
  const lags = lagsOf(ts);
  if (lags.seconds.length === 0) return [];
  return medians(lags, highest(lags.counts));
}

/** The bins that stand out most, the highest first. */
function highest(counts: Uint32Array): number[] {
  const n = counts.length;
  const at = (b: number) => b >= 0 && b < n ? counts[b] : 0;
  const bins: number[] = [], excesses: number[] = [];
  for (let b = 0; b < n; b++) {
    const here = counts[b];
    if (here === 0 || here < at(b - 1) || here < at(b + 1)) continue;
    const excess = here -
      0.5 * Math.max(at(b - 3) + at(b - 4), at(b + 3) + at(b + 4));
    let place = bins.length;
    while (place > 0 && excesses[place - 1] < excess) place--;
    if (place === PEAKS) continue;
    bins.splice(place, 0, b);
    excesses.splice(place, 0, excess);
    if (bins.length > PEAKS) bins.length = excesses.length = PEAKS;
  }
  return bins;
}

/** Reused by every test: nothing of them is kept when it ends. */
const allLags = new Float64Array(FOLLOWERS * LONGEST);
const allBins = new Uint16Array(FOLLOWERS * LONGEST);
const allCounts = new Uint32Array(1 << 16);
const near = Array.from(
  { length: PEAKS },
  () => new Float64Array(FOLLOWERS * LONGEST),
);

/** @param ts at most LONGEST times. */
function lagsOf(ts: Float64Array): Lags {
  const binOf = binner();
  let n = 0, low = Infinity, high = 0;
  for (let i = 0; i < ts.length; i++) {
    const end = Math.min(ts.length, i + FOLLOWERS + 1), from = ts[i];
    for (let j = i + 1; j < end; j++) {
      const lag = ts[j] - from;
      if (!(lag > 0 && lag < Infinity)) continue;
      allLags[n++] = lag;
      if (lag < low) low = lag;
      if (lag > high) high = lag;
    }
  }
  const seconds = allLags.subarray(0, n), bins = allBins.subarray(0, n);
  const first = n > 0 ? binOf(low) : 0, last = n > 0 ? binOf(high) : 0;
  const counts = allCounts.subarray(0, last - first + 1).fill(0);
  for (let i = 0; i < n; i++) {
    const bin = binOf(seconds[i]) - first;
    bins[i] = bin;
    counts[bin]++;
  }
  return { seconds, bins, first, counts };
}

/** For each of the bins the median of the lags within a bin of its middle. */
function medians(lags: Lags, peaks: readonly number[]): number[] {
  const { seconds, bins, first, counts } = lags;
  const spans = peaks.map((bin) => spanOf(first + bin));
  // By bin, which of the peaks it lies next to.
  const wanted = new Uint8Array(counts.length);
  peaks.forEach((bin, p) => {
    const end = Math.min(counts.length - 1, bin + 1);
    for (let b = Math.max(0, bin - 1); b <= end; b++) wanted[b] |= 1 << p;
  });
  const found = new Uint32Array(peaks.length);
  for (let i = 0; i < seconds.length; i++) {
    const by = wanted[bins[i]];
    if (by === 0) continue;
    const lag = seconds[i];
    for (let p = 0; p < peaks.length; p++) {
      if ((by >> p & 1) === 0 || lag < spans[p][0] || lag >= spans[p][1]) {
        continue;
      }
      near[p][found[p]++] = lag;
    }
  }
  return peaks.map((bin, p) =>
    near[p].subarray(0, found[p]).sort()[found[p] >> 1] ??
      Math.exp((first + bin) * BIN)
  );
}

function linkTest(
  ts: Float64Array,
  period: number,
  w: number,
): RegularityTest {
  const beside = Math.max(3 * w, 0.12);
  const none: RegularityTest = { test: "link", log10p: 0, effect: 0, period };
  const { followed, asked } = followersAt(ts, period, w);
  if (asked < MIN_PERIODS) return none;
  // As many lags as bins between a tenth and ten periods could have been it.
  const log10pOf = (chance: number) =>
    Math.min(
      0,
      2 + log10BinomialTail(asked, Math.min(0.99, chance), followed),
    );
  const sooner = Math.max(
    share(followersAt(ts, period * Math.exp(-beside), w)),
    1 / asked,
  );
  // What comes later can only make it more likely: most are told by this alone.
  if (log10pOf(sooner) > LEAST + 1e-6) return none;
  const chance = Math.max(
    sooner,
    share(followersAt(ts, period * Math.exp(beside), w)),
  );
  const log10p = log10pOf(chance);
  const over = Math.max(0, (followed / asked - chance) / (1 - chance));
  const active = ts[ts.length - 1] - ts[0];
  const covered = Math.min(
    1,
    Math.max(0, followed - chance * asked) * period / active,
  );
  return {
    test: "link",
    log10p,
    effect: Math.sqrt(over * covered) * (1 - w),
    period,
  };
}

interface Followers {
  /**
   * Periods of the clock with a contact that has a follower in the window, of
   * those with a contact early enough for one. A cluster counts once.
   */
  readonly followed: number;
  readonly asked: number;
}

const share = ({ followed, asked }: Followers) =>
  asked > 0 ? followed / asked : 0;

function followersAt(ts: Float64Array, period: number, w: number): Followers {
  const low = period * (1 - w), high = period * (1 + w);
  const n = ts.length, start = ts[0], last = ts[n - 1];
  let followed = 0, asked = 0, j = 0, slot = -1, slotFollowed = -1;
  for (let i = 0; i < n && ts[i] + high <= last; i++) {
    const at = Math.floor((ts[i] - start) / period);
    if (at !== slot) {
      slot = at;
      asked++;
    } else if (at === slotFollowed) continue;
    const from = ts[i] + low;
    while (j < n && ts[j] < from) j++;
    if (j === n || ts[j] > ts[i] + high) continue;
    slotFollowed = at;
    followed++;
  }
  return { followed, asked };
}
