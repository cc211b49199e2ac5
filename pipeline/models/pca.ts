import { type FeatureMatrix, featureMatrix } from "../feature_matrix.ts";
import { type Lease, lease, type P } from "../kernels.ts";
import { checkParams, type Params, type ValuesOf } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkFinite, checkNames, checkRows } from "./check.ts";
import { columnMoments } from "./column_moments.ts";
import { encodeArray, type ModelJson, ModelReader } from "./model_json.ts";
import { blockRows, rowBlocks, stagingFor } from "./rows.ts";

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
const WHAT = "fit PCA";
/** Sweeps of Jacobi rotations; six or so are usual. */
const MOST_SWEEPS = 60;

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
    const values = checkParams(WHAT, PCA_PARAMS, params);
    const pacer = new Pacer(options.signal);
    checkRows(WHAT, X, pacer);
    checkComponents(values.nComponents, X);
    using kernels = lease(needOf(X));
    const { mean, scatter } = await scatterOf(kernels, X, pacer);
    const { eigenvalues, vectors } = diagonalize(kernels, scatter, X.nFeatures);
    const components = vectors.slice(0, values.nComponents * X.nFeatures);
    await fixSigns(kernels, X, mean, components, pacer);
    options.onProgress?.({
      stage: "projecting",
      done: X.nSamples,
      total: X.nSamples,
      unit: "rows",
    });
    return new PCA({
      params: values,
      featureNames: X.featureNames,
      mean,
      components,
      ...variances(eigenvalues, X.nSamples, values.nComponents),
    });
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
    if (out.length !== X.nSamples * m) {
      throw new TypeError(
        `Cannot ${what}: out must hold ${X.nSamples * m} values, ` +
          `got ${out.length}`,
      );
    }
    using kernels = lease();
    for (const block of project(kernels, X, this.mean, this.#axes())) {
      const { from, rows, check, view } = block;
      if (check !== 0) checkFinite(what, X, from, from + rows);
      out.set(view, from * m);
    }
    const names = Array.from({ length: m }, (_, c) => `pc${c + 1}`);
    return featureMatrix(out, names, X.keys);
  }

  /** The components that rows are projected on; of length 1 / σ to whiten. */
  #axes(): Float64Array {
    if (!this.params.whiten) return this.components;
    const d = this.featureNames.length;
    return this.components.map((c, i) => {
      const variance = this.explainedVariance[Math.floor(i / d)];
      return variance > 0 ? c / Math.sqrt(variance) : c;
    });
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

function needOf({ nSamples, nFeatures }: FeatureMatrix) {
  const bytes = 8 * (2 * nFeatures ** 2 + 256 * nFeatures) + 2 ** 21;
  return { what: WHAT, nSamples, nFeatures, bytes };
}

/**
 * Mean and Σ (x − mean)(x − mean)ᵀ, block by block: the scatter of two groups
 * together has (gap gapᵀ) · n₁ n₂ / (n₁ + n₂) on top (Chan, Golub, LeVeque).
 *
 * @returns scatter: where it is, shape (d, d).
 */
async function scatterOf(kernels: Lease, X: FeatureMatrix, pacer: Pacer) {
  const d = X.nFeatures;
  const scatter = kernels.zeros(d * d * 8);
  const columns = kernels.alloc(d * 256 * 8);
  const before = new Float64Array(d);
  const gaps = new Float64Array(d * d);
  const { mean } = await columnMoments(
    kernels,
    WHAT,
    X,
    pacer,
    ({ from, rows }, at, means) => {
      kernels.run.addScatter(at, rows, d, means, scatter, columns);
      const M = kernels.f64(means, d), n = from + rows;
      const gap = M.map((m, k) => m - before[k]);
      for (let i = 0; i < d; i++) {
        for (let j = i; j < d; j++) {
          gaps[i * d + j] += gap[i] * gap[j] * from * rows / n;
        }
      }
      for (let k = 0; k < d; k++) before[k] += gap[k] * rows / n;
    },
  );
  const S = kernels.f64(scatter, d * d);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      S[i * d + j] += gaps[i * d + j];
      S[j * d + i] = S[i * d + j];
    }
  }
  return { mean, scatter };
}

/** Eigenvalues, largest first, and their vectors as rows. */
function diagonalize(kernels: Lease, scatter: P, d: number) {
  const rotation = kernels.zeros(d * d * 8);
  const V = kernels.f64(rotation, d * d), A = kernels.f64(scatter, d * d);
  for (let i = 0; i < d; i++) V[i * d + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (kernels.run.jacobiSweep(scatter, rotation, d) === 0) break;
  }
  const order = Array.from({ length: d }, (_, i) => i)
    .sort((i, j) => A[j * d + j] - A[i * d + i] || i - j);
  const vectors = new Float64Array(d * d);
  order.forEach((column, row) => {
    for (let i = 0; i < d; i++) vectors[row * d + i] = V[i * d + column];
  });
  const eigenvalues = order.map((i) => Math.max(0, A[i * d + i]));
  return { eigenvalues, vectors };
}

function variances(eigenvalues: number[], n: number, m: number) {
  const kept = Float64Array.from(eigenvalues.slice(0, m));
  const total = eigenvalues.reduce((a, b) => a + b, 0);
  return {
    explainedVariance: kept.map((e) => e / (n - 1)),
    explainedVarianceRatio: kept.map((e) => total > 0 ? e / total : 0),
    singularValues: kept.map(Math.sqrt),
  };
}

/** Turns each component so that its outermost sample is positive. */
async function fixSigns(
  kernels: Lease,
  X: FeatureMatrix,
  mean: Float64Array,
  components: Float64Array,
  pacer: Pacer,
): Promise<void> {
  const d = X.nFeatures, m = components.length / d;
  const extremes = kernels.zeros(m * 8);
  for (const { at, rows } of project(kernels, X, mean, components)) {
    kernels.run.columnExtremes(at, rows, m, extremes);
    if (pacer.due) await pacer.rest();
  }
  kernels.f64(extremes, m).forEach((extreme, c) => {
    if (extreme >= 0) return;
    for (let k = c * d; k < (c + 1) * d; k++) components[k] = -components[k];
  });
}

/** Blocks of projected rows, shape (rows, nComponents), in a reused buffer. */
function* project(
  kernels: Lease,
  X: FeatureMatrix,
  mean: Float64Array,
  components: Float64Array,
) {
  const d = X.nFeatures, m = components.length / d;
  const staging = stagingFor(kernels, X);
  const means = kernels.f64From(mean);
  const axes = kernels.f64From(inPairs(components, d));
  const at = kernels.alloc(blockRows(X) * m * 8);
  for (const { from, rows, data } of rowBlocks(X)) {
    kernels.f64(staging, data.length).set(data);
    const check = kernels.run.projectRows(
      staging,
      rows,
      d,
      means,
      axes,
      m,
      at,
    );
    yield { from, rows, at, check, view: kernels.f64(at, rows * m) };
  }
}

/** Two components side by side, feature by feature; see `projectRows`. */
export function inPairs(components: Float64Array, d: number): Float64Array {
  const m = components.length / d;
  const pairs = new Float64Array((m + m % 2) * d);
  components.forEach((weight, i) => {
    const c = Math.floor(i / d);
    pairs[(c - c % 2) * d + 2 * (i % d) + c % 2] = weight;
  });
  return pairs;
}
