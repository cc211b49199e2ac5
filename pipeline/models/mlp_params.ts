import type { Params, ValuesOf } from "../options.ts";

/** Parameters of MLPClassifier, named and, but for the first, set as in scikit-learn. */
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
    values: ["lbfgs", "adam", "sgd"],
    doc: "how the loss is minimised: lbfgs on all rows, the others in batches",
  },
  alpha: {
    kind: "number",
    default: 1e-5,
    min: 0,
    max: 1e6,
    doc: "strength of the penalty on squared weights",
  },
  classWeight: {
    kind: "choice",
    default: "none",
    values: ["none", "balanced"],
    doc: "balanced: both classes count the same, however rare one is",
  },
  precision: {
    kind: "choice",
    default: "mixed",
    values: ["mixed", "double"],
    doc: "mixed: rows in 32 bits, sums and, for lbfgs, the last steps in 64",
  },
  maxIter: {
    kind: "integer",
    default: 200,
    min: 1,
    max: 1_000_000,
    doc: "most iterations; with adam and sgd, most passes over the rows",
  },
  tol: {
    kind: "number",
    default: 1e-4,
    min: 0,
    max: 1,
    doc: "lbfgs ends where no component of the gradient is larger; " +
      "adam and sgd where the loss falls by no more for nIterNoChange passes",
  },
  maxFun: {
    kind: "integer",
    default: 15_000,
    min: 1,
    max: 100_000_000,
    doc: "lbfgs: most evaluations of the loss",
  },
  batchSize: {
    kind: "integer",
    default: 200,
    min: 1,
    max: 1_000_000,
    unit: "rows",
    doc: "adam and sgd: rows of one step",
  },
  learningRateInit: {
    kind: "number",
    default: 0.001,
    min: 0,
    above: true,
    max: 1000,
    doc: "adam and sgd: first length of a step",
  },
  learningRate: {
    kind: "choice",
    default: "constant",
    values: ["constant", "invscaling", "adaptive"],
    doc: "sgd: whether steps get shorter with the rows seen (invscaling) or " +
      "where the loss stops falling (adaptive)",
  },
  powerT: {
    kind: "number",
    default: 0.5,
    min: 0,
    max: 10,
    doc: "sgd with invscaling: exponent of the rows seen",
  },
  momentum: {
    kind: "number",
    default: 0.9,
    min: 0,
    max: 1,
    doc: "sgd: share of a step that the next keeps",
  },
  nesterovsMomentum: {
    kind: "boolean",
    default: true,
    doc: "sgd: look ahead along the momentum",
  },
  shuffle: {
    kind: "boolean",
    default: true,
    doc: "adam and sgd: take the rows in another order each time",
  },
  earlyStopping: {
    kind: "boolean",
    default: false,
    doc: "adam and sgd: hold rows back and end when they get no better",
  },
  validationFraction: {
    kind: "number",
    default: 0.1,
    min: 0,
    above: true,
    max: 0.9,
    doc: "earlyStopping: share of each class that is held back",
  },
  beta1: {
    kind: "number",
    default: 0.9,
    min: 0,
    max: 0.999999,
    doc: "adam: how slowly the mean gradient changes",
  },
  beta2: {
    kind: "number",
    default: 0.999,
    min: 0,
    max: 0.99999999,
    doc: "adam: how slowly its mean square changes",
  },
  epsilon: {
    kind: "number",
    default: 1e-8,
    min: 0,
    above: true,
    max: 1,
    doc: "adam: keeps a step from dividing by nothing",
  },
  nIterNoChange: {
    kind: "integer",
    default: 10,
    min: 1,
    max: 1_000_000,
    unit: "passes",
    doc: "adam and sgd: passes without gain that end the fit",
  },
  randomState: {
    kind: "integer",
    default: 1,
    min: 0,
    max: 2 ** 32 - 1,
    doc: "seed of the first weights and of the order of rows",
  },
} as const satisfies Params;

export type MLPClassifierParams = Partial<ValuesOf<typeof MLP_PARAMS>>;
export type MLPValues = ValuesOf<typeof MLP_PARAMS>;

/** Where a fit ended. */
export interface MLPResult {
  /** Per layer weights (in, out) row-major and then biases. */
  readonly x: Float64Array;
  readonly value: number;
  readonly nIter: number;
  readonly converged: boolean;
  readonly curve: readonly number[];
  /** Accuracy on the rows held back, after each pass. */
  readonly validation: readonly number[];
}
