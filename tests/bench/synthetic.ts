import { ritaBeacon } from "../../pipeline/features/rita_scores.ts";
import { timing } from "../../pipeline/features/timing.ts";

/** Uniform on [0, 1), the same on every machine for a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Uniform = () => number;

const normal = (u: Uniform) =>
  Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());
const between = (u: Uniform, low: number, high: number) =>
  low + (high - low) * u();

/** One trial: check-in times in seconds from 0, and what was sent. */
interface Trial {
  readonly ts: Float64Array;
  readonly sizes: Float64Array;
}

const DAY = 86_400;

/** Beats of `period` ± `jitter`, each lost with probability `loss`; steady size. */
export function beaconTrial(
  u: Uniform,
  { period, jitter, duration, loss }: Cell,
): Trial {
  const out: number[] = [];
  for (let t = period * u(); t < duration;) {
    if (u() >= loss) out.push(t);
    t += period * between(u, 1 - jitter, 1 + jitter);
  }
  return trialOf(out, () => 350);
}

/** Contacts without memory, log-uniform 6 to 3,000 of them in 1 h to 24 h. */
export function poissonTrial(u: Uniform): Trial {
  const n = Math.round(6 * 500 ** u()), duration = 3600 * 24 ** u();
  return trialOf(
    Array.from({ length: n }, () => duration * u()).sort((a, b) => a - b),
    () => Math.exp(7 + normal(u)),
  );
}

/** Pages of a reader: lognormal pauses, geometric bursts of requests. */
export function browsingTrial(u: Uniform): Trial {
  const n = Math.round(6 * 500 ** u()), duration = 3600 * 24 ** u();
  const out: number[] = [];
  let t = 0;
  while (out.length < n) {
    t += Math.exp(1.2 * normal(u));
    let burst = t;
    do {
      out.push(burst);
      burst += 0.004 * Math.exp(normal(u));
    } while (u() < 0.7 && out.length < n);
    t = burst;
  }
  const scale = duration / out[out.length - 1];
  return trialOf(out.map((s) => s * scale), () => Math.exp(7 + normal(u)));
}

function trialOf(ts: number[], size: () => number): Trial {
  return {
    ts: Float64Array.from(ts),
    sizes: Float64Array.from(ts, () => Math.round(size())),
  };
}

export interface Cell {
  /** Seconds. */
  readonly period: number;
  readonly duration: number;
  /** Shares in [0, 1]. */
  readonly jitter: number;
  readonly loss: number;
}

const skerryScore = ({ ts }: Trial) => timing(ts).score;

/** RITA looks at 24 hours, in whole seconds. */
function ritaScore({ ts, sizes }: Trial): number {
  const seconds = Array.from(ts, Math.floor);
  return new Set(seconds).size < 4
    ? 0
    : ritaBeacon(seconds, sizes, 0, DAY).score;
}

/** The score that `rate` of the negatives reach. */
function threshold(scores: readonly number[], rate: number): number {
  const sorted = scores.toSorted((a, b) => b - a);
  return sorted[Math.floor(rate * sorted.length)];
}

export interface CellRates extends Cell {
  /** Check-ins that are left, mean. */
  readonly n: number;
  /** Shares of the trials above the threshold. */
  readonly skerry: number;
  readonly rita: number;
}

export interface Study {
  readonly trials: number;
  readonly negatives: number;
  readonly thresholds: { readonly skerry: number; readonly rita: number };
  /** Shares of fresh negatives above the thresholds. */
  readonly falsePositives: Readonly<
    Record<"poisson" | "browsing", { skerry: number; rita: number }>
  >;
  /** Share of fresh negatives with a timing score of 0.4 or more. */
  readonly raised: number;
  readonly cells: readonly CellRates[];
}

const PERIODS: Readonly<Record<number, readonly number[]>> = {
  3600: [10, 60, 300],
  7200: [10, 60, 300],
  28_800: [10, 60, 300, 1800],
  86_400: [10, 60, 300, 1800],
};
const JITTERS = [0, 0.1, 0.3, 0.5, 0.9];
const LOSSES = [0, 0.2, 0.5];

/**
 * Detection at 1 % false positives by period, jitter, duration and loss. The
 * thresholds are set on one pool of negatives, the rates are of another.
 */
export function syntheticStudy(
  { seed = 7, trials = 200, negatives = 3000 } = {},
): Study {
  const pool = negativesOf(seed, negatives);
  const all = [...pool.poisson, ...pool.browsing];
  const thresholds = {
    skerry: threshold(all.map(skerryScore), 0.01),
    rita: threshold(all.map(ritaScore), 0.01),
  };
  const fresh = negativesOf(seed + 1, negatives);
  const ratesOf = (list: readonly Trial[]) => ({
    skerry: above(list.map(skerryScore), thresholds.skerry),
    rita: above(list.map(ritaScore), thresholds.rita),
  });
  const u = seeded(seed + 2);
  const cells: CellRates[] = [];
  for (const loss of LOSSES) {
    for (const [duration, periods] of Object.entries(PERIODS)) {
      for (const period of periods) {
        for (const jitter of JITTERS) {
          const cell = { period, duration: Number(duration), jitter, loss };
          const list = Array.from(
            { length: trials },
            () => beaconTrial(u, cell),
          );
          const n = list.reduce((sum, { ts }) => sum + ts.length, 0) / trials;
          cells.push({ ...cell, n, ...ratesOf(list) });
        }
      }
    }
  }
  return {
    trials,
    negatives,
    thresholds,
    falsePositives: {
      poisson: ratesOf(fresh.poisson),
      browsing: ratesOf(fresh.browsing),
    },
    raised: above(
      [...fresh.poisson, ...fresh.browsing].map(skerryScore),
      0.4,
    ),
    cells,
  };
}

function negativesOf(seed: number, n: number) {
  const u = seeded(seed);
  return {
    poisson: Array.from({ length: n }, () => poissonTrial(u)),
    browsing: Array.from({ length: n }, () => browsingTrial(u)),
  };
}

const above = (scores: readonly number[], limit: number) =>
  scores.filter((score) => score > limit).length / scores.length;
