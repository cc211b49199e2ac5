import type { Params, ValuesOf } from "../options.ts";
import type { RunOptions } from "../progress.ts";
import { retrying } from "./activity.ts";
import { contactsFinding, judgedBy } from "./contacts.ts";
import { isUnanswered } from "./context_part.ts";
import { type Detector, judgeAll, MIN_SCORE, type Scene } from "./detector.ts";

export const UNANSWERED_PARAMS = {
  minAttempts: {
    kind: "integer",
    default: 10,
    min: 5,
    max: 100_000,
    unit: "connections",
    doc: "Fewer failed connections of a pair than this are chance.",
  },
  minScore: MIN_SCORE,
} as const satisfies Params;

/**
 * A host that keeps calling where nobody answers: an implant whose server was
 * taken down, or a program that was never told of a move.
 */
export const unanswered: Detector<typeof UNANSWERED_PARAMS> = {
  name: "unanswered",
  doc: "A source that keeps trying one destination that never answers.",
  logTypes: ["conn"],
  params: UNANSWERED_PARAMS,

  detect(
    scene: Scene,
    values: ValuesOf<typeof UNANSWERED_PARAMS>,
    options: RunOptions,
  ) {
    return judgeAll(scene, options, (measured) => {
      if (measured.facts.failed < values.minAttempts) return null;
      if (!isUnanswered(measured)) return null;
      const significant = scene.significance.quick(measured);
      const activity = retrying(measured, scene, significant);
      const judged = judgedBy(activity, measured, scene);
      return judged.score < values.minScore ? null : contactsFinding(
        unanswered.name,
        measured,
        scene,
        judged,
        significant,
      );
    });
  },
};
