import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease } from "../kernels.ts";
import type { Pacer, RunOptions } from "../progress.ts";
import { buildTree, treeBytes } from "./kd_tree.ts";
import { loadRows, strideOf } from "./rows.ts";

/** Blocks of up to eight leaves per kernel call. */
const STEP = 16;
/** Pairs of leaves searched per kernel call. */
const PAIRS = 64;
/** Bytes of the pairs that can wait (see assembly/dbscan.ts). */
const PAIR_BYTES = 2 ** 19;

export interface Density {
  /** Shape (nSamples,), noise −1. */
  readonly labels: Int32Array;
  /** Shape (nSamples,): 1 for core rows. */
  readonly core: Uint8Array;
  readonly nClusters: number;
}

/** Most bytes that {@link clusterRows} allocates. */
export function dbscanBytes({ nSamples: n, nFeatures: d }: FeatureMatrix) {
  return n * (strideOf(d) + 1 + 1 + 4) + treeBytes(n) +
    PAIR_BYTES + 2 ** 21;
}

/**
 * Labels and core rows by the passes of assembly/dbscan.ts.
 *
 * @throws RangeError where a value is not finite, naming row and feature.
 */
export async function clusterRows(
  kernels: Lease,
  what: string,
  X: FeatureMatrix,
  { eps, minSamples }: { eps: number; minSamples: number },
  pacer: Pacer,
  options: RunOptions,
): Promise<Density> {
  const { run } = kernels;
  const n = X.nSamples;
  const report = (stage: string, done: number, total?: number) =>
    options.onProgress?.({ stage, done, total, unit: "nodes" });
  await buildTree(
    kernels,
    {
      rows: await loadRows(kernels, what, X, pacer),
      nSamples: n,
      nFeatures: X.nFeatures,
      leafRows: 1,
      leafDiagonal: eps * eps * (1 - 1e-9),
    },
    pacer,
    (done) => report("indexing", done),
  );
  const { leaves, blocks } = await buildBlocks(kernels, X.nFeatures, pacer);
  const [isCore, core] = [kernels.alloc(n), kernels.alloc(n)];
  const labels = kernels.alloc(n * 4);
  run.startDbscan(
    n,
    eps,
    minSamples,
    isCore,
    kernels.alloc(leaves * 12),
    kernels.alloc(blocks * 16),
    kernels.alloc(X.nFeatures * 64),
    kernels.alloc(PAIR_BYTES),
  );
  const pass = async (stage: string, step: (a: number, b: number) => void) => {
    for (let from = 0; from < blocks; from += STEP) {
      step(from, Math.min(blocks, from + STEP));
      if (!pacer.due) continue;
      report(stage, from, blocks);
      await pacer.rest();
    }
    report(stage, blocks, blocks);
  };

  await pass("finding core rows", (a, b) => run.findCore(a, b));
  run.spreadCore();
  await pass("joining boxes", (a, b) => run.joinLeaves(a, b));
  while (run.searchPairs(PAIRS) > 0) {
    if (pacer.due) await pacer.rest();
  }
  const nClusters = run.labelCore(n, labels, core);
  await pass("labelling", (a, b) => run.labelBorder(a, b, labels));
  return {
    nClusters,
    labels: kernels.i32(labels, n).slice(),
    core: kernels.u8(core, n).slice(),
  };
}

/** The blocks over the leaves of the instance's tree (assembly/boxes.ts). */
async function buildBlocks(kernels: Lease, nFeatures: number, pacer: Pacer) {
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
  return { leaves, blocks: kernels.run.countBlocks() };
}
