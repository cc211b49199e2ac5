import assert from "node:assert/strict";
import type { FeatureMatrix } from "../../pipeline/feature_matrix.ts";
import { lease } from "../../pipeline/kernels.ts";
import { DbscanRun } from "../../pipeline/models/dbscan_run.ts";
import { DBSCAN, RandomState } from "../../pipeline/models/mod.ts";
import { Pacer } from "../../pipeline/progress.ts";
import { leaseShared } from "../../pipeline/shared_kernels.ts";
import { conn } from "../golden/data.ts";
import { randomMatrix } from "./_matrix.ts";

const need = { what: "fit", nSamples: 1, nFeatures: 1, bytes: 1 };

/** Labels and core rows with a helper that is there from the beginning. */
async function withHelper(
  X: FeatureMatrix,
  limits: { eps: number; minSamples: number },
  newWorker?: () => Worker,
) {
  using kernels = leaseShared(need);
  using run = new DbscanRun(kernels, X, limits, new Pacer(), {});
  await run.callHelper(newWorker)!.ready;
  const density = await run.cluster("fit");
  return { density, sharedPasses: run.sharedPasses };
}

async function alone(
  X: FeatureMatrix,
  limits: { eps: number; minSamples: number },
) {
  using kernels = lease();
  using run = new DbscanRun(kernels, X, limits, new Pacer(), {});
  return await run.cluster("fit");
}

Deno.test("DBSCAN of two threads is that of one, to the last label and core row", async () => {
  let shared = 0;
  for (
    const [X, eps, minSamples] of [
      [randomMatrix(20_000, 3, 1), 0.05, 4],
      [randomMatrix(20_000, 7, 2), 0.6, 10],
      [randomMatrix(9000, 2, 3), 0.01, 3],
      [conn(3000, 8), 1000, 5],
    ] as const
  ) {
    const limits = { eps, minSamples };
    const wanted = await alone(X, limits);
    const got = await withHelper(X, limits);
    assert.deepEqual(got.density, wanted);
    shared += got.sharedPasses;
  }
  assert(shared > 0, "no helper took part in any pass");
});

Deno.test("DBSCAN.fit gives the same model whatever the threads", async () => {
  const X = randomMatrix(4000, 3, 5), params = { eps: 0.1, minSamples: 5 };
  const one = await DBSCAN.fit(X, params, { threads: 1 });
  assert.deepEqual(await DBSCAN.fit(X, params, { threads: 2 }), one);
  assert.deepEqual(await DBSCAN.fit(X, params), one);
  assert(one.nClusters > 0);
});

Deno.test("DBSCAN goes through a pass again whose helper has failed", async () => {
  const X = randomMatrix(20_000, 3, 1), limits = { eps: 0.05, minSamples: 4 };
  const failing = () =>
    new Worker(new URL("./_failing_helper.ts", import.meta.url), {
      type: "module",
    });
  const { density, sharedPasses } = await withHelper(X, limits, failing);
  assert.equal(sharedPasses, 0);
  assert.deepEqual(density, await alone(X, limits));
});

Deno.test("A DBSCAN on two threads that is aborted leaves the next one right", async () => {
  const X = randomMatrix(70_000, 5, 9), params = { eps: 0.2, minSamples: 4 };
  const wanted = await DBSCAN.fit(X, params, { threads: 1 });
  const random = new RandomState(1);
  for (let i = 0; i < 6; i++) {
    const controller = new AbortController();
    const fit = DBSCAN.fit(X, params, {
      threads: 2,
      signal: controller.signal,
    });
    setTimeout(
      () => controller.abort(new Error("enough")),
      random.randint(250),
    );
    await fit.catch((error) => assert.equal(error.message, "enough"));
    const next = await DBSCAN.fit(X, params, { threads: 2 });
    assert.deepEqual(next.labels, wanted.labels);
  }
});
