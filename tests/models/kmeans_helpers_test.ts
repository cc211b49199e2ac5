import assert from "node:assert/strict";
import { lease } from "../../pipeline/kernels.ts";
import {
  helpersFor,
  StartHelpers,
} from "../../pipeline/models/kmeans_helpers.ts";
import { loadRun, makeStarts } from "../../pipeline/models/kmeans_starts.ts";
import { KMeans } from "../../pipeline/models/mod.ts";
import { Pacer } from "../../pipeline/progress.ts";
import { conn } from "../golden/data.ts";
import { randomMatrix } from "./_matrix.ts";

Deno.test("KMeans on several threads ends where it ends on one, for trees and rows and both inits", async () => {
  for (
    const [n, d, init] of [
      [4000, 2, "k-means++"],
      [3000, 7, "random"],
      [1500, 12, "k-means++"],
    ] as const
  ) {
    const X = randomMatrix(n, d, 7 * d);
    const params = { nClusters: 9, nInit: 7, init, randomState: d };
    const alone = await KMeans.fit(X, params, { threads: 1 });
    const model = await KMeans.fit(X, params, { threads: 3 });
    assert.deepEqual(model, alone, `${n} × ${d} ${init}`);
  }
});

Deno.test("KMeans makes the starts that a failing worker took and did not end", async () => {
  const X = randomMatrix(500, 2, 5), pacer = new Pacer();
  const plan = {
    nClusters: 5,
    init: "k-means++",
    nInit: 6,
    maxIter: 100,
    tol: 1e-4,
    randomState: 1,
  } as const;
  const counts: number[] = [];
  using helpers = new StartHelpers(
    1,
    (done) => counts.push(done),
    () =>
      new Worker(new URL("./_failing_worker.ts", import.meta.url), {
        type: "module",
      }),
  );
  const mean = new Float64Array(2);
  await helpers.begin(X, mean, plan, pacer);
  // It takes the first two starts and throws.
  while (helpers.size > 0) await pacer.rest();
  using kernels = lease();
  const run = await loadRun(kernels, X, mean, 5, pacer);
  const make = (next: () => number) =>
    makeStarts(run, plan, next, pacer, async (start, end) => {
      helpers.add(start, end, await run.labels(pacer));
    });
  await make(() => helpers.take());
  const missing = await helpers.missing(6);
  assert.deepEqual(missing, [0, 1]);
  await make(() => missing.shift() ?? 6);
  assert.deepEqual(counts, [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(await helpers.missing(6), []);
});

Deno.test("KMeans on several threads heeds an abort at once, also while it waits for a worker", async () => {
  const X = conn(60_000, 3);
  const waits: number[] = [];
  for (const after of [5, 150, 400]) {
    const reason = new Error("enough");
    const stop = new AbortController();
    let aborted = 0;
    setTimeout(() => {
      aborted = performance.now();
      stop.abort(reason);
    }, after);
    const params = { nClusters: 30, nInit: 400 };
    const options = { threads: 3, signal: stop.signal };
    await assert.rejects(KMeans.fit(X, params, options), reason);
    waits.push(performance.now() - aborted);
  }
  // More threads than cores: what else runs may hold up one of them.
  assert(Math.min(...waits) < 100, `${waits} ms after the abort`);
  const stop = new AbortController();
  using helpers = new StartHelpers(1, () => {});
  setTimeout(() => stop.abort(new Error("enough")), 20);
  await assert.rejects(helpers.missing(1, stop.signal), /enough/);
});

Deno.test("KMeans asks for as many helpers as pay", () => {
  const X = (values: number) => ({
    ...randomMatrix(1, 1, 1),
    data: new Float64Array(values),
  });
  assert.equal(helpersFor(X(44_000), 10, 8), 0);
  assert.equal(helpersFor(X(2_000_000), 10, 1), 0);
  assert.equal(helpersFor(X(2_000_000), 10, 2), 1);
  assert.equal(helpersFor(X(2_000_000), 10, 64), 3);
  assert.equal(helpersFor(X(6_000_000), 1, 64), 0);
});
