import assert from "node:assert/strict";
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import { kneeOf } from "../../pipeline/models/cluster_metrics.ts";
import {
  daviesBouldin,
  kDistances,
  KMeans,
  rocAuc,
  rocCurve,
  silhouette,
  suggestClusters,
} from "../../pipeline/models/mod.ts";
import { blobs, golden } from "../golden/data.ts";
import { assertClose } from "./_close.ts";
import { repeated } from "./_matrix.ts";

Deno.test("silhouette and daviesBouldin equal scikit-learn's", async () => {
  const cases = await golden("clusters");
  assert.equal(cases.length, 2);
  for (const wanted of cases) {
    const X = blobs(wanted.n, wanted.d, wanted.centers, wanted.seed);
    const got = await silhouette(X, wanted.labels);
    assertClose([got], [wanted.silhouette], 1e-9, "silhouette");
    const index = await daviesBouldin(X, wanted.labels);
    assertClose([index], [wanted.daviesBouldin], 1e-9, "Davies–Bouldin");
  }
});

Deno.test("silhouette of a sample is near that of all, and the same each time", async () => {
  const X = blobs(3000, 3, 4, 5);
  const { labels } = await KMeans.fit(X, { nClusters: 4 });
  const whole = await silhouette(X, labels);
  const part = await silhouette(X, labels, { sampleSize: 500 });
  assert(Math.abs(whole - part) < 0.03, `${whole} ${part}`);
  assert.equal(part, await silhouette(X, labels, { sampleSize: 500 }));
});

Deno.test("silhouette leaves noise out and gives 0 to a row alone and to equal rows", async () => {
  const X = featureMatrix(Float64Array.of(0, 1, 9, 10, 500), ["a"]);
  const four = featureMatrix(X.data.subarray(0, 4), ["a"]);
  assert.equal(
    await silhouette(X, [0, 0, 1, 1, -1]),
    await silhouette(four, [0, 0, 1, 1]),
  );
  assert.equal(await silhouette(repeated([1, 2], 4), [0, 0, 1, 1]), 0);
  const two = featureMatrix(Float64Array.of(0, 5), ["a"]);
  assert.equal(await silhouette(two, [0, 1]), 0);
});

Deno.test("silhouette refuses one cluster and wrong lengths, and can be aborted", async () => {
  const X = blobs(200, 2, 2, 1);
  await assert.rejects(silhouette(X, new Int32Array(200)), {
    name: "RangeError",
    message:
      "Cannot compute the silhouette: at least 2 clusters are needed, got 1",
  });
  await assert.rejects(silhouette(X, [0, 1]), TypeError);
  const signal = AbortSignal.abort(new Error("enough"));
  const labels = Int32Array.from({ length: 200 }, (_, i) => i % 2);
  await assert.rejects(silhouette(X, labels, {}, { signal }), {
    message: "enough",
  });
});

Deno.test("suggestClusters finds the number of blobs", async () => {
  for (const [k, seed] of [[4, 11], [6, 12], [8, 13]]) {
    const X = blobs(900, 2, k, seed);
    const { nClusters, tried, inertias } = await suggestClusters(X);
    assert.equal(inertias.length, tried.length);
    // Two of the random middles may have met.
    assert(nClusters >= k - 2 && nClusters <= k + 2, `${nClusters} for ${k}`);
  }
  const { nClusters } = await suggestClusters(repeated([3], 40), [1, 2, 3]);
  assert.equal(nClusters, 1);
  await assert.rejects(suggestClusters(repeated([3], 2)), RangeError);
});

Deno.test("kneeOf finds the bend of a curve", () => {
  assert.equal(kneeOf([0, 1, 2, 3, 4], [0, 8, 9, 9.5, 10]), 1);
  assert.equal(kneeOf([0, 1, 2], [0, 1, 2]), 0);
});

Deno.test("kDistances are those of sorted distances, and eps lies at their bend", async () => {
  const X = blobs(300, 2, 3, 21);
  const { distances, eps } = await kDistances(X, 5);
  const twin = Float64Array.from({ length: 300 }, (_, i) => {
    const all = Array.from({ length: 300 }, (_, j) =>
      Math.hypot(
        X.data[2 * i] - X.data[2 * j],
        X.data[2 * i + 1] - X.data[2 * j + 1],
      ));
    return all.sort((a, b) => a - b)[4];
  }).sort();
  assertClose(distances, twin, 1e-12, "distances", 1);
  assert(eps > distances[150] && eps < distances[299], `${eps}`);
  assert.equal(
    (await kDistances(X, 5, { sampleSize: 50 })).distances.length,
    50,
  );
  for (const k of [0, 301, 1.5]) {
    await assert.rejects(kDistances(X, k), RangeError);
  }
});

Deno.test("rocCurve and rocAuc equal scikit-learn's", async () => {
  const { truth, scores, rocAuc: area, roc } = await golden("metrics");
  assertClose([rocAuc(truth, scores)], [area], 1e-12, "area");
  const points = rocCurve(truth, scores);
  assertClose(points.map((p) => p.falsePositiveRate), roc[0], 1e-12, "fpr", 1);
  assertClose(points.map((p) => p.truePositiveRate), roc[1], 1e-12, "tpr", 1);
  assert.throws(() => rocAuc([1, 1], [0.1, 0.2]), RangeError);
});
