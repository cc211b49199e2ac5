import assert from "node:assert/strict";
import { openStore } from "../../pipeline/store/mod.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { createApp } from "../../routes/_app.tsx";
import {
  type ComputeClusters,
  largestFirst,
  metaOf,
} from "../../routes/_clusters.ts";
import { sessionClusters } from "../../routes/_session_clusters.ts";
import { build } from "../../tools/build.ts";
import { seed } from "./seed.ts";
import { clusterView, computeClusters } from "./seed_clusters.ts";

const ROOT = new URL("../../", import.meta.url);
const HOST = "127.0.0.1:8000";

type Get = (path: string) => Promise<Response>;

async function withClusters(
  clusters: ComputeClusters | undefined,
  test: (get: Get, store: SessionStore) => Promise<void>,
): Promise<void> {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const app = await createApp(ROOT, { store, hosts: [HOST], clusters });
  await test(async (path) => await app.request(`http://${HOST}${path}`), store);
}

Deno.test("largestFirst renumbers labels, sizes, centers and outliers alike", () => {
  const view = clusterView(9000), sorted = largestFirst(view);
  assert.deepEqual(
    Array.from(sorted.sizes),
    Array.from(view.sizes).toSorted((a, b) => b - a),
  );
  const counts = new Array(20).fill(0);
  sorted.labels.forEach((k) => counts[k]++);
  assert.deepEqual(counts, Array.from(sorted.sizes));
  assert.deepEqual(sorted.outlierClusters, [17, 18, 19]);
  assert.equal(sorted.centers[0][0], view.centers[0][19]);
});

Deno.test("metaOf lists the outlier sessions, smallest cluster first", () => {
  const meta = metaOf(largestFirst(clusterView(9000)));
  assert.equal(meta.nSamples, 9000);
  assert.equal(meta.outliers[0].cluster, 19);
  assert.equal(meta.outliers[0].values.length, meta.featureNames.length);
  assert.ok(meta.outliers.every((s) => s.cluster >= 17));
  assert.doesNotMatch(JSON.stringify(meta), /\u202e/);
});

Deno.test("sessionClusters puts k-means' plane before the features", async () => {
  await using store = await openStore(":memory:");
  const { dataset } = await seed(store);
  const view = await sessionClusters(store)(dataset, {});
  assert.match(view.featureNames[0], /^PC 1 \([\d.]+\u00a0% of variance\)$/);
  assert.deepEqual(view.featureNames.slice(2, 6), ["ts", "src", "dst", "port"]);
  assert.equal(view.columns.length, view.featureNames.length);
  assert.equal(view.labels.length, 24);
  assert.equal(view.keys[0], "C0x7LmQ2vT9sYk");
  assert.equal(view.outlierClusters.length, 3);
  const sizes = Array.from(view.sizes);
  assert.equal(sizes.reduce((a, b) => a + b, 0), 24);
});

Deno.test("metaOf says null for the center of a cluster without members", () => {
  const view = clusterView(9000);
  const centers = view.centers.map((at) => [NaN, ...Array.from(at).slice(1)]);
  assert.equal(metaOf({ ...view, centers }).centers[0][0], null);
});

Deno.test("GET /api/clusters tells progress, then the whole", () =>
  withClusters(computeClusters(500), async (get, store) => {
    await seed(store);
    assert.equal((await get("/api/points?column=0")).status, 409);
    const stream = await (await get("/api/clusters")).text();
    assert.match(stream, /^retry: 1000\n/);
    assert.match(stream, /event: done\ndata: \{"nSamples":500/);
    const html = await (await get("/clusters")).text();
    assert.match(html, /Outlier sessions/);
  }));

Deno.test("GET /api/points sends labels, features and keys as bytes", () =>
  withClusters(computeClusters(500), async (get, store) => {
    await seed(store);
    await (await get("/api/clusters")).text();
    const body = async (column: string) =>
      await (await get(`/api/points?column=${column}`)).arrayBuffer();
    const view = largestFirst(clusterView(500));
    assert.deepEqual(new Int32Array(await body("labels")), view.labels);
    assert.deepEqual(new Float64Array(await body("2")), view.columns[2]);
    const keys = await (await get("/api/points?column=keys")).text();
    assert.equal(keys.split("\n").length, 500);
    for (const column of ["7", "-1", "x", ""]) {
      const response = await get(`/api/points?column=${column}`);
      assert.equal(response.status, 400, column);
      assert.match((await response.json()).error, /integer in \[0, 6\]/);
    }
  }));

Deno.test("ClusterJobs fits once, and again after a failure", () => {
  let fits = 0;
  const fit: ComputeClusters = () => {
    fits++;
    if (fits === 1) {
      throw new RangeError(
        "Cannot fit KMeans: 20 clusters need 20 rows, got 3",
      );
    }
    return Promise.resolve(clusterView(100));
  };
  return withClusters(fit, async (get, store) => {
    await seed(store);
    const failed = await (await get("/api/clusters")).text();
    assert.match(failed, /event: failed\ndata: \{"message":"Cannot fit KMeans/);
    assert.match(await (await get("/api/clusters")).text(), /event: done/);
    await (await get("/api/clusters")).text();
    assert.equal(fits, 2);
  });
});

Deno.test("ClusterJobs keeps an unexpected error to itself", () =>
  withClusters(
    () => Promise.reject(new Error("secret")),
    async (get, store) => {
      await seed(store);
      const text = await (await get("/api/clusters")).text();
      assert.match(text, /an unexpected error stopped the fit/);
      assert.doesNotMatch(text, /secret/);
    },
  ));

Deno.test("GET /clusters explains why there is nothing to show", async () => {
  await withClusters(computeClusters(10), async (get, store) => {
    assert.match(
      await (await get("/clusters")).text(),
      /No logs have been read/,
    );
    await store.openDataset("bare");
    assert.match(await (await get("/clusters")).text(), /No sessions in bare/);
  });
  await withClusters(undefined, async (get, store) => {
    await seed(store);
    assert.match(await (await get("/clusters")).text(), /started without them/);
  });
});
