import type { FeatureMatrix } from "../feature_matrix.ts";
import { lease } from "../kernels.ts";
import { checkParams, type Params } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkRows } from "./check.ts";
import { columnMoments } from "./column_moments.ts";
import { encodeArray, type ModelJson, ModelReader } from "./model_json.ts";
import { applyScaling } from "./scaling.ts";

/** It has none. */
export const STANDARD_SCALER_PARAMS = {} as const satisfies Params;

const KIND = "StandardScaler";
const VERSION = 1;

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
export class StandardScaler {
  readonly featureNames: readonly string[];
  /** Shape (nFeatures,), in the feature's unit. */
  readonly mean: Float64Array;
  /** Shape (nFeatures,), in the feature's unit squared. */
  readonly variance: Float64Array;
  /** Shape (nFeatures,): the standard deviation, 1 for a constant feature. */
  readonly scale: Float64Array;

  private constructor(
    featureNames: readonly string[],
    mean: Float64Array,
    variance: Float64Array,
    scale: Float64Array,
  ) {
    this.featureNames = Object.freeze([...featureNames]);
    this.mean = mean;
    this.variance = variance;
    this.scale = scale;
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
    using kernels = lease();
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
    return new StandardScaler(X.featureNames, mean, variance, scale);
  }

  /**
   * (x − mean) / scale.
   *
   * @param out where the values go; may be X.data. A new array by default.
   * @throws TypeError for other features; RangeError for a value that is not
   * finite.
   */
  transform(X: FeatureMatrix, out?: Float64Array): FeatureMatrix {
    const { featureNames, mean: center, scale } = this;
    const what = "transform with StandardScaler";
    return applyScaling(what, { featureNames, center, scale }, X, out);
  }

  toJSON(): ModelJson {
    return {
      kind: KIND,
      version: VERSION,
      params: {},
      featureNames: this.featureNames,
      mean: encodeArray(this.mean),
      variance: encodeArray(this.variance),
      scale: encodeArray(this.scale),
    };
  }

  /** @throws SyntaxError when the value is not what `toJSON` gives. */
  static fromJSON(value: unknown): StandardScaler {
    const reader = new ModelReader(KIND, VERSION, value);
    const names = reader.featureNames();
    const [mean, variance, scale] = ["mean", "variance", "scale"].map((field) =>
      reader.f64(field, names.length)
    );
    if (scale.some((s) => s <= 0)) reader.fail("scale must be positive");
    return new StandardScaler(names, mean, variance, scale);
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
