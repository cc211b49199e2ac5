import assert from "node:assert/strict";
import { type FeatureMatrix } from "../../pipeline/feature_matrix.ts";
import { PCA, StandardScaler } from "../../pipeline/models/mod.ts";
import { blobs, conn, golden } from "../golden/data.ts";
import { projected, scatter } from "../reference/scatter.ts";
import { assertClose } from "./_close.ts";
import { randomMatrix, repeated } from "./_matrix.ts";

// deno-lint-ignore no-explicit-any
async function matrixOf(wanted: any): Promise<FeatureMatrix> {
  const { data, n, seed, mean } = wanted;
  if (data === "blobs") {
    const centers = n === 240 ? 4 : 2;
    return blobs(n, mean.length, centers, seed);
  }
  const X = conn(n, seed);
  return data === "conn" ? X : (await StandardScaler.fit(X)).transform(X);
}

/**
 * scikit-learn's components and rows with our sign where its own is left to
 * rounding: with outermost samples equally far out on both sides, as the two of
 * two rows, the last bit of its SVD decides which of them `svd_flip` takes.
 */
// deno-lint-ignore no-explicit-any
function signed({ tied, components, head }: any, ours: Float64Array) {
  const m = tied.length, d = components.length / m;
  const signs = tied.map((isTied: boolean, c: number) => {
    const dot = ours.subarray(c * d, (c + 1) * d)
      .reduce((sum, v, j) => sum + v * components[c * d + j], 0);
    return isTied ? Math.sign(dot) : 1;
  });
  return {
    components: components.map((v: number, i: number) =>
      v * signs[Math.floor(i / d)]
    ),
    head: head.map((v: number, i: number) => v * signs[i % m]),
  };
}

Deno.test("PCA equals scikit-learn's to 1e-9, signs included", async () => {
  const cases = await golden("pca");
  assert.deepEqual(
    cases.filter(({ tied }: { tied: boolean[] }) => tied.some((t) => t))
      .map(({ name }: { name: string }) => name),
    ["two rows"],
  );
  assert.equal(cases.length, 6);
  for (const given of cases) {
    const X = await matrixOf(given);
    const pca = await PCA.fit(X, { nComponents: given.nComponents });
    const wanted = { ...given, ...signed(given, pca.components) };
    const largest = Math.abs(wanted.head[0]);
    for (
      const [what, floor] of [
        ["mean", 1],
        ["explainedVariance", 0],
        ["explainedVarianceRatio", 0],
        ["singularValues", 0],
        ["components", 1],
      ] as const
    ) {
      assertClose(
        pca[what],
        wanted[what],
        1e-9,
        `${wanted.name} ${what}`,
        floor,
      );
    }
    const head = pca.transform(X).data.subarray(0, wanted.head.length);
    assertClose(head, wanted.head, 1e-9, `${wanted.name} rows`, largest);
  }
});

Deno.test("PCA fitTransform gives what fit and transform give, to the last bit", async () => {
  const X = randomMatrix(9000, 5, 7);
  const turned = { ...X, data: X.data.map((v) => -v) };
  for (const rows of [X, turned]) {
    for (
      const params of [{ nComponents: 3 }, { nComponents: 5, whiten: true }]
    ) {
      const pca = await PCA.fit(rows, params);
      const out = new Float64Array(rows.nSamples * params.nComponents);
      const both = await PCA.fitTransform(rows, params, { out });
      assert.deepEqual(both.pca.toJSON(), pca.toJSON());
      assert.equal(both.projected.data, out);
      assert.deepEqual(both.projected, pca.transform(rows));
    }
  }
  await assert.rejects(
    PCA.fitTransform(X, { nComponents: 2 }, { out: new Float64Array(7) }),
    {
      name: "TypeError",
      message: "Cannot fit PCA: out must hold 18000 values, got 7",
    },
  );
});

Deno.test("PCA components are eigenvectors of the twin's scatter", async () => {
  for (const [n, d, seed] of [[50, 1, 1], [300, 4, 2], [7000, 9, 3]]) {
    const X = randomMatrix(n, d, seed);
    const pca = await PCA.fit(X, { nComponents: d });
    const S = scatter(X);
    for (let c = 0; c < d; c++) {
      const v = pca.components.subarray(c * d, (c + 1) * d);
      const eigenvalue = pca.singularValues[c] ** 2;
      const Sv = v.map((_, i) =>
        v.reduce((sum, x, j) => sum + S[i * d + j] * x, 0)
      );
      assertClose(Sv, v.map((x) => x * eigenvalue), 1e-10, "S v", S[0]);
    }
    assertClose(
      pca.transform(X).data,
      projected(X, pca.mean, pca.components),
      1e-12,
      "projection",
      1,
    );
  }
});

Deno.test("PCA components are orthonormal and ratios add up to 1", async () => {
  const d = 6;
  const { components: C, explainedVarianceRatio } = await PCA.fit(
    randomMatrix(400, d, 5),
    { nComponents: d },
  );
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += C[a * d + j] * C[b * d + j];
      assert(Math.abs(sum - (a === b ? 1 : 0)) < 1e-12);
    }
  }
  const total = explainedVarianceRatio.reduce((a, b) => a + b, 0);
  assert(Math.abs(total - 1) < 1e-12);
});

Deno.test("PCA puts the outermost sample of each component on the positive side", async () => {
  const X = randomMatrix(500, 4, 6);
  const Y = (await PCA.fit(X, { nComponents: 4 })).transform(X).data;
  for (let c = 0; c < 4; c++) {
    let outermost = 0;
    for (let i = c; i < Y.length; i += 4) {
      if (Math.abs(Y[i]) > Math.abs(outermost)) outermost = Y[i];
    }
    assert(outermost > 0);
  }
});

Deno.test("PCA finds no variance where all rows are identical", async () => {
  const X = repeated([1.6e9 + 0.5, 3], 20);
  const pca = await PCA.fit(X);
  assert.deepEqual([...pca.explainedVariance], [0, 0]);
  assert.deepEqual([...pca.explainedVarianceRatio], [0, 0]);
  assert(pca.transform(X).data.every((v) => v === 0));
});

Deno.test("PCA refuses one row and more components than there are features or rows", async () => {
  await assert.rejects(PCA.fit(repeated([1, 2], 1), { nComponents: 1 }), {
    name: "RangeError",
    message: "Cannot fit PCA: at least 2 rows are needed, got 1",
  });
  await assert.rejects(PCA.fit(repeated([1, 2, 3], 9), { nComponents: 4 }), {
    name: "RangeError",
    message: "Cannot fit PCA: nComponents must be an integer in [1, 3], got 4",
  });
  await assert.rejects(
    PCA.fit(repeated([1, 2, 3], 2), { nComponents: 3 }),
    RangeError,
  );
});
