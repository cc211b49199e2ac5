// How a net does at each threshold: plain and small, whatever the records are.
import type { Judged, Training } from "./classify.ts";

/** What a threshold costs; a row is called a beacon where P is above it. */
export interface Cut {
  readonly threshold: number;
  /** Of the labelled rows. */
  readonly truePositives: number;
  readonly falsePositives: number;
  /** Rows called beacons, labelled or not. */
  readonly called: number;
}

/** A point of the precision-recall curve. */
export interface CurvePoint {
  readonly recall: number;
  readonly precision: number;
}

export interface Review {
  /** Rows that the net was asked about. */
  readonly rows: number;
  /** Labelled rows among them, of either class. */
  readonly beacons: number;
  readonly others: number;
  /** By rising threshold, of {@link thresholdAt}, where something changes. */
  readonly cuts: readonly Cut[];
  /** By falling threshold; empty without a labelled beacon. */
  readonly curve: readonly CurvePoint[];
}

/** Thresholds go from −STEPS to STEPS. */
const STEPS = 240;

/**
 * Threshold `step`, in steps of 1/20 of log-odds, 0 being ½: nets are often
 * sure to many digits, at both ends.
 */
export function thresholdAt(step: number): number {
  return 1 / (1 + Math.exp(-step / 20));
}

/** Points of a curve that are kept: more cannot be told apart on a page. */
const KEPT = 200;

export function reviewOf({ rows, probability, y }: Judged): Review {
  const order = Array.from(rows, (_, i) => i)
    .sort((a, b) => probability[b] - probability[a]);
  const counts = { beacons: 0, others: 0 };
  for (const label of y) {
    if (label === 1) counts.beacons++;
    if (label === 0) counts.others++;
  }
  return {
    rows: rows.length,
    ...counts,
    cuts: cutsOf(order, probability, y),
    curve: counts.beacons === 0
      ? []
      : thinned(curveOf(order, probability, y, counts.beacons)),
  };
}

/** @param order rows by falling probability. */
function cutsOf(
  order: readonly number[],
  probability: Float64Array,
  y: Int8Array,
): Cut[] {
  const cuts: Cut[] = [];
  let called = 0, truePositives = 0, falsePositives = 0;
  for (let step = STEPS; step >= -STEPS; step--) {
    const threshold = thresholdAt(step);
    for (; called < order.length; called++) {
      const i = order[called];
      if (!(probability[i] > threshold)) break;
      if (y[i] === 1) truePositives++;
      if (y[i] === 0) falsePositives++;
    }
    const cut = { threshold, truePositives, falsePositives, called };
    // A cut stands for all thresholds up to the next one.
    if (cuts.at(-1)?.called === called) cuts[cuts.length - 1] = cut;
    else cuts.push(cut);
  }
  return cuts.reverse();
}

/** A point per distinct probability of a labelled row. */
function curveOf(
  order: readonly number[],
  probability: Float64Array,
  y: Int8Array,
  beacons: number,
): CurvePoint[] {
  const labelled = order.filter((i) => y[i] >= 0);
  const points: CurvePoint[] = [];
  let found = 0;
  labelled.forEach((i, k) => {
    found += y[i];
    const next = labelled[k + 1];
    if (next !== undefined && probability[next] === probability[i]) return;
    points.push({ recall: found / beacons, precision: found / (k + 1) });
  });
  return points;
}

/** At most {@link KEPT}, evenly chosen; the ends stay. */
export function thinned<T>(values: readonly T[]): readonly T[] {
  if (values.length <= KEPT) return values;
  const step = (values.length - 1) / (KEPT - 1);
  return Array.from({ length: KEPT }, (_, i) => values[Math.round(i * step)]);
}

/** How well a net does, for whoever finds it later. */
export type NetMetrics = Omit<Training, "net" | "hits" | "judged"> & {
  readonly loss: number;
  readonly nIter: number;
  readonly converged: boolean;
  /** At most 200 of its points. */
  readonly lossCurve: readonly number[];
  /** Likewise of the test part; empty where nobody asked. */
  readonly heldOutCurve: readonly number[];
  /** On the test part and the rows without a label. */
  readonly review: Review;
};

/** @param heldOut log loss of the test part after each iteration. */
export function netMetrics(
  training: Training,
  heldOut: readonly number[] = [],
): NetMetrics {
  const { net, hits: _, judged, ...rest } = training;
  const { loss, nIter, converged, lossCurve } = net.model;
  return {
    loss,
    nIter,
    converged,
    ...rest,
    lossCurve: thinned(lossCurve),
    heldOutCurve: thinned(heldOut),
    review: reviewOf(judged),
  };
}
