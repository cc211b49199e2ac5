import type { Flows } from "../features/flows.ts";
import { timing } from "../features/timing.ts";
import { RandomState } from "../models/random.ts";
import type { MeasuredPair } from "./detector.ts";

/** How likely a pair's rhythm is by chance. */
export interface Significant {
  /** log10 of the false discovery rate at which the pair is still kept. */
  readonly log10q: number;
  /** Pairs that were tested. */
  readonly tested: number;
  /** What the rhythm was held against. */
  readonly against: "memoryless" | "source" | "network";
  /**
   * log10 p of series that are drawn from the null, ascending: what the same
   * test says of what else went on. One value for each of {@link SURROGATES}.
   */
  readonly nullLog10p: readonly number[];
}

/** Pairs of at least this regularity are no background for others. */
const REGULAR = 0.3;
const SURROGATES = 32;
/** Check-ins drawn for one surrogate, at most. */
const DRAWN = 400;
/** Mean of −log10 p where p is uniform. */
const CHANCE = 1 / Math.LN10;
/** Under a memoryless null p is uniform: the middles of equal shares. */
const UNIFORM: readonly number[] = Array.from(
  { length: SURROGATES },
  (_, i) => rounded(Math.log10((i + 0.5) / SURROGATES)),
);

/**
 * Significance of rhythms, in three steps: the pair's own p-value under a
 * memoryless null; the same test on times drawn from what else its source
 * did, which keep the source's daily rhythm and bursts, and by how much these
 * look more regular than chance; Benjamini & Hochberg's (1995) correction for
 * all pairs tested.
 */
export class Significance {
  readonly #flows: Flows;
  readonly #measured: readonly MeasuredPair[];
  /** log10 p of all tested pairs, ascending. */
  readonly #log10p: Float64Array;
  #activity: Map<number, Float64Array> | null = null;
  #network: Float64Array | null = null;

  constructor(flows: Flows, measured: readonly MeasuredPair[]) {
    this.#flows = flows;
    this.#measured = measured;
    this.#log10p = Float64Array.from(
      measured.filter(({ timing }) => timing.checkIns >= 5),
      ({ timing }) => timing.log10p,
    ).sort();
  }

  /** The pair against a memoryless null, corrected for all pairs. */
  quick({ timing }: MeasuredPair): Significant {
    return {
      log10q: this.#corrected(timing.log10p, timing.log10p),
      tested: this.#log10p.length,
      against: "memoryless",
      nullLog10p: UNIFORM,
    };
  }

  /** The pair against its source's other activity, corrected for all pairs. */
  of(measured: MeasuredPair): Significant {
    const { timing: found } = measured;
    const { times, against } = this.#background(measured);
    if (times === null) return this.quick(measured);
    const n = Math.min(DRAWN, found.checkIns);
    const random = new RandomState(seedOf(measured));
    const nullLog10p = Float64Array.from({ length: SURROGATES }, () => {
      const drawn = Float64Array.from(
        { length: n },
        () => times[random.randint(times.length)],
      ).sort();
      return timing(drawn).log10p;
    }).sort();
    const mean = nullLog10p.reduce((sum, p) => sum - p, 0) / SURROGATES;
    const excess = Math.max(1, mean / CHANCE);
    return {
      log10q: this.#corrected(found.log10p / excess, found.log10p),
      tested: this.#log10p.length,
      against,
      nullLog10p: Array.from(nullLog10p, rounded),
    };
  }

  #corrected(log10p: number, own: number): number {
    return corrected(this.#log10p, log10p, own);
  }

  /** Times of irregular contacts while the pair lived: the source's, else all. */
  #background(
    { pair, facts, timing: { checkIns } }: MeasuredPair,
  ): { times: Float64Array | null; against: Significant["against"] } {
    this.#activity ??= this.#activityBySource();
    const from = facts.ts[0], to = facts.ts[facts.ts.length - 1];
    const needed = 3 * Math.min(DRAWN, checkIns);
    const own = within(this.#activity.get(pair.src), from, to);
    if (own.length >= needed) return { times: own, against: "source" };
    this.#network ??= merged(this.#activity);
    const all = within(this.#network, from, to);
    return all.length >= needed
      ? { times: all, against: "network" }
      : { times: null, against: "memoryless" };
  }

  #activityBySource(): Map<number, Float64Array> {
    const flows = this.#flows;
    const regular = new Uint8Array(flows.length);
    for (const { pair, timing } of this.#measured) {
      if (timing.score < REGULAR) continue;
      for (const f of pair.flows) regular[f] = 1;
    }
    const bySource = new Map<number, number[]>();
    for (let f = 0; f < flows.length; f++) {
      if (regular[f]) continue;
      const times = bySource.get(flows.src.at(f));
      if (times) times.push(flows.ts.at(f));
      else bySource.set(flows.src.at(f), [flows.ts.at(f)]);
    }
    return new Map(
      Array.from(bySource, ([src, ts]) => [src, Float64Array.from(ts).sort()]),
    );
  }
}

/**
 * Benjamini & Hochberg's correction (1995).
 *
 * @param all log10 p of all tests, ascending.
 * @param log10p what is corrected; `own` is its place among them.
 * @returns log10 of the false discovery rate, ≤ 0.
 */
export function corrected(
  all: Float64Array,
  log10p: number,
  own: number,
): number {
  const rank = Math.max(1, upperBound(all, own));
  return Math.min(0, log10p + Math.log10(Math.max(1, all.length) / rank));
}

function merged(bySource: ReadonlyMap<number, Float64Array>): Float64Array {
  let length = 0;
  for (const times of bySource.values()) length += times.length;
  const out = new Float64Array(length);
  let at = 0;
  for (const times of bySource.values()) {
    out.set(times, at);
    at += times.length;
  }
  return out.sort();
}

function within(
  times: Float64Array | undefined,
  from: number,
  to: number,
): Float64Array {
  if (!times) return new Float64Array(0);
  return times.subarray(lowerBound(times, from), upperBound(times, to));
}

/** To three decimals, since it is kept to be drawn; never −0. */
function rounded(value: number): number {
  return Math.round(1000 * value) / 1000 + 0;
}

/** How many of the ascending values are ≤ `limit`. */
function upperBound(values: Float64Array, limit: number): number {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending values are < `limit`. */
function lowerBound(values: Float64Array, limit: number): number {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same for a pair in every run, whatever else is hunted (FNV-1a). */
function seedOf({ pair: { subject } }: MeasuredPair): number {
  const key = `${subject.src} ${
    subject.name ?? subject.dst
  } ${subject.port} ${subject.proto}`;
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
