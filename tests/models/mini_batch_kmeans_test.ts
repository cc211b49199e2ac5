import assert from "node:assert/strict";
import {
  type FeatureMatrix,
  featureMatrix,
} from "../../pipeline/feature_matrix.ts";
import { KMeans, MiniBatchKMeans } from "../../pipeline/models/mod.ts";
import { blobs, named } from "../golden/data.ts";
import { assertClose } from "./_close.ts";

function batchesOf(X: FeatureMatrix, rows: number): FeatureMatrix[] {
  const d = X.nFeatures, batches: FeatureMatrix[] = [];
  for (let from = 0; from < X.data.length; from += rows * d) {
    const data = X.data.slice(from, from + rows * d);
    batches.push(featureMatrix(data, X.featureNames));
  }
  return batches;
}

Deno.test("MiniBatchKMeans ends in batches near the inertia that KMeans has with all rows", async () => {
  const X = blobs(6000, 3, 5, 81);
  const whole = await KMeans.fit(X, { nClusters: 5 });
  const fit = new MiniBatchKMeans({ nClusters: 5 });
  for (const batch of batchesOf(X, 512)) await fit.add(batch);
  const model = fit.finish();
  let inertia = 0;
  model.predict(X).forEach((a, i) => {
    for (let k = 0; k < 3; k++) {
      inertia += (X.data[3 * i + k] - model.clusterCenters[3 * a + k]) ** 2;
    }
  });
  assert(inertia < 1.05 * whole.inertia, `${inertia} ${whole.inertia}`);
  assert.equal(model.labels.length, 0);
});

Deno.test("MiniBatchKMeans centers are the means of all rows they have drawn", async () => {
  const fit = new MiniBatchKMeans({ nClusters: 1 });
  const X = blobs(1000, 2, 3, 82);
  for (const batch of batchesOf(X, 300)) await fit.add(batch);
  const mean = [0, 1].map((k) =>
    X.data.filter((_, i) => i % 2 === k).reduce((a, b) => a + b) / 1000
  );
  assertClose(fit.finish().clusterCenters, mean, 1e-12, "center");
});

Deno.test("MiniBatchKMeans of one batch is KMeans", async () => {
  const X = blobs(400, 2, 3, 83);
  const fit = new MiniBatchKMeans({ nClusters: 3, nInit: 4 });
  await fit.add(X);
  const whole = await KMeans.fit(X, { nClusters: 3, nInit: 4 });
  assert.deepEqual(fit.finish().clusterCenters, whole.clusterCenters);
});

Deno.test("MiniBatchKMeans refuses nothing added, too few rows first, other features and bad values", async () => {
  const fit = new MiniBatchKMeans({ nClusters: 3 });
  assert.throws(() => fit.finish(), {
    name: "TypeError",
    message: "Cannot fit MiniBatchKMeans: no rows were added",
  });
  await assert.rejects(fit.add(blobs(2, 2, 1, 1)), RangeError);
  await fit.add(blobs(9, 2, 3, 1));
  await assert.rejects(fit.add(blobs(9, 3, 3, 1)), TypeError);
  const wrong = featureMatrix(Float64Array.of(1, NaN), named(2));
  await assert.rejects(fit.add(wrong), {
    name: "RangeError",
    message:
      'Cannot fit MiniBatchKMeans: row 0, feature "f1" must be finite, got NaN',
  });
  await fit.add(blobs(1, 2, 1, 1));
  assert.throws(() => new MiniBatchKMeans({ nClusters: 0 }), RangeError);
});
