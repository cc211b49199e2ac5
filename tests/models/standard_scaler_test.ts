import assert from "node:assert/strict";
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import { RandomState, StandardScaler } from "../../pipeline/models/mod.ts";
import { conn, golden, named } from "../golden/data.ts";
import { moments, scaled } from "../reference/moments.ts";
import { assertClose } from "./_close.ts";
import { randomMatrix, repeated } from "./_matrix.ts";

Deno.test("StandardScaler equals scikit-learn's on conn rows to 1e-9", async () => {
  const cases = await golden("standard_scaler");
  assert.equal(cases.length, 4);
  for (const wanted of cases) {
    const X = conn(wanted.n, wanted.seed);
    const scaler = await StandardScaler.fit(X);
    // Counted in standard deviations: scikit-learn's own sum of 3000 epoch
    // seconds is only good to a millisecond.
    const Y = scaler.transform(X).data;
    assertClose(scaler.mean, wanted.mean, 1e-9, "mean");
    assertClose(scaler.scale, wanted.scale, 1e-9, "scale");
    assertClose(scaler.variance, wanted.variance, 1e-9, "variance", 1e-9);
    const head = Y.subarray(0, wanted.head.length);
    assertClose(head, wanted.head, 1e-9, "first rows", 1);
    assertClose(Y.subarray(-8), wanted.tail, 1e-9, "last row", 1);
  }
});

Deno.test("StandardScaler agrees with its twin on random matrices", async () => {
  for (const [n, d, seed] of [[1, 1, 1], [77, 3, 2], [9000, 5, 3]]) {
    const X = randomMatrix(n, d, seed);
    const scaler = await StandardScaler.fit(X);
    const twin = moments(X);
    assertClose(scaler.mean, twin.mean, 1e-12, "mean", 1);
    assertClose(scaler.variance, twin.variance, 1e-12, "variance", 1e-3);
    const { mean, scale } = scaler;
    assert.deepEqual(scaler.transform(X).data, scaled(X, mean, scale));
  }
});

Deno.test("StandardScaler keeps microseconds of epoch seconds", async () => {
  // Two values a microsecond apart, 100,000 times each: their mean and spread
  // are known, and a sum of 1.6e14 could not hold them.
  const a = 1.6e9, b = 1.6e9 + 2 ** -19;
  const data = Float64Array.from({ length: 200_000 }, (_, i) => i % 2 ? a : b);
  const scaler = await StandardScaler.fit(featureMatrix(data, ["ts"]));
  assert.equal(scaler.mean[0], a + 2 ** -20);
  assertClose(scaler.variance, [2 ** -40], 1e-9, "variance");
});

Deno.test("StandardScaler makes mean 0 and variance 1", async () => {
  const scaler = await StandardScaler.fit(conn(3000, 8));
  const { mean, variance } = moments(scaler.transform(conn(3000, 8)));
  for (let j = 0; j < 7; j++) {
    // A mean near 3.2e9 is itself rounded, by up to half its last bit.
    const rounding = Number.EPSILON * scaler.mean[j] / scaler.scale[j];
    assert(Math.abs(mean[j]) < rounding + 1e-12);
    assert(Math.abs(variance[j] - 1) < 1e-9);
  }
});

Deno.test("StandardScaler gives a constant feature scale 1 and value 0", async () => {
  const X = repeated([1.6e9 + 0.123456, 0.1], 1000);
  const scaler = await StandardScaler.fit(X);
  assert.deepEqual([...scaler.scale], [1, 1]);
  assert(scaler.transform(X).data.every((v) => Math.abs(v) < 1e-15));
});

Deno.test("StandardScaler keeps its digits where every sampled row of a block is far out", async () => {
  // Rows of one block are 4681 of seven features, and every 73rd is sampled.
  const random = new RandomState(3), data = random.uniform(0, 1, 4681 * 7);
  for (let i = 0; i < 4681; i += 73) {
    for (let k = 0; k < 7; k++) data[i * 7 + k] += 1.6e9 * (1 - k / 6);
  }
  const X = featureMatrix(data, named(7)), twin = moments(X);
  const scaler = await StandardScaler.fit(X);
  assertClose(scaler.mean, twin.mean, 1e-12, "mean");
  assertClose(scaler.variance, twin.variance, 1e-12, "variance");
});

Deno.test("StandardScaler fits one row", async () => {
  const scaler = await StandardScaler.fit(repeated([3, 4], 1));
  assert.deepEqual([...scaler.mean], [3, 4]);
  assert.deepEqual([...scaler.scale], [1, 1]);
});

Deno.test("StandardScaler.transform keeps names and keys and takes no rows", async () => {
  const X = featureMatrix(Float64Array.of(1, 2, 3, 4), ["a", "b"], ["x", "y"]);
  const scaler = await StandardScaler.fit(X);
  const Y = scaler.transform(X);
  assert.deepEqual(Y.featureNames, ["a", "b"]);
  assert.deepEqual(Y.keys, ["x", "y"]);
  const none = featureMatrix(new Float64Array(), ["a", "b"]);
  assert.equal(scaler.transform(none).nSamples, 0);
});

Deno.test("StandardScaler names row and feature of a value that is not finite", async () => {
  const X = featureMatrix(Float64Array.of(1, 2, 3, NaN), ["ts", "duration"]);
  await assert.rejects(
    StandardScaler.fit(X),
    new RangeError(
      'Cannot fit StandardScaler: row 1, feature "duration" must be finite, got NaN',
    ),
  );
});

Deno.test("StandardScaler refuses no rows, wrong shapes and other features", async () => {
  const X = featureMatrix(Float64Array.of(1, 2), ["a"]);
  const scaler = await StandardScaler.fit(X);
  const none = featureMatrix(new Float64Array(), ["a"]);
  await assert.rejects(StandardScaler.fit(none), RangeError);
  await assert.rejects(StandardScaler.fit({ ...X, nSamples: 3 }), TypeError);
  const two = featureMatrix(Float64Array.of(1, 2), named(2));
  assert.throws(() => scaler.transform(two), {
    name: "TypeError",
    message:
      "Cannot transform with StandardScaler: the model has 1 features, the matrix 2",
  });
  const other = featureMatrix(Float64Array.of(1, 2), ["b"]);
  assert.throws(() => scaler.transform(other), TypeError);
});
