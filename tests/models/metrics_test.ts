import assert from "node:assert/strict";
import {
  accuracy,
  averagePrecision,
  confusionMatrix,
  f1,
  logLoss,
  precision,
  recall,
} from "../../pipeline/models/mod.ts";
import { golden } from "../golden/data.ts";
import { assertClose } from "./_close.ts";

Deno.test("Metrics equal scikit-learn's, with tied scores", async () => {
  const wanted = await golden("metrics");
  const { truth, predicted, scores } = wanted;
  assert(new Set(scores).size < scores.length);
  const got = [
    precision(truth, predicted),
    recall(truth, predicted),
    f1(truth, predicted),
    averagePrecision(truth, scores),
  ];
  assertClose(
    got,
    [wanted.precision, wanted.recall, wanted.f1, wanted.averagePrecision],
    1e-12,
    "metrics",
  );
});

Deno.test("accuracy counts both kinds of right prediction", () => {
  assert.equal(accuracy([1, 0, 1, 0], [1, 0, 0, 1]), 0.5);
  const m = confusionMatrix([1, 0, 1, 0, 0], [1, 0, 0, 1, 0]);
  assert.deepEqual(Object.values(m), [1, 1, 1, 2]);
});

Deno.test("precision, recall, f1 and averagePrecision are 0 where nothing is there to find", () => {
  assert.equal(precision([1, 0], [0, 0]), 0);
  assert.equal(recall([0, 0], [1, 0]), 0);
  assert.equal(f1([0, 0], [0, 0]), 0);
  assert.equal(averagePrecision([0, 0], [0.1, 0.2]), 0);
});

Deno.test("averagePrecision is 1 where every 1 outranks every 0", () => {
  assert.equal(averagePrecision([0, 1, 1], [-Infinity, 3, 2]), 1);
});

Deno.test("logLoss equals scikit-learn's, and no certainty costs all", () => {
  const got = [
    logLoss([1, 0, 1, 1, 0], [0.9, 0.2, 0.35, 1, 0.5]),
    logLoss([1, 0], [0, 0.1]),
  ];
  const wanted = [0.4142946744061319, 18.07450695238749];
  assertClose(got, wanted, 1e-12, "logLoss");
});

Deno.test("Metrics refuse other lengths, other classes, no values and NaN", () => {
  assert.throws(() => accuracy([1], [1, 0]), TypeError);
  assert.throws(() => accuracy([], []), RangeError);
  assert.throws(() => averagePrecision([1, 0], [NaN, 0]), RangeError);
  assert.throws(() => recall([1, 3], [1, 0]), {
    name: "RangeError",
    message: "Cannot compute confusionMatrix: class 1 must be 0 or 1, got 3",
  });
});
