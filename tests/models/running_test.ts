import assert from "node:assert/strict";
import {
  DBSCAN,
  KMeans,
  MLPClassifier,
  PCA,
  StandardScaler,
} from "../../pipeline/models/mod.ts";
import type { Progress, RunOptions } from "../../pipeline/progress.ts";
import { ring } from "../golden/data.ts";
import { randomMatrix } from "./_matrix.ts";

const X = randomMatrix(40_000, 7, 1);
const y = Uint8Array.from({ length: 40_000 }, (_, i) => i % 2);

/** Fits that take long; the scaler and PCA are over before an abort arrives. */
const LONG: Record<string, (options: RunOptions) => Promise<unknown>> = {
  KMeans: (options) => KMeans.fit(X, { nClusters: 64, tol: 0 }, options),
  DBSCAN: (options) => DBSCAN.fit(X, { eps: 0.4, minSamples: 50 }, options),
  MLPClassifier: (options) => MLPClassifier.fit(X, y, { tol: 0 }, options),
};

for (const [name, fit] of Object.entries(LONG)) {
  Deno.test(`${name}.fit stops within 250 ms of an abort with its reason`, async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    let aborted = 0;
    const timer = setTimeout(() => {
      aborted = performance.now();
      controller.abort(reason);
    }, 60);
    await assert.rejects(fit({ signal: controller.signal }), reason);
    assert(aborted > 0);
    assert(performance.now() - aborted < 250);
    clearTimeout(timer);
  });
}

Deno.test("Every fit throws the reason of a signal that is already aborted", async () => {
  const signal = AbortSignal.abort(new Error("before"));
  const small = randomMatrix(20, 2, 1), classes = y.subarray(0, 20);
  const fits = [
    StandardScaler.fit(small, {}, { signal }),
    PCA.fit(small, {}, { signal }),
    KMeans.fit(small, { nClusters: 2 }, { signal }),
    DBSCAN.fit(small, {}, { signal }),
    MLPClassifier.fit(small, classes, {}, { signal }),
  ];
  for (const result of await Promise.allSettled(fits)) {
    assert.equal(result.status, "rejected");
    assert.equal(result.reason.message, "before");
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

Deno.test("Fits that run at once do not disturb each other", async () => {
  const fit = (seed: number) =>
    KMeans.fit(randomMatrix(6000, 3, seed), { nClusters: 30, nInit: 2 });
  const alone = [await fit(1), await fit(2), await fit(3)];
  const together = await Promise.all([fit(1), fit(2), fit(3)]);
  together.forEach((model, i) => {
    assert.equal(model.inertia, alone[i].inertia);
    assert.deepEqual(model.labels, alone[i].labels);
  });
});

Deno.test("Models are frozen", async () => {
  const model = await KMeans.fit(randomMatrix(20, 2, 1), { nClusters: 2 });
  assert(Object.isFrozen(model));
  assert(Object.isFrozen(model.params));
  assert(Object.isFrozen(model.featureNames));
});
