import assert from "node:assert/strict";
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import { kernelArrays, lease, leaseAt } from "../../pipeline/kernels.ts";
import { KMeans, PCA, StandardScaler } from "../../pipeline/models/mod.ts";
import { named } from "../golden/data.ts";
import { randomMatrix } from "./_matrix.ts";

const N = 10_001, D = 7;

/** A matrix, the same in kernel memory, and arrays beside it for results. */
function twice() {
  const X = randomMatrix(N, D, 11);
  const [data, scaled, plane] = kernelArrays(N * D, N * D, N * 2);
  data.set(X.data);
  return { X, inPlace: featureMatrix(data, named(D)), scaled, plane };
}

Deno.test("StandardScaler and PCA give the same bits in kernelArrays, from any array to any other", async () => {
  const { X, inPlace, scaled, plane } = twice();
  const wanted = await StandardScaler.fit(X), Y = wanted.transform(X);
  const scaler = await StandardScaler.fit(inPlace);
  assert.deepEqual(scaler, wanted);
  const out = new Float64Array(N * D);
  for (const to of [scaled, out]) {
    to.fill(NaN);
    assert.equal(scaler.transform(inPlace, to).data, to);
    assert.deepEqual([...to], [...Y.data]);
    to.fill(NaN);
    scaler.transform(X, to);
    assert.deepEqual([...to], [...Y.data]);
  }
  const y = featureMatrix(scaled, X.featureNames);
  const { pca, projected } = await PCA.fitTransform(Y);
  const again = await PCA.fitTransform(y, {}, { out: plane });
  assert.deepEqual(again.pca, pca);
  assert.deepEqual([...plane], [...projected.data]);
  pca.transform(y, plane.fill(NaN));
  assert.deepEqual([...plane], [...projected.data]);
  scaler.transform(inPlace, inPlace.data);
  assert.deepEqual([...inPlace.data], [...Y.data]);
});

Deno.test("kernelArrays keep their values while fits on them go on at once", async () => {
  const { X, inPlace } = twice();
  const [one, two, clusters] = await Promise.all([
    PCA.fit(inPlace),
    PCA.fit(inPlace),
    KMeans.fit(inPlace, { nClusters: 4, nInit: 1 }),
  ]);
  assert.deepEqual(one, await PCA.fit(X));
  assert.deepEqual(two, one);
  assert.equal(
    clusters.inertia,
    (await KMeans.fit(X, { nClusters: 4, nInit: 1 })).inertia,
  );
  assert.deepEqual([...inPlace.data], [...X.data]);
});

Deno.test("leaseAt lends the memory of an array to one fit, and only as far as it goes", () => {
  const [data] = kernelArrays(100);
  const need = { what: "fit", nSamples: 100, nFeatures: 1, bytes: 1000 };
  using own = leaseAt(data, need);
  assert.equal(own.placeOf(data), data.byteOffset);
  using second = leaseAt(data, need);
  assert.equal(second.placeOf(data), undefined);
  own[Symbol.dispose]();
  using large = leaseAt(data, { ...need, bytes: 2 ** 21 });
  assert.equal(large.placeOf(data), undefined);
  using again = leaseAt(data, need);
  assert.throws(() => again.alloc(2 ** 22), RangeError);
  assert.equal(data.length, 100);
  using other = lease();
  assert.notEqual(other.run, again.run);
});

Deno.test("StandardScaler names row and feature of a value in kernelArrays that is not finite", async () => {
  const { inPlace, scaled } = twice();
  const scaler = await StandardScaler.fit(inPlace);
  inPlace.data[9000 * D + 2] = Infinity;
  const wrong = /row 9000, feature ".+" must be finite, got Infinity/;
  await assert.rejects(StandardScaler.fit(inPlace), wrong);
  assert.throws(() => scaler.transform(inPlace, scaled), wrong);
});
