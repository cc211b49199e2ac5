import type { FeatureMatrix } from "../feature_matrix.ts";
import { checkParams, type Params, type ValuesOf } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { checkFeatures, checkRows } from "./check.ts";
import { KMeans, KMEANS_PARAMS } from "./kmeans.ts";

export const MINI_BATCH_KMEANS_PARAMS = {
  nClusters: KMEANS_PARAMS.nClusters,
  nInit: { ...KMEANS_PARAMS.nInit, default: 3 },
  randomState: KMEANS_PARAMS.randomState,
} as const satisfies Params;

export type MiniBatchKMeansParams = Partial<
  ValuesOf<typeof MINI_BATCH_KMEANS_PARAMS>
>;
type Values = ValuesOf<typeof MINI_BATCH_KMEANS_PARAMS>;

const WHAT = "fit MiniBatchKMeans";

/**
 * k-means over more rows than memory holds, batch by batch (Sculley, "Web-scale
 * k-means clustering", 2010): the first batch is clustered whole, and each later
 * row draws its nearest center towards it, less the more rows that center has.
 * `finish` gives a KMeans without labels; go over the rows again with `predict`.
 *
 * ```ts
 * import { MiniBatchKMeans } from "./mini_batch_kmeans.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const fit = new MiniBatchKMeans({ nClusters: 2 });
 * await fit.add(featureMatrix(Float64Array.of(0, 1, 9, 10), ["duration"]));
 * await fit.add(featureMatrix(Float64Array.of(0, 10), ["duration"]));
 * const model = fit.finish();
 * assert.equal(model.predict(featureMatrix(Float64Array.of(2), ["duration"])).length, 1);
 * ```
 */
export class MiniBatchKMeans {
  readonly #values: Values;
  #model: KMeans | undefined;
  /** Rows that each center has drawn so far. */
  #counts = new Float64Array();
  #inertia = 0;
  #batches = 0;

  /** @throws RangeError for a parameter out of range. */
  constructor(params: MiniBatchKMeansParams = {}) {
    this.#values = checkParams(WHAT, MINI_BATCH_KMEANS_PARAMS, params);
  }

  /**
   * Learns from a batch; of all batches, only the first must have at least
   * nClusters rows.
   *
   * @throws as KMeans.fit; TypeError for other features than the first batch's.
   */
  async add(X: FeatureMatrix, options: RunOptions = {}): Promise<void> {
    const labels = this.#model
      ? this.#labelsOf(X, this.#model, options)
      : await this.#begin(X, options);
    this.#batches++;
    const before = this.#model!.clusterCenters;
    this.#inertia += inertiaOf(X, labels, before);
    if (this.#batches > 1) this.#draw(X, labels, before);
  }

  /** @throws TypeError without any batch. */
  finish(): KMeans {
    if (!this.#model) throw new TypeError(`Cannot ${WHAT}: no rows were added`);
    return this.#model;
  }

  async #begin(X: FeatureMatrix, options: RunOptions): Promise<Int32Array> {
    const model = await KMeans.fit(X, this.#values, options);
    this.#model = model;
    this.#counts = new Float64Array(this.#values.nClusters);
    for (const label of model.labels) this.#counts[label]++;
    return model.labels;
  }

  #labelsOf(
    X: FeatureMatrix,
    model: KMeans,
    { signal }: RunOptions,
  ): Int32Array {
    checkFeatures(WHAT, X, model.featureNames);
    checkRows(WHAT, X, new Pacer(signal));
    return model.predict(X);
  }

  /** Centers ← means of all rows that they have drawn. */
  #draw(X: FeatureMatrix, labels: Int32Array, before: Float64Array): void {
    const d = X.nFeatures, centers = before.slice();
    const counts = this.#counts;
    labels.forEach((a, i) => {
      counts[a]++;
      for (let k = 0; k < d; k++) {
        const gap = X.data[i * d + k] - centers[a * d + k];
        centers[a * d + k] += gap / counts[a];
      }
    });
    this.#model = KMeans.fromCenters(
      { ...this.#model!.params },
      X.featureNames,
      centers,
      this.#inertia,
      this.#batches,
    );
  }
}

/** Squared distances of rows to their centers, summed. */
function inertiaOf(
  { data, nFeatures: d }: FeatureMatrix,
  labels: Int32Array,
  centers: Float64Array,
): number {
  let sum = 0;
  labels.forEach((a, i) => {
    for (let k = 0; k < d; k++) {
      sum += (data[i * d + k] - centers[a * d + k]) ** 2;
    }
  });
  return sum;
}
