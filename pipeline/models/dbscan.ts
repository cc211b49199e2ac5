import { type FeatureMatrix, featureMatrix } from "../feature_matrix.ts";
import { lease } from "../kernels.ts";
import { checkParams, type Params, type ValuesOf } from "../options.ts";
import { Pacer } from "../progress.ts";
import { checkFeatures, checkRows } from "./check.ts";
import { clusterRows, type DBSCANOptions, type Density } from "./dbscan_run.ts";
import { buildTreeSync } from "./kd_tree.ts";
import { encodeArray, type ModelJson, ModelReader } from "./model_json.ts";
import { loadRowsSync } from "./rows.ts";

export const DBSCAN_PARAMS = {
  eps: {
    kind: "number",
    default: 0.3,
    min: 0,
    above: true,
    max: 1e9,
    unit: "distance between rows, after scaling",
    doc: "rows at most this far apart are neighbours",
  },
  minSamples: {
    kind: "integer",
    default: 10,
    min: 1,
    max: 1_000_000,
    unit: "rows",
    doc: "neighbours, itself included, that make a row a core row",
  },
} as const satisfies Params;

export type DBSCANParams = Partial<ValuesOf<typeof DBSCAN_PARAMS>>;
type Values = ValuesOf<typeof DBSCAN_PARAMS>;

const KIND = "DBSCAN";
const VERSION = 1;
const WHAT = "fit DBSCAN";

interface Clustering {
  readonly labels: Int32Array;
  readonly coreSampleIndices: Int32Array;
  readonly nClusters: number;
  /** Gives the core samples. */
  readonly coreSamples: () => Float64Array;
  readonly coreLabels: Int32Array;
}

/**
 * Clusters of any shape where rows are dense, the rest is noise (Ester,
 * Kriegel, Sander, Xu, 1996). Exact, with scikit-learn's labels: clusters are
 * numbered by their lowest core row, and a border row belongs to the lowest
 * cluster within eps.
 *
 * ```ts
 * import { DBSCAN } from "./dbscan.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const X = featureMatrix(Float64Array.of(0, 1, 2, 50), ["duration"]);
 * const model = await DBSCAN.fit(X, { eps: 1.5, minSamples: 2 });
 * assert.deepEqual([...model.labels], [0, 0, 0, -1]);
 * ```
 */
export class DBSCAN {
  readonly params: Values;
  readonly featureNames: readonly string[];
  /** Shape (nSamples,), noise −1; empty in a model read from JSON. */
  readonly labels: Int32Array;
  /** Core rows, rising; empty in a model read from JSON. */
  readonly coreSampleIndices: Int32Array;
  readonly nClusters: number;
  /** Shape (nCore,): the cluster of each core sample. */
  readonly coreLabels: Int32Array;
  #takeSamples?: () => Float64Array;
  #coreSamples?: Float64Array;

  private constructor(
    params: Values,
    featureNames: readonly string[],
    clustering: Clustering,
  ) {
    this.params = params;
    this.featureNames = Object.freeze([...featureNames]);
    this.labels = clustering.labels;
    this.coreSampleIndices = clustering.coreSampleIndices;
    this.nClusters = clustering.nClusters;
    this.#takeSamples = clustering.coreSamples;
    this.coreLabels = clustering.coreLabels;
    Object.freeze(this);
  }

  /**
   * @throws RangeError for a parameter out of range, a value that is not
   * finite, or more rows than 4 GiB hold; TypeError for wrong shapes; the
   * signal's reason when aborted.
   */
  static async fit(
    X: FeatureMatrix,
    params: DBSCANParams = {},
    options: DBSCANOptions = {},
  ): Promise<DBSCAN> {
    const values = checkParams(WHAT, DBSCAN_PARAMS, params);
    const pacer = new Pacer(options.signal);
    checkRows(WHAT, X, pacer);
    const density = await clusterRows(WHAT, X, values, pacer, options);
    const clustering = { ...density, ...coreOf(X, density) };
    return new DBSCAN(values, X.featureNames, clustering);
  }

  /**
   * Shape (nCore, nFeatures), row-major. Taken from the matrix that was fitted
   * when they are first asked for: most clusterings only need the labels, and
   * for a million rows the system takes longer to find the memory than we to
   * join the clusters. The matrix must not change before.
   */
  get coreSamples(): Float64Array {
    this.#coreSamples ??= this.#takeSamples!();
    this.#takeSamples = undefined;
    return this.#coreSamples;
  }

  /**
   * Shape (nSamples,): the cluster of the nearest core sample within eps, the
   * lowest of equally near ones; −1 where there is none. A border row of the
   * training data may so get another of the clusters within its reach.
   *
   * @throws TypeError for other features than the model learned.
   */
  predict(X: FeatureMatrix): Int32Array {
    checkFeatures("predict with DBSCAN", X, this.featureNames);
    const nCore = this.coreLabels.length;
    if (X.nSamples === 0 || nCore === 0) {
      return new Int32Array(X.nSamples).fill(-1);
    }
    using kernels = lease();
    const core = featureMatrix(this.coreSamples, this.featureNames);
    buildTreeSync(kernels, {
      rows: loadRowsSync(kernels, core),
      nSamples: nCore,
      nFeatures: X.nFeatures,
      leafRows: 8,
      leafDiagonal: 0,
    });
    const coreLabels = kernels.alloc(nCore * 4);
    kernels.i32(coreLabels, nCore).set(this.coreLabels);
    const queries = loadRowsSync(kernels, X);
    const labels = kernels.alloc(X.nSamples * 4);
    kernels.run.nearestLabels(
      queries,
      X.nSamples,
      this.params.eps,
      coreLabels,
      labels,
    );
    return kernels.i32(labels, X.nSamples).slice();
  }

  toJSON(): ModelJson {
    return {
      kind: KIND,
      version: VERSION,
      params: this.params,
      featureNames: this.featureNames,
      nClusters: this.nClusters,
      coreSamples: encodeArray(this.coreSamples),
      coreLabels: encodeArray(this.coreLabels),
    };
  }

  /** @throws SyntaxError when the value is not what `toJSON` gives. */
  static fromJSON(value: unknown): DBSCAN {
    const reader = new ModelReader(KIND, VERSION, value);
    const params = reader.params((given) =>
      checkParams("read DBSCAN", DBSCAN_PARAMS, given)
    );
    const names = reader.featureNames();
    const nClusters = reader.number("nClusters");
    const coreLabels = reader.i32("coreLabels");
    if (coreLabels.some((label) => label < 0 || label >= nClusters)) {
      reader.fail(`coreLabels must be in [0, ${nClusters})`);
    }
    const nValues = coreLabels.length * names.length;
    const coreSamples = reader.f64("coreSamples", nValues);
    return new DBSCAN(params, names, {
      labels: new Int32Array(),
      coreSampleIndices: new Int32Array(),
      nClusters,
      coreSamples: () => coreSamples,
      coreLabels,
    });
  }
}

/** What tells of the core rows; most rows are, so value by value. */
function coreOf(X: FeatureMatrix, { core, labels }: Density) {
  let count = 0;
  for (let i = 0; i < core.length; i++) count += core[i];
  const coreSampleIndices = new Int32Array(count);
  const coreLabels = new Int32Array(count);
  for (let i = 0, at = 0; at < count; i++) {
    if (core[i] === 0) continue;
    coreSampleIndices[at] = i;
    coreLabels[at] = labels[i];
    at++;
  }
  const coreSamples = () => rowsAt(X, coreSampleIndices);
  return { coreSampleIndices, coreLabels, coreSamples };
}

function rowsAt(
  { data, nFeatures: d }: FeatureMatrix,
  index: Int32Array,
): Float64Array {
  const values = new Float64Array(index.length * d);
  for (let i = 0; i < index.length; i++) {
    const at = index[i] * d;
    for (let k = 0; k < d; k++) values[i * d + k] = data[at + k];
  }
  return values;
}
