import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import {
  type Adoption,
  type CenterBuffers,
  centerBuffers,
  centerBytes,
  emptyClusters,
  type KMeansEnd,
  largest,
  largestOf,
  moveCenters,
  readCenters,
  writeCenters,
} from "./kmeans_moves.ts";
import { RowSeeder } from "./row_seeder.ts";
import { loadCentered, strideOf } from "./rows.ts";

/** Rows assigned in one call, the most it takes: 5 ms for 1024 centers. */
const STEP = 1024;

/** Bytes of a run's buffers, without the rows. */
export function lloydRunBytes(n: number, d: number, k: number): number {
  return n * (8 + 4) + centerBytes(k, strideOf(d)) +
    (k + 4) * (strideOf(d) + 8) + 64 * d + 2048;
}

/**
 * Lloyd's algorithm on the rows as they are; one start after another reuses
 * the buffers. What seeding calls `closest` holds BOUNDS while rows are assigned
 * (see assembly/kmeans.ts), and squared distances to the own center for empty
 * clusters and the inertia.
 */
export class LloydRun extends RowSeeder {
  readonly nFeatures: number;
  readonly #buffers: CenterBuffers;
  readonly #labels: P;
  /** Shape (nClusters + 1,). */
  readonly #travel: P;
  readonly #screen: P;
  /** The largest absolute value of the rows. */
  readonly #largest: number;
  #scale = 1;

  /** @param mean shape (nFeatures,): taken off every row. */
  static async load(
    kernels: Lease,
    X: FeatureMatrix,
    mean: Float64Array,
    nClusters: number,
    pacer: Pacer,
  ): Promise<LloydRun> {
    const rows = await loadCentered(kernels, X, mean, pacer);
    return new LloydRun(kernels, rows, X, nClusters);
  }

  constructor(
    kernels: Lease,
    rows: P,
    { data, nSamples, nFeatures }: FeatureMatrix,
    nClusters: number,
  ) {
    const stride = strideOf(nFeatures);
    super(kernels, rows, nSamples, stride);
    this.nFeatures = nFeatures;
    this.#labels = kernels.alloc(nSamples * 4);
    this.#buffers = centerBuffers(kernels, nClusters, stride);
    this.#travel = kernels.alloc((nClusters + 1) * 8);
    this.#screen = kernels.alloc(kernels.run.screenBytes(nClusters, stride));
    this.#largest = largestOf(data);
  }

  /** Rows as centers, shape (rows, nFeatures). */
  centersAt(rows: Int32Array): Float64Array {
    const d = this.nFeatures;
    const centers = new Float64Array(rows.length * d);
    rows.forEach((row, a) => {
      centers.set(this.kernels.f64(this.rowAt(row), d), a * d);
    });
    return centers;
  }

  /**
   * Iterates until no label changes, the centers' squared shift is at most
   * `tol`, or maxIter. The inertia is that of the final centers.
   *
   * @param centers shape (nClusters, nFeatures), less the mean.
   */
  async converge(
    centers: Float64Array,
    maxIter: number,
    tol: number,
    pacer: Pacer,
  ): Promise<KMeansEnd> {
    this.#begin(centers);
    let nIter = 0;
    while (nIter < maxIter) {
      nIter++;
      const changed = await this.#assign(pacer);
      const adoptions = await this.#adopt(pacer);
      const shift = moveCenters(this.kernels, this.#buffers, adoptions);
      const { nClusters, ways } = this.#buffers;
      this.kernels.run.addTravel(nClusters, ways, this.#travel);
      if (changed === 0 || shift <= tol) break;
    }
    await this.#assign(pacer);
    return {
      centers: readCenters(this.kernels, this.#buffers, this.nFeatures),
      inertia: await this.#measure(pacer),
      nIter,
    };
  }

  /** Labels of the rows, shape (nSamples,), where they last converged. */
  labels(): Promise<Int32Array> {
    return Promise.resolve(this.#labelView().slice());
  }

  /** Labels of the nearest centers, at once. */
  assignAll(centers: Float64Array): Int32Array {
    this.#begin(centers);
    this.#readCenters();
    for (let from = 0; from < this.nSamples; from += STEP) {
      this.#assignRows(from);
    }
    return this.#labelView().slice();
  }

  #begin(values: Float64Array): void {
    const { nClusters: k, sums, counts, stride } = this.#buffers;
    writeCenters(this.kernels, this.#buffers, values);
    this.kernels.u8(sums, (k + 1) * stride).fill(0);
    this.kernels.f64(counts, k + 1).fill(0);
    this.kernels.f64(this.#travel, k + 1).fill(0);
    this.#labelView().fill(k);
    this.#forgetBounds();
    this.#scale = scaleOf(Math.max(this.#largest, largestOf(values)));
  }

  #readCenters(): void {
    const { centers, nClusters, stride } = this.#buffers;
    this.kernels.run.startScreen(
      nClusters,
      stride,
      centers,
      this.#scale,
      this.#screen,
    );
  }

  /** One assignment of every row. @returns how many labels changed. */
  async #assign(pacer: Pacer): Promise<number> {
    this.#readCenters();
    let changed = 0;
    for (let from = 0; from < this.nSamples; from += STEP) {
      changed += this.#assignRows(from);
      if (pacer.due) await pacer.rest();
    }
    return changed;
  }

  #assignRows(from: number): number {
    const { centers, sums, counts, nClusters, stride } = this.#buffers;
    return this.kernels.run.assignRows(
      this.rowAt(from),
      Math.min(STEP, this.nSamples - from),
      stride,
      centers,
      nClusters,
      this.#labels + from * 4,
      this.closest + from * 8,
      this.#travel,
      sums,
      counts,
    );
  }

  /**
   * Each empty cluster adopts the row farthest from its own center, as in
   * scikit-learn; none where every row lies on its center.
   */
  async #adopt(pacer: Pacer): Promise<Adoption[]> {
    const kernels = this.kernels, n = this.nSamples;
    const empty = emptyClusters(kernels, this.#buffers);
    if (empty.length === 0) return [];
    await this.#measure(pacer);
    const far = largest(kernels.f64(this.closest, n), empty.length);
    this.#forgetBounds();
    const labels = this.#labelView();
    return far.map((row, t) => ({
      from: labels[row],
      to: empty[t],
      row: this.rowAt(row),
    }));
  }

  /**
   * Each row's squared distance to its own center goes where bounds were.
   *
   * @returns their sum.
   */
  async #measure(pacer: Pacer): Promise<number> {
    let inertia = 0;
    await this.inSteps(pacer, (from, rows) => {
      inertia += this.kernels.run.ownDistances(
        this.rowAt(from),
        rows,
        this.#buffers.stride,
        this.#buffers.centers,
        this.#labels + from * 4,
        this.closest + from * 8,
      );
    });
    return inertia;
  }

  #forgetBounds(): void {
    this.kernels.f64(this.closest, this.nSamples).fill(-Infinity);
  }

  #labelView(): Int32Array {
    return this.kernels.i32(this.#labels, this.nSamples);
  }
}

/** The power of two that brings a number to [0.5, 1); 1 for 0. */
function scaleOf(largest: number): number {
  // No power is larger than 2 ** 1023; with less, only more is left to f64.
  const exponent = Math.max(-1023, Math.ceil(Math.log2(largest)));
  return largest > 0 ? 2 ** -exponent : 1;
}
