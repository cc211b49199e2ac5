import type { Finding } from "../finding.ts";
import type { Params, ValuesOf } from "../options.ts";
import type { RunOptions } from "../progress.ts";
import { repetition } from "./activity.ts";
import { contactsFinding } from "./contacts.ts";
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
    const judgeEach = (
      options: RunOptions,
      look: (measured: MeasuredPair) => Finding | null,
    ) =>
      judgeAll(
        scene,
        options,
        (measured) =>
          measured.facts.ts.length < values.minCheckIns ||
            isUnanswered(measured)
            ? null
            : look(measured),
      );
    const closer: MeasuredPair[] = [];
    await judgeEach({ signal: options.signal }, (measured) => {
      if (atFirst(measured, scene).score >= CLOSER_LOOK) closer.push(measured);
      return null;
    });
    await scene.significance.prepare(closer, options);
    return await judgeEach(options, (measured) => {
      const found = judge(measured, scene);
      return found.score >= values.minScore ? found : null;
    });
  },
};

/** Against a memoryless null only, which costs next to nothing. */
function atFirst(measured: MeasuredPair, scene: Scene): Finding {
  const quick = scene.significance.quick(measured);
  return contactsFinding(
    beacon.name,
    measured,
    scene,
    repetition(measured, scene, quick),
    quick,
  );
}

function judge(measured: MeasuredPair, scene: Scene): Finding {
  const found = atFirst(measured, scene);
  if (found.score < CLOSER_LOOK) return found;
  const close = scene.significance.of(measured);
  return contactsFinding(
    beacon.name,
    measured,
    scene,
    repetition(measured, scene, close),
    close,
  );
}
