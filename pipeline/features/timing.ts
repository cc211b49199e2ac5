/**
 * How regular the times of a pair are, by interval (renewal) statistics only:
 * an exponentiality test on Gini's coefficient and a test for one dominant
 * interval, after collapsing bursts. No periodogram, no autocorrelation.
 */

export interface Timing {
  /** Regularity in [0, 1]: significance times effect; 0 under 5 check-ins. */
  readonly score: number;
  /** log10 of the corrected p-value under a memoryless null; 0 where untested. */
  readonly log10p: number;
  /** Median seconds between check-ins. */
  readonly period: number;
  /** Median absolute deviation of the intervals, seconds. */
  readonly jitter: number;
  /** Smallest and largest interval inside the active hours, seconds. */
  readonly shortest: number;
  readonly longest: number;
  /** Events closer than this, in seconds, were counted as one check-in. */
  readonly collapse: number;
  readonly checkIns: number;
  /** Intervals that span more than one period, in periods missed. */
  readonly missed: number;
  /** Seconds of the window in which the rhythm lives. */
  readonly active: number;
  readonly test: "gini" | "mode" | "none";
}

export const NO_TIMING: Timing = Object.freeze({
  score: 0,
  log10p: 0,
  period: NaN,
  jitter: NaN,
  shortest: NaN,
  longest: NaN,
  collapse: 0,
  checkIns: 0,
  missed: 0,
  active: 0,
  test: "none",
});

const MODE_WIDTHS = [0.02, 0.1, 0.25];

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
  if (ts.length < minCheckIns) return { ...NO_TIMING, checkIns: ts.length };
  const candidates = collapseCandidates(ts);
  let best: Timing | null = null;
  for (const collapse of candidates) {
    const found = timingAt(ts, collapse, candidates.length, minCheckIns);
    if (!best || found.score > best.score) best = found;
  }
  return best!;
}

/**
 * Burst gaps worth trying, in seconds: none; the widest hole in the sorted log
 * gaps; 1 s and 10 s where some but not all gaps are shorter.
 */
function collapseCandidates(ts: Float64Array): number[] {
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

function gapsOf(ts: Float64Array): Float64Array {
  const gaps = new Float64Array(Math.max(0, ts.length - 1));
  for (let i = 0; i < gaps.length; i++) gaps[i] = ts[i + 1] - ts[i];
  return gaps;
}

/** First event of each burst. */
function checkInsOf(ts: Float64Array, collapse: number): Float64Array {
  if (collapse === 0) return ts;
  return ts.filter((t, i) => i === 0 || t - ts[i - 1] > collapse);
}

function timingAt(
  ts: Float64Array,
  collapse: number,
  tried: number,
  minCheckIns: number,
): Timing {
  const checkIns = checkInsOf(ts, collapse);
  if (checkIns.length < minCheckIns) {
    return { ...NO_TIMING, collapse, checkIns: checkIns.length };
  }
  const gaps = activeGaps(checkIns);
  const m = gaps.length;
  const active = sum(gaps);
  const period = gaps[m >> 1];
  const common = {
    collapse,
    checkIns: checkIns.length,
    active,
    period,
    jitter: medianDeviation(gaps, period),
    shortest: gaps[0],
    longest: gaps[m - 1],
    missed: missedBeats(gaps, period),
  };
  if (m < minCheckIns - 1 || active <= 0) return { ...NO_TIMING, ...common };
  const tests = [
    giniTest(gaps, collapse),
    ...MODE_WIDTHS.map((w) => modeTest(gaps, w)),
  ];
  let best = { score: 0, log10p: 0, test: "none" as Timing["test"] };
  for (const { log10p, effect, test } of tests) {
    const corrected = Math.min(0, log10p + Math.log10(tests.length * tried));
    const score = clamp((-corrected - 1) / 4) * effect;
    if (score > best.score) best = { score, log10p: corrected, test };
  }
  return {
    ...common,
    ...best,
    score: best.score * credit(period, checkIns.length),
  };
}

/**
 * Gaps inside the hours in which the pair lives, ascending: those above ten
 * medians (nights, sleep) are left out.
 */
function activeGaps(checkIns: Float64Array): Float64Array {
  const gaps = gapsOf(checkIns).sort();
  const limit = 10 * gaps[gaps.length >> 1];
  return limit > 0 ? gaps.filter((g) => g <= limit) : gaps;
}

/** Sub-second cadence and few check-ins count for less. */
function credit(period: number, checkIns: number): number {
  const few = checkIns < 20 ? Math.log(checkIns / 3) / Math.log(20 / 3) : 1;
  return few * (period < 1 ? 0.5 : 1);
}

interface TestResult {
  readonly log10p: number;
  readonly effect: number;
  readonly test: "gini" | "mode";
}

/**
 * Gini's test of exponentiality (Gail & Gastwirth 1978): under a memoryless
 * null G is the mean of m − 1 uniforms; regular gaps pull it down. `collapse`
 * is taken off each gap, since beyond it the null is memoryless again.
 *
 * @param gaps ascending, length ≥ 2.
 */
function giniTest(gaps: Float64Array, collapse: number): TestResult {
  const m = gaps.length;
  let weighted = 0, total = 0;
  for (let i = 0; i < m; i++) {
    const g = Math.max(gaps[i] - collapse, 0);
    weighted += (2 * (i + 1) - m - 1) * g;
    total += g;
  }
  const G = total > 0 ? weighted / (total * (m - 1)) : 1;
  return {
    test: "gini",
    log10p: log10NormalCdf((G - 0.5) * Math.sqrt(12 * (m - 1))),
    effect: Math.max(0, 1 - 2 * G),
  };
}

/**
 * One dominant interval: the fullest window of width `w` on the log axis. The
 * log of an exponential has density at most 1/e, so a window holds at most
 * 0.37 w of a memoryless process.
 *
 * @param gaps ascending.
 */
function modeTest(gaps: Float64Array, w: number): TestResult {
  const logs = gaps.filter((g) => g > 0).map(Math.log);
  const m = logs.length;
  let k = 0, from = 0;
  for (let i = 0, j = 0; i < m; i++) {
    while (logs[i] - logs[j] > w) j++;
    if (i - j + 1 > k) {
      k = i - j + 1;
      from = j;
    }
  }
  if (k < 3) return { test: "mode", log10p: 0, effect: 0 };
  const period = Math.exp(logs[from + (k >> 1)]);
  const log10p = Math.min(
    0,
    Math.log10(3 * m) + log10BinomialTail(m - 1, 0.37 * w, k - 1),
  );
  return { test: "mode", log10p, effect: combEffect(gaps, period, w) };
}

/** How much of the gaps, by number and by time, are 1 to 6 whole periods. */
function combEffect(gaps: Float64Array, period: number, w: number): number {
  let on = 0, time = 0, total = 0;
  for (const g of gaps) {
    total += g;
    const r = Math.round(g / period);
    if (r < 1 || r > 6 || Math.abs(g / period - r) > w * Math.sqrt(r)) continue;
    on++;
    time += g;
  }
  const chance = Math.min(0.95, 3.2 * w);
  const share = Math.max(0, (on / gaps.length - chance) / (1 - chance));
  return Math.sqrt(share * time / total) * (1 - w);
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

export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, value));
}

/**
 * log10 of the standard normal distribution function; the tail by Mills'
 * ratio (Abramowitz & Stegun 26.2.12), the middle by 26.2.17 (error < 7.5e-8).
 */
export function log10NormalCdf(z: number): number {
  if (z < -5) {
    const x = -z;
    const series = 1 - 1 / x ** 2 + 3 / x ** 4 - 15 / x ** 6;
    return (-x * x / 2 - Math.log(x * Math.sqrt(2 * Math.PI)) +
      Math.log(series)) /
      Math.LN10;
  }
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.319381530 + t * (-0.356563782 +
        t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * poly;
  return Math.log10(z > 0 ? 1 - upper : upper);
}

/** log10 of P[Bin(n, q) ≥ k]; the terms are summed from k upwards. */
export function log10BinomialTail(n: number, q: number, k: number): number {
  if (k <= n * q) return 0;
  let log = logChoose(n, k) + k * Math.log(q) + (n - k) * Math.log1p(-q);
  let term = 1, total = 1;
  for (let i = k; i < n && term > 1e-12 * total; i++) {
    term *= (n - i) / (i + 1) * q / (1 - q);
    total += term;
  }
  log += Math.log(total);
  return Math.min(0, log / Math.LN10);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** Lanczos' approximation, g = 5 (Numerical Recipes 6.1); error < 2e-10. */
function logGamma(x: number): number {
  const c = [
    76.18009172947146,
    -86.50532032941677,
    24.01409824083091,
    -1.231739572450155,
    0.001208650973866179,
    -0.000005395239384953,
  ];
  const t = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  let series = 1.000000000190015;
  for (let j = 0; j < 6; j++) series += c[j] / (x + 1 + j);
  return -t + Math.log(2.5066282746310005 * series / x);
}
