import type { MeasuredPair } from "./detectors/mod.ts";
import type { Pair } from "./features/pair.ts";
import type { PairFacts } from "./features/pair_facts.ts";
import { NO_TIMING, type Timing, timing } from "./features/timing.ts";
import type { TimingBatch, TimingPool } from "./features/timing_pool.ts";

/** Pairs with fewer contacts have no rhythm to measure. */
export const MIN_CONTACTS = 4;
/** Shorter series are not worth the way to another thread. */
const MIN_SERIES = 5;
/** Times of one batch: half a second of work. */
const BATCH = 1 << 17;
/** Batches that helpers have ahead of them before this thread helps them. */
const AHEAD = 8;

interface Told {
  readonly pair: Pair;
  readonly facts: PairFacts;
  readonly withHeartbeat: boolean;
}

interface Batch {
  readonly told: readonly Told[];
  readonly timings: TimingBatch;
}

/**
 * Measures the rhythms of pairs: while the facts of the next ones are gathered,
 * helpers measure those before them. Where they have fallen behind, this thread
 * measures, too.
 */
export class Measuring {
  readonly #pool: TimingPool;
  readonly #take: (measured: MeasuredPair) => void;
  #told: Told[] = [];
  #series: Float64Array[] = [];
  #times = 0;
  /** Oldest first. */
  readonly #begun: Batch[] = [];

  /** @param take is given each pair, in the order in which they were told. */
  constructor(pool: TimingPool, take: (measured: MeasuredPair) => void) {
    this.#pool = pool;
    this.#take = take;
  }

  add(pair: Pair, facts: PairFacts, { withHeartbeat = true } = {}): void {
    this.#told.push({ pair, facts, withHeartbeat });
    for (const ts of seriesOf(this.#told.at(-1)!)) {
      if (ts.length < MIN_SERIES) continue;
      this.#series.push(ts);
      this.#times += ts.length;
    }
  }

  /** True when it is time to `await measuring.flush()`. */
  get isFull(): boolean {
    return this.#times >= BATCH || this.#told.length >= BATCH >> 4;
  }

  /** Begins a batch with what was added, and ends those far before it. */
  async flush(): Promise<void> {
    this.#begun.push({
      told: this.#told,
      timings: this.#pool.begin(this.#series),
    });
    this.#told = [];
    this.#series = [];
    this.#times = 0;
    while (this.#begun.length > AHEAD) await this.#end();
  }

  async finish(): Promise<void> {
    await this.flush();
    while (this.#begun.length > 0) await this.#end();
  }

  async #end(): Promise<void> {
    const batch = this.#begun.shift()!;
    const timings = (await this.#pool.end(batch.timings)).values();
    for (const told of batch.told) {
      const [own, heartbeat] = seriesOf(told).map((ts): Timing =>
        ts.length < MIN_SERIES ? timing(ts) : timings.next().value!
      );
      const { pair, facts } = told;
      this.#take({ pair, facts, timing: own, heartbeat });
    }
  }
}

/** What is measured of a pair: its contacts, and within a cut connection. */
function seriesOf(
  { facts, withHeartbeat }: Told,
): [Float64Array, Float64Array] {
  return [
    facts.ts.length >= MIN_CONTACTS ? facts.ts : NONE,
    withHeartbeat ? facts.heartbeats : NONE,
  ];
}

const NONE = new Float64Array(NO_TIMING.checkIns);
