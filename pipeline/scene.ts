import {
  type MeasuredPair,
  type Scene,
  Significance,
  Surroundings,
} from "./detectors/mod.ts";
import type { Flows } from "./features/flows.ts";
import { InternalHosts } from "./features/networks.ts";
import { outOfScope, pairsOf } from "./features/pair.ts";
import { factsOf } from "./features/pair_facts.ts";
import { NO_TIMING, timing } from "./features/timing.ts";
import { Pacer, type RunOptions } from "./progress.ts";

export interface SceneOptions extends RunOptions {
  /** Networks that count as internal, as CIDR; found where absent. */
  readonly internal?: readonly string[];
  /** Names of reasons that do not count: "prevalence", "class", "name". */
  readonly without?: readonly string[];
}

/** Pairs with fewer contacts and a shorter longest connection are passed over. */
const MIN_CONTACTS = 4;
const MIN_SECONDS = 60;

/**
 * Groups the flows into pairs and measures those that any detector could
 * speak of.
 *
 * @returns the scene, and how many pairs each rule left out.
 */
export async function sceneOf(
  flows: Flows,
  options: SceneOptions = {},
): Promise<{ scene: Scene; hidden: Record<string, number>; pairs: number }> {
  const internal = InternalHosts.find(flows, options.internal);
  const pairs = pairsOf(flows, internal);
  const hidden: Record<string, number> = {};
  const measured: MeasuredPair[] = [];
  const pacer = new Pacer(options.signal);
  for (const [done, pair] of pairs.entries()) {
    if (pacer.due) {
      options.onProgress?.({
        stage: "measuring",
        done,
        total: pairs.length,
        unit: "pairs",
      });
      await pacer.rest();
    }
    const rule = outOfScope(flows, pair);
    if (rule) {
      hidden[rule] = (hidden[rule] ?? 0) + 1;
      continue;
    }
    const facts = factsOf(flows, pair);
    const often = facts.ts.length >= MIN_CONTACTS;
    if (!often && facts.longest < MIN_SECONDS) continue;
    measured.push({
      pair,
      facts,
      timing: often ? timing(facts.ts) : NO_TIMING,
      heartbeat: timing(facts.heartbeats),
    });
  }
  const around = new Surroundings({ flows, internal, measured });
  return {
    scene: {
      flows,
      internal,
      measured,
      span: flows.span,
      around,
      significance: new Significance(flows, measured),
      without: new Set(options.without),
    },
    hidden,
    pairs: pairs.length,
  };
}
