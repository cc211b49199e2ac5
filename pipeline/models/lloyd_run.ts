import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import {
  type Adoption,
  type CenterBuffers,
  emptyClusters,
  type KMeansEnd,
  largest,
  moveCenters,
  readCenters,
  writeCenters,
} from "./kmeans_moves.ts";
import type { Seeder } from "./kmeans_seeding.ts";
import { loadCentered, strideOf } from "./rows.ts";

/** Rows assigned in one call: about 10 ms for 1024 centers. */
const STEP = 1024;
/** Rows that seeding looks at in one call. */
const SEED_STEP = 65_536;

/** Bytes of a run's buffers, without the rows. */
export function lloydRunBytes(n: number, d: number, k: number): number {
  return n * (8 + 4) + k * (2 * strideOf(d) + 8) + k * k * 12 + 1024;
}

/**
 * Lloyd's algorithm on the rows as they are; one start after another reuses
 * the buffers.
 */
export class LloydRun implements Seeder {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly #kernels: Lease;
  readonly #buffers: CenterBuffers;
  /** Padded rows. */
  readonly #rows: P;
  /**
   * Shape (nSamples,). Seeding: squared distance to the nearest center so far.
   * Empty clusters: to the own center. Assigning: see SECOND there.
   */
  readonly #closest: P;
  /** One f64, for seeding. */
  readonly #runningSum: P;
  readonly #labels: P;
  readonly #order: P;
  readonly #gaps: P;
  readonly #inertia: P;
  /** How far any center moved last. */
  #drift = 0;

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
    { nSamples, nFeatures }: FeatureMatrix,
    nClusters: number,
  ) {
    const stride = strideOf(nFeatures);
    this.#kernels = kernels;
    this.#rows = rows;
    this.nSamples = nSamples;
    this.nFeatures = nFeatures;
    this.#closest = kernels.alloc(nSamples * 8);
    this.#runningSum = kernels.alloc(8);
    this.#labels = kernels.alloc(nSamples * 4);
    this.#buffers = {
      centers: kernels.alloc(nClusters * stride),
      sums: kernels.alloc(nClusters * stride),
      counts: kernels.alloc(nClusters * 8),
      nClusters,
      stride,
    };
    this.#order = kernels.alloc(nClusters * nClusters * 4);
    this.#gaps = kernels.alloc(nClusters * nClusters * 8);
    this.#inertia = kernels.alloc(8);
  }

  /** Rows as centers, shape (rows, nFeatures). */
  centersAt(rows: Int32Array): Float64Array {
    const d = this.nFeatures;
    const centers = new Float64Array(rows.length * d);
    rows.forEach((row, a) => {
      centers.set(this.#kernels.f64(this.#rowAt(row), d), a * d);
    });
    return centers;
  }

  async first(row: number, pacer: Pacer): Promise<number> {
    this.#kernels.f64(this.#closest, this.nSamples).fill(Infinity);
    return await this.add(row, pacer);
  }

  async add(row: number, pacer: Pacer): Promise<number> {
    const potential = await this.potentialWith(row, pacer);
    await this.#inSteps(pacer, (from, rows) => {
      this.#kernels.run.lowerClosest(
        this.#rowAt(from),
        rows,
        this.#buffers.stride,
        this.#rowAt(row),
        this.#closest + from * 8,
      );
    });
    return potential;
  }

  async potentialWith(row: number, pacer: Pacer): Promise<number> {
    let sum = 0;
    await this.#inSteps(pacer, (from, rows) => {
      sum += this.#kernels.run.potentialWith(
        this.#rowAt(from),
        rows,
        this.#buffers.stride,
        this.#rowAt(row),
        this.#closest + from * 8,
      );
    });
    return sum;
  }

  async reaching(target: number, pacer: Pacer): Promise<number> {
    this.#kernels.f64(this.#runningSum, 1)[0] = 0;
    for (let from = 0; from < this.nSamples; from += SEED_STEP) {
      const rows = Math.min(SEED_STEP, this.nSamples - from);
      const at = this.#kernels.run.firstReaching(
        this.#closest + from * 8,
        rows,
        target,
        this.#runningSum,
      );
      if (at < rows) return from + at;
      if (pacer.due) await pacer.rest();
    }
    return this.nSamples - 1;
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
      const moves = moveCenters(this.#kernels, this.#buffers, adoptions);
      this.#drift = moves.longest;
      if (changed === 0 || moves.shift <= tol) break;
    }
    await this.#assign(pacer);
    return {
      centers: readCenters(this.#kernels, this.#buffers, this.nFeatures),
      inertia: this.#kernels.f64(this.#inertia, 1)[0],
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
    this.#clear();
    for (let a = 0; a < this.#buffers.nClusters; a++) this.#rank(a);
    this.#assignRows(0, this.nSamples);
    return this.#labelView().slice();
  }

  #begin(centers: Float64Array): void {
    const { nClusters: k } = this.#buffers;
    writeCenters(this.#kernels, this.#buffers, centers);
    this.#labelView().fill(-1);
    this.#forgetSecond();
    const order = this.#kernels.i32(this.#order, k * k);
    for (let i = 0; i < k * k; i++) order[i] = i % k;
  }

  #clear(): void {
    const { nClusters: k, sums, counts, stride } = this.#buffers;
    this.#kernels.u8(sums, k * stride).fill(0);
    this.#kernels.f64(counts, k).fill(0);
    this.#kernels.f64(this.#inertia, 1)[0] = 0;
  }

  /** One assignment of every row. @returns how many labels changed. */
  async #assign(pacer: Pacer): Promise<number> {
    this.#clear();
    for (let a = 0; a < this.#buffers.nClusters; a++) {
      this.#rank(a);
      if (pacer.due) await pacer.rest();
    }
    let changed = 0;
    for (let from = 0; from < this.nSamples; from += STEP) {
      changed += this.#assignRows(from, Math.min(STEP, this.nSamples - from));
      if (pacer.due) await pacer.rest();
    }
    return changed;
  }

  #rank(a: number): void {
    const { centers, nClusters, stride } = this.#buffers;
    this.#kernels.run.rankCenters(
      centers,
      nClusters,
      stride,
      a,
      this.#order,
      this.#gaps,
    );
  }

  #assignRows(from: number, rows: number): number {
    const { centers, sums, counts, nClusters, stride } = this.#buffers;
    return this.#kernels.run.assignRows(
      this.#rowAt(from),
      rows,
      stride,
      centers,
      nClusters,
      this.#order,
      this.#gaps,
      this.#labels + from * 4,
      this.#closest + from * 8,
      this.#drift,
      sums,
      counts,
      this.#inertia,
    );
  }

  /**
   * Each empty cluster adopts the row farthest from its own center, as in
   * scikit-learn; none where every row lies on its center.
   */
  async #adopt(pacer: Pacer): Promise<Adoption[]> {
    const kernels = this.#kernels, n = this.nSamples;
    const empty = emptyClusters(kernels, this.#buffers);
    if (empty.length === 0) return [];
    await this.#inSteps(pacer, (from, rows) => {
      kernels.run.ownDistances(
        this.#rowAt(from),
        rows,
        this.#buffers.stride,
        this.#buffers.centers,
        this.#labels + from * 4,
        this.#closest + from * 8,
      );
    });
    const far = largest(kernels.f64(this.#closest, n), empty.length);
    this.#forgetSecond();
    const labels = this.#labelView();
    return far.map((row, t) => ({
      from: labels[row],
      to: empty[t],
      row: this.#rowAt(row),
    }));
  }

  async #inSteps(
    pacer: Pacer,
    step: (from: number, rows: number) => void,
  ): Promise<void> {
    for (let from = 0; from < this.nSamples; from += SEED_STEP) {
      step(from, Math.min(SEED_STEP, this.nSamples - from));
      if (pacer.due) await pacer.rest();
    }
  }

  #rowAt(row: number): P {
    return this.#rows + row * this.#buffers.stride;
  }

  #forgetSecond(): void {
    this.#kernels.f64(this.#closest, this.nSamples).fill(0);
  }

  #labelView(): Int32Array {
    return this.#kernels.i32(this.#labels, this.nSamples);
  }
}
