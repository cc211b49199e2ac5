import type { FeatureSet } from "./feature_set.ts";
import { http, httpRich } from "./http.ts";
import { session, sessionRich } from "./session.ts";

/** Every feature set; a new one is a file and a line here. */
export const FEATURE_SETS: readonly FeatureSet[] = [
  session,
  sessionRich,
  http,
  httpRich,
];

/** @throws RangeError naming the sets that there are. */
export function featureSet(name: string): FeatureSet {
  const found = FEATURE_SETS.find((set) => set.name === name);
  if (!found) {
    throw new RangeError(
      `Cannot collect features: there is no set called ${name}; there are ${
        FEATURE_SETS.map((set) => set.name).join(", ")
      }`,
    );
  }
  return found;
}

export type { Feature, FeatureCollector, FeatureSet } from "./feature_set.ts";
