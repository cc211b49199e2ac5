import type { FeatureMatrix } from "../feature_matrix.ts";
import { leaseAt } from "../kernels.ts";
import { checkParams, type Params } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkRows } from "./check.ts";
import { columnMoments, momentsNeed } from "./column_moments.ts";
import { FittedScaling, readScaling } from "./scaling.ts";

/** It has none. */
export const STANDARD_SCALER_PARAMS = {} as const satisfies Params;

const KIND = "StandardScaler";

/** What a fit measures. */
type Moments = Record<"mean" | "variance" | "scale", Float64Array> & {
  readonly featureNames: readonly string[];
};

/**
 * Brings every feature to mean 0 and variance 1; a constant feature only to 0.
 * As scikit-learn's StandardScaler.
 *
 * ```ts
 * import { StandardScaler } from "./standard_scaler.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const X = featureMatrix(Float64Array.of(1, 3), ["duration"]);
 * const scaler = await StandardScaler.fit(X);
 * assert.deepEqual([...scaler.transform(X).data], [-1, 1]);
 * ```
 */
export class StandardScaler extends FittedScaling {
  /** Shape (nFeatures,), in the feature's unit: the center. */
  readonly mean: Float64Array;
  /** Shape (nFeatures,), in the feature's unit squared. */
  readonly variance: Float64Array;
  /** Shape (nFeatures,): the standard deviation, 1 for a constant feature. */
  declare readonly scale: Float64Array;

  private constructor({ featureNames, mean, variance, scale }: Moments) {
    super(KIND, { featureNames, center: mean, scale });
    this.mean = mean;
    this.variance = variance;
    Object.freeze(this);
  }

  /**
   * @throws TypeError for a matrix whose parts do not fit together; RangeError
   * without rows or for a value that is not finite.
   */
  static async fit(
    X: FeatureMatrix,
    params: Record<string, never> = {},
    options: RunOptions = {},
  ): Promise<StandardScaler> {
    const what = "fit StandardScaler";
    checkParams(what, STANDARD_SCALER_PARAMS, params);
    const pacer = new Pacer(options.signal);
    checkRows(what, X, pacer);
    using kernels = leaseAt(X.data, momentsNeed(what, X));
    const { mean, variance } = await columnMoments(kernels, what, X, pacer);
    options.onProgress?.({
      stage: "scaling",
      done: X.nSamples,
      total: X.nSamples,
      unit: "rows",
    });
    const scale = variance.map((v, k) =>
      isConstant(v, mean[k], X.nSamples) ? 1 : Math.sqrt(v)
    );
    return new StandardScaler({
      featureNames: X.featureNames,
      mean,
      variance,
      scale,
    });
  }

  /** @throws SyntaxError when the value is not what `toJSON` gives. */
  static fromJSON(value: unknown): StandardScaler {
    return new StandardScaler(readScaling(KIND, value, ["mean", "variance"]));
  }

  protected override measured(): Readonly<Record<string, Float64Array>> {
    const { mean, variance, scale } = this;
    return { mean, variance, scale };
  }
}

/**
 * Whether a variance is no more than the rounding of its computation (Chan,
 * Golub, LeVeque 1983), as scikit-learn judges it.
 */
function isConstant(variance: number, mean: number, n: number): boolean {
  const rounding = n * Number.EPSILON;
  return variance <= rounding * variance + (rounding * mean) ** 2;
}
