import assert from "node:assert/strict";
import { featureMatrix, selectRows } from "../../pipeline/feature_matrix.ts";
import { DBSCAN, StandardScaler } from "../../pipeline/models/mod.ts";
import { blobs, conn, golden, named } from "../golden/data.ts";
import { dbscan, nearestLabels } from "../reference/dbscan.ts";
import { randomMatrix, repeated } from "./_matrix.ts";

// deno-lint-ignore no-explicit-any
async function matrixOf({ data, n, seed, d, blobs: centers }: any) {
  if (data === "blobs") return blobs(n, d, centers, seed);
  const X = conn(n, seed);
  return (await StandardScaler.fit(X)).transform(X);
}

Deno.test("DBSCAN has scikit-learn's labels and core samples, number for number", async () => {
  const cases = await golden("dbscan");
  assert.equal(cases.length, 20);
  for (const wanted of cases) {
    const { eps, minSamples } = wanted;
    const model = await DBSCAN.fit(await matrixOf(wanted), { eps, minSamples });
    const name = `${wanted.data} ${eps} ${minSamples}`;
    assert.deepEqual([...model.labels], wanted.labels, name);
    assert.deepEqual([...model.coreSampleIndices], wanted.core, name);
    assert.equal(model.nClusters, Math.max(...wanted.labels) + 1, name);
  }
});

Deno.test("DBSCAN agrees with the twin that looks at every pair", async () => {
  let clusters = 0, noise = 0, border = 0;
  for (
    const [n, d, seed] of [[40, 1, 1], [300, 2, 2], [400, 3, 3], [350, 7, 4]]
  ) {
    const X = randomMatrix(n, d, seed);
    for (const eps of [0.02, 0.1, 0.25, 0.6]) {
      for (const minSamples of [1, 3, 6]) {
        const model = await DBSCAN.fit(X, { eps, minSamples });
        const twin = dbscan(X, eps, minSamples);
        assert.deepEqual(model.labels, twin.labels);
        const core = [...twin.core.keys()].filter((i) => twin.core[i]);
        assert.deepEqual([...model.coreSampleIndices], core);
        clusters += model.nClusters;
        noise += model.labels.filter((l) => l < 0).length;
        border += n - core.length - model.labels.filter((l) => l < 0).length;
      }
    }
  }
  assert(clusters > 100 && noise > 100 && border > 100);
});

Deno.test("DBSCAN decides pairs at exactly eps as scikit-learn: they are neighbours", async () => {
  const X = featureMatrix(Float64Array.of(0, 0, 3, 4, 6, 8), ["a", "b"]);
  const at = await DBSCAN.fit(X, { eps: 5, minSamples: 2 });
  assert.deepEqual([...at.labels], [0, 0, 0]);
  const below = await DBSCAN.fit(X, { eps: 4.999999999, minSamples: 2 });
  assert.deepEqual([...below.labels], [-1, -1, -1]);
});

Deno.test("DBSCAN joins a chain of rows whatever their order", async () => {
  const n = 500;
  const data = Float64Array.from({ length: n }, (_, i) => (i * 263) % n);
  const model = await DBSCAN.fit(featureMatrix(data, ["a"]), {
    eps: 1,
    minSamples: 2,
  });
  assert.equal(model.nClusters, 1);
  assert(model.labels.every((label) => label === 0));
});

Deno.test("DBSCAN makes every row core with minSamples 1", async () => {
  const X = randomMatrix(200, 3, 5);
  const model = await DBSCAN.fit(X, { eps: 0.1, minSamples: 1 });
  assert.equal(model.coreSampleIndices.length, 200);
  assert(model.labels.every((label) => label >= 0));
});

Deno.test("DBSCAN with a tiny eps joins identical rows only", async () => {
  const X = randomMatrix(300, 2, 6);
  const model = await DBSCAN.fit(X, { eps: 1e-300, minSamples: 1 });
  const distinct = new Set<string>();
  for (let i = 0; i < 300; i++) {
    distinct.add(`${X.data.slice(2 * i, 2 * i + 2)}`);
  }
  assert(distinct.size < 300);
  assert.equal(model.nClusters, distinct.size);
});

Deno.test("DBSCAN finds one cluster where all rows are identical, noise where they are too few", async () => {
  const X = repeated([1.6e9, 0, 5], 30);
  const one = await DBSCAN.fit(X, { eps: 0.1, minSamples: 30 });
  assert(one.labels.every((label) => label === 0));
  const none = await DBSCAN.fit(X, { eps: 0.1, minSamples: 31 });
  assert(none.labels.every((label) => label === -1));
  assert.equal(none.nClusters, 0);
});

Deno.test("DBSCAN fits one row", async () => {
  const X = repeated([3, 4], 1);
  assert.equal((await DBSCAN.fit(X, { minSamples: 1 })).labels[0], 0);
  assert.equal((await DBSCAN.fit(X, { minSamples: 2 })).labels[0], -1);
});

Deno.test("DBSCAN.predict gives the nearest core sample's cluster, as the twin does", async () => {
  const X = blobs(300, 3, 4, 32);
  for (const eps of [0.4, 0.6, 2]) {
    const model = await DBSCAN.fit(X, { eps, minSamples: 5 });
    const core = selectRows(X, model.coreSampleIndices);
    const labels = model.coreSampleIndices.map((i) => model.labels[i]);
    const Y = featureMatrix(
      randomMatrix(500, 3, 8).data.map((v) => v * 6 + 4),
      named(3),
    );
    const predicted = model.predict(Y);
    assert.deepEqual(predicted, nearestLabels(Y, core, labels, eps));
    assert.deepEqual(model.predict(core), labels);
    assert(predicted.some((label) => label >= 0));
    assert(predicted.some((label) => label < 0));
  }
});

Deno.test("DBSCAN.predict calls everything noise where nothing is core", async () => {
  const X = randomMatrix(10, 2, 1);
  const model = await DBSCAN.fit(X, { eps: 1e-9, minSamples: 10 });
  assert(model.predict(X).every((label) => label === -1));
});

Deno.test("DBSCAN refuses eps 0, values that are not finite and other features", async () => {
  const X = randomMatrix(10, 2, 1);
  await assert.rejects(DBSCAN.fit(X, { eps: 0 }), RangeError);
  await assert.rejects(DBSCAN.fit(X, { minSamples: 0 }), RangeError);
  const bad = featureMatrix(Float64Array.of(NaN), ["ts"]);
  await assert.rejects(DBSCAN.fit(bad), {
    name: "RangeError",
    message: 'Cannot fit DBSCAN: row 0, feature "ts" must be finite, got NaN',
  });
  const model = await DBSCAN.fit(X, { minSamples: 1 });
  assert.throws(() => model.predict(randomMatrix(5, 3, 1)), TypeError);
});

Deno.test("DBSCAN refuses at once what 4 GiB cannot hold, with the numbers", async () => {
  const nSamples = 130_000_000;
  const X = featureMatrix(new Float64Array(nSamples), ["ts"]);
  await assert.rejects(DBSCAN.fit(X), {
    name: "RangeError",
    message:
      /^Cannot fit DBSCAN: 130000000 rows × 1 features need \d\.\d GiB, and one fit can have 4; take a sample/,
  });
});
