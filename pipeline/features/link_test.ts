import { log10BinomialTail } from "./distributions.ts";
import type { RegularityTest } from "./regularity.ts";

/** Followers that are looked at; what lies between two beats hides no more. */
const FOLLOWERS = 8;
const BIN = 0.05;
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
  /** round(log(seconds) / BIN), less `first`. */
  readonly bins: Uint16Array;
  readonly first: number;
  /** Lags in each bin. */
  readonly counts: Uint32Array;
}

/** Lags at which the histogram of followers stands out most, seconds. */
function peaksOf(ts: Float64Array): number[] {
  const lags = lagsOf(ts);
  if (lags.seconds.length === 0) return [];
  const { first, counts } = lags;
  const at = (b: number) => counts[b] ?? 0;
  const peaks: { bin: number; excess: number }[] = [];
  for (let b = 0; b < counts.length; b++) {
    const n = counts[b];
    if (n === 0 || n < at(b - 1) || n < at(b + 1)) continue;
    const beside = Math.max(at(b - 3) + at(b - 4), at(b + 3) + at(b + 4));
    peaks.push({ bin: b, excess: n - 0.5 * beside });
  }
  return peaks
    .sort((a, b) => b.excess - a.excess || a.bin - b.bin)
    .slice(0, PEAKS)
    .map(({ bin }) => refined(lags, bin, Math.exp((first + bin) * BIN)));
}

/** Reused by every test: nothing of them is kept when it ends. */
const allLags = new Float64Array(FOLLOWERS * LONGEST);
const allBins = new Uint16Array(FOLLOWERS * LONGEST);

/** @param ts at most LONGEST times. */
function lagsOf(ts: Float64Array): Lags {
  let n = 0, low = Infinity, high = 0;
  for (let i = 0; i < ts.length; i++) {
    const end = Math.min(ts.length, i + FOLLOWERS + 1);
    for (let j = i + 1; j < end; j++) {
      const lag = ts[j] - ts[i];
      if (!(lag > 0 && lag < Infinity)) continue;
      allLags[n++] = lag;
      if (lag < low) low = lag;
      if (lag > high) high = lag;
    }
  }
  const seconds = allLags.subarray(0, n), bins = allBins.subarray(0, n);
  const first = n > 0 ? Math.round(Math.log(low) / BIN) : 0;
  const last = n > 0 ? Math.round(Math.log(high) / BIN) : 0;
  const counts = new Uint32Array(last - first + 1);
  for (let i = 0; i < n; i++) {
    bins[i] = Math.round(Math.log(seconds[i]) / BIN) - first;
    counts[bins[i]]++;
  }
  return { seconds, bins, first, counts };
}

/** The median of the lags within a bin of `about`, which is the middle of one. */
function refined(lags: Lags, bin: number, about: number): number {
  const { seconds, bins, counts } = lags;
  const near = new Float64Array(
    (counts[bin - 1] ?? 0) + counts[bin] + (counts[bin + 1] ?? 0),
  );
  let n = 0;
  for (let i = 0; i < seconds.length; i++) {
    if (bins[i] < bin - 1 || bins[i] > bin + 1) continue;
    if (Math.abs(Math.log(seconds[i] / about)) <= BIN) near[n++] = seconds[i];
  }
  return near.subarray(0, n).sort()[n >> 1] ?? about;
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
