/** What must hold on any input, tried on random ones of many shapes. */
import assert from "node:assert/strict";
import {
  type FeatureMatrix,
  featureMatrix,
} from "../../pipeline/feature_matrix.ts";
import { lease } from "../../pipeline/kernels.ts";
import { LloydRun } from "../../pipeline/models/lloyd_run.ts";
import {
  DBSCAN,
  KMeans,
  MLPClassifier,
  PCA,
  RandomState,
  StandardScaler,
} from "../../pipeline/models/mod.ts";
import { TreeRun } from "../../pipeline/models/tree_run.ts";
import { Pacer } from "../../pipeline/progress.ts";
import { connMatrix, FEATURES } from "../bench/conn_matrix.ts";
import { named } from "../golden/data.ts";
import { dbscan } from "../reference/dbscan.ts";
import { assertClose } from "./_close.ts";
import { randomMatrix } from "./_matrix.ts";

/** Heavy tails, exact ties, duplicates and far outliers, as logs have them. */
function hostile(n: number, d: number, seed: number): FeatureMatrix {
  const random = new RandomState(seed);
  const kinds = [
    () => random.random(),
    () => random.randint(4),
    () => Math.exp(6 * random.random()) - 1,
    () => random.randint(20) === 0 ? 1e6 * random.random() : 0,
    () => 0.1 * random.randint(30),
  ];
  const data = new Float64Array(n * d).map((_, i) => kinds[i % d % 5]());
  for (let i = 4; i < n; i += 4) {
    const from = random.randint(i);
    data.copyWithin(i * d, from * d, (from + 1) * d);
  }
  return featureMatrix(data, named(d));
}

Deno.test("DBSCAN agrees with the twin on hostile rows of every width", async () => {
  let clusters = 0, noise = 0;
  for (const d of [1, 2, 3, 5, 7, 8, 9, 13, 20]) {
    for (const [eps, minSamples] of [[0.2, 3], [1, 5], [30, 12]]) {
      const X = hostile(260, d, 100 * d + minSamples);
      const model = await DBSCAN.fit(X, { eps, minSamples });
      const twin = dbscan(X, eps, minSamples);
      assert.deepEqual(model.labels, twin.labels, `${d} ${eps}`);
      const core = [...twin.core.keys()].filter((i) => twin.core[i]);
      assert.deepEqual([...model.coreSampleIndices], core);
      clusters += model.nClusters;
      noise += model.labels.filter((l) => l < 0).length;
    }
  }
  assert(clusters > 100 && noise > 1000, `${clusters} ${noise}`);
});

Deno.test("DBSCAN agrees with the twin on conn rows, from sparse to one cluster", async () => {
  const raw = featureMatrix(connMatrix(1500).X, named(FEATURES));
  const X = (await StandardScaler.fit(raw)).transform(raw);
  for (const eps of [0.02, 0.3, 1, 5]) {
    for (const minSamples of [1, 2, 10, 300]) {
      const model = await DBSCAN.fit(X, { eps, minSamples });
      const twin = dbscan(X, eps, minSamples);
      assert.deepEqual(model.labels, twin.labels, `${eps} ${minSamples}`);
    }
  }
});

Deno.test("DBSCAN gives rows in another order the same clusters", async () => {
  const raw = featureMatrix(connMatrix(4000).X, named(FEATURES));
  const X = (await StandardScaler.fit(raw)).transform(raw);
  const order = new RandomState(9).choose(4000, 4000);
  const data = new Float64Array(X.data.length);
  order.forEach((from, to) =>
    data.set(
      X.data.subarray(from * FEATURES, (from + 1) * FEATURES),
      to * FEATURES,
    )
  );
  const [a, b] = [
    await DBSCAN.fit(X),
    await DBSCAN.fit({ ...X, data }),
  ];
  assert.equal(a.nClusters, b.nClusters);
  const core = new Set(a.coreSampleIndices);
  const renamed = new Map<number, number>();
  order.forEach((from, to) => {
    // A border row may be in reach of two clusters, and takes the lower number.
    if (!core.has(from)) {
      assert.equal(a.labels[from] < 0, b.labels[to] < 0);
      return;
    }
    const before = renamed.get(a.labels[from]) ?? b.labels[to];
    renamed.set(a.labels[from], before);
    assert.equal(b.labels[to], before);
  });
});

Deno.test("KMeans on the tree and by rows end alike from the same centers", async () => {
  for (const d of [1, 2, 3, 5, 7, 8]) {
    for (const k of [1, 2, 7, 20]) {
      const X = hostile(600, d, 10 * d + k);
      const mean = new Float64Array(d);
      const rows = new RandomState(k).choose(k, 600);
      const centers = Float64Array.from(
        { length: k * d },
        (_, i) => X.data[rows[Math.floor(i / d)] * d + i % d],
      );
      const results = [];
      for (const Run of [TreeRun, LloydRun]) {
        using kernels = lease();
        const run = await Run.load(kernels, X, mean, k, new Pacer());
        const end = await run.converge(centers, 300, 0, new Pacer());
        results.push({ ...end, labels: await run.labels(new Pacer()) });
      }
      const [tree, whole] = results;
      assert.deepEqual(tree.labels, whole.labels, `${d} ${k}`);
      assertClose(tree.centers, whole.centers, 1e-9, "centers", 1);
      assertClose([tree.inertia], [whole.inertia], 1e-9, "inertia", 1);
    }
  }
});

Deno.test("KMeans with as many clusters as different rows has no inertia", async () => {
  for (const d of [2, 9]) {
    const random = new RandomState(d);
    const data = random.uniform(-1, 1, 12 * d);
    const X = featureMatrix(data, named(d));
    const model = await KMeans.fit(X, { nClusters: 12 });
    assert.equal(new Set(model.labels).size, 12);
    assert(model.inertia < 1e-20, `${model.inertia}`);
  }
});

Deno.test("Models far from 0 find what they find near it", async () => {
  const near = randomMatrix(700, 3, 31);
  // Steps of 2⁻²² beside 2³⁰: the rows themselves lose nothing.
  const data = near.data.map((x) => Math.round(x * 2 ** 22) / 2 ** 22);
  const X = { ...near, data };
  const far = { ...near, data: data.map((x) => x + 2 ** 30) };
  const [a, b] = [await DBSCAN.fit(X), await DBSCAN.fit(far)];
  assert.deepEqual(a.labels, b.labels);
  const [c, e] = [
    await KMeans.fit(X, { nClusters: 5 }),
    await KMeans.fit(far, { nClusters: 5 }),
  ];
  assert.deepEqual(c.labels, e.labels);
  assertClose([e.inertia], [c.inertia], 1e-9, "inertia");
  const [p, q] = [await PCA.fit(X), await PCA.fit(far)];
  assertClose(q.components, p.components, 1e-9, "components", 1);
  const scaled = (await StandardScaler.fit(far)).transform(far).data;
  const wanted = (await StandardScaler.fit(X)).transform(X).data;
  // The mean itself is rounded, to 2⁻²³ there.
  assertClose(scaled, wanted, 1e-6, "scaled", 1);
});

Deno.test("Models take huge and tiny numbers without a wrong answer", async () => {
  for (const factor of [1e-160, 1e-30, 1e30, 1e150]) {
    const rows = [0, 1, 2, 50, 51, 52, 500].map((x) => x * factor);
    const X = featureMatrix(Float64Array.from(rows), ["a"]);
    const eps = 1.5 * factor;
    if (eps <= 1e9) {
      const { labels } = await DBSCAN.fit(X, { eps, minSamples: 2 });
      // The square of 1.5e-160 is still above 0.
      assert.deepEqual([...labels], [0, 0, 0, 1, 1, 1, -1], `${factor}`);
    }
    const { labels } = await KMeans.fit(X, { nClusters: 3 });
    assert.equal(new Set(labels).size, 3, `${factor}`);
    assert.equal(labels[0], labels[2], `${factor}`);
    assert.equal(labels[3], labels[5], `${factor}`);
  }
});

Deno.test("Every fit refuses no rows and values that are not finite", async () => {
  const fits = {
    StandardScaler: (X: FeatureMatrix) => StandardScaler.fit(X),
    PCA: (X: FeatureMatrix) => PCA.fit(X, { nComponents: 1 }),
    KMeans: (X: FeatureMatrix) => KMeans.fit(X, { nClusters: 1 }),
    DBSCAN: (X: FeatureMatrix) => DBSCAN.fit(X),
    MLPClassifier: (X: FeatureMatrix) =>
      MLPClassifier.fit(X, Uint8Array.from({ length: 9 }, (_, i) => i % 2)),
  };
  for (const [name, fit] of Object.entries(fits)) {
    await assert.rejects(fit(featureMatrix(new Float64Array(), ["a"])), {
      name: "RangeError",
      message: `Cannot fit ${name}: the matrix has no rows`,
    });
    for (const wrong of [NaN, Infinity, -Infinity]) {
      const data = Float64Array.from({ length: 9 }, (_, i) => i);
      data[7] = wrong;
      await assert.rejects(fit(featureMatrix(data, ["a"])), {
        name: "RangeError",
        message:
          `Cannot fit ${name}: row 7, feature "a" must be finite, got ${wrong}`,
      });
    }
  }
});
