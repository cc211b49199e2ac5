import assert from "node:assert/strict";
import { type Judged, trainNet } from "../pipeline/classify.ts";
import { pairHits } from "../pipeline/classify_pairs.ts";
import {
  type Cut,
  netMetrics,
  type Review,
  reviewOf,
  thinned,
  thresholdAt,
} from "../pipeline/classify_review.ts";
import { logLoss, RandomState } from "../pipeline/models/mod.ts";
import { labelledPairs, recordsOf, request } from "./_requests.ts";

/** Probabilities in steps of 1/8, so that many are equal; one row in 5 unlabelled. */
function judged(n: number, seed: number): Judged {
  const random = new RandomState(seed);
  const draw = () => random.choose(1000, 1)[0];
  return {
    rows: Array.from({ length: n }, (_, i) => i),
    probability: Float64Array.from({ length: n }, () => (draw() % 9) / 8),
    y: Int8Array.from({ length: n }, () => [0, 0, 1, 1, -1][draw() % 5]),
  };
}

/** The cut that stands for a threshold: the last that is not above it. */
function cutAt({ cuts }: Review, threshold: number): Cut {
  return cuts.findLast((cut) => cut.threshold <= threshold) ?? cuts[0];
}

Deno.test("reviewOf counts at any threshold what counting by hand gives", () => {
  for (const seed of [1, 2, 3]) {
    const given = judged(200, seed);
    const review = reviewOf(given);
    for (let step = -240; step <= 240; step += 7) {
      const threshold = thresholdAt(step);
      const called = given.rows.filter((i) => given.probability[i] > threshold);
      const cut = cutAt(review, threshold);
      assert.equal(cut.called, called.length, `${threshold}`);
      assert.equal(
        cut.truePositives,
        called.filter((i) => given.y[i] === 1).length,
      );
      assert.equal(
        cut.falsePositives,
        called.filter((i) => given.y[i] === 0).length,
      );
    }
    assert.ok(review.cuts.length <= 10, "only where something changes");
  }
});

Deno.test("reviewOf's curve ends where everything is found, equal scores together", () => {
  const given: Judged = {
    rows: [0, 1, 2, 3, 4],
    probability: Float64Array.of(0.9, 0.9, 0.4, 0.2, 0.99),
    y: Int8Array.of(1, 0, 1, 0, -1),
  };
  assert.deepEqual(reviewOf(given).curve, [
    { recall: 0.5, precision: 0.5 },
    { recall: 1, precision: 2 / 3 },
    { recall: 1, precision: 0.5 },
  ]);
  const none = { ...given, y: Int8Array.of(0, 0, -1, -1, -1) };
  assert.deepEqual(reviewOf(none).curve, []);
});

Deno.test("reviewOf at ½ agrees with the scores and hits of the training", async () => {
  const records = recordsOf(labelledPairs(4, 4, 10));
  const training = await trainNet(records, "http-rich", { maxIter: 60 }, {
    train: 0.5,
  });
  const cut = cutAt(reviewOf(training.judged), 0.5);
  const { truePositives, falsePositives } = training.scores!.confusion;
  assert.deepEqual(
    [cut.called, cut.truePositives, cut.falsePositives],
    [training.hits.length, truePositives, falsePositives],
  );
  const metrics = netMetrics(training);
  assert.deepEqual(JSON.parse(JSON.stringify(metrics)), metrics);
  assert.ok(!("judged" in metrics) && !("hits" in metrics));
});

Deno.test("pairHits lists a pair once, with its sessions, rhythm and labels", async () => {
  const rows = labelledPairs(3, 3, 12);
  const records = recordsOf(rows.slice(0, 40), rows.slice(40));
  const { judged } = await trainNet(records, "http-rich", { maxIter: 60 }, {
    train: 0.5,
  });
  const { pairs, total } = await pairHits(records, judged, 10);
  assert.equal(total, pairs.length);
  assert.equal(new Set(pairs.map(({ id }) => id)).size, pairs.length);
  assert.equal(
    pairs.reduce((sum, { judged }) => sum + judged, 0),
    judged.rows.length,
  );
  for (const pair of pairs) {
    assert.deepEqual([pair.rows, pair.uids.length], [12, 12]);
    assert.equal(pair.sessions.length, 10);
    const p = Number(pair.subject.src.split(".")[3]);
    assert.equal(pair.subject.name, `h${p}.example`);
    assert.equal(pair.label, p < 3 ? "beacon" : "benign");
    assert.equal(pair.medianWait, 60);
    assert.equal(pair.firstTs, 1.7e9 + 60 * 12 * p);
    assert.equal(
      pair.probability,
      Math.max(...pair.sessions.map(({ probability }) => probability)),
    );
  }
});

Deno.test("pairHits keeps the surest pairs and those nearest ½", async () => {
  const records = recordsOf(
    [0.99, 0.9, 0.52, 0.4, 0.1, 0.01].map((_, i) =>
      request(i, "10.0.0.1", `h${i}`, null)
    ),
  );
  const judged: Judged = {
    rows: [0, 1, 2, 3, 4, 5],
    probability: Float64Array.of(0.99, 0.9, 0.52, 0.4, 0.1, 0.01),
    y: new Int8Array(6).fill(-1),
  };
  const { pairs, total } = await pairHits(records, judged, 2);
  assert.equal(total, 6);
  assert.deepEqual(pairs.map(({ probability }) => probability), [
    0.99,
    0.9,
    0.52,
    0.4,
  ]);
  assert.deepEqual([pairs[0].label, pairs[0].medianWait], [null, null]);
});

Deno.test("trainNet tells the loss of each iteration, and of each pass", async () => {
  const records = recordsOf(labelledPairs(2, 2, 10));
  for (const solver of ["lbfgs", "adam"] as const) {
    const told: number[] = [], heldOut: (number | null)[] = [];
    const { net, judged } = await trainNet(records, "http-rich", {
      solver,
      maxIter: 15,
    }, {
      train: 0.5,
      onLoss: (loss, held) => {
        told.push(loss);
        heldOut.push(held);
      },
    });
    assert.equal(told.length, net.model.lossCurve.length);
    assert.ok(told.length > 3, solver);
    assert.ok(heldOut.every((loss) => loss !== null && loss > 0));
    const { probability, y } = judged;
    const last = logLoss(Uint8Array.from(y), probability);
    assert.ok(Math.abs(heldOut.at(-1)! - last) < 1e-6 * last, solver);
    // The last of lbfgs is measured again in 64 bits.
    assert.deepEqual(told.slice(0, -1), net.model.lossCurve.slice(0, -1));
  }
});

Deno.test("trainNet classifies as many of the held-out rows as it is told", async () => {
  const records = recordsOf(labelledPairs(2, 2, 10));
  const found = await trainNet(records, "http", { maxIter: 5 }, {
    train: 20,
    classify: 7,
  });
  assert.deepEqual([found.train.rows, found.test.rows], [20, 7]);
  await assert.rejects(
    trainNet(records, "http", {}, { train: 1.5 }),
    /train must be a whole number of rows or a share between 0 and 1, got 1.5/,
  );
});

Deno.test("thinned keeps both ends and at most 200", () => {
  const long = Array.from({ length: 1234 }, (_, i) => i);
  const kept = thinned(long);
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [200, 0, 1233]);
  assert.deepEqual(kept, kept.toSorted((a, b) => a - b));
  assert.equal(thinned([1, 2]).length, 2);
});
