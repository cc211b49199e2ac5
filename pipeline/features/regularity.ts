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
 * @param known their {@link logsOf}, which spare those of gaps without collapse.
 */
export function moranTest(
  gaps: Float64Array,
  collapse: number,
  known: Float64Array | null = null,
): RegularityTest {
  let m = 0, sum = 0, logs = 0;
  for (const gap of gaps) {
    const g = gap - collapse;
    if (g <= 0) continue;
    logs += collapse === 0 && known !== null ? known[m] : Math.log(g);
    m++;
    sum += g;
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
 * @param logs their {@link logsOf}, the same for every width.
 */
export function modeTest(
  gaps: Float64Array,
  w: number,
  logs = logsOf(gaps),
): RegularityTest {
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
  return new ModeTest(log10p, period, () => combShare(gaps, period, w));
}

/** Most modes are chance: how regular they would be is seldom asked for. */
class ModeTest implements RegularityTest {
  readonly test = "mode";
  readonly #effect: () => number;
  #known: number | undefined;

  constructor(
    readonly log10p: number,
    readonly period: number,
    effect: () => number,
  ) {
    this.#effect = effect;
  }

  get effect(): number {
    return this.#known ??= this.#effect();
  }
}

/** Natural logarithms of the gaps above 0. */
export function logsOf(gaps: Float64Array): Float64Array {
  const logs = new Float64Array(gaps.length);
  let m = 0;
  for (const gap of gaps) if (gap > 0) logs[m++] = Math.log(gap);
  return logs.subarray(0, m);
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
