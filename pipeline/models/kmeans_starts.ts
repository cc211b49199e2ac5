import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import type { KMeansEnd } from "./kmeans_moves.ts";
import { seedRows, skipSeeds } from "./kmeans_seeding.ts";
import { LloydRun } from "./lloyd_run.ts";
import { RandomState } from "./random.ts";
import { TreeRun } from "./tree_run.ts";

/** What the starts of one fit have in common. */
export interface StartsPlan {
  readonly nClusters: number;
  readonly init: "k-means++" | "random";
  readonly nInit: number;
  readonly maxIter: number;
  /** Squared shift of all centers at which a start ends. */
  readonly tol: number;
  readonly randomState: number;
}

/**
 * Most features for which boxes of a tree still tell centers apart; with more,
 * rows are compared one by one.
 */
const TREE_FEATURES = 8;

/** The rows of a fit, as suits their features. */
export function loadRun(
  kernels: Lease,
  X: FeatureMatrix,
  mean: Float64Array,
  nClusters: number,
  pacer: Pacer,
): Promise<TreeRun | LloydRun> {
  const Run = X.nFeatures <= TREE_FEATURES ? TreeRun : LloydRun;
  return Run.load(kernels, X, mean, nClusters, pacer);
}

/**
 * Makes starts as long as there are any. Each has the random numbers that it
 * would have with all before it made in turn, whoever made those.
 *
 * @param next the start to make, never a lower one than before; nInit or more
 *   where none is left
 * @param onEnd `run.labels` are those of that start until it returns
 */
export async function makeStarts(
  run: TreeRun | LloydRun,
  plan: StartsPlan,
  next: () => number,
  pacer: Pacer,
  onEnd: (start: number, end: KMeansEnd) => Promise<void>,
): Promise<void> {
  const { nClusters, init, nInit, maxIter, tol, randomState } = plan;
  const random = new RandomState(randomState);
  let drawn = 0;
  for (let start = next(); start < nInit; start = next()) {
    for (; drawn < start; drawn++) {
      skipSeeds(run.nSamples, nClusters, init, random);
    }
    const rows = await seedRows(run, nClusters, init, random, pacer);
    drawn++;
    const centers = run.centersAt(rows);
    await onEnd(start, await run.converge(centers, maxIter, tol, pacer));
  }
}
