import assert from "node:assert/strict";
import {
  DBSCAN,
  KMeans,
  MinMaxScaler,
  MLPClassifier,
  PCA,
  RobustScaler,
  StandardScaler,
} from "../../pipeline/models/mod.ts";
import type { Progress, RunOptions } from "../../pipeline/progress.ts";
import { blobs, ring } from "../golden/data.ts";
import { randomMatrix } from "./_matrix.ts";
import { EveryStep } from "./_pacing.ts";

const X = blobs(9000, 5, 6, 1);
/** More features than k-means puts into a tree. */
const WIDE = blobs(3000, 11, 6, 1);
const y = Uint8Array.from({ length: 9000 }, (_, i) => i % 6 < 3 ? 1 : 0);

/** For what takes few steps on few rows. */
const MANY = randomMatrix(100_000, 5, 2);

/** Every model on the same rows; few iterations, because each step rests. */
const FITS = {
  StandardScaler: (options: RunOptions) =>
    StandardScaler.fit(MANY, {}, options),
  RobustScaler: (options: RunOptions) => RobustScaler.fit(MANY, {}, options),
  MinMaxScaler: (options: RunOptions) => MinMaxScaler.fit(MANY, {}, options),
  PCA: (options: RunOptions) => PCA.fit(MANY, { nComponents: 3 }, options),
  KMeans: (options: RunOptions) =>
    KMeans.fit(X, { nClusters: 8, nInit: 1, maxIter: 3 }, options),
  DBSCAN: (options: RunOptions) =>
    DBSCAN.fit(X, { eps: 0.9, minSamples: 8 }, options),
  MLPClassifier: (options: RunOptions) =>
    MLPClassifier.fit(X, y, { maxIter: 2 }, options),
  "MLPClassifier by adam": (options: RunOptions) =>
    MLPClassifier.fit(X, y, { solver: "adam", maxIter: 2 }, options),
  "KMeans by rows": (options: RunOptions) =>
    KMeans.fit(WIDE, { nClusters: 8, nInit: 1, maxIter: 3 }, options),
};

for (const [name, fit] of Object.entries(FITS)) {
  Deno.test(`${name}.fit throws an abort's reason wherever it arrives`, async () => {
    let steps = 0;
    {
      using pacing = new EveryStep();
      await fit({});
      steps = pacing.steps;
    }
    assert(steps >= 4, `${steps} steps`);
    for (const part of [0.3, 0.6, 0.9]) {
      const controller = new AbortController();
      const reason = new Error(`enough after ${part}`);
      const at = Math.ceil(steps * part);
      using pacing = new EveryStep((step) => {
        // From the event loop, as a signal of the system or a click arrives.
        if (step === at) setTimeout(() => controller.abort(reason), 0);
      });
      await assert.rejects(fit({ signal: controller.signal }), reason);
      assert(pacing.steps <= at + 4, `${pacing.steps} steps, abort at ${at}`);
    }
  });
}

Deno.test("Every fit throws the reason of a signal that is already aborted", async () => {
  const signal = AbortSignal.abort(new Error("before"));
  for (const fit of Object.values(FITS)) {
    await assert.rejects(fit({ signal }), { message: "before" });
  }
});

Deno.test("Progress of a fit never goes back and ends at its total", async () => {
  const small = ring(2000, 2, 81);
  const fits: ((options: RunOptions) => Promise<unknown>)[] = [
    (o) => StandardScaler.fit(small.X, {}, o),
    (o) => PCA.fit(small.X, {}, o),
    (o) => KMeans.fit(small.X, { nClusters: 3, nInit: 4 }, o),
    (o) => DBSCAN.fit(small.X, {}, o),
  ];
  for (const fit of fits) {
    const seen: Progress[] = [];
    await fit({ onProgress: (progress) => seen.push(progress) });
    assert(seen.length > 0);
    seen.forEach((now, i) => {
      const before = seen[i - 1];
      if (before?.stage === now.stage) assert(now.done >= before.done);
    });
    const last = seen.at(-1)!;
    assert.equal(last.done, last.total);
  }
});

Deno.test("Fits that take turns give what each gives alone", async () => {
  const fits = Object.values(FITS);
  const alone: unknown[] = [];
  for (const fit of fits) alone.push(await fit({}));
  // Each twice, so that one model also meets another of its kind; all of them
  // have begun before the first can end, because every step waits for a turn.
  using pacing = new EveryStep();
  const together = await Promise.all([...fits, ...fits].map((fit) => fit({})));
  assert(pacing.steps > 100, `${pacing.steps} steps`);
  together.forEach((model, i) =>
    assert.deepEqual(model, alone[i % fits.length])
  );
});

Deno.test("Models are frozen", async () => {
  const model = await KMeans.fit(randomMatrix(20, 2, 1), { nClusters: 2 });
  assert(Object.isFrozen(model));
  assert(Object.isFrozen(model.params));
  assert(Object.isFrozen(model.featureNames));
});
