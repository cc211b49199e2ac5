import type { FeatureMatrix } from "../feature_matrix.ts";
import { checkParams, type Params } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkMatrix } from "./check.ts";
import { quantile } from "./quantile.ts";
import { FittedScaling, readScaling, type Scaling } from "./scaling.ts";

/** It has none. */
export const ROBUST_SCALER_PARAMS = {} as const satisfies Params;

const KIND = "RobustScaler";

/**
 * Takes the median off every feature and divides by the distance of its
 * quartiles (by 1 where that is 0): a few huge transfers do not flatten the
 * rest. As scikit-learn's RobustScaler.
 *
 * ```ts
 * import { RobustScaler } from "./robust_scaler.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const X = featureMatrix(Float64Array.of(1, 2, 3, 4, 1e9), ["bytes"]);
 * const scaler = await RobustScaler.fit(X);
 * assert.deepEqual([...scaler.transform(X).data].slice(0, 4), [-1, -0.5, 0, 0.5]);
 * ```
 */
export class RobustScaler extends FittedScaling {
  /** Shape (nFeatures,): the median, in the feature's unit. */
  declare readonly center: Float64Array;
  /** Shape (nFeatures,): third less first quartile, 1 where that is 0. */
  declare readonly scale: Float64Array;

  private constructor(scaling: Scaling) {
    super(KIND, scaling);
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
  ): Promise<RobustScaler> {
    const what = "fit RobustScaler";
    checkParams(what, ROBUST_SCALER_PARAMS, params);
    const pacer = new Pacer(options.signal);
    await checkMatrix(what, X, pacer);
    const d = X.nFeatures;
    const center = new Float64Array(d), scale = new Float64Array(d);
    const column = new Float64Array(X.nSamples);
    for (let k = 0; k < d; k++) {
      for (let i = 0; i < column.length; i++) column[i] = X.data[i * d + k];
      center[k] = quantile(column, 0.5);
      const range = quantile(column, 0.75) - quantile(column, 0.25);
      scale[k] = range < 10 * Number.EPSILON ? 1 : range;
      const done = k + 1;
      options.onProgress?.({
        stage: "scaling",
        done,
        total: d,
        unit: "features",
      });
      if (pacer.due) await pacer.rest();
    }
    return new RobustScaler({ featureNames: X.featureNames, center, scale });
  }

  /** @throws SyntaxError when the value is not what `toJSON` gives. */
  static fromJSON(value: unknown): RobustScaler {
    return new RobustScaler(readScaling(KIND, value, ["center"]));
  }
}
