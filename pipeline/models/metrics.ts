/** How well predicted classes (0 or 1) meet the true ones. */

/** Counts of a binary prediction. */
export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

type Values = ArrayLike<number>;

/**
 * @throws TypeError when the lengths differ; RangeError without any values or
 * for a class that is neither 0 nor 1.
 *
 * ```ts
 * import { confusionMatrix } from "./metrics.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(confusionMatrix([1, 1, 0], [1, 0, 0]), {
 *   truePositives: 1,
 *   falsePositives: 0,
 *   falseNegatives: 1,
 *   trueNegatives: 1,
 * });
 * ```
 */
export function confusionMatrix(
  yTrue: Values,
  yPredicted: Values,
): ConfusionMatrix {
  checkPair("confusionMatrix", yTrue, yPredicted);
  checkClasses("confusionMatrix", yPredicted);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < yTrue.length; i++) {
    counts[2 * yTrue[i] + yPredicted[i]]++;
  }
  return Object.freeze({
    truePositives: counts[3],
    falsePositives: counts[1],
    falseNegatives: counts[2],
    trueNegatives: counts[0],
  });
}

/** Share of right predictions. */
export function accuracy(yTrue: Values, yPredicted: Values): number {
  const m = confusionMatrix(yTrue, yPredicted);
  return (m.truePositives + m.trueNegatives) / yTrue.length;
}

/** Share of predicted 1s that are right; 0 where none is predicted. */
export function precision(yTrue: Values, yPredicted: Values): number {
  const m = confusionMatrix(yTrue, yPredicted);
  return ratio(m.truePositives, m.truePositives + m.falsePositives);
}

/** Share of true 1s that are found; 0 where there is none. */
export function recall(yTrue: Values, yPredicted: Values): number {
  const m = confusionMatrix(yTrue, yPredicted);
  return ratio(m.truePositives, m.truePositives + m.falseNegatives);
}

/** Harmonic mean of precision and recall. */
export function f1(yTrue: Values, yPredicted: Values): number {
  const m = confusionMatrix(yTrue, yPredicted);
  const wrong = m.falsePositives + m.falseNegatives;
  return ratio(2 * m.truePositives, 2 * m.truePositives + wrong);
}

/** Farther from 0 and 1 than this, so that a wrong certainty costs not all. */
const CERTAIN = 2.220446049250313e-16;

/**
 * Mean of −log of the probability that the true class was given, as
 * scikit-learn's `log_loss`.
 *
 * @param probabilities of class 1.
 * @throws as {@link averagePrecision}.
 *
 * ```ts
 * import { logLoss } from "./metrics.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(logLoss([1, 0], [0.5, 0.5]), Math.log(2));
 * ```
 */
export function logLoss(yTrue: Values, probabilities: Values): number {
  checkPair("logLoss", yTrue, probabilities);
  let sum = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const p = yTrue[i] === 1 ? probabilities[i] : 1 - probabilities[i];
    sum -= Math.log(Math.min(1 - CERTAIN, Math.max(CERTAIN, p)));
  }
  return sum / yTrue.length;
}

/**
 * Σ (recallₙ − recallₙ₋₁) · precisionₙ over falling score thresholds, equal
 * scores taken together, as scikit-learn's `average_precision_score`.
 *
 * @param scores higher means more likely 1.
 * @returns 0 where there is no true 1.
 */
export function averagePrecision(yTrue: Values, scores: Values): number {
  checkPair("averagePrecision", yTrue, scores);
  const order = Array.from({ length: scores.length }, (_, i) => i)
    .sort((i, j) => scores[j] - scores[i]);
  let found = 0, sum = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    let positives = 0;
    for (; scores[order[to]] === scores[order[from]]; to++) {
      positives += yTrue[order[to]];
    }
    found += positives;
    sum += positives * (found / to);
  }
  return ratio(sum, found);
}

/** One way to cut scores into 0 and 1, and what it costs. */
export interface RocPoint {
  /** Scores of at least this are called 1. */
  readonly threshold: number;
  /** Share of true 0s called 1. */
  readonly falsePositiveRate: number;
  /** Share of true 1s called 1. */
  readonly truePositiveRate: number;
}

/**
 * The receiver operating characteristic: a point per score, falling, after one
 * with the threshold Infinity where nothing is called 1. Equal scores are taken
 * together, as scikit-learn's `roc_curve` with `drop_intermediate=False`.
 *
 * @param scores higher means more likely 1.
 * @throws TypeError when the lengths differ; RangeError without values of both
 * classes.
 */
export function rocCurve(yTrue: Values, scores: Values): RocPoint[] {
  checkPair("rocCurve", yTrue, scores);
  const ones = Array.from(yTrue).reduce((a, b) => a + b, 0);
  const zeros = yTrue.length - ones;
  if (ones === 0 || zeros === 0) {
    throw new RangeError(
      "Cannot compute rocCurve: values of both classes are needed, got only " +
        `class ${ones === 0 ? 0 : 1}`,
    );
  }
  const order = Array.from({ length: scores.length }, (_, i) => i)
    .sort((i, j) => scores[j] - scores[i]);
  const points = [point(Infinity, 0, 0)];
  let right = 0, wrong = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    const threshold = scores[order[from]];
    for (; to < order.length && scores[order[to]] === threshold; to++) {
      if (yTrue[order[to]] === 1) right++;
      else wrong++;
    }
    points.push(point(threshold, wrong / zeros, right / ones));
  }
  return points;
}

function point(
  threshold: number,
  falsePositiveRate: number,
  truePositiveRate: number,
): RocPoint {
  return Object.freeze({ threshold, falsePositiveRate, truePositiveRate });
}

/**
 * Area under the ROC curve: how often a true 1 has a higher score than a true
 * 0, ties counting half.
 *
 * @throws as {@link rocCurve}.
 *
 * ```ts
 * import { rocAuc } from "./metrics.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.75);
 * ```
 */
export function rocAuc(yTrue: Values, scores: Values): number {
  const points = rocCurve(yTrue, scores);
  return points.slice(1).reduce((sum, b, i) => {
    const a = points[i];
    const height = (a.truePositiveRate + b.truePositiveRate) / 2;
    return sum + (b.falsePositiveRate - a.falsePositiveRate) * height;
  }, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function checkPair(name: string, yTrue: Values, other: Values): void {
  if (yTrue.length !== other.length) {
    throw new TypeError(
      `Cannot compute ${name}: ${yTrue.length} true classes, ` +
        `${other.length} predictions`,
    );
  }
  if (yTrue.length === 0) {
    throw new RangeError(`Cannot compute ${name}: there are no values`);
  }
  checkClasses(name, yTrue);
  for (let i = 0; i < other.length; i++) {
    if (Number.isNaN(other[i])) {
      throw new RangeError(`Cannot compute ${name}: prediction ${i} is NaN`);
    }
  }
}

function checkClasses(name: string, values: Values): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0 || values[i] === 1) continue;
    throw new RangeError(
      `Cannot compute ${name}: class ${i} must be 0 or 1, got ${values[i]}`,
    );
  }
}
