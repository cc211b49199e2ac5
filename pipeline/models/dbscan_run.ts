import type { FeatureMatrix } from "../feature_matrix.ts";
import { type Lease, lease, type Need, type P } from "../kernels.ts";
import type { Pacer, RunOptions } from "../progress.ts";
import { leaseShared, SharedLease } from "../shared_kernels.ts";
import { DbscanHelper, PAIR_BYTES, type Pass } from "./dbscan_helper.ts";
import { type HelpPass, STEP } from "./dbscan_passes.ts";
import { buildTree, treeBytes } from "./kd_tree.ts";
import { loadRows, strideOf } from "./rows.ts";

/** Pairs of leaves searched per kernel call. */
const PAIRS = 64;
/** Rows from which on the memory is one that a second thread can share. */
const SHARED_ROWS = 65_536;
/**
 * Rows from which on a second thread is started at once, and leaves of the tree
 * from which on it is when they are known: it takes 80 ms to be there.
 */
const WORTH_ROWS = 300_000;
const WORTH_LEAVES = 40_000;

export interface Density {
  /** Shape (nSamples,), noise −1. */
  readonly labels: Int32Array;
  /** Shape (nSamples,): 1 for core rows. */
  readonly core: Uint8Array;
  readonly nClusters: number;
}

export interface DBSCANOptions extends RunOptions {
  /**
   * Threads that look for neighbours, 1 or 2; as many as pay by default. The
   * clusters are the same.
   */
  readonly threads?: number;
}

interface Limits {
  readonly eps: number;
  readonly minSamples: number;
}

/** Most bytes that {@link clusterRows} allocates. */
function dbscanBytes({ nSamples: n, nFeatures: d }: FeatureMatrix): number {
  return n * (strideOf(d) + 1 + 1 + 4) + treeBytes(n) +
    2 * PAIR_BYTES + 2 ** 21;
}

/**
 * Labels and core rows by the passes of assembly/dbscan.ts.
 *
 * @throws RangeError where a value is not finite, naming row and feature, or
 * for more rows than 4 GiB hold.
 */
export async function clusterRows(
  what: string,
  X: FeatureMatrix,
  limits: Limits,
  pacer: Pacer,
  options: DBSCANOptions,
): Promise<Density> {
  const { nSamples, nFeatures } = X;
  const need = { what, nSamples, nFeatures, bytes: dbscanBytes(X) };
  const { threads = threadsFor(nSamples) } = options;
  using kernels = threads > 1 ? leaseForTwo(need) : lease(need);
  using run = new DbscanRun(kernels, X, limits, pacer, options);
  if (options.threads !== undefined || nSamples >= WORTH_ROWS) run.callHelper();
  return await run.cluster(what);
}

function threadsFor(nSamples: number): number {
  return nSamples < SHARED_ROWS
    ? 1
    : Math.min(2, navigator.hardwareConcurrency);
}

/** A memory for two threads; for one where that cannot be had. */
function leaseForTwo(need: Need): Lease {
  try {
    return leaseShared(need);
  } catch {
    return lease(need); // throws too where the rows are too many
  }
}

/** One clustering: a tree of the rows, blocks of its leaves, passes over them. */
export class DbscanRun implements Disposable {
  /** Passes that a second thread has taken part in. */
  sharedPasses = 0;
  #helper?: DbscanHelper;
  #leaves = 0;
  #blocks = 0;
  /** OUT shape (nSamples,), i32; the forest of the leaves. */
  #labels: P = 0;
  #forest: P = 0;

  constructor(
    readonly kernels: Lease,
    readonly X: FeatureMatrix,
    readonly limits: Limits,
    readonly pacer: Pacer,
    readonly options: RunOptions,
  ) {}

  /** Starts a second thread, where the memory can be shared. */
  callHelper(newWorker?: () => Worker): DbscanHelper | undefined {
    if (!(this.kernels instanceof SharedLease)) return undefined;
    return this.#helper ??= new DbscanHelper(this.kernels, newWorker);
  }

  async cluster(what: string): Promise<Density> {
    const { kernels, pacer } = this, { run } = kernels;
    const n = this.X.nSamples;
    await this.#index(what);
    await this.#buildBlocks();
    if (this.#leaves >= WORTH_LEAVES) this.callHelper();
    const core = this.#begin();
    await this.#pass("finding core rows", "findCore");
    run.spreadCore();
    const shared = await this.#pass("joining boxes", "joinLeaves");
    await this.#searchPairs();
    if (shared) {
      this.#helper!.merge();
      await this.#searchPairs();
    }
    const nClusters = run.labelCore(n, this.#labels, core);
    if (this.#helper) (kernels as SharedLease).threads.flattenForest();
    await this.#pass("labelling", "labelBorder");
    if (pacer.due) await pacer.rest();
    return {
      nClusters,
      labels: kernels.i32(this.#labels, n).slice(),
      core: kernels.u8(core, n).slice(),
    };
  }

  async #index(what: string): Promise<void> {
    const { kernels, X, pacer, limits: { eps } } = this;
    await buildTree(
      kernels,
      {
        rows: await loadRows(kernels, what, X, pacer),
        nSamples: X.nSamples,
        nFeatures: X.nFeatures,
        leafRows: 1,
        leafDiagonal: eps * eps * (1 - 1e-9),
      },
      pacer,
      (done) => this.#report("indexing", done),
    );
  }

  /** The blocks over the leaves of the instance's tree (assembly/boxes.ts). */
  async #buildBlocks(): Promise<void> {
    const { kernels, pacer, X: { nFeatures } } = this;
    const leaves = kernels.run.countLeaves();
    kernels.run.startBlocks(
      nFeatures,
      kernels.alloc(leaves * (nFeatures * 64 + 48)),
      kernels.alloc((leaves + 1) * 4),
      kernels.alloc(leaves * 4),
      kernels.alloc(leaves * 12),
    );
    while (kernels.run.growBlocks(16_384) >= 0) {
      if (pacer.due) await pacer.rest();
    }
    this.#leaves = leaves;
    this.#blocks = kernels.run.countBlocks();
  }

  /** @returns where it will be told which rows are core, u8. */
  #begin(): P {
    const { kernels, limits: { eps, minSamples } } = this;
    const { nSamples: n, nFeatures } = this.X;
    const [isCore, core] = [kernels.alloc(n), kernels.alloc(n)];
    this.#labels = kernels.alloc(n * 4);
    this.#forest = kernels.alloc(this.#leaves * 12);
    kernels.run.startDbscan(
      n,
      eps,
      minSamples,
      isCore,
      this.#forest,
      kernels.alloc(this.#blocks * 16),
      kernels.alloc(nFeatures * 64),
      kernels.alloc(PAIR_BYTES),
    );
    this.#helper?.begin(this.#leaves, this.#blocks, nFeatures);
    return core;
  }

  /** @returns whether another thread has taken part. */
  async #pass(stage: string, step: HelpPass["step"]): Promise<boolean> {
    const places = { forest: this.#forest, labels: this.#labels };
    const pass = this.#helper?.pass(step, this.#blocks, places) ?? alone();
    await this.#goThrough(stage, step, pass);
    const end = await pass.end(this.pacer.signal);
    if (end === "failed") await this.#goThrough(stage, step, alone());
    this.#report(stage, this.#blocks, this.#blocks);
    if (end === "shared") this.sharedPasses++;
    return end === "shared";
  }

  async #goThrough(
    stage: string,
    step: HelpPass["step"],
    pass: Pass,
  ): Promise<void> {
    const { kernels: { run }, pacer } = this, blocks = this.#blocks;
    for (let from = pass.next(); from < blocks; from = pass.next()) {
      const to = Math.min(blocks, from + STEP);
      if (step === "findCore") run.findCore(from, to);
      else if (step === "joinLeaves") run.joinLeaves(from, to);
      else run.labelBorder(from, to, this.#labels);
      if (!pacer.due) continue;
      this.#report(stage, from, blocks);
      await pacer.rest();
    }
  }

  async #searchPairs(): Promise<void> {
    while (this.kernels.run.searchPairs(PAIRS) > 0) {
      if (this.pacer.due) await this.pacer.rest();
    }
  }

  #report(stage: string, done: number, total?: number): void {
    this.options.onProgress?.({ stage, done, total, unit: "nodes" });
  }

  [Symbol.dispose](): void {
    this.#helper?.[Symbol.dispose]();
  }
}

/** A pass of this thread alone. */
function alone(): Pass {
  let at = -STEP;
  return {
    next: () => at += STEP,
    end: () => Promise.resolve("alone"),
  };
}
