import type { FeatureMatrix } from "../feature_matrix.ts";
import { lease } from "../kernels.ts";
import { checkParams, type Params, type ValuesOf } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkFeatures, checkRows } from "./check.ts";
import { columnMoments } from "./column_moments.ts";
import { helpersFor, StartHelpers } from "./kmeans_helpers.ts";
import type { KMeansResult } from "./kmeans_moves.ts";
import { loadRun, makeStarts, type StartsPlan } from "./kmeans_starts.ts";
import { LloydRun, lloydRunBytes } from "./lloyd_run.ts";
import { encodeArray, type ModelJson, ModelReader } from "./model_json.ts";
import { loadRowsSync, strideOf } from "./rows.ts";
import { type TreeRun, treeRunBytes } from "./tree_run.ts";

export const KMEANS_PARAMS = {
  nClusters: {
    kind: "integer",
    default: 20,
    min: 1,
    max: 1024,
    doc: "clusters to form, at most the number of rows",
  },
  init: {
    kind: "choice",
    default: "k-means++",
    values: ["k-means++", "random"],
    doc: "how the first centers are chosen among the rows",
  },
  nInit: {
    kind: "integer",
    default: 10,
    min: 1,
    max: 1000,
    doc: "starts; the one with the lowest inertia is kept",
  },
  maxIter: {
    kind: "integer",
    default: 300,
    min: 1,
    max: 100_000,
    doc: "most iterations of one start",
  },
  tol: {
    kind: "number",
    default: 1e-4,
    min: 0,
    max: 1,
    unit: "mean variance of the features",
    doc: "a start ends when its centers' squared shift falls to this",
  },
  randomState: {
    kind: "integer",
    default: 1,
    min: 0,
    max: 2 ** 32 - 1,
    doc: "seed of the random numbers",
  },
} as const satisfies Params;

export type KMeansParams = Partial<ValuesOf<typeof KMEANS_PARAMS>>;
type Values = ValuesOf<typeof KMEANS_PARAMS>;

export interface KMeansOptions extends RunOptions {
  /** Shape (nClusters, nFeatures), row-major: one start, from these centers. */
  readonly initialCenters?: Float64Array;
  /**
   * Threads that make starts, this one included, each with the rows in a memory
   * of its own; as many as pay by default. The clusters are the same.
   */
  readonly threads?: number;
}

const KIND = "KMeans";
const VERSION = 1;
const WHAT = "fit KMeans";

/**
 * Lloyd's k-means from k-means++ starts (Arthur & Vassilvitskii, 2007), as
 * scikit-learn's KMeans: the same seeds, tolerance and tie rules.
 *
 * ```ts
 * import { KMeans } from "./kmeans.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const X = featureMatrix(Float64Array.of(0, 1, 9, 10), ["duration"]);
 * const model = await KMeans.fit(X, { nClusters: 2 });
 * assert.equal(model.inertia, 1);
 * assert.equal(model.labels[0], model.labels[1]);
 * ```
 */
export class KMeans {
  readonly params: Values;
  readonly featureNames: readonly string[];
  /** Shape (nClusters, nFeatures), row-major, in the features' units. */
  readonly clusterCenters: Float64Array;
  /** Shape (nSamples,); empty in a model read from JSON. */
  readonly labels: Int32Array;
  /** Squared distances of the rows to their centers, summed. */
  readonly inertia: number;
  /** Iterations of the start that was kept. */
  readonly nIter: number;

  private constructor(
    params: Values,
    featureNames: readonly string[],
    result: KMeansResult,
  ) {
    this.params = params;
    this.featureNames = Object.freeze([...featureNames]);
    this.clusterCenters = result.centers;
    this.labels = result.labels;
    this.inertia = result.inertia;
    this.nIter = result.nIter;
    Object.freeze(this);
  }

  /**
   * @throws RangeError for a parameter out of range, fewer rows than clusters
   * or a value that is not finite; TypeError for wrong shapes; the signal's
   * reason when aborted.
   */
  static async fit(
    X: FeatureMatrix,
    params: KMeansParams = {},
    options: KMeansOptions = {},
  ): Promise<KMeans> {
    const values = checkParams(WHAT, KMEANS_PARAMS, params);
    const pacer = new Pacer(options.signal);
    checkRows(WHAT, X, pacer);
    checkClusters(values.nClusters, X, options.initialCenters);
    using kernels = lease(needOf(X, values.nClusters));
    const { initialCenters, onProgress, threads } = options;
    const total = initialCenters ? 1 : values.nInit;
    const report = (done: number) =>
      onProgress?.({ stage: "clustering", done, total, unit: "starts" });
    using helpers = new StartHelpers(
      threads === undefined ? helpersFor(X, total) : threads - 1,
      report,
    );
    report(0);
    const { mean, variance } = await columnMoments(kernels, WHAT, X, pacer);
    const plan = { ...values, tol: values.tol * average(variance) };
    if (!initialCenters) await helpers.begin(X, mean, plan, pacer);
    const run = await loadRun(kernels, X, mean, values.nClusters, pacer);
    const best = initialCenters
      ? await givenStart(run, initialCenters, mean, plan, pacer)
      : await bestStart(run, plan, helpers, pacer);
    report(total);
    const centers = best.centers.map((x, i) => x + mean[i % mean.length]);
    return new KMeans(values, X.featureNames, { ...best, centers });
  }

  /**
   * A model of centers that were found in other ways, without labels.
   *
   * @param centers shape (nClusters, nFeatures), row-major
   * @throws RangeError for a parameter out of range; TypeError for another
   * number of values.
   */
  static fromCenters(
    params: KMeansParams,
    featureNames: readonly string[],
    centers: Float64Array,
    inertia: number,
    nIter: number,
  ): KMeans {
    const values = checkParams("make KMeans", KMEANS_PARAMS, params);
    const length = values.nClusters * featureNames.length;
    if (centers.length !== length) {
      throw new TypeError(
        `Cannot make KMeans: ${length} values of centers are needed, ` +
          `got ${centers.length}`,
      );
    }
    const labels = new Int32Array();
    const result = { centers, labels, inertia, nIter };
    return new KMeans(values, featureNames, result);
  }

  /**
   * Shape (nSamples,): the nearest center of each row, the lowest of equally
   * near ones.
   *
   * @throws TypeError for other features than the model learned.
   */
  predict(X: FeatureMatrix): Int32Array {
    checkFeatures("predict with KMeans", X, this.featureNames);
    if (X.nSamples === 0) return new Int32Array();
    using kernels = lease(needOf(X, this.params.nClusters));
    const rows = loadRowsSync(kernels, X);
    return new LloydRun(kernels, rows, X, this.params.nClusters)
      .assignAll(this.clusterCenters);
  }

  toJSON(): ModelJson {
    return {
      kind: KIND,
      version: VERSION,
      params: this.params,
      featureNames: this.featureNames,
      clusterCenters: encodeArray(this.clusterCenters),
      inertia: this.inertia,
      nIter: this.nIter,
    };
  }

  /** @throws SyntaxError when the value is not what `toJSON` gives. */
  static fromJSON(value: unknown): KMeans {
    const reader = new ModelReader(KIND, VERSION, value);
    const params = reader.params((given) =>
      checkParams("read KMeans", KMEANS_PARAMS, given)
    );
    const names = reader.featureNames();
    return new KMeans(params, names, {
      centers: reader.f64("clusterCenters", params.nClusters * names.length),
      labels: new Int32Array(),
      inertia: reader.number("inertia"),
      nIter: reader.number("nIter"),
    });
  }
}

function checkClusters(
  nClusters: number,
  X: FeatureMatrix,
  initialCenters?: Float64Array,
): void {
  if (nClusters > X.nSamples) {
    throw new RangeError(
      `Cannot ${WHAT}: nClusters must be an integer in [1, ${X.nSamples}], ` +
        `got ${nClusters}`,
    );
  }
  if (!initialCenters) return;
  const length = nClusters * X.nFeatures;
  if (initialCenters.length !== length) {
    throw new TypeError(
      `Cannot ${WHAT}: initialCenters must hold ${nClusters} × ` +
        `${X.nFeatures} values, got ${initialCenters.length}`,
    );
  }
  const wrong = initialCenters.findIndex((v) => !Number.isFinite(v));
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot ${WHAT}: initialCenters[${wrong}] must be finite, ` +
        `got ${initialCenters[wrong]}`,
    );
  }
}

function needOf(X: FeatureMatrix, nClusters: number) {
  const { nSamples, nFeatures } = X;
  const rows = nSamples * strideOf(nFeatures) + 2 ** 21 +
    lloydRunBytes(nSamples, nFeatures, nClusters);
  const bytes = Math.max(rows, treeRunBytes(X, nClusters));
  return { what: WHAT, nSamples, nFeatures, bytes };
}

/** The start whose clusters are the tightest. */
async function bestStart(
  run: TreeRun | LloydRun,
  plan: StartsPlan,
  helpers: StartHelpers,
  pacer: Pacer,
): Promise<KMeansResult> {
  const make = (next: () => number) =>
    makeStarts(run, plan, next, pacer, async (start, end) => {
      const isBest = helpers.isBest(start, end);
      helpers.add(start, end, isBest ? await run.labels(pacer) : undefined);
    });
  await make(() => helpers.take());
  const missing = await helpers.missing(plan.nInit, pacer.signal);
  await make(() => missing.shift() ?? plan.nInit);
  return helpers.best!;
}

/** One start, from centers that are given. */
async function givenStart(
  run: TreeRun | LloydRun,
  centers: Float64Array,
  mean: Float64Array,
  { maxIter, tol }: StartsPlan,
  pacer: Pacer,
): Promise<KMeansResult> {
  const own = centers.map((x, i) => x - mean[i % mean.length]);
  const end = await run.converge(own, maxIter, tol, pacer);
  return { ...end, labels: await run.labels(pacer) };
}

function average(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
