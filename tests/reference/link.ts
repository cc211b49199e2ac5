/** The plain twin of pipeline/features/link_test.ts. */
import { log10BinomialTail } from "../../pipeline/features/distributions.ts";
import type { RegularityTest } from "../../pipeline/features/regularity.ts";

/** Followers that are looked at; what lies between two beats hides no more. */
const FOLLOWERS = 8;
const BIN = 0.05;
const WIDTHS = [0.02, 0.08];
const PEAKS = 3;
/** A cadence is seen in so many of its periods, or not at all. */
const MIN_PERIODS = 8;
/** Longer series are judged by their first contacts. */
const LONGEST = 3000;

/** As `linkTests`, with a logarithm for each comparison. */
export function plainLinkTests(ts: Float64Array): RegularityTest[] {
  const times = ts.length > LONGEST ? ts.subarray(0, LONGEST) : ts;
  if (times.length < 12) return [];
  return peaksOf(times)
    .flatMap((period) => WIDTHS.map((w) => linkTest(times, period, w)))
    .filter(({ log10p }) => log10p < -2)
    .sort((a, b) => b.effect - a.effect)
    .slice(0, 3);
}

/** Lags at which the histogram of followers stands out most, seconds. */
function peaksOf(ts: Float64Array): number[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < ts.length; i++) {
    for (let j = i + 1; j <= i + FOLLOWERS && j < ts.length; j++) {
      const lag = ts[j] - ts[i];
      if (lag <= 0) continue;
      const bin = Math.round(Math.log(lag) / BIN);
      counts.set(bin, (counts.get(bin) ?? 0) + 1);
    }
  }
  const at = (bin: number) => counts.get(bin) ?? 0;
  const excess = (bin: number) =>
    at(bin) -
    0.5 * Math.max(at(bin - 3) + at(bin - 4), at(bin + 3) + at(bin + 4));
  return [...counts.keys()]
    .filter((bin) => at(bin) >= at(bin - 1) && at(bin) >= at(bin + 1))
    .map((bin) => ({ bin, excess: excess(bin) }))
    .sort((a, b) => b.excess - a.excess || a.bin - b.bin)
    .slice(0, PEAKS)
    .map(({ bin }) => refined(ts, Math.exp(bin * BIN)));
}

/** The median lag within the bin. */
function refined(ts: Float64Array, about: number): number {
  const lags: number[] = [];
  for (let i = 0; i < ts.length; i++) {
    for (let j = i + 1; j <= i + FOLLOWERS && j < ts.length; j++) {
      const lag = ts[j] - ts[i];
      if (Math.abs(Math.log(lag / about)) <= BIN) lags.push(lag);
    }
  }
  lags.sort((a, b) => a - b);
  return lags[lags.length >> 1] ?? about;
}

function linkTest(
  ts: Float64Array,
  period: number,
  w: number,
): RegularityTest {
  const beside = Math.max(3 * w, 0.12);
  const { followed, asked } = followersAt(ts, period, w);
  const chance = Math.max(
    share(followersAt(ts, period * Math.exp(-beside), w)),
    share(followersAt(ts, period * Math.exp(beside), w)),
    1 / Math.max(1, asked),
  );
  if (asked < MIN_PERIODS) {
    return { test: "link", log10p: 0, effect: 0, period };
  }
  const log10p = Math.min(
    0,
    // As many lags as bins between a tenth and ten periods could have been it.
    2 + log10BinomialTail(asked, Math.min(0.99, chance), followed),
  );
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
  const last = ts[ts.length - 1];
  let followed = 0, asked = 0, j = 0, slot = NaN, slotFollowed = NaN;
  for (let i = 0; i < ts.length && ts[i] + high <= last; i++) {
    const at = Math.floor((ts[i] - ts[0]) / period);
    if (at !== slot) {
      slot = at;
      asked++;
    }
    while (j < ts.length && ts[j] < ts[i] + low) j++;
    if (j === ts.length || ts[j] > ts[i] + high || at === slotFollowed) {
      continue;
    }
    slotFollowed = at;
    followed++;
  }
  return { followed, asked };
}
