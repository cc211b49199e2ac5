import type { Params, ValuesOf } from "../options.ts";
import type { RunOptions } from "../progress.ts";
import { repetition } from "./activity.ts";
import { contactsFinding, type Judged, judgedBy } from "./contacts.ts";
import { isUnanswered } from "./context_part.ts";
import {
  type Detector,
  judgeAll,
  type MeasuredPair,
  MIN_SCORE,
  type Scene,
} from "./detector.ts";

export const BEACON_PARAMS = {
  minCheckIns: {
    kind: "integer",
    default: 5,
    min: 5,
    max: 1000,
    unit: "check-ins",
    doc: "Fewer contacts of a pair than this have no rhythm to judge.",
  },
  minScore: MIN_SCORE,
} as const satisfies Params;

type Values = ValuesOf<typeof BEACON_PARAMS>;

/** From this score on the rhythm is also held against the source's own. */
const CLOSER_LOOK = 0.2;

/**
 * Pairs that a source keeps contacting by itself. Rhythm opens the score,
 * steady sizes confirm it, the surroundings decide: a clock poll is the most
 * regular of all and benign.
 */
export const beacon: Detector<typeof BEACON_PARAMS> = {
  name: "beacon",
  doc: "A source that contacts one destination again and again by itself.",
  logTypes: ["conn", "http", "ssl"],
  params: BEACON_PARAMS,

  async detect(scene: Scene, values: Values, options: RunOptions) {
    const least = Math.min(values.minScore, CLOSER_LOOK);
    const noted = await judgeAll(scene, options, (measured) => {
      const isNone = measured.facts.ts.length < values.minCheckIns ||
        isUnanswered(measured);
      const judged = isNone ? null : atFirst(measured, scene);
      return judged && judged.score >= least ? { measured, judged } : null;
    });
    const closer = noted.filter(({ judged }) => judged.score >= CLOSER_LOOK);
    const pairs = closer.map(({ measured }) => measured);
    await scene.significance.prepare(pairs, options);
    const { signal } = options;
    return await judgeAll({ measured: noted }, { signal }, (first) => {
      const { judged, significant } = first.judged.score < CLOSER_LOOK
        ? { ...first, significant: scene.significance.quick(first.measured) }
        : closely(first.measured, scene);
      return judged.score < values.minScore ? null : contactsFinding(
        beacon.name,
        first.measured,
        scene,
        judged,
        significant,
      );
    });
  },
};

/** Against a memoryless null only, which costs next to nothing. */
function atFirst(measured: MeasuredPair, scene: Scene): Judged {
  const quick = scene.significance.quick(measured);
  return judgedBy(repetition(measured, scene, quick), measured, scene);
}

function closely(measured: MeasuredPair, scene: Scene) {
  const significant = scene.significance.of(measured);
  const activity = repetition(measured, scene, significant);
  return { judged: judgedBy(activity, measured, scene), significant };
}
