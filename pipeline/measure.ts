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
  /** Times of the contacts, and within a cut connection, where they are measured. */
  readonly lengths: readonly [own: number, heartbeat: number];
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
    const own = facts.ts.length >= MIN_CONTACTS ? facts.ts : NONE;
    const heartbeat = withHeartbeat ? facts.heartbeats : NONE;
    const lengths = [own.length, heartbeat.length] as const;
    this.#told.push({ pair, facts, lengths });
    for (const ts of [own, heartbeat]) {
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
    for (const { pair, facts, lengths } of batch.told) {
      const [own, heartbeat] = lengths.map((n): Timing =>
        n < MIN_SERIES ? timing(SHORT.subarray(0, n)) : timings.next().value!
      );
      this.#take({ pair, facts, timing: own, heartbeat });
    }
  }
}

const NONE = new Float64Array(NO_TIMING.checkIns);
/** Of series with no rhythm only their length is told. */
const SHORT = new Float64Array(MIN_SERIES - 1);
