import type { FeatureMatrix } from "../feature_matrix.ts";
import { lease } from "../kernels.ts";
import { checkParams, type Params, type ValuesOf } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkFeatures, checkMatrix } from "./check.ts";
import { lbfgs, type LbfgsResult, type Objective } from "./lbfgs.ts";
import {
  countParams,
  initialParams,
  layerSlices,
  MLPNetwork,
  networkBytes,
  type TrainingData,
} from "./mlp_network.ts";
import { encodeArray, type ModelJson, ModelReader } from "./model_json.ts";
import { RandomState } from "./random.ts";

export const MLP_PARAMS = {
  hiddenLayerSizes: {
    kind: "integers",
    default: [5, 3],
    min: 1,
    max: 1024,
    maxLength: 8,
    unit: "units",
    doc: "units of each hidden layer",
  },
  activation: {
    kind: "choice",
    default: "logistic",
    values: ["logistic", "tanh", "relu", "identity"],
    doc: "function of the hidden units",
  },
  solver: {
    kind: "choice",
    default: "lbfgs",
    values: ["lbfgs"],
    doc: "how the loss is minimised",
  },
  alpha: {
    kind: "number",
    default: 1e-5,
    min: 0,
    max: 1e6,
    doc: "strength of the penalty on squared weights",
  },
  maxIter: {
    kind: "integer",
    default: 200,
    min: 1,
    max: 1_000_000,
    doc: "most iterations",
  },
  tol: {
    kind: "number",
    default: 1e-4,
    min: 0,
    max: 1,
    doc: "ends where no component of the gradient is larger",
  },
  maxFun: {
    kind: "integer",
    default: 15_000,
    min: 1,
    max: 100_000_000,
    doc: "most evaluations of the loss",
  },
  randomState: {
    kind: "integer",
    default: 1,
    min: 0,
    max: 2 ** 32 - 1,
    doc: "seed of the first weights",
  },
} as const satisfies Params;

export type MLPClassifierParams = Partial<ValuesOf<typeof MLP_PARAMS>>;
type Values = ValuesOf<typeof MLP_PARAMS>;

export interface MLPClassifierOptions extends RunOptions {
  /**
   * Weights to start from, per layer (in, out) row-major and then the biases;
   * an earlier model's `weights` for a warm start.
   */
  readonly initialWeights?: Float64Array;
}

const KIND = "MLPClassifier";
const VERSION = 1;
const WHAT = "fit MLPClassifier";

/**
 * A multilayer perceptron for two classes, with the loss, penalty, first
 * weights and stopping rules of scikit-learn's MLPClassifier with "lbfgs".
 *
 * ```ts
 * import { MLPClassifier } from "./mlp_classifier.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const X = featureMatrix(Float64Array.of(-2, -1, 1, 2), ["duration"]);
 * const model = await MLPClassifier.fit(X, [0, 0, 1, 1]);
 * assert.deepEqual([...model.predict(X)], [0, 0, 1, 1]);
 * ```
 */
export class MLPClassifier {
  readonly params: Values;
  readonly featureNames: readonly string[];
  /** Per layer weights (in, out) row-major and then biases. */
  readonly weights: Float64Array;
  /** Per layer shape (in, out), row-major. */
  readonly coefs: readonly Float64Array[];
  /** Per layer shape (out,). */
  readonly intercepts: readonly Float64Array[];
  /** Mean log loss of the training rows and penalty, at the end. */
  readonly loss: number;
  /** The same after each iteration; empty in a model read from JSON. */
  readonly lossCurve: readonly number[];
  readonly nIter: number;
  /** False where maxIter or maxFun ended the fit. */
  readonly converged: boolean;

  private constructor(
    params: Values,
    featureNames: readonly string[],
    result: Omit<LbfgsResult, "nEvaluations">,
  ) {
    this.params = params;
    this.featureNames = Object.freeze([...featureNames]);
    this.weights = result.x;
    const layers = layerSlices(sizesOf(params, featureNames.length));
    this.coefs = layers.map(({ nIn, nOut, at }) =>
      result.x.subarray(at, at + nIn * nOut)
    );
    this.intercepts = layers.map(({ nIn, nOut, at }) =>
      result.x.subarray(at + nIn * nOut, at + (nIn + 1) * nOut)
    );
    this.loss = result.value;
    this.lossCurve = Object.freeze([...result.curve]);
    this.nIter = result.nIter;
    this.converged = result.converged;
    Object.freeze(this);
  }

  /**
   * @param y shape (nSamples,): class 0 or 1 of each row.
   * @throws RangeError for a parameter out of range, a class other than 0 and
   * 1, rows of one class only, or a value that is not finite; TypeError for
   * wrong shapes; the signal's reason when aborted.
   */
  static async fit(
    X: FeatureMatrix,
    y: ArrayLike<number>,
    params: MLPClassifierParams = {},
    options: MLPClassifierOptions = {},
  ): Promise<MLPClassifier> {
    const values = checkParams(WHAT, MLP_PARAMS, params);
    const pacer = new Pacer(options.signal);
    await checkMatrix(WHAT, X, pacer);
    checkClasses(X, y);
    const sizes = sizesOf(values, X.nFeatures);
    const start = startOf(values, sizes, options.initialWeights);
    using kernels = lease({
      what: WHAT,
      nSamples: X.nSamples,
      nFeatures: X.nFeatures,
      bytes: networkBytes(sizes, X.nSamples),
    });
    const network = new MLPNetwork(kernels, sizes, values.activation);
    const data = await network.load(X, y, pacer);
    const report = (done: number) =>
      options.onProgress?.({
        stage: "training",
        done,
        total: values.maxIter,
        unit: "iterations",
      });
    report(0);
    const result = await lbfgs(
      objective(network, data, sizes, values.alpha, pacer),
      start,
      { maxIter: values.maxIter, maxFun: values.maxFun, gtol: values.tol },
      report,
    );
    return new MLPClassifier(values, X.featureNames, result);
  }

  /** Shape (nSamples,): 1 where the probability of class 1 is above ½. */
  predict(X: FeatureMatrix): Uint8Array {
    const probabilities = this.predictProba(X);
    return Uint8Array.from(probabilities, (p) => p > 0.5 ? 1 : 0);
  }

  /**
   * Shape (nSamples,): probability of class 1.
   *
   * @throws TypeError for other features than the model learned.
   */
  predictProba(X: FeatureMatrix): Float64Array {
    checkFeatures("predict with MLPClassifier", X, this.featureNames);
    using kernels = lease();
    const sizes = sizesOf(this.params, X.nFeatures);
    return new MLPNetwork(kernels, sizes, this.params.activation)
      .probabilities(X, this.weights);
  }

  toJSON(): ModelJson {
    return {
      kind: KIND,
      version: VERSION,
      params: this.params,
      featureNames: this.featureNames,
      weights: encodeArray(this.weights),
      loss: this.loss,
      nIter: this.nIter,
      converged: this.converged,
    };
  }

  /** @throws SyntaxError when the value is not what `toJSON` gives. */
  static fromJSON(value: unknown): MLPClassifier {
    const reader = new ModelReader(KIND, VERSION, value);
    const params = reader.params((given) =>
      checkParams("read MLPClassifier", MLP_PARAMS, given)
    );
    const names = reader.featureNames();
    return new MLPClassifier(params, names, {
      x: reader.f64("weights", countParams(sizesOf(params, names.length))),
      value: reader.number("loss"),
      nIter: reader.number("nIter"),
      converged: reader.boolean("converged"),
      curve: [],
    });
  }
}

function sizesOf(values: Values, nFeatures: number): readonly number[] {
  return [nFeatures, ...values.hiddenLayerSizes, 1];
}

function checkClasses(X: FeatureMatrix, y: ArrayLike<number>): void {
  if (y.length !== X.nSamples) {
    throw new TypeError(
      `Cannot ${WHAT}: ${X.nSamples} rows need as many classes, ` +
        `got ${y.length}`,
    );
  }
  const seen = [false, false];
  for (let i = 0; i < y.length; i++) {
    if (y[i] !== 0 && y[i] !== 1) {
      throw new RangeError(
        `Cannot ${WHAT}: the class of row ${i} must be 0 or 1, got ${y[i]}`,
      );
    }
    seen[y[i]] = true;
  }
  if (!seen[0] || !seen[1]) {
    throw new RangeError(
      `Cannot ${WHAT}: rows of both classes are needed, ` +
        `got only class ${seen[1] ? 1 : 0}`,
    );
  }
}

function startOf(
  values: Values,
  sizes: readonly number[],
  initialWeights?: Float64Array,
): Float64Array {
  if (!initialWeights) {
    const random = new RandomState(values.randomState);
    return initialParams(sizes, values.activation, random);
  }
  const length = countParams(sizes);
  if (initialWeights.length !== length) {
    throw new TypeError(
      `Cannot ${WHAT}: initialWeights must hold ${length} values, ` +
        `got ${initialWeights.length}`,
    );
  }
  const wrong = initialWeights.findIndex((v) => !Number.isFinite(v));
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot ${WHAT}: initialWeights[${wrong}] must be finite, ` +
        `got ${initialWeights[wrong]}`,
    );
  }
  return initialWeights;
}

/** Mean log loss plus alpha / 2n times the sum of squared weights. */
function objective(
  network: MLPNetwork,
  data: TrainingData,
  sizes: readonly number[],
  alpha: number,
  pacer: Pacer,
): Objective {
  const layers = layerSlices(sizes);
  const strength = alpha / data.nSamples;
  return async (x, gradient) => {
    const loss = await network.lossAndGradient(data, x, gradient, pacer);
    let squares = 0;
    for (const { nIn, nOut, at } of layers) {
      for (let i = at; i < at + nIn * nOut; i++) {
        squares += x[i] * x[i];
        gradient[i] += strength * x[i];
      }
    }
    return loss + 0.5 * strength * squares;
  };
}
