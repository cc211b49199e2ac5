/**
 * How regular the times of a pair are, by interval (renewal) statistics only,
 * after collapsing bursts: two tests of exponentiality, one for a dominant
 * interval, one for lost check-ins, one for a cadence amid other contacts. No
 * periodogram, no autocorrelation.
 */
import {
  activeGaps,
  activePauses,
  checkInsOf,
  collapseCandidates,
  sortedGaps,
} from "./check_ins.ts";
import { clamp } from "./distributions.ts";
import { type JitterLaw, jitterLaw, NO_LAW } from "./jitter_law.ts";
import { COMB_GAPS, combTest } from "./comb_test.ts";
import { linkTests } from "./link_test.ts";
import {
  giniTest,
  logsOf,
  modeTest,
  moranTest,
  type RegularityTest,
} from "./regularity.ts";

export interface Timing {
  /** Regularity in [0, 1]: significance times effect; 0 under 5 check-ins. */
  readonly score: number;
  /** log10 of the corrected p-value under a memoryless null; 0 where untested. */
  readonly log10p: number;
  /** Seconds between check-ins: the test's period, else the median. */
  readonly period: number;
  /** Median absolute deviation of the intervals, seconds. */
  readonly jitter: number;
  /** Smallest, median and largest interval inside the active hours, seconds. */
  readonly shortest: number;
  readonly median: number;
  readonly longest: number;
  /** The law that the intervals of one period follow. */
  readonly law: JitterLaw;
  /** Events closer than this, in seconds, were counted as one check-in. */
  readonly collapse: number;
  readonly checkIns: number;
  /** Intervals that span more than one period, in periods missed. */
  readonly missed: number;
  /** Seconds of the window in which the rhythm lives. */
  readonly active: number;
  /** Further periods in the same pair, seconds. */
  readonly cadences: readonly number[];
  readonly test: RegularityTest["test"] | "none";
}

export const NO_TIMING: Timing = Object.freeze({
  score: 0,
  log10p: 0,
  period: NaN,
  jitter: NaN,
  shortest: NaN,
  median: NaN,
  longest: NaN,
  law: NO_LAW,
  collapse: 0,
  checkIns: 0,
  missed: 0,
  active: 0,
  cadences: [],
  test: "none",
});

const MODE_WIDTHS = [0.02, 0.1, 0.25];
/** Gini, Moran, three modes, the comb and the link. */
const TESTS = 7;
/**
 * log10 p of Moran's test above which the comb is not asked: it costs a
 * thousand times more, and what has no lack of short gaps is no beacon.
 */
const HINT = -0.8;
/** Above this the cheap tests have said enough. */
const CLEAR = 0.75;

/**
 * @param ts epoch seconds, ascending.
 * @param minCheckIns fewer check-ins give no score.
 *
 * ```ts
 * import { timing } from "./timing.ts";
 * import assert from "node:assert/strict";
 *
 * const minute = Float64Array.from({ length: 60 }, (_, i) => 60 * i);
 * assert.equal(timing(minute).period, 60);
 * assert.ok(timing(minute).score > 0.9);
 * ```
 */
export function timing(ts: Float64Array, minCheckIns = 5): Timing {
  if (ts.length === 0) return NO_TIMING;
  if (ts.length < minCheckIns) return { ...NO_TIMING, checkIns: ts.length };
  return described(bestRhythm(ts, minCheckIns));
}

/**
 * `timing(ts).log10p`, which is all that is asked of a drawn series, without
 * what describes the rhythm.
 */
export function rhythmLog10p(ts: Float64Array): number {
  if (ts.length < 5) return NO_TIMING.log10p;
  return bestRhythm(ts, 5).best?.log10p ?? NO_TIMING.log10p;
}

/** What one way of collapsing bursts leaves, and what is known of it. */
interface Collapsed {
  readonly checkIns: Float64Array;
  /** Gaps in the active hours, ascending; seconds. */
  readonly gaps: Float64Array;
  /** What of them is memoryless by chance; `gaps` where nothing collapses. */
  readonly pauses: Float64Array;
  /** The tests that ask for nothing but these; null until they are made. */
  logs: Float64Array | null;
  modes: readonly RegularityTest[];
  links: readonly RegularityTest[] | null;
}

/** What one way of collapsing bursts finds. */
interface Rhythm {
  readonly score: number;
  readonly collapse: number;
  readonly checkIns: number;
  readonly gaps: Float64Array;
  /** Null where there are too few gaps to test. */
  readonly best: Strongest | null;
  readonly cadences: readonly number[];
}

/**
 * What a rhythm gains that fills all of the time, so that as good a one within
 * bursts of a few seconds does not hide the one of the bursts.
 */
const FILLING = 0.1;

function bestRhythm(ts: Float64Array, minCheckIns: number): Rhythm {
  const all = sortedGaps(ts);
  const candidates = collapseCandidates(all);
  const span = ts[ts.length - 1] - ts[0];
  let best: Rhythm | null = null, most = -Infinity;
  const known: Collapsed[] = [];
  for (const collapse of candidates) {
    const collapsed = collapsedBy(ts, all, collapse, known);
    const found = rhythmOf(
      collapsed,
      collapse,
      candidates.length,
      minCheckIns,
    );
    const worth = found.score > 0
      ? found.score + FILLING * sum(found.gaps) / span
      : 0;
    if (best && worth <= most) continue;
    best = found;
    most = worth;
  }
  return best!;
}

/**
 * Two burst gaps often leave the same check-ins: a wider one leaves some of
 * those that a narrower one does, so that their number tells.
 */
function collapsedBy(
  ts: Float64Array,
  all: Float64Array,
  collapse: number,
  known: Collapsed[],
): Collapsed {
  const checkIns = checkInsOf(ts, collapse);
  const same = known.find((one) => one.checkIns.length === checkIns.length);
  if (same) return same;
  const gaps = activeGaps(collapse === 0 ? all : sortedGaps(checkIns));
  const pauses = collapse === 0 ? gaps : activePauses(all, collapse);
  const own = { checkIns, gaps, pauses, logs: null, modes: [], links: null };
  known.push(own);
  return own;
}

function rhythmOf(
  collapsed: Collapsed,
  collapse: number,
  tried: number,
  minCheckIns: number,
): Rhythm {
  const n = collapsed.checkIns.length;
  const gaps = n < minCheckIns ? NO_GAPS : collapsed.gaps;
  const untested = { collapse, checkIns: n, gaps, cadences: [] };
  // Ascending: all are 0 where the last is.
  if (gaps.length < minCheckIns - 1 || !(gaps[gaps.length - 1] > 0)) {
    return { ...untested, score: 0, best: null };
  }
  const { best, cadences } = strongest(collapsed, collapse, tried);
  const period = best.period ?? gaps[gaps.length >> 1];
  const kept = gaps.length / (n - 1);
  const score = best.score * credit(period, n, kept);
  return { score, collapse, checkIns: n, gaps, best, cadences };
}

const NO_GAPS = new Float64Array(0);

function described(
  { score, collapse, checkIns, gaps, best, cadences }: Rhythm,
): Timing {
  const m = gaps.length;
  if (m === 0) return { ...NO_TIMING, collapse, checkIns };
  const median = gaps[m >> 1];
  const common = {
    collapse,
    checkIns,
    active: sum(gaps),
    jitter: medianDeviation(gaps, median),
    shortest: gaps[0],
    median,
    longest: gaps[m - 1],
  };
  if (best === null) return { ...NO_TIMING, ...common, period: median };
  const period = best.period ?? median;
  return {
    ...common,
    test: best.test,
    log10p: best.log10p,
    period,
    cadences,
    law: jitterLaw(gaps, period),
    missed: missedBeats(gaps, period),
    score,
  };
}

interface Strongest {
  readonly score: number;
  readonly log10p: number;
  readonly test: Timing["test"];
  readonly period?: number;
}

/** The test that says most, and the cadences beside its period. */
function strongest(
  collapsed: Collapsed,
  collapse: number,
  tried: number,
): { best: Strongest; cadences: number[] } {
  const { gaps, pauses } = collapsed;
  let best: Strongest = { score: 0, log10p: 0, test: "none" };
  const correction = Math.log10(TESTS * tried);
  const consider = (found: RegularityTest) => {
    const log10p = Math.min(0, found.log10p + correction);
    // The effect of what is so likely by chance counts for nothing.
    if (log10p >= -1) return;
    const score = clamp((-log10p - 1) / 3) * saturated(found.effect, log10p);
    if (score > best.score) best = { ...found, score, log10p };
  };
  // How regular it is shows between first events, whether by chance in pauses.
  const byChance = (found: RegularityTest, test: typeof giniTest) =>
    pauses === gaps
      ? found
      : { ...found, log10p: test(pauses, collapse).log10p };
  consider(byChance(giniTest(gaps, collapse), giniTest));
  if (collapsed.logs === null) {
    const logs = collapsed.logs = logsOf(gaps);
    collapsed.modes = MODE_WIDTHS.map((w) => modeTest(gaps, w, logs));
  }
  const moran = byChance(
    moranTest(gaps, collapse, collapsed.logs),
    moranTest,
  );
  consider(moran);
  for (const mode of collapsed.modes) consider(mode);
  if (
    best.score < CLEAR && gaps.length >= 5 && gaps.length <= COMB_GAPS &&
    moran.log10p < HINT
  ) consider(combTest(gaps, collapse, -1 - 3 * best.score - correction));
  if (best.score >= CLEAR) return { best, cadences: [] };
  const links = collapsed.links ??= linkTests(collapsed.checkIns);
  if (links.length > 0) consider(links[0]);
  return { best, cadences: distinct(links, best.period ?? NaN) };
}

/** Periods other than `period` and its multiples, each once. */
function distinct(links: readonly RegularityTest[], period: number): number[] {
  const kept: number[] = [];
  for (const { period: other, effect } of links) {
    if (other === undefined || effect < 0.2) continue;
    const known = [period, ...kept].some((p) => {
      const ratio = other > p ? other / p : p / other;
      return Math.abs(ratio - Math.round(ratio)) < 0.05 * ratio;
    });
    if (!known) kept.push(other);
  }
  return kept;
}

/**
 * Jitter lowers the effect once; where hundreds of check-ins leave no doubt,
 * it weighs less.
 */
function saturated(effect: number, log10p: number): number {
  const sure = clamp((-log10p - 4) / 12) * clamp((effect - 0.25) / 0.25);
  return effect + 0.6 * (1 - effect) * sure;
}

/**
 * Sub-second cadence and few check-ins count for less, and so does a rhythm
 * within sessions, whose pauses were left out as sleep.
 *
 * @param kept share of the gaps that lie within the active hours.
 */
function credit(period: number, checkIns: number, kept: number): number {
  const few = checkIns < 20 ? Math.log(checkIns / 3) / Math.log(20 / 3) : 1;
  const inside = clamp((kept - 0.4) / 0.4);
  // Hundredths of a second are the packets of one transfer.
  const slow = period >= 1 ? 1 : 0.5 * clamp(Math.log10(period / 0.01));
  return few * inside * slow;
}

function missedBeats(gaps: Float64Array, period: number): number {
  let missed = 0;
  for (const g of gaps) {
    const r = Math.round(g / period);
    if (r >= 2 && r <= 10) missed += r - 1;
  }
  return missed;
}

/** @param values ascending. */
function medianDeviation(values: Float64Array, median: number): number {
  const deviations = values.map((v) => Math.abs(v - median)).sort();
  return deviations[deviations.length >> 1];
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const v of values) total += v;
  return total;
}
