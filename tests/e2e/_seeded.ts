import { seed } from "../routes/seed.ts";
import { computeClusters } from "../routes/seed_clusters.ts";
import { type Scene, withScene } from "./_browser.ts";

/** A browser over the seeded store, with a clustering of so many sessions. */
export function withSeeded(
  sessions: number,
  test: (scene: Scene) => Promise<void>,
): Promise<void> {
  return withScene({ seed, clusters: computeClusters(sessions) }, test);
}
