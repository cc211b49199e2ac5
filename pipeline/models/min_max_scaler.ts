import type { FeatureMatrix } from "../feature_matrix.ts";
import { checkParams, type Params } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkMatrix } from "./check.ts";
import { FittedScaling, readScaling, type Scaling } from "./scaling.ts";

/** It has none. */
export const MIN_MAX_SCALER_PARAMS = {} as const satisfies Params;

const KIND = "MinMaxScaler";

/**
 * Brings every feature to [0, 1]; a constant one to 0. As scikit-learn's
 * MinMaxScaler. New rows may lie outside.
 *
 * ```ts
 * import { MinMaxScaler } from "./min_max_scaler.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const X = featureMatrix(Float64Array.of(10, 30, 20), ["duration"]);
 * const scaler = await MinMaxScaler.fit(X);
 * assert.deepEqual([...scaler.transform(X).data], [0, 1, 0.5]);
 * ```
 */
export class MinMaxScaler extends FittedScaling {
  /** Shape (nFeatures,): the smallest value, in the feature's unit. */
  declare readonly center: Float64Array;
  /** Shape (nFeatures,): largest less smallest value, 1 where that is 0. */
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
  ): Promise<MinMaxScaler> {
    const what = "fit MinMaxScaler";
    checkParams(what, MIN_MAX_SCALER_PARAMS, params);
    const pacer = new Pacer(options.signal);
    await checkMatrix(what, X, pacer);
    const { data, nFeatures: d } = X;
    const low = data.slice(0, d), high = data.slice(0, d);
    for (let i = d; i < data.length; i += d) {
      for (let k = 0; k < d; k++) {
        const x = data[i + k];
        if (x < low[k]) low[k] = x;
        if (x > high[k]) high[k] = x;
      }
      // A look at the clock every few rows would take longer than the rows.
      if (i % (4096 * d) === 0 && pacer.due) await pacer.rest();
    }
    const scale = high.map((x, k) =>
      x - low[k] < 10 * Number.EPSILON ? 1 : x - low[k]
    );
    const { featureNames, nSamples: done } = X;
    options.onProgress?.({ stage: "scaling", done, total: done, unit: "rows" });
    return new MinMaxScaler({ featureNames, center: low, scale });
  }

  /** @throws SyntaxError when the value is not what `toJSON` gives. */
  static fromJSON(value: unknown): MinMaxScaler {
    return new MinMaxScaler(readScaling(KIND, value, ["center"]));
  }
}
