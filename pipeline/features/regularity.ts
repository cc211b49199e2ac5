import {
  log10BinomialTail,
  log10ChiSquareCdf,
  log10NormalCdf,
} from "./distributions.ts";

/** What one test says of the gaps between check-ins. */
export interface RegularityTest {
  readonly test: "gini" | "moran" | "mode" | "comb" | "link";
  /** log10 of the p-value under a memoryless null, ≤ 0. */
  readonly log10p: number;
  /** How regular, in [0, 1], whatever the number of check-ins. */
  readonly effect: number;
  /** Seconds, where the test finds one. */
  readonly period?: number;
}

/**
 * Gini's test of exponentiality (Gail & Gastwirth 1978): under a memoryless
 * null G is the mean of m − 1 uniforms; regular gaps pull it down. `collapse`
 * is taken off each gap, since beyond it the null is memoryless again.
 *
 * @param gaps ascending, length m ≥ 2; seconds.
 */
export function giniTest(
  gaps: Float64Array,
  collapse: number,
): RegularityTest {
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

/** Mean of log(mean / x) over an exponential: Euler's constant. */
const EULER = 0.5772156649;

/**
 * Moran's test of exponentiality against gamma laws (Moran 1951; Bartlett's
 * factor): the log of the mean less the mean of the logs. A beacon has no
 * short gaps, whatever it loses, so that this sees through lost check-ins.
 *
 * @param gaps ascending; seconds.
 */
export function moranTest(
  gaps: Float64Array,
  collapse: number,
): RegularityTest {
  let m = 0, sum = 0, logs = 0;
  for (const gap of gaps) {
    const g = gap - collapse;
    if (g <= 0) continue;
    m++;
    sum += g;
    logs += Math.log(g);
  }
  if (m < 3) return { test: "moran", log10p: 0, effect: 0 };
  const M = Math.max(0, Math.log(sum / m) - logs / m);
  const statistic = 2 * m * M / (1 + (m + 1) / (6 * m));
  return {
    test: "moran",
    // Equal gaps have M = 0: no number is too small for them.
    log10p: Math.max(-5 * m, log10ChiSquareCdf(statistic, m - 1)),
    effect: Math.max(0, 1 - M / EULER) ** 2,
  };
}

/**
 * One dominant interval: the fullest window of width `w` on the log axis. The
 * log of an exponential has density at most 1/e, so a window holds at most
 * 0.37 w of a memoryless process.
 *
 * @param gaps ascending; seconds.
 */
export function modeTest(gaps: Float64Array, w: number): RegularityTest {
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
  return { test: "mode", log10p, effect: combShare(gaps, period, w), period };
}

/** How much of the gaps, by number and by time, are 1 to 6 whole periods. */
function combShare(gaps: Float64Array, period: number, w: number): number {
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

/** Shares of check-ins lost, and standard deviations in periods, that are tried. */
const LOSSES = [0, 0.1, 0.3, 0.5, 0.65];
const SPREADS = [0.05, 0.1, 0.2, 0.3, 0.42];
/** Periods around the one that the loss implies, on the log axis. */
const SHIFTS = Array.from({ length: 9 }, (_, i) => -0.3 + 0.075 * i);
const MAX_BEATS = 8;
/** More gaps than this need no model of the loss: the other tests see them. */
export const COMB_GAPS = 160;

/**
 * A beacon that loses check-ins: gaps of r periods, r geometric, each period
 * with its own jitter, against an exponential. The likelihood ratio averaged
 * over all losses, spreads and periods is above 1/p with probability p at
 * most (Markov's inequality; Ville 1939), so that each pair needs no
 * simulation of its own.
 *
 * @param gaps seconds, at most {@link COMB_GAPS} of them, all above `collapse`.
 */
export function combTest(
  gaps: Float64Array,
  collapse: number,
): RegularityTest {
  const m = gaps.length;
  let total = 0;
  for (const g of gaps) total += g;
  const mean = total / m;
  const scaled = gaps.map((g) => g / mean);
  // Beyond the dead time of the collapse the null is memoryless.
  const dead = collapse / mean, rest = Math.max(1e-9, 1 - dead);
  const memoryless = scaled.map((g) => Math.exp(-(g - dead) / rest) / rest);
  const nullLog = -m - m * Math.log(rest);
  let best = -Infinity, sum = 0, cells = 0;
  let spread = 0, period = 1;
  for (const q of LOSSES) {
    for (const shift of SHIFTS) {
      const P = (1 - q) * Math.exp(shift);
      for (const s of SPREADS) {
        const ratio = combLogLikelihood(scaled, memoryless, P, s, q) - nullLog;
        cells++;
        sum += Math.exp(Math.min(700, ratio));
        if (ratio <= best) continue;
        best = ratio;
        [spread, period] = [s, P];
      }
    }
  }
  return {
    test: "comb",
    log10p: log10Bound(Math.log10(sum / cells), m),
    // Lost check-ins do not make those that are left less regular.
    effect: Math.max(0, 1 - 1.25 * spread),
    period: period * mean,
  };
}

/**
 * How far Markov's bound is from the truth, in decades, as simulated: of 5,000
 * exponential series the ratio exceeds 10^0.86 in 1 % at m = 10 and 10^0.38 at
 * m = 20; of more gaps it is exceeded even more rarely.
 */
function log10Bound(log10Ratio: number, m: number): number {
  return log10Ratio <= 0 ? 0 : -log10Ratio - (m >= 20 ? 1.5 : 0.9);
}

/** @param gaps in units of their mean. */
function combLogLikelihood(
  gaps: Float64Array,
  memoryless: Float64Array,
  period: number,
  spread: number,
  loss: number,
): number {
  let total = 0;
  for (let i = 0; i < gaps.length; i++) {
    let density = 1e-3 * memoryless[i], weight = 1 - loss;
    for (let r = 1; r <= MAX_BEATS; r++) {
      const deviation = spread * period * Math.sqrt(r);
      const z = (gaps[i] - r * period) / deviation;
      // Beyond four deviations a beat adds less than the memoryless part.
      if (z > -4 && z < 4) {
        density += weight * Math.exp(-0.5 * z * z) / (2.5066 * deviation);
      }
      weight *= loss;
      if (weight === 0) break;
    }
    total += Math.log(density);
  }
  return total;
}
