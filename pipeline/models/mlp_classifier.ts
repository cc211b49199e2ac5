import type { FeatureMatrix } from "../feature_matrix.ts";
import { lease } from "../kernels.ts";
import { checkParams } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkFeatures, checkMatrix } from "./check.ts";
import { lbfgs, type Objective } from "./lbfgs.ts";
import {
  MLP_PARAMS,
  type MLPClassifierParams,
  type MLPResult,
  type MLPValues as Values,
} from "./mlp_params.ts";
import { fitInBatches } from "./mlp_stochastic.ts";
import {
  countParams,
  initialParams,
  layerSlices,
  MLPNetwork,
  networkBytes,
  type TrainingData,
  type Width,
} from "./mlp_network.ts";
import { encodeArray, type ModelJson, ModelReader } from "./model_json.ts";
import { RandomState } from "./random.ts";

export interface MLPClassifierOptions extends RunOptions {
  /**
   * Weights to start from, per layer (in, out) row-major and then the biases;
   * an earlier model's `weights` for a warm start.
   */
  readonly initialWeights?: Float64Array;
  /**
   * Gets the loss after each iteration or pass, to draw the curve live, and
   * what the net as it then is says of other rows, as `predictProba` does.
   */
  readonly onLoss?: (
    loss: number,
    predictProba: (X: FeatureMatrix) => Float64Array,
  ) => void;
}

const KIND = "MLPClassifier";
const VERSION = 1;
const WHAT = "fit MLPClassifier";

/**
 * A multilayer perceptron for two classes, with the loss, penalty, first
 * weights, batches and stopping rules of scikit-learn's MLPClassifier. Which
 * rows `earlyStopping` holds back is its own.
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
  /** Accuracy on the rows held back, after each pass; as lossCurve. */
  readonly validationScores: readonly number[];
  readonly nIter: number;
  /** False where maxIter or maxFun ended the fit. */
  readonly converged: boolean;

  private constructor(
    params: Values,
    featureNames: readonly string[],
    result: MLPResult,
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
    this.validationScores = Object.freeze([...result.validation]);
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
    const random = new RandomState(values.randomState);
    const start = startOf(values, sizes, random, options.initialWeights);
    using kernels = lease({
      what: WHAT,
      nSamples: X.nSamples,
      nFeatures: X.nFeatures,
      bytes: networkBytes(sizes, X.nSamples),
    });
    const network = new MLPNetwork(
      kernels,
      sizes,
      values.activation,
      weightsOf(values, y),
    );
    const report: Report = (done, loss, weights) => {
      if (loss !== undefined) {
        options.onLoss?.(loss, (Y) => ask(values, Y, weights!()));
      }
      options.onProgress?.({
        stage: "training",
        done,
        total: values.maxIter,
        unit: "iterations",
      });
    };
    report(0);
    const result = values.solver === "lbfgs"
      ? await fitWhole(network, X, y, start, values, pacer, report)
      : await fitInBatches(
        network,
        X,
        y,
        start,
        values,
        random,
        pacer,
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
    return ask(this.params, X, this.weights);
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
      validation: [],
    });
  }
}

/** How far a fit is; after each iteration its loss and weights, too. */
type Report = (
  done: number,
  loss?: number,
  weights?: () => Float64Array,
) => void;

/** Shape (nSamples,): probability of class 1 with those weights. */
function ask(
  values: Values,
  X: FeatureMatrix,
  weights: Float64Array,
): Float64Array {
  using kernels = lease();
  const sizes = sizesOf(values, X.nFeatures);
  return new MLPNetwork(kernels, sizes, values.activation)
    .probabilities(X, weights);
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
  random: RandomState,
  initialWeights?: Float64Array,
): Float64Array {
  if (!initialWeights) {
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

/** What a sample of either class counts; 1 on the average. */
function weightsOf(
  { classWeight }: Values,
  y: ArrayLike<number>,
): readonly [number, number] {
  if (classWeight === "none") return [1, 1];
  let ones = 0;
  for (let i = 0; i < y.length; i++) ones += y[i];
  return [y.length / (2 * (y.length - ones)), y.length / (2 * ones)];
}

/**
 * L-BFGS on all rows. In mixed precision it goes as far as 32 bits take it and
 * ends in 64, so that loss and gradient at the end are as exact as they say.
 */
async function fitWhole(
  network: MLPNetwork,
  X: FeatureMatrix,
  y: ArrayLike<number>,
  start: Float64Array,
  { alpha, precision, maxIter, maxFun, tol }: Values,
  pacer: Pacer,
  report: Report,
): Promise<MLPResult> {
  const load = async (width: Width) =>
    objective(network, await network.load(X, y, pacer, width), alpha, pacer);
  const result = await lbfgs(
    await load(8),
    start,
    { maxIter, maxFun, gtol: tol },
    (nIter, value, x) => report(nIter, value, () => x),
    precision === "mixed" ? await load(4) : undefined,
  );
  return { ...result, validation: [] };
}

/** Mean log loss plus alpha / 2n times the sum of squared weights. */
function objective(
  network: MLPNetwork,
  data: TrainingData,
  alpha: number,
  pacer: Pacer,
): Objective {
  const layers = layerSlices(network.sizes);
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
