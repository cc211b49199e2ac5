/** The plain twin of pipeline/features/comb_test.ts. */
import type { RegularityTest } from "../../pipeline/features/regularity.ts";

/** Shares of check-ins lost, and standard deviations in periods, that are tried. */
const LOSSES = [0, 0.1, 0.3, 0.5, 0.65];
const SPREADS = [0.05, 0.1, 0.2, 0.3, 0.42];
/** Periods around the one that the loss implies, on the log axis. */
const SHIFTS = Array.from({ length: 9 }, (_, i) => -0.3 + 0.075 * i);
const MAX_BEATS = 8;

/** As `combTest`, every ratio computed in full. */
export function plainCombTest(
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
