import type { RegularityTest } from "./regularity.ts";

/** Shares of check-ins lost, and standard deviations in periods, that are tried. */
const LOSSES = [0, 0.1, 0.3, 0.5, 0.65];
const SPREADS = [0.05, 0.1, 0.2, 0.3, 0.42];
/** Periods around the one that the loss implies, on the log axis. */
const SHIFTS = Array.from({ length: 9 }, (_, i) => -0.3 + 0.075 * i);
const MAX_BEATS = 8;
/** More gaps than this need no model of the loss: the other tests see them. */
export const COMB_GAPS = 160;
/** Share of the density that is memoryless, so that no gap is impossible. */
const STRAY = 1e-3;
const ROOT_TWO_PI = 2.5066;
/** How far from a beat a gap counts as one. */
const DEVIATIONS = 4;

/** One model: loss, period in mean gaps, spread in periods. */
interface Cell {
  readonly q: number;
  readonly P: number;
  readonly s: number;
}

const CELLS: readonly Cell[] = LOSSES.flatMap((q) =>
  SHIFTS.flatMap((shift) =>
    SPREADS.map((s) => ({ q, P: (1 - q) * Math.exp(shift), s }))
  )
);
/** A ratio so much below another, in natural logs, adds nothing to their sum. */
const NOTHING = 30;

/**
 * A beacon that loses check-ins: gaps of r periods, r geometric, each period
 * with its own jitter, against an exponential. The likelihood ratio averaged
 * over all losses, spreads and periods is above 1/p with probability p at
 * most (Markov's inequality; Ville 1939), so that each pair needs no
 * simulation of its own.
 *
 * Costs seven microseconds a gap at most. Most series are no comb: an upper bound of
 * every ratio, read from a table, tells that for a fiftieth of it.
 *
 * @param gaps ascending; seconds, at most {@link COMB_GAPS} of them, all above
 *   `collapse`.
 * @param needed log10 p above which the result is of no use: where the bound
 *   stays above, nothing is computed and log10 p is 0.
 */
export function combTest(
  gaps: Float64Array,
  collapse: number,
  needed = 0,
): RegularityTest {
  const m = gaps.length;
  let total = 0;
  for (const g of gaps) total += g;
  const mean = total / m;
  const scaled = gaps.map((g) => g / mean);
  // Beyond the dead time of the collapse the null is memoryless.
  const dead = collapse / mean, rest = Math.max(1e-9, 1 - dead);
  const nullLog = -m - m * Math.log(rest);
  const memoryless = scaled.map((g) => Math.exp(-(g - dead) / rest) / rest);
  const bounds = upperBounds(scaled, memoryless);
  let top = 0;
  for (let c = 1; c < bounds.length; c++) if (bounds[c] > bounds[top]) top = c;
  const highest = log10Bound((bounds[top] - nullLog) / Math.LN10, m);
  if (highest > needed + 1e-6) {
    return { test: "comb", log10p: 0, effect: 0, period: mean };
  }
  let best = -Infinity, chosen = CELLS[0];
  const consider = (c: number) => {
    if (bounds[c] - nullLog < best - NOTHING) return 0;
    const ratio = combLogLikelihood(scaled, memoryless, CELLS[c]) - nullLog;
    if (ratio > best) {
      best = ratio;
      chosen = CELLS[c];
    }
    return Math.exp(Math.min(700, ratio));
  };
  // The most promising one first: it spares most of the others.
  let sum = consider(top);
  for (let c = 0; c < CELLS.length; c++) if (c !== top) sum += consider(c);
  return {
    test: "comb",
    log10p: log10Bound(Math.log10(sum / CELLS.length), m),
    // Lost check-ins do not make those that are left less regular.
    effect: Math.max(0, 1 - 1.25 * chosen.s),
    period: chosen.P * mean,
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

/** Steps of the table of exponentials, a power of two, up to DEVIATIONS² / 2. */
const STEPS = 512;
/** exp(−i / STEPS); the last one is for what is rounded up. */
const EXPONENTIALS = Float64Array.from(
  { length: STEPS * DEVIATIONS ** 2 / 2 + 1 },
  (_, i) => Math.exp(-i / STEPS),
);

/** Reused by every test: densities of the gaps, at most COMB_GAPS. */
const densities = new Float64Array(COMB_GAPS);

/**
 * Most of the time goes into exponentials: they are read from a table and
 * carried on by three terms of their series, to one part in 10¹².
 *
 * @param gaps ascending, in units of their mean.
 */
function combLogLikelihood(
  gaps: Float64Array,
  memoryless: Float64Array,
  { P: period, s: spread, q: loss }: Cell,
): number {
  const m = gaps.length;
  const density = m <= COMB_GAPS ? densities : new Float64Array(m);
  for (let i = 0; i < m; i++) density[i] = STRAY * memoryless[i];
  let weight = 1 - loss, from = 0;
  for (let r = 1; r <= MAX_BEATS; r++) {
    const deviation = spread * period * Math.sqrt(r), middle = r * period;
    const height = weight / (ROOT_TWO_PI * deviation), narrow = 1 / deviation;
    // Beyond them a beat adds less than the memoryless part; the lower ends of
    // the beats ascend, as the gaps do.
    while (from < m && !((gaps[from] - middle) * narrow > -DEVIATIONS)) from++;
    for (let i = from; i < m; i++) {
      const z = (gaps[i] - middle) * narrow;
      if (!(z < DEVIATIONS)) break;
      const x = 0.5 * z * z, at = (x * STEPS) | 0, d = x - at / STEPS;
      density[i] += height * EXPONENTIALS[at] *
        (1 - d * (1 - d * (0.5 - d * (1 / 6))));
    }
    weight *= loss;
    if (weight === 0) break;
  }
  let total = 0, product = 1;
  for (let i = 0; i < m; i++) {
    product *= density[i];
    if ((i + 1) % FACTORS !== 0) continue;
    total += Math.log(product);
    product = 1;
  }
  return total + Math.log(product);
}

/** Bins of gaps on the log axis, from FINEST mean gaps to beyond every beat. */
const BIN = 0.005;
const FINEST = 0.05;
const BINS = Math.ceil(Math.log(20 / FINEST) / BIN) + 2;
/** Factors that are multiplied before their logarithm is taken. */
const FACTORS = 16;
/** Keeps the product of so many factors above 0; it only raises the bound. */
const LEAST = 1e-18;

let table: Float64Array | null = null;

/**
 * Shape (BINS, nCells), row-major: the most that the beats of a cell can add to
 * the density of a gap in the bin. Takes 20 ms and 2 MB, once.
 */
function beatTable(): Float64Array {
  if (table) return table;
  table = new Float64Array(BINS * CELLS.length);
  for (let b = 0; b < BINS; b++) {
    // A little wider than they are, for what is rounded.
    const low = b === 0 ? 0 : FINEST * Math.exp((b - 1) * BIN - 1e-9);
    const high = b === BINS - 1 ? Infinity : FINEST * Math.exp(b * BIN + 1e-9);
    for (const [c, cell] of CELLS.entries()) {
      table[b * CELLS.length + c] = mostOf(cell, low, high);
    }
  }
  return table;
}

function mostOf({ P, s, q }: Cell, low: number, high: number): number {
  let most = 0, weight = 1 - q;
  for (let r = 1; r <= MAX_BEATS; r++) {
    const deviation = s * P * Math.sqrt(r), middle = r * P;
    const nearest = Math.min(Math.max(low, middle), high);
    const z = (nearest - middle) / deviation;
    if (Math.abs(z) < DEVIATIONS) {
      most += weight * Math.exp(-0.5 * z * z) / (ROOT_TWO_PI * deviation);
    }
    weight *= q;
  }
  return most;
}

const products = new Float64Array(CELLS.length);

/** By cell a log-likelihood that the gaps cannot exceed. */
function upperBounds(
  gaps: Float64Array,
  memoryless: Float64Array,
): Float64Array {
  const most = beatTable(), n = CELLS.length;
  const bounds = new Float64Array(n);
  products.fill(1);
  for (let i = 0; i < gaps.length; i++) {
    const at = n * binOf(gaps[i]);
    const stray = STRAY * memoryless[i] + LEAST;
    for (let c = 0; c < n; c++) products[c] *= most[at + c] + stray;
    if ((i + 1) % FACTORS === 0 || i === gaps.length - 1) {
      for (let c = 0; c < n; c++) bounds[c] += Math.log(products[c]);
      products.fill(1);
    }
  }
  return bounds;
}

function binOf(gap: number): number {
  if (gap < FINEST) return 0;
  return Math.min(BINS - 1, 1 + Math.floor(Math.log(gap / FINEST) / BIN));
}
