import { beacon } from "./beacon.ts";
import type { Detector } from "./detector.ts";
import { longConnection } from "./long_connection.ts";

/** Every detector of a hunt; a new one is a file and a line here. */
export const DETECTORS: readonly Detector[] = [
  beacon,
  longConnection,
] as unknown as readonly Detector[];

export type { Detector, MeasuredPair, Scene } from "./detector.ts";
export { Surroundings } from "./surroundings.ts";
