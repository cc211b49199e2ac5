import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import { strideOf } from "./rows.ts";

/** Where one start of k-means ended. */
export interface LloydResult {
  /** Shape (nClusters, nFeatures), row-major. */
  readonly centers: Float64Array;
  /** Shape (nSamples,). */
  readonly labels: Int32Array;
  readonly inertia: number;
  readonly nIter: number;
}

/** Rows assigned in one call: about 10 ms for 1024 centers. */
const STEP = 1024;

/** Bytes of a run's buffers, without the rows. */
export function lloydRunBytes(n: number, d: number, k: number): number {
  return n * (8 + 4) + k * (2 * strideOf(d) + 8) + k * k * 12 + 1024;
}

/**
 * The buffers of Lloyd's algorithm over rows that are already loaded; one
 * start after another reuses them.
 */
export class LloydRun {
  readonly kernels: Lease;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nClusters: number;
  readonly stride: number;
  /** Padded rows. */
  readonly rows: P;
  /**
   * Shape (nSamples,). Seeding: squared distance to the nearest center so far.
   * Empty clusters: to the own center. Assigning: see SECOND there.
   */
  readonly closest: P;
  /** One f64, for seeding. */
  readonly runningSum: P;
  readonly #labels: P;
  readonly #centers: P;
  readonly #sums: P;
  readonly #counts: P;
  readonly #order: P;
  readonly #gaps: P;
  readonly #inertia: P;
  /** How far any center moved last. */
  #drift = 0;

  constructor(
    kernels: Lease,
    rows: P,
    { nSamples, nFeatures }: FeatureMatrix,
    nClusters: number,
  ) {
    this.kernels = kernels;
    this.rows = rows;
    this.nSamples = nSamples;
    this.nFeatures = nFeatures;
    this.nClusters = nClusters;
    this.stride = strideOf(nFeatures);
    this.closest = kernels.alloc(nSamples * 8);
    this.runningSum = kernels.alloc(8);
    this.#labels = kernels.alloc(nSamples * 4);
    this.#centers = kernels.zeros(nClusters * this.stride);
    this.#sums = kernels.alloc(nClusters * this.stride);
    this.#counts = kernels.alloc(nClusters * 8);
    this.#order = kernels.alloc(nClusters * nClusters * 4);
    this.#gaps = kernels.alloc(nClusters * nClusters * 8);
    this.#inertia = kernels.alloc(8);
  }

  /**
   * Iterates until no label changes, the centers' squared shift is at most
   * `tol`, or maxIter. Labels and inertia are those of the final centers.
   */
  async converge(
    centers: Float64Array,
    maxIter: number,
    tol: number,
    pacer: Pacer,
  ): Promise<LloydResult> {
    this.#begin(centers);
    let nIter = 0;
    while (nIter < maxIter) {
      nIter++;
      const changed = await this.#assign(pacer);
      await this.#fillEmpty(pacer);
      const shift = this.#moveCenters();
      if (changed === 0 || shift <= tol) break;
    }
    await this.#assign(pacer);
    return {
      centers: this.#readCenters(),
      labels: this.#labelView().slice(),
      inertia: this.kernels.f64(this.#inertia, 1)[0],
      nIter,
    };
  }

  /** Labels of the nearest centers, at once. */
  assignAll(centers: Float64Array): Int32Array {
    this.#begin(centers);
    this.#clear();
    for (let a = 0; a < this.nClusters; a++) this.#rank(a);
    this.#assignRows(0, this.nSamples);
    return this.#labelView().slice();
  }

  #begin(centers: Float64Array): void {
    const { nClusters: k, nFeatures: d } = this;
    const width = this.stride / 8;
    const padded = this.kernels.f64(this.#centers, k * width);
    for (let a = 0; a < k; a++) {
      padded.set(centers.subarray(a * d, (a + 1) * d), a * width);
    }
    this.#labelView().fill(-1);
    this.#forgetSecond();
    const order = this.kernels.i32(this.#order, k * k);
    for (let i = 0; i < k * k; i++) order[i] = i % k;
  }

  #clear(): void {
    const { nClusters: k } = this;
    this.kernels.u8(this.#sums, k * this.stride).fill(0);
    this.kernels.f64(this.#counts, k).fill(0);
    this.kernels.f64(this.#inertia, 1)[0] = 0;
  }

  /** One assignment of every row. @returns how many labels changed. */
  async #assign(pacer: Pacer): Promise<number> {
    this.#clear();
    for (let a = 0; a < this.nClusters; a++) {
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
    this.kernels.run.rankCenters(
      this.#centers,
      this.nClusters,
      this.stride,
      a,
      this.#order,
      this.#gaps,
    );
  }

  #assignRows(from: number, rows: number): number {
    return this.kernels.run.assignRows(
      this.rows + from * this.stride,
      rows,
      this.stride,
      this.#centers,
      this.nClusters,
      this.#order,
      this.#gaps,
      this.#labels + from * 4,
      this.closest + from * 8,
      this.#drift,
      this.#sums,
      this.#counts,
      this.#inertia,
    );
  }

  /**
   * Gives each empty cluster the row farthest from its own center, as
   * scikit-learn does; none where every row lies on its center.
   */
  async #fillEmpty(pacer: Pacer): Promise<void> {
    const width = this.stride / 8;
    const counts = this.kernels.f64(this.#counts, this.nClusters);
    const sums = this.kernels.f64(this.#sums, this.nClusters * width);
    const empty = [...counts.keys()].filter((a) => counts[a] === 0);
    if (empty.length === 0) return;
    const far = await this.#farthestRows(empty.length, pacer);
    this.#forgetSecond();
    const labels = this.#labelView();
    far.forEach((row, t) => {
      const x = this.kernels.f64(this.rows + row * this.stride, width);
      const from = labels[row], to = empty[t];
      for (let j = 0; j < width; j++) {
        sums[from * width + j] -= x[j];
        sums[to * width + j] = x[j];
      }
      counts[from]--;
      counts[to] = 1;
    });
  }

  /** Up to `count` rows off their centers, farthest first. */
  async #farthestRows(count: number, pacer: Pacer): Promise<number[]> {
    for (let from = 0; from < this.nSamples; from += STEP) {
      this.kernels.run.ownDistances(
        this.rows + from * this.stride,
        Math.min(STEP, this.nSamples - from),
        this.stride,
        this.#centers,
        this.#labels + from * 4,
        this.closest + from * 8,
      );
      if (pacer.due) await pacer.rest();
    }
    return largest(this.kernels.f64(this.closest, this.nSamples), count);
  }

  /** Centers ← means of their rows. @returns the squared shift. */
  #moveCenters(): number {
    const width = this.stride / 8;
    const counts = this.kernels.f64(this.#counts, this.nClusters);
    const sums = this.kernels.f64(this.#sums, this.nClusters * width);
    const centers = this.kernels.f64(this.#centers, this.nClusters * width);
    let total = 0, most = 0;
    for (let a = 0; a < this.nClusters; a++) {
      if (counts[a] === 0) continue;
      let shift = 0;
      for (let i = a * width; i < (a + 1) * width; i++) {
        const moved = sums[i] / counts[a];
        shift += (moved - centers[i]) ** 2;
        centers[i] = moved;
      }
      total += shift;
      most = Math.max(most, shift);
    }
    this.#drift = Math.sqrt(most);
    return total;
  }

  #forgetSecond(): void {
    this.kernels.f64(this.closest, this.nSamples).fill(0);
  }

  #readCenters(): Float64Array {
    const { nClusters: k, nFeatures: d } = this;
    const width = this.stride / 8;
    const padded = this.kernels.f64(this.#centers, k * width);
    const centers = new Float64Array(k * d);
    for (let a = 0; a < k; a++) {
      centers.set(padded.subarray(a * width, a * width + d), a * d);
    }
    return centers;
  }

  #labelView(): Int32Array {
    return this.kernels.i32(this.#labels, this.nSamples);
  }
}

/** Indices of the `count` largest values above 0, largest first. */
function largest(values: Float64Array, count: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const last = kept[kept.length - 1];
    if (values[i] <= 0) continue;
    if (kept.length === count && values[i] <= values[last]) continue;
    let t = kept.length === count ? count - 1 : kept.length;
    for (; t > 0 && values[kept[t - 1]] < values[i]; t--) kept[t] = kept[t - 1];
    kept[t] = i;
  }
  return kept;
}
