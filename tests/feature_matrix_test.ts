import assert from "node:assert/strict";
import {
  featureMatrix,
  FeatureMatrixBuilder,
  selectRows,
} from "../pipeline/feature_matrix.ts";

Deno.test("FeatureMatrixBuilder keeps its rows while it grows, each a copy", () => {
  const builder = new FeatureMatrixBuilder(["a", "b"]);
  const row = new Float64Array(2);
  for (let i = 0; i < 3000; i++) {
    row.set([i, -i]);
    builder.add(`k${i}`, row);
  }
  const X = builder.finish();
  assert.deepEqual([X.nSamples, X.nFeatures, X.data.length], [3000, 2, 6000]);
  for (let i = 0; i < 3000; i++) {
    assert.deepEqual([X.data[2 * i], X.data[2 * i + 1], X.keys[i]], [
      i,
      -i,
      `k${i}`,
    ]);
  }
  assert.ok(Object.isFrozen(X));
});

Deno.test("FeatureMatrixBuilder takes columns between rows, 0 for NaN, however many", () => {
  const builder = new FeatureMatrixBuilder(["a", "b"]);
  const twin: number[] = [], keys: string[] = [];
  for (const n of [1, 700, 0, 5000, 3]) {
    const own = Array.from({ length: n }, (_, i) => `${n} ${i}`);
    const a = Float64Array.from(own, (_, i) => i % 3 ? i : NaN);
    const b = a.map((x) => -x);
    builder.addColumns(own, [a, b]);
    builder.add("one", [n, 0.5]);
    for (let i = 0; i < n; i++) twin.push(a[i] || 0, b[i] || 0);
    twin.push(n, 0.5);
    keys.push(...own, "one");
  }
  const X = builder.finish();
  assert.deepEqual(Array.from(X.data), twin);
  assert.deepEqual(X.keys, keys);
  assert.equal(X.nSamples, keys.length);
});

Deno.test("FeatureMatrixBuilder without rows is a matrix of none", () => {
  const X = new FeatureMatrixBuilder(["a"]).finish();
  assert.deepEqual([X.nSamples, X.nFeatures, X.data.length], [0, 1, 0]);
});

Deno.test("featureMatrix refuses data that do not fill its rows", () => {
  assert.equal(featureMatrix(new Float64Array(6), ["a", "b", "c"]).nSamples, 2);
  assert.throws(() => featureMatrix(new Float64Array(7), ["a", "b", "c"]), {
    name: "TypeError",
    message:
      "Cannot make a FeatureMatrix: 7 values do not fill rows of 3 features",
  });
});

Deno.test("selectRows takes rows in the asked order, with their keys", () => {
  const X = featureMatrix(Float64Array.of(0, 1, 10, 11, 20, 21), ["a", "b"], [
    "x",
    "y",
    "z",
  ]);
  const some = selectRows(X, [2, 0, 2]);
  assert.deepEqual([...some.data], [20, 21, 0, 1, 20, 21]);
  assert.deepEqual(some.keys, ["z", "x", "z"]);
  some.data[0] = 99;
  assert.equal(X.data[4], 20, "the rows are copies");
  assert.equal(selectRows(X, []).nSamples, 0);
  for (const row of [-1, 3, NaN]) {
    assert.throws(() => selectRows(X, [0, row]), {
      name: "RangeError",
      message: `Cannot select row ${row}: the matrix has 3 rows`,
    });
  }
});
