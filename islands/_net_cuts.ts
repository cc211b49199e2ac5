import { fixed } from "./_format.ts";
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

/** Thresholds go from −STEPS to STEPS. */
export const STEPS = 240;

/** As the pipeline's `thresholdAt`, whose cuts these are; a test compares. */
export function thresholdAt(step: number): number {
  return 1 / (1 + Math.exp(-step / 20));
}

/** The cut that stands for a threshold: the last that is not above it. */
export function cutAt(cuts: readonly Cut[], threshold: number): Cut {
  return cuts.findLast((cut) => cut.threshold <= threshold) ?? cuts[0];
}

/** A probability to three decimals, or up to six that tell it from 0 and 1. */
export function chance(p: number): string {
  const rest = Math.min(p, 1 - p);
  const digits = rest < 1e-6 ? 3 : Math.ceil(-Math.log10(rest)) + 1;
  return fixed(p, Math.min(6, Math.max(3, digits)));
}

/** Rows called beacons at a threshold. */
export function callsAt({ calls }: NetView, threshold: number): number {
  return calls.findLast(([from]) => from <= threshold)?.[1] ?? 0;
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

/** The step of the threshold with the highest F1; the highest of equal ones. */
export function bestStep(heldOut: HeldOut): number {
  let best = 0, most = -1;
  for (let step = -STEPS; step <= STEPS; step++) {
    const cut = cutAt(heldOut.cuts, thresholdAt(step));
    const { f1 } = ratesOf(heldOut, cut);
    if (f1 >= most) [best, most] = [step, f1];
  }
  return best;
}
