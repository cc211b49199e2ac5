import type { Flows } from "../features/flows.ts";
import type { Timing } from "../features/timing.ts";
import type { RunOptions } from "../progress.ts";
import {
  Background,
  sharedFloats,
  type Stretch,
  upperBound,
} from "./background.ts";
import type { MeasuredPair } from "./detector.ts";
import { doAll, surrogateHelpers } from "./surrogate_helpers.ts";
import {
  DRAWN,
  excessOf,
  heldAgainst,
  JOB_FIELDS,
  type Rhythm,
  SURROGATES,
  surrogates,
} from "./surrogates.ts";

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
   * test says of what else went on. At most {@link SURROGATES}, fewer where
   * these settle it.
   */
  readonly nullLog10p: readonly number[];
}

/** Pairs of at least this regularity are no background for others. */
const REGULAR = 0.3;
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
  /** What {@link prepare} found, by pair. */
  readonly #prepared = new Map<MeasuredPair, Float64Array>();
  #made: Background | null = null;

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
      log10q: heldAgainst(this.#rhythm(timing), 1),
      tested: this.#log10p.length,
      against: "memoryless",
      nullLog10p: UNIFORM,
    };
  }

  /** The pair against its source's other activity, corrected for all pairs. */
  of(measured: MeasuredPair): Significant {
    const rhythm = this.#rhythm(measured.timing);
    const { stretch, against } = this.#held(measured);
    if (stretch === null) return this.quick(measured);
    const nullLog10p = this.#prepared.get(measured) ?? surrogates(
      this.#background.times(stretch),
      drawsOf(measured),
      seedOf(measured),
      rhythm,
    );
    return {
      log10q: heldAgainst(rhythm, excessOf(nullLog10p)),
      tested: this.#log10p.length,
      against,
      nullLog10p: Array.from(nullLog10p, rounded),
    };
  }

  /** Does the work of {@link of} for many pairs ahead, on a thread per core. */
  async prepare(
    pairs: readonly MeasuredPair[],
    options: RunOptions = {},
    cores = navigator.hardwareConcurrency,
  ): Promise<void> {
    const told = pairs.flatMap((measured) => {
      const { stretch } = this.#held(measured);
      return stretch === null ? [] : [{ measured, stretch }];
    });
    const jobs = sharedFloats(JOB_FIELDS * told.length);
    told.forEach(({ measured, stretch: { lot, from, to } }, job) => {
      const { log10p, correction } = this.#rhythm(measured.timing);
      const [draws, seed] = [drawsOf(measured), seedOf(measured)];
      const row = [lot, from, to, draws, seed, log10p, correction];
      jobs.set(row, JOB_FIELDS * job);
    });
    const log10p = sharedFloats(SURROGATES * told.length);
    const plan = {
      lots: this.#background.lots,
      jobs,
      log10p,
      next: new Int32Array(new SharedArrayBuffer(4)),
      done: new Int32Array(new SharedArrayBuffer(4 * told.length)),
    };
    await doAll(plan, surrogateHelpers(told.length, cores), options);
    told.forEach(({ measured }, job) => {
      const from = SURROGATES * job;
      const own = log10p.subarray(from, from + plan.done[job]);
      this.#prepared.set(measured, own);
    });
  }

  #rhythm({ log10p }: Timing): Rhythm {
    return { log10p, correction: correctionOf(this.#log10p, log10p) };
  }

  /** Times of irregular contacts while the pair lived: the source's, else all. */
  #held(
    measured: MeasuredPair,
  ): { stretch: Stretch | null; against: Significant["against"] } {
    const { pair, facts } = measured, background = this.#background;
    const from = facts.ts[0], to = facts.ts[facts.ts.length - 1];
    const needed = 3 * drawsOf(measured);
    const own = background.ofSource(pair.src, from, to);
    if (own.to - own.from >= needed) return { stretch: own, against: "source" };
    const all = background.ofAll(from, to);
    return all.to - all.from >= needed
      ? { stretch: all, against: "network" }
      : { stretch: null, against: "memoryless" };
  }

  get #background(): Background {
    if (this.#made) return this.#made;
    const regular = new Uint8Array(this.#flows.length);
    for (const { pair, timing } of this.#measured) {
      if (timing.score < REGULAR) continue;
      for (const f of pair.flows) regular[f] = 1;
    }
    return this.#made = new Background(this.#flows, regular);
  }
}

function drawsOf({ timing: { checkIns } }: MeasuredPair): number {
  return Math.min(DRAWN, checkIns);
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
  return Math.min(0, log10p + correctionOf(all, own));
}

/** log10 of the tests for each of those that say as much as `own`, ≥ 0. */
function correctionOf(all: Float64Array, own: number): number {
  const rank = Math.max(1, upperBound(all, own));
  return Math.log10(Math.max(1, all.length) / rank);
}

/** To three decimals, since it is kept to be drawn; never −0. */
function rounded(value: number): number {
  return Math.round(1000 * value) / 1000 + 0;
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
