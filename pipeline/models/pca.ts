import { type FeatureMatrix, featureMatrix } from "../feature_matrix.ts";
import { leaseAt } from "../kernels.ts";
import { checkParams, type Params, type ValuesOf } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkFinite, checkNames, checkRows } from "./check.ts";
import { encodeArray, type ModelJson, ModelReader } from "./model_json.ts";
import { blockRows } from "./rows.ts";
import {
  diagonalize,
  needOf,
  project,
  projectForFit,
  scatterOf,
  variances,
  WHAT,
} from "./principal_axes.ts";

export const PCA_PARAMS = {
  nComponents: {
    kind: "integer",
    default: 2,
    min: 1,
    max: 1024,
    doc: "components to keep, at most the number of features and of rows",
  },
  whiten: {
    kind: "boolean",
    default: false,
    doc: "bring every component to variance 1",
  },
} as const satisfies Params;

export type PCAParams = Partial<ValuesOf<typeof PCA_PARAMS>>;

const KIND = "PCA";
const VERSION = 1;

export interface FitTransformOptions extends RunOptions {
  /** Where the values go, shape (nSamples, nComponents). New by default. */
  readonly out?: Float64Array;
}

interface PCAFit {
  readonly params: ValuesOf<typeof PCA_PARAMS>;
  readonly featureNames: readonly string[];
  readonly mean: Float64Array;
  readonly components: Float64Array;
  readonly explainedVariance: Float64Array;
  readonly explainedVarianceRatio: Float64Array;
  readonly singularValues: Float64Array;
}

/**
 * Principal components of centered, unscaled features, largest variance first.
 *
 * Signs are scikit-learn's (1.2, `svd_flip` on U): per component, the sample
 * that lies farthest out (the first of equals) lies on the positive side.
 *
 * ```ts
 * import { PCA } from "./pca.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const X = featureMatrix(Float64Array.of(0, 0, 1, 1, 3, 3), ["a", "b"]);
 * const pca = await PCA.fit(X, { nComponents: 1 });
 * assert.equal(pca.explainedVarianceRatio[0].toFixed(9), "1.000000000");
 * ```
 */
export class PCA {
  readonly params: ValuesOf<typeof PCA_PARAMS>;
  readonly featureNames: readonly string[];
  readonly nComponents: number;
  /** Shape (nFeatures,). */
  readonly mean: Float64Array;
  /** Shape (nComponents, nFeatures), row-major; rows of length 1. */
  readonly components: Float64Array;
  /** Shape (nComponents,), divided by n − 1. */
  readonly explainedVariance: Float64Array;
  /** Shape (nComponents,), share of the whole variance; 0 where that is 0. */
  readonly explainedVarianceRatio: Float64Array;
  /** Shape (nComponents,). */
  readonly singularValues: Float64Array;

  private constructor(fit: PCAFit) {
    this.params = fit.params;
    this.featureNames = Object.freeze([...fit.featureNames]);
    this.nComponents = fit.params.nComponents;
    this.mean = fit.mean;
    this.components = fit.components;
    this.explainedVariance = fit.explainedVariance;
    this.explainedVarianceRatio = fit.explainedVarianceRatio;
    this.singularValues = fit.singularValues;
    Object.freeze(this);
  }

  /**
   * @throws RangeError when nComponents is more than there are features or
   * rows, with fewer than two rows, or for a value that is not finite.
   */
  static async fit(
    X: FeatureMatrix,
    params: PCAParams = {},
    options: RunOptions = {},
  ): Promise<PCA> {
    return new PCA((await fitted(X, params, options)).fit);
  }

  /**
   * `fit` and `transform` of the same rows, to the same values, in one pass
   * less: a fit projects all rows to learn their components' signs.
   *
   * @throws what they throw.
   */
  static async fitTransform(
    X: FeatureMatrix,
    params: PCAParams = {},
    options: FitTransformOptions = {},
  ): Promise<{ readonly pca: PCA; readonly projected: FeatureMatrix }> {
    const { nComponents } = checkParams(WHAT, PCA_PARAMS, params);
    const { out = new Float64Array(X.nSamples * nComponents) } = options;
    checkOut(WHAT, out, X.nSamples * nComponents);
    const { fit, flipped } = await fitted(X, params, options, out);
    flipped.forEach((isFlipped, c) => {
      if (!isFlipped) return;
      // A difference, as transform never gives −0.
      for (let i = c; i < out.length; i += nComponents) out[i] = 0 - out[i];
    });
    const names = componentNames(nComponents);
    return { pca: new PCA(fit), projected: featureMatrix(out, names, X.keys) };
  }

  /**
   * Shape (nSamples, nComponents), features "pc1", "pc2", …
   *
   * @param out where the values go. A new array by default.
   * @throws TypeError for other features; RangeError for a value that is not
   * finite.
   */
  transform(
    X: FeatureMatrix,
    out: Float64Array = new Float64Array(X.nSamples * this.nComponents),
  ): FeatureMatrix {
    const what = "transform with PCA", m = this.nComponents;
    checkNames(what, X, this.featureNames);
    checkOut(what, out, X.nSamples * m);
    using kernels = leaseAt(X.data, needOf(what, X, m));
    for (const block of project(kernels, X, this.mean, axesOf(this), out)) {
      const { from, rows, check } = block;
      if (check !== 0) checkFinite(what, X, from, from + rows);
    }
    return featureMatrix(out, componentNames(m), X.keys);
  }

  toJSON(): ModelJson {
    return {
      kind: KIND,
      version: VERSION,
      params: this.params,
      featureNames: this.featureNames,
      mean: encodeArray(this.mean),
      components: encodeArray(this.components),
      explainedVariance: encodeArray(this.explainedVariance),
      explainedVarianceRatio: encodeArray(this.explainedVarianceRatio),
      singularValues: encodeArray(this.singularValues),
    };
  }

  /** @throws SyntaxError when the value is not what `toJSON` gives. */
  static fromJSON(value: unknown): PCA {
    const reader = new ModelReader(KIND, VERSION, value);
    const params = reader.params((given) =>
      checkParams("read PCA", PCA_PARAMS, given)
    );
    const featureNames = reader.featureNames();
    const m = params.nComponents, d = featureNames.length;
    return new PCA({
      params,
      featureNames,
      mean: reader.f64("mean", d),
      components: reader.f64("components", m * d),
      explainedVariance: reader.f64("explainedVariance", m),
      explainedVarianceRatio: reader.f64("explainedVarianceRatio", m),
      singularValues: reader.f64("singularValues", m),
    });
  }
}

/**
 * @param out where the projected rows go, before any component is flipped.
 * @returns flipped: which components were turned to have scikit-learn's sign
 * after that.
 */
async function fitted(
  X: FeatureMatrix,
  params: PCAParams,
  options: RunOptions,
  out?: Float64Array,
): Promise<{ readonly fit: PCAFit; readonly flipped: readonly boolean[] }> {
  const values = checkParams(WHAT, PCA_PARAMS, params);
  const pacer = new Pacer(options.signal);
  checkRows(WHAT, X, pacer);
  checkComponents(values.nComponents, X);
  const d = X.nFeatures, m = values.nComponents;
  using kernels = leaseAt(X.data, needOf(WHAT, X, m));
  const { mean, scatter } = await scatterOf(kernels, X, pacer);
  const { eigenvalues, vectors } = diagonalize(kernels, scatter, d);
  const fit = {
    params: values,
    featureNames: X.featureNames,
    mean,
    components: vectors.slice(0, m * d),
    ...variances(eigenvalues, X.nSamples, m),
  };
  // Turned by the first rows, most components are right by all of them, and
  // what is projected need not be turned again.
  const first = firstRows(X);
  turn(fit, await projectForFit(kernels, first, mean, axesOf(fit), pacer));
  const extremes = await projectForFit(
    kernels,
    X,
    mean,
    axesOf(fit),
    pacer,
    out,
  );
  const flipped = turn(fit, extremes);
  options.onProgress?.({
    stage: "projecting",
    done: X.nSamples,
    total: X.nSamples,
    unit: "rows",
  });
  return { fit, flipped };
}

/** Turns the components whose extreme is negative. @returns which those are. */
function turn({ components }: PCAFit, extremes: Float64Array): boolean[] {
  const flipped = Array.from(extremes, (extreme) => extreme < 0);
  const d = components.length / extremes.length;
  components.forEach((v, i) => {
    if (flipped[Math.floor(i / d)]) components[i] = -v;
  });
  return flipped;
}

/** As many rows as are projected at a time. */
function firstRows(X: FeatureMatrix): FeatureMatrix {
  const values = X.data.subarray(0, blockRows(X) * X.nFeatures);
  return featureMatrix(values, X.featureNames);
}

/** The components that rows are projected on; of length 1 / σ to whiten. */
function axesOf({ params, components, explainedVariance }: PCAFit) {
  if (!params.whiten) return components;
  const d = components.length / explainedVariance.length;
  return components.map((c, i) => {
    const variance = explainedVariance[Math.floor(i / d)];
    return variance > 0 ? c / Math.sqrt(variance) : c;
  });
}

function componentNames(m: number): string[] {
  return Array.from({ length: m }, (_, c) => `pc${c + 1}`);
}

function checkOut(what: string, { length }: Float64Array, values: number) {
  if (length === values) return;
  throw new TypeError(
    `Cannot ${what}: out must hold ${values} values, got ${length}`,
  );
}

function checkComponents(nComponents: number, X: FeatureMatrix): void {
  if (X.nSamples < 2) {
    throw new RangeError(`Cannot ${WHAT}: at least 2 rows are needed, got 1`);
  }
  const most = Math.min(X.nSamples, X.nFeatures);
  if (nComponents > most) {
    throw new RangeError(
      `Cannot ${WHAT}: nComponents must be an integer in [1, ${most}], ` +
        `got ${nComponents}`,
    );
  }
}
