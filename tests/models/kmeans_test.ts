import assert from "node:assert/strict";
import {
  type FeatureMatrix,
  featureMatrix,
} from "../../pipeline/feature_matrix.ts";
import { KMeans, StandardScaler } from "../../pipeline/models/mod.ts";
import { blobs, conn, golden, named } from "../golden/data.ts";
import { assign, lloyd } from "../reference/kmeans.ts";
import { assertClose } from "./_close.ts";
import { randomMatrix, repeated } from "./_matrix.ts";

// deno-lint-ignore no-explicit-any
async function matrixOf({ data, n, seed, d, blobs: centers }: any) {
  if (data === "blobs") return blobs(n, d, centers, seed);
  const X = conn(n, seed);
  return (await StandardScaler.fit(X)).transform(X);
}

function firstRows(X: FeatureMatrix, k: number): Float64Array {
  return X.data.slice(0, k * X.nFeatures);
}

Deno.test("KMeans from fixed centers equals scikit-learn's labels and inertia", async () => {
  const cases = await golden("kmeans");
  assert.equal(cases.length, 6);
  for (const wanted of cases) {
    const X = await matrixOf(wanted);
    const { nClusters } = wanted;
    const initialCenters = firstRows(X, nClusters);
    const model = await KMeans.fit(X, { nClusters }, { initialCenters });
    assert.deepEqual([...model.labels], wanted.labels, wanted.name);
    assertClose([model.inertia], [wanted.inertia], 1e-9, wanted.name);
    assertClose(model.clusterCenters, wanted.centers, 1e-9, wanted.name, 1);
    assert.equal(model.nIter, wanted.nIter, wanted.name);
  }
});

Deno.test("KMeans draws scikit-learn's seeds, so random_state 1 ends in its inertia", async () => {
  for (const wanted of await golden("kmeans")) {
    const X = await matrixOf(wanted);
    const { nClusters } = wanted;
    const model = await KMeans.fit(X, { nClusters, nInit: 3 });
    assertClose([model.inertia], [wanted.seededInertia], 1e-9, wanted.name);
  }
});

Deno.test("KMeans.predict agrees with the twin that tries every center", async () => {
  for (
    const [n, d, k, seed] of [[60, 1, 5, 1], [500, 3, 20, 2], [900, 7, 64, 3]]
  ) {
    const X = randomMatrix(n, d, seed);
    const model = await KMeans.fit(X, { nClusters: k, nInit: 1, maxIter: 2 });
    const twin = assign(X, model.clusterCenters);
    assert.deepEqual(model.labels, twin.labels);
    assertClose([model.inertia], [twin.inertia], 1e-12, "inertia");
    const Y = randomMatrix(700, d, seed + 100);
    assert.deepEqual(model.predict(Y), assign(Y, model.clusterCenters).labels);
  }
});

Deno.test("KMeans agrees with the twin's Lloyd iterations", async () => {
  const X = blobs(500, 4, 6, 3);
  const initialCenters = firstRows(X, 6);
  const model = await KMeans.fit(
    X,
    { nClusters: 6, tol: 0 },
    { initialCenters },
  );
  const twin = lloyd(X, initialCenters, 300);
  assert.deepEqual(model.labels, twin.labels);
  assertClose(model.clusterCenters, twin.centers, 1e-12, "centers");
});

Deno.test("KMeans labels are what predict gives and centers are their means", async () => {
  const X = blobs(400, 3, 5, 4);
  const model = await KMeans.fit(X, { nClusters: 5, tol: 0 });
  assert.deepEqual(model.predict(X), model.labels);
  const sums = new Float64Array(15), counts = new Float64Array(5);
  model.labels.forEach((label, i) => {
    counts[label]++;
    for (let j = 0; j < 3; j++) sums[label * 3 + j] += X.data[i * 3 + j];
  });
  const means = sums.map((s, i) => s / counts[Math.floor(i / 3)]);
  assertClose(model.clusterCenters, means, 1e-12, "means");
});

Deno.test("KMeans gives an equally near row to the lowest center", async () => {
  const X = featureMatrix(Float64Array.of(-1, 0, 1), ["a"]);
  const model = await KMeans.fit(X, { nClusters: 2, maxIter: 1 }, {
    initialCenters: Float64Array.of(1, -1),
  });
  const Y = featureMatrix(
    Float64Array.of((model.clusterCenters[0] + model.clusterCenters[1]) / 2),
    ["a"],
  );
  assert.equal(model.predict(Y)[0], 0);
});

Deno.test("KMeans refills an empty cluster with the farthest row", async () => {
  const X = featureMatrix(Float64Array.of(0, 1, 2, 10, 11, 30), ["a"]);
  const model = await KMeans.fit(X, { nClusters: 3 }, {
    initialCenters: Float64Array.of(1, 10, 1000),
  });
  assert.deepEqual([...model.labels], [0, 0, 0, 1, 1, 2]);
  assert.equal(model.inertia, 2.5);
});

Deno.test("KMeans is the same twice with a seed and another with another", async () => {
  const X = randomMatrix(300, 2, 9);
  const fit = (randomState: number) =>
    KMeans.fit(X, { nClusters: 12, nInit: 1, randomState });
  assert.deepEqual(
    (await fit(1)).clusterCenters,
    (await fit(1)).clusterCenters,
  );
  assert.notDeepEqual(
    (await fit(1)).clusterCenters,
    (await fit(2)).clusterCenters,
  );
});

Deno.test("KMeans starts from different rows with init random", async () => {
  const X = blobs(300, 2, 4, 8);
  const model = await KMeans.fit(X, { nClusters: 4, init: "random" });
  const best = await KMeans.fit(X, { nClusters: 4 });
  assertClose([model.inertia], [best.inertia], 1e-9, "inertia");
});

Deno.test("KMeans fits one row, one cluster, one feature", async () => {
  const model = await KMeans.fit(repeated([3], 1), { nClusters: 1 });
  assert.deepEqual([...model.clusterCenters], [3]);
  assert.equal(model.inertia, 0);
});

Deno.test("KMeans ends where all rows are identical", async () => {
  const X = repeated([1.6e9, 2], 50);
  const model = await KMeans.fit(X, { nClusters: 3 });
  assert.equal(model.inertia, 0);
  assert(model.labels.every((label) => label === 0));
});

Deno.test("KMeans refuses more clusters than rows", async () => {
  await assert.rejects(KMeans.fit(repeated([1], 12), { nClusters: 40 }), {
    name: "RangeError",
    message:
      "Cannot fit KMeans: nClusters must be an integer in [1, 12], got 40",
  });
});

Deno.test("KMeans refuses centers of another shape, bad values and other features", async () => {
  const X = randomMatrix(20, 2, 1);
  const fit = (initialCenters: Float64Array) =>
    KMeans.fit(X, { nClusters: 2 }, { initialCenters });
  await assert.rejects(fit(Float64Array.of(1, 2, 3)), TypeError);
  await assert.rejects(fit(Float64Array.of(1, 2, 3, NaN)), RangeError);
  const bad = featureMatrix(Float64Array.of(1, Infinity), ["dst"]);
  await assert.rejects(KMeans.fit(bad, { nClusters: 1 }), {
    name: "RangeError",
    message:
      'Cannot fit KMeans: row 1, feature "dst" must be finite, got Infinity',
  });
  const model = await KMeans.fit(X, { nClusters: 2 });
  const other = featureMatrix(Float64Array.of(1, 2, 3), named(3));
  assert.throws(() => model.predict(other), TypeError);
});
