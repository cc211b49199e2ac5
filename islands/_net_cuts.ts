import type { Cut } from "../pipeline/mod.ts";
import type { HeldOut, NetView } from "./_net.ts";

/** Counts and rates of a threshold, on labelled rows. */
export interface Rates {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Labelled rows called beacons. */
  readonly called: number;
  /** 0 where nothing is called, or there is no beacon. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** The cut that stands for a threshold: the last that is not above it. */
export function cutAt(cuts: readonly Cut[], threshold: number): Cut {
  return cuts.findLast((cut) => cut.threshold <= threshold + 1e-9) ?? cuts[0];
}

/** Rows called beacons at a threshold. */
export function callsAt({ calls }: NetView, threshold: number): number {
  return calls.findLast(([from]) => from <= threshold + 1e-9)?.[1] ?? 0;
}

export function ratesOf(
  { beacons, others }: Pick<HeldOut, "beacons" | "others">,
  { truePositives, falsePositives }: Cut,
): Rates {
  const called = truePositives + falsePositives;
  return {
    truePositives,
    falsePositives,
    falseNegatives: beacons - truePositives,
    trueNegatives: others - falsePositives,
    called,
    precision: called === 0 ? 0 : truePositives / called,
    recall: beacons === 0 ? 0 : truePositives / beacons,
    f1: called + beacons === 0 ? 0 : 2 * truePositives / (called + beacons),
  };
}

/** The threshold of the highest F1; the highest of equal ones. */
export function bestThreshold(heldOut: HeldOut): number {
  let best = 0.5, most = -1;
  for (const cut of heldOut.cuts) {
    const { f1 } = ratesOf(heldOut, cut);
    if (f1 >= most) [best, most] = [cut.threshold, f1];
  }
  return Math.min(0.999, Math.max(0.001, best));
}
