import type { Pacer } from "../progress.ts";
import type { RandomState } from "./random.ts";

/** The rows of a fit, as k-means++ looks at them. */
export interface Seeder {
  readonly nSamples: number;
  /** Makes a row the only center. @returns the potential. */
  first(row: number, pacer: Pacer): Promise<number>;
  /** Makes a row one more center. @returns the potential. */
  add(row: number, pacer: Pacer): Promise<number>;
  /** What the potential would be with each of the rows as one more center. */
  potentialsWith(rows: readonly number[], pacer: Pacer): Promise<number[]>;
  /**
   * The row at which the running sum of squared distances to the nearest
   * center, in the matrix's order, reaches the target.
   */
  reaching(target: number, pacer: Pacer): Promise<number>;
}

/** First centers, as rows of the matrix; shape (nClusters,). */
export async function seedRows(
  rows: Seeder,
  nClusters: number,
  init: "k-means++" | "random",
  random: RandomState,
  pacer: Pacer,
): Promise<Int32Array> {
  return init === "random"
    ? random.choose(nClusters, rows.nSamples)
    : await spreadRows(rows, nClusters, random, pacer);
}

/** Draws what {@link seedRows} would, for rows that another thread seeds. */
export function skipSeeds(
  nSamples: number,
  nClusters: number,
  init: "k-means++" | "random",
  random: RandomState,
): void {
  if (init === "random") {
    random.choose(nClusters, nSamples);
    return;
  }
  random.randint(nSamples);
  random.uniform(0, 1, (nClusters - 1) * trialsFor(nClusters));
}

/** Rows that are tried for each next center. */
function trialsFor(nClusters: number): number {
  return 2 + Math.floor(Math.log(nClusters));
}

/**
 * Greedy k-means++ (Arthur & Vassilvitskii, 2007): each next center is the
 * best of 2 + ln k rows drawn in proportion to their squared distance to the
 * centers so far. Draws and ties as in scikit-learn.
 */
async function spreadRows(
  rows: Seeder,
  nClusters: number,
  random: RandomState,
  pacer: Pacer,
): Promise<Int32Array> {
  const chosen = new Int32Array(nClusters);
  const trials = trialsFor(nClusters);
  chosen[0] = random.randint(rows.nSamples);
  let potential = await rows.first(chosen[0], pacer);
  for (let a = 1; a < nClusters; a++) {
    const tried: number[] = [];
    for (const u of random.uniform(0, 1, trials)) {
      tried.push(await rows.reaching(u * potential, pacer));
    }
    const potentials = await rows.potentialsWith(tried, pacer);
    // The first of equally low ones.
    chosen[a] = tried[potentials.indexOf(Math.min(...potentials))];
    potential = await rows.add(chosen[a], pacer);
    if (pacer.due) await pacer.rest();
  }
  return chosen;
}
