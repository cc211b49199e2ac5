import type { P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import type { LloydRun } from "./lloyd_run.ts";
import type { RandomState } from "./random.ts";

/** Rows per kernel call. */
const STEP = 65_536;

/** First centers among the rows. @returns shape (nClusters, nFeatures). */
export async function seedCenters(
  run: LloydRun,
  init: "k-means++" | "random",
  random: RandomState,
  pacer: Pacer,
): Promise<Float64Array> {
  const rows = init === "random"
    ? random.choose(run.nClusters, run.nSamples)
    : await spreadRows(run, random, pacer);
  const d = run.nFeatures;
  const centers = new Float64Array(rows.length * d);
  rows.forEach((row, a) => {
    centers.set(run.kernels.f64(rowAt(run, row), d), a * d);
  });
  return centers;
}

/**
 * Greedy k-means++ (Arthur & Vassilvitskii, 2007): each next center is the
 * best of 2 + ln k rows drawn in proportion to their squared distance to the
 * centers so far. Draws and ties as in scikit-learn.
 */
async function spreadRows(
  run: LloydRun,
  random: RandomState,
  pacer: Pacer,
): Promise<Int32Array> {
  const chosen = new Int32Array(run.nClusters);
  const trials = 2 + Math.floor(Math.log(run.nClusters));
  chosen[0] = random.randint(run.nSamples);
  run.kernels.f64(run.closest, run.nSamples).fill(Infinity);
  let potential = await potentialWith(run, chosen[0], pacer);
  await lowerClosest(run, chosen[0], pacer);
  for (let a = 1; a < run.nClusters; a++) {
    const targets = random.uniform(0, 1, trials).map((u) => u * potential);
    potential = Infinity;
    for (const target of targets) {
      const row = await rowReaching(run, target, pacer);
      const sum = await potentialWith(run, row, pacer);
      if (sum >= potential) continue;
      potential = sum;
      chosen[a] = row;
    }
    await lowerClosest(run, chosen[a], pacer);
  }
  return chosen;
}

function rowAt(run: LloydRun, row: number): P {
  return run.rows + row * run.stride;
}

async function potentialWith(
  run: LloydRun,
  center: number,
  pacer: Pacer,
): Promise<number> {
  let sum = 0;
  for (let from = 0; from < run.nSamples; from += STEP) {
    sum += run.kernels.run.potentialWith(
      rowAt(run, from),
      Math.min(STEP, run.nSamples - from),
      run.stride,
      rowAt(run, center),
      run.closest + from * 8,
    );
    if (pacer.due) await pacer.rest();
  }
  return sum;
}

async function lowerClosest(
  run: LloydRun,
  center: number,
  pacer: Pacer,
): Promise<void> {
  for (let from = 0; from < run.nSamples; from += STEP) {
    run.kernels.run.lowerClosest(
      rowAt(run, from),
      Math.min(STEP, run.nSamples - from),
      run.stride,
      rowAt(run, center),
      run.closest + from * 8,
    );
    if (pacer.due) await pacer.rest();
  }
}

/** The row at which the running sum of `closest` reaches the target. */
async function rowReaching(
  run: LloydRun,
  target: number,
  pacer: Pacer,
): Promise<number> {
  const { kernels, nSamples } = run;
  kernels.f64(run.runningSum, 1)[0] = 0;
  for (let from = 0; from < nSamples; from += STEP) {
    const rows = Math.min(STEP, nSamples - from);
    const at = kernels.run.firstReaching(
      run.closest + from * 8,
      rows,
      target,
      run.runningSum,
    );
    if (at < rows) return from + at;
    if (pacer.due) await pacer.rest();
  }
  return nSamples - 1;
}
