import { log10BinomialTail } from "./distributions.ts";
import { type Lease, lease } from "../kernels.ts";
import {
  BIN,
  binTable,
  CELL_SHIFT,
  CELLS,
  FIRST_CELL,
  spanOf,
} from "./log_bins.ts";
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
  const { kernels, ts: at } = room();
  kernels.f64(at, times.length).set(times);
  return peaksOf(times.length)
    .flatMap((period) => WIDTHS.map((w) => linkTest(times, period, w)))
    .filter(({ log10p }) => log10p < LEAST)
    .sort((a, b) => b.effect - a.effect)
    .slice(0, 3);
}

/** Room in the kernels' memory that every test of this thread reuses. */
interface Room {
  readonly kernels: Lease;
  /** Check-ins, at most LONGEST. */
  readonly ts: number;
  readonly lags: number;
  readonly near: number;
  readonly bins: number;
  readonly edges: number;
  /** Bins from `first` on, with a margin on either side. */
  readonly counts: number;
  readonly first: number;
  readonly nBins: number;
  readonly peaks: number;
  readonly heights: number;
}

/** Bins on either side of the histogram in which nothing lies. */
const MARGIN = 4;

let made: Room | null = null;

function room(): Room {
  if (made) return made;
  const kernels = lease(), { bins, edges } = binTable();
  const first = bins[0] - MARGIN;
  const nBins = bins[CELLS - 1] + 1 + MARGIN + 1 - first;
  const floats = (n: number) => kernels.alloc(8 * n);
  made = {
    kernels,
    ts: floats(LONGEST),
    lags: floats(FOLLOWERS * LONGEST),
    // One more is written than is kept.
    near: floats(FOLLOWERS * LONGEST + 1),
    bins: kernels.alloc(bins.byteLength),
    edges: kernels.f64From(edges),
    counts: kernels.alloc(4 * nBins),
    first,
    nBins,
    peaks: kernels.alloc(4 * PEAKS),
    heights: floats(PEAKS),
  };
  kernels.u8(made.bins, bins.byteLength).set(new Uint8Array(bins.buffer));
  return made;
}

/** Lags at which the histogram of followers stands out most, seconds. */
function peaksOf(n: number): number[] {
  const { kernels, ts, lags, near, counts, first, nBins, peaks, ...own } =
    room();
  const { run } = kernels;
  const m = run.followerLags(ts, n, lags);
  run.countLags(
    ...[lags, m, own.bins, own.edges, FIRST_CELL, CELLS, CELL_SHIFT] as const,
    ...[first, counts, nBins] as const,
  );
  const found = run.highestBins(counts, nBins, peaks, own.heights, PEAKS);
  return Array.from(kernels.i32(peaks, found), (bin) => {
    const [low, high] = spanOf(first + bin);
    const median = run.medianWithin(lags, m, low, high, near);
    return Number.isNaN(median) ? Math.exp((first + bin) * BIN) : median;
  });
}

function linkTest(
  ts: Float64Array,
  period: number,
  w: number,
): RegularityTest {
  const beside = Math.max(3 * w, 0.12);
  const none: RegularityTest = { test: "link", log10p: 0, effect: 0, period };
  const { followed, asked } = followersAt(ts.length, period, w);
  if (asked < MIN_PERIODS) return none;
  // As many lags as bins between a tenth and ten periods could have been it.
  const log10pOf = (chance: number) =>
    Math.min(
      0,
      2 + log10BinomialTail(asked, Math.min(0.99, chance), followed),
    );
  const sooner = Math.max(
    share(followersAt(ts.length, period * Math.exp(-beside), w)),
    1 / asked,
  );
  // What comes later can only make it more likely: most are told by this alone.
  if (log10pOf(sooner) > LEAST + 1e-6) return none;
  const chance = Math.max(
    sooner,
    share(followersAt(ts.length, period * Math.exp(beside), w)),
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

/** Of the `n` check-ins in the room. */
function followersAt(n: number, period: number, w: number): Followers {
  const { kernels, ts } = room();
  const both = kernels.run.countFollowed(
    ts,
    n,
    period,
    period * (1 - w),
    period * (1 + w),
  );
  return { followed: both >>> 16, asked: both & 0xffff };
}
