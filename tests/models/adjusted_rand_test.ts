import assert from "node:assert/strict";
import {
  adjustedRand,
  contingency,
} from "../../pipeline/models/adjusted_rand.ts";
import { lcg } from "../golden/data.ts";
import { assertClose } from "./_close.ts";

Deno.test("adjustedRand agrees with scikit-learn's adjusted_rand_score", () => {
  // sklearn.metrics.adjusted_rand_score of the same labels.
  for (
    const [a, b, expected] of [
      [[0, 0, 1, 1], [0, 0, 1, 2], 0.5714285714285714],
      [[0, 0, 1, 2], [0, 0, 1, 1], 0.5714285714285714],
      [[0, 0, 0, 0], [0, 1, 2, 3], 0],
      [[0, 0, 1, 1, -1, -1], [2, 2, 2, 1, 1, -1], 0.07407407407407407],
      [[0, 1, 2, 3], [3, 2, 1, 0], 1],
    ] as const
  ) {
    const got = adjustedRand(contingency(a, b));
    assertClose([got], [expected], 1e-12, "adjustedRand", 1);
  }
});

Deno.test("adjustedRand of random labels is about 0, of the same ones 1", () => {
  const u = lcg(3);
  const random = () => Array.from({ length: 5000 }, () => Math.floor(u() * 6));
  const a = random(), b = random();
  assert.ok(Math.abs(adjustedRand(contingency(a, b))) < 0.01);
  assert.equal(adjustedRand(contingency(a, a)), 1);
});

Deno.test("contingency counts each row once and refuses other rows", () => {
  const { rows, columns, counts } = contingency([1, -1, 1, 0], [4, 4, 7, 4]);
  assert.deepEqual([rows, columns], [[-1, 0, 1], [4, 7]]);
  assert.deepEqual(counts, [[1, 0], [1, 0], [1, 1]]);
  assert.throws(() => contingency([1], [1, 2]), /one has 1 rows, the other 2/);
});
