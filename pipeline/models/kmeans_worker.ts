/** Makes starts of k-means off the main thread (see kmeans_helpers.ts). */
import { featureMatrix } from "../feature_matrix.ts";
import { lease } from "../kernels.ts";
import { Pacer } from "../progress.ts";
import type { KMeansEnd } from "./kmeans_moves.ts";
import { loadRun, makeStarts, type StartsPlan } from "./kmeans_starts.ts";

/** What a worker is told, once. */
export interface StartsJob {
  /** Shape (nSamples, nFeatures), row-major, in shared memory. */
  readonly data: Float64Array;
  readonly featureNames: readonly string[];
  /** Shape (nFeatures,). */
  readonly mean: Float64Array;
  readonly plan: StartsPlan;
  /** One value, shared: the start that is made next. */
  readonly next: Int32Array;
}

/** What it tells. */
export type FromStarts =
  | {
    readonly type: "start";
    readonly start: number;
    readonly end: KMeansEnd;
    /** Where it is the best of this worker so far. */
    readonly labels?: Int32Array;
  }
  | { readonly type: "done" };

const scope = self as unknown as {
  postMessage(message: FromStarts): void;
  onmessage: (event: MessageEvent<StartsJob>) => void;
};

if (typeof Window === "undefined") {
  scope.onmessage = ({ data }) => void work(data);
}

async function work(
  { data, featureNames, mean, plan, next }: StartsJob,
): Promise<void> {
  const X = featureMatrix(data, featureNames), pacer = new Pacer();
  using kernels = lease();
  const run = await loadRun(kernels, X, mean, plan.nClusters, pacer);
  let least = Infinity;
  const take = () => Atomics.add(next, 0, 1);
  await makeStarts(run, plan, take, pacer, async (start, end) => {
    const better = end.inertia < least;
    if (better) least = end.inertia;
    const labels = better ? await run.labels(pacer) : undefined;
    scope.postMessage({ type: "start", start, end, labels });
  });
  scope.postMessage({ type: "done" });
}
