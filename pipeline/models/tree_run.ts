import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import { buildTree, treeBytes } from "./kd_tree.ts";
import {
  type Adoption,
  type CenterBuffers,
  centerBuffers,
  centerBytes,
  emptyClusters,
  type KMeansEnd,
  largest,
  moveCenters,
  readCenters,
  writeCenters,
} from "./kmeans_moves.ts";
import type { Seeder } from "./kmeans_seeding.ts";
import { loadCentered, strideOf } from "./rows.ts";

/** A node with at most so many rows is a leaf. */
const LEAF_ROWS = 40;
/** Rows times clusters of one subtree that is assigned in one call. */
const STEP = 500_000;
/** Rows that are tried in one call. */
const TRIALS = 32;
/** Nodes added up in one call. */
const NODES = 65_536;

/** Most bytes of a run over that matrix, without the tree's nodes. */
export function treeRunBytes(
  { nSamples: n, nFeatures: d }: FeatureMatrix,
  k: number,
): number {
  return n * (strideOf(d) + 4 + 8 + 1 + 1 + 4 + 4 + 8) + treeBytes(n) +
    centerBytes(k, strideOf(d)) + k * (16 + 4096) + 2 ** 21;
}

/** k-means on the kd-tree of assembly/kmeans_tree.ts; for few features. */
export class TreeRun implements Seeder {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly #kernels: Lease;
  readonly #buffers: CenterBuffers;
  readonly #rows: P;
  readonly #positions: P;
  readonly #closest: P;
  readonly #labels: P;
  readonly #owners: P;
  readonly #bounds: P;
  /** Shape (nClusters + 2,), see TRAVEL there. */
  readonly #travel: P;
  readonly #scratch: P;
  readonly #candidates: P;
  /** TRIALS rows and gains, for seeding. */
  readonly #seeds: P;
  readonly #gains: P;
  readonly #roots: P;
  readonly #rootCount: number;
  #potential = 0;

  /** @param mean shape (nFeatures,): taken off every row. */
  static async load(
    kernels: Lease,
    X: FeatureMatrix,
    mean: Float64Array,
    nClusters: number,
    pacer: Pacer,
  ): Promise<TreeRun> {
    const { nSamples, nFeatures } = X, stride = strideOf(nFeatures);
    const rows = await loadCentered(kernels, X, mean, pacer);
    const nodes = await buildTree(kernels, {
      rows,
      nSamples,
      nFeatures,
      leafRows: LEAF_ROWS,
      leafDiagonal: 0,
      payload: kernels.run.kmeansPayload(stride),
    }, pacer);
    for (let to = nodes; to > 0; to -= NODES) {
      kernels.run.sumNodes(Math.max(0, to - NODES), to);
      if (pacer.due) await pacer.rest();
    }
    return new TreeRun(kernels, X, rows, nodes, nClusters);
  }

  private constructor(
    kernels: Lease,
    { nSamples: n, nFeatures }: FeatureMatrix,
    rows: P,
    nodes: number,
    k: number,
  ) {
    const stride = strideOf(nFeatures);
    this.nSamples = n;
    this.nFeatures = nFeatures;
    this.#kernels = kernels;
    this.#rows = rows;
    this.#positions = kernels.alloc(n * 4);
    this.#closest = kernels.alloc(n * 8);
    this.#labels = kernels.alloc(n * 4);
    this.#owners = kernels.alloc(n * 4);
    this.#bounds = kernels.alloc(n * 8);
    this.#travel = kernels.alloc((k + 2) * 8);
    this.#scratch = kernels.alloc(k * 8 + stride + 16);
    this.#candidates = kernels.alloc(k * 4096);
    this.#buffers = centerBuffers(kernels, k, stride);
    this.#seeds = kernels.alloc(TRIALS * 4);
    this.#gains = kernels.alloc(TRIALS * 8);
    this.#roots = kernels.alloc(nodes * 4);
    const most = Math.max(LEAF_ROWS, Math.floor(STEP / k));
    this.#rootCount = kernels.run.listRoots(most, this.#roots);
    kernels.run.startSeeding(
      n,
      this.#positions,
      this.#closest,
      kernels.alloc(n),
      kernels.alloc((n / 256 + 1) * (stride + 16)),
    );
  }

  first(row: number): Promise<number> {
    this.#potential = this.#kernels.run.seedFirst(row);
    return Promise.resolve(this.#potential);
  }

  add(row: number): Promise<number> {
    this.#potential = this.#kernels.run.seedAdd(row);
    return Promise.resolve(this.#potential);
  }

  potentialsWith(rows: readonly number[]): Promise<number[]> {
    const kernels = this.#kernels, potentials: number[] = [];
    for (let t = 0; t < rows.length; t += TRIALS) {
      const few = rows.slice(t, t + TRIALS);
      kernels.i32(this.#seeds, few.length).set(few);
      kernels.run.seedGains(this.#seeds, few.length, this.#gains);
      for (const gain of kernels.f64(this.#gains, few.length)) {
        potentials.push(this.#potential - gain);
      }
    }
    return Promise.resolve(potentials);
  }

  reaching(target: number): Promise<number> {
    return Promise.resolve(this.#kernels.run.seedReaching(target));
  }

  /** Rows as centers, shape (rows, nFeatures). */
  centersAt(rows: Int32Array): Float64Array {
    const d = this.nFeatures, { stride } = this.#buffers;
    const positions = this.#kernels.i32(this.#positions, this.nSamples);
    const centers = new Float64Array(rows.length * d);
    rows.forEach((row, a) => {
      const at = this.#rows + positions[row] * stride;
      centers.set(this.#kernels.f64(at, d), a * d);
    });
    return centers;
  }

  /**
   * Iterates until the centers' squared shift is at most `tol`, as it is when
   * no label changes, or maxIter. The inertia is that of the final centers.
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
    for (let shift = Infinity; nIter < maxIter && shift > tol; nIter++) {
      await this.#assign(pacer);
      const adoptions = await this.#adopt(pacer);
      shift = moveCenters(this.#kernels, this.#buffers, adoptions);
      this.#addTravel();
    }
    await this.#assign(pacer);
    return {
      centers: readCenters(this.#kernels, this.#buffers, this.nFeatures),
      inertia: await this.#label(0, pacer),
      nIter,
    };
  }

  /** Labels of the rows, shape (nSamples,), where they last converged. */
  async labels(pacer: Pacer): Promise<Int32Array> {
    await this.#label(this.#labels, pacer);
    return this.#kernels.i32(this.#labels, this.nSamples).slice();
  }

  #begin(centers: Float64Array): void {
    const { nClusters, sums, counts } = this.#buffers;
    writeCenters(this.#kernels, this.#buffers, centers);
    this.#kernels.f64(this.#travel, nClusters + 2).fill(0);
    this.#kernels.run.startLloyd(
      nClusters,
      this.#buffers.centers,
      sums,
      counts,
      this.#owners,
      this.#bounds,
      this.#travel,
      this.#scratch,
      this.#roots,
      this.#rootCount,
    );
  }

  #addTravel(): void {
    const { nClusters, ways } = this.#buffers, kernels = this.#kernels;
    const most = kernels.run.addTravel(nClusters, ways, this.#travel + 8);
    kernels.f64(this.#travel, 1)[0] += most;
  }

  async #assign(pacer: Pacer): Promise<void> {
    for (let i = 0; i < this.#rootCount; i++) {
      this.#kernels.run.assignNodes(this.#roots + i * 4, 1, this.#candidates);
      if (pacer.due) await pacer.rest();
    }
  }

  /** @param to where labels are written, 0 for nowhere. @returns inertia. */
  async #label(to: P, pacer: Pacer): Promise<number> {
    let inertia = 0;
    for (let i = 0; i < this.#rootCount; i++) {
      const root = this.#roots + i * 4;
      inertia += this.#kernels.run.labelNodes(root, 1, to);
      if (pacer.due) await pacer.rest();
    }
    return inertia;
  }

  /**
   * Each empty cluster adopts the row farthest from its own center, as in
   * scikit-learn; none where every row lies on its center.
   */
  async #adopt(pacer: Pacer): Promise<Adoption[]> {
    const kernels = this.#kernels, n = this.nSamples;
    const empty = emptyClusters(kernels, this.#buffers);
    if (empty.length === 0) return [];
    await this.#label(this.#labels, pacer);
    kernels.run.distancesToOwn(this.#labels, this.#closest);
    const labels = kernels.i32(this.#labels, n);
    const positions = kernels.i32(this.#positions, n);
    return largest(kernels.f64(this.#closest, n), empty.length)
      .map((row, t) => ({
        from: labels[row],
        to: empty[t],
        row: this.#rows + positions[row] * this.#buffers.stride,
      }));
  }
}
