import { beacon } from "./beacon.ts";
import { c2OverDns } from "./c2_over_dns.ts";
import type { Detector } from "./detector.ts";
import { longConnection } from "./long_connection.ts";
import { unanswered } from "./unanswered.ts";
import { rita } from "./rita.ts";

/** Every detector of a hunt; a new one is a file and a line here. */
export const DETECTORS: readonly Detector[] = [
  beacon,
  longConnection,
  unanswered,
  c2OverDns,
] as unknown as readonly Detector[];

/** Whose score ranks: Skerry's, or RITA's maths to compare with. */
export const SCORES: Readonly<Record<Score, readonly Detector[]>> = {
  skerry: DETECTORS,
  rita: [rita] as unknown as readonly Detector[],
};

export type Score = "skerry" | "rita";

export type { Detector, MeasuredPair, Scene } from "./detector.ts";
export { MIN_HISTORY, MIN_HOSTS } from "./context_crowd.ts";
export { BEHAVIOUR_DOCS, LIFT_DOCS } from "./benign_class.ts";
export { parseBenign } from "./benign_file.ts";
export {
  type BenignChanges,
  type BenignEdits,
  benignEditsJson,
  benignJson,
  type BenignList,
  mergedBenign,
  SHIPPED,
} from "./benign_list.ts";
export { nestedByKey } from "./nested.ts";
export { PART_DOCS } from "./part_docs.ts";
export { SIGNAL_DOCS } from "./dns_classes.ts";
export { withRelated } from "./related.ts";
export { Significance } from "./significance.ts";
export { Surroundings } from "./surroundings.ts";
export { type Chance, chanceOf } from "./chance.ts";
