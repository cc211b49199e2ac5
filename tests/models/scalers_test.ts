import assert from "node:assert/strict";
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import {
  MinMaxScaler,
  modelFromJSON,
  PCA,
  RobustScaler,
  StandardScaler,
} from "../../pipeline/models/mod.ts";
import { quantile, select } from "../../pipeline/models/quantile.ts";
import { RandomState } from "../../pipeline/models/random.ts";
import { conn, golden } from "../golden/data.ts";
import { assertClose } from "./_close.ts";
import { randomMatrix } from "./_matrix.ts";

const SCALERS = { StandardScaler, RobustScaler, MinMaxScaler };

Deno.test("RobustScaler and MinMaxScaler equal scikit-learn's on conn rows", async () => {
  const cases = await golden("scalers");
  assert.equal(cases.length, 4);
  for (const wanted of cases) {
    const X = conn(wanted.n, wanted.seed);
    const robust = await RobustScaler.fit(X);
    assertClose(robust.center, wanted.center, 1e-15, "center");
    assertClose(robust.scale, wanted.scale, 1e-12, "scale");
    const minmax = await MinMaxScaler.fit(X);
    assert.deepEqual([...minmax.center], wanted.low);
    const high = minmax.scale.map((s, k) =>
      wanted.high[k] > wanted.low[k] ? minmax.center[k] + s : wanted.low[k]
    );
    assertClose(high, wanted.high, 1e-15, "high");
    for (
      const [scaler, head] of [[robust, wanted.robust], [minmax, wanted.minmax]]
    ) {
      const got = scaler.transform(X).data.subarray(0, head.length);
      // min_ + x · scale_ of scikit-learn rounds at the size of epoch seconds.
      assertClose(got, head, 1e-9, "rows", 1e4);
    }
  }
});

Deno.test("PCA with whiten equals scikit-learn's and has variance 1", async () => {
  const { n, seed, head } = await golden("whiten");
  const raw = conn(n, seed);
  const X = (await StandardScaler.fit(raw)).transform(raw);
  const pca = await PCA.fit(X, { nComponents: 3, whiten: true });
  const Y = pca.transform(X);
  assertClose(Y.data.subarray(0, head.length), head, 1e-9, "rows", 1);
  const { variance } = await StandardScaler.fit(Y);
  assertClose(
    variance.map((v) => v * n / (n - 1)),
    [1, 1, 1],
    1e-9,
    "variance",
  );
  const again = modelFromJSON(JSON.parse(JSON.stringify(pca))) as PCA;
  assert.deepEqual(again.transform(X).data, Y.data);
});

Deno.test("quantile agrees with a sorted array, with ties and with one value", () => {
  const random = new RandomState(3);
  for (const n of [1, 2, 3, 10, 100, 1001]) {
    for (const kinds of [1, 3, 1e9]) {
      const values = Float64Array.from(
        { length: n },
        () => random.randint(kinds),
      );
      const sorted = values.toSorted();
      for (const share of [0, 0.1, 0.25, 0.5, 0.75, 1]) {
        const at = share * (n - 1), k = Math.floor(at);
        const next = sorted[Math.min(n - 1, k + 1)];
        const twin = sorted[k] + (at - k) * (next - sorted[k]);
        assert.equal(quantile(values.slice(), share), twin);
        const copy = values.slice();
        assert.equal(select(copy, k), sorted[k]);
        assert(copy.subarray(0, k).every((x) => x <= sorted[k]));
      }
    }
  }
});

Deno.test("Scalers write to the array they are given, in place too", async () => {
  const X = randomMatrix(9001, 3, 5);
  for (const Scaler of Object.values(SCALERS)) {
    const scaler = await Scaler.fit(X);
    const wanted = scaler.transform(X);
    const out = new Float64Array(X.data.length);
    assert.equal(scaler.transform(X, out).data, out);
    assert.deepEqual(out, wanted.data);
    const own = { ...X, data: X.data.slice() };
    scaler.transform(own, own.data);
    assert.deepEqual(own.data, wanted.data);
    assert.throws(() => scaler.transform(X, new Float64Array(3)), TypeError);
    const again = modelFromJSON(JSON.parse(JSON.stringify(scaler)));
    const { data } = (again as typeof scaler).transform(X);
    assert.deepEqual(data, wanted.data);
  }
});

Deno.test("Scalers give a constant feature 0 and fit one row", async () => {
  for (const Scaler of Object.values(SCALERS)) {
    for (const n of [1, 50]) {
      const X = featureMatrix(new Float64Array(n).fill(1.6e9), ["ts"]);
      const { data } = (await Scaler.fit(X)).transform(X);
      assert.deepEqual(data, new Float64Array(n));
    }
  }
});

Deno.test("Scalers keep the order of values at 1e9 with microseconds", async () => {
  const data = Float64Array.from({ length: 1000 }, (_, i) => 1.7e9 + i / 1e6);
  for (const Scaler of Object.values(SCALERS)) {
    const X = featureMatrix(data, ["ts"]);
    const { data: scaled } = (await Scaler.fit(X)).transform(X);
    assert(scaled.every((x, i) => i === 0 || x > scaled[i - 1]));
  }
});

Deno.test("Scalers name row and feature of a value that is not finite", async () => {
  const X = randomMatrix(700, 3, 6);
  for (const [name, Scaler] of Object.entries(SCALERS)) {
    const scaler = await Scaler.fit(X);
    for (const wrong of [NaN, Infinity, -Infinity]) {
      const data = X.data.slice();
      data[3 * 699 + 1] = wrong;
      const error = {
        name: "RangeError",
        message: new RegExp(`${name}: row 699, feature "f1" must be finite`),
      };
      await assert.rejects(Scaler.fit({ ...X, data }), error);
      assert.throws(() => scaler.transform({ ...X, data }), error);
    }
  }
});
