import type { Finding } from "../finding.ts";
import type { Flows } from "../features/flows.ts";
import type { InternalHosts } from "../features/networks.ts";
import type { Pair } from "../features/pair.ts";
import type { PairFacts } from "../features/pair_facts.ts";
import type { Timing } from "../features/timing.ts";
import type { BenignList } from "./benign_list.ts";
import type { Significance } from "./significance.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Param, Params, ValuesOf } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";

/** A pair with everything that was measured of it, before any judgement. */
export interface MeasuredPair {
  readonly pair: Pair;
  readonly facts: PairFacts;
  readonly timing: Timing;
  /** The rhythm within the connection that the sensor cut most often. */
  readonly heartbeat: Timing;
}

/** What all detectors of one hunt look at. */
export interface Scene {
  readonly flows: Flows;
  readonly internal: InternalHosts;
  /** Pairs that are candidates: unicast, and seen often or long enough. */
  readonly measured: readonly MeasuredPair[];
  /** Seconds that have logs; see `Flows.span`. */
  readonly span: number;
  /** What the pairs are judged against. */
  readonly around: Surroundings;
  readonly significance: Significance;
  /** Kinds of benign traffic. */
  readonly benign: BenignList;
  /** Names of reasons that are switched off. */
  readonly without: ReadonlySet<string>;
}

/** The parameter that every detector has. */
export const MIN_SCORE = {
  kind: "number",
  default: 0.05,
  min: 0,
  max: 1,
  doc: "Findings below this score are not kept.",
} as const satisfies Param;

/** One way to find something. Its parameters are data; see `options.ts`. */
export interface Detector<P extends Params = Params> {
  /** RITA's word for the indicator: "beacon", "long-connection". */
  readonly name: string;
  readonly doc: string;
  /** Logs without which it cannot look. */
  readonly logTypes: readonly string[];
  readonly params: P;
  detect(
    scene: Scene,
    values: ValuesOf<P>,
    options: RunOptions,
  ): Promise<Finding[]>;
}

/** What `judge` finds of each measured pair, in steps that can be stopped. */
export async function judgeAll<P, Found>(
  { measured }: { readonly measured: readonly P[] },
  { signal, onProgress }: RunOptions,
  judge: (measured: P) => Found | null,
): Promise<Found[]> {
  const pacer = new Pacer(signal);
  const all: Found[] = [];
  for (const [done, pair] of measured.entries()) {
    if (pacer.due) {
      onProgress?.({
        stage: "scoring",
        done,
        total: measured.length,
        unit: "pairs",
      });
      await pacer.rest();
    }
    const found = judge(pair);
    if (found !== null) all.push(found);
  }
  return all;
}
