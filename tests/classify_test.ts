import assert from "node:assert/strict";
import {
  analystAnswers,
  analystLabels,
  predictWith,
  type Training,
  trainNet,
} from "../pipeline/classify.ts";
import { SkerryError } from "../pipeline/errors.ts";
import { labelledPairs, recordsOf, request } from "./_requests.ts";

const FEW = { maxIter: 20 };

Deno.test("trainNet by pair keeps both classes on both sides for any share and seed", async () => {
  const records = recordsOf(labelledPairs(2, 5, 8));
  for (const train of [0.01, 0.3, 0.5, 0.99]) {
    for (const randomState of [1, 2, 3]) {
      const found = await trainNet(records, "http-rich", {
        ...FEW,
        randomState,
      }, { train });
      assert.equal(found.split, "by pair");
      assert.equal(found.sharedPairs, 0);
      assert.equal(found.train.pairs + found.test.pairs, 7);
      assert.equal(found.train.rows + found.test.rows, 56);
      for (const side of [found.train, found.test]) {
        assert.ok(side.beacons > 0 && side.beacons < side.rows, `${train}`);
        assert.equal(side.rows, 8 * side.pairs);
      }
    }
  }
});

Deno.test("trainNet by pair trains on the only pair of a class", async () => {
  const records = recordsOf(labelledPairs(1, 4, 8));
  const found = await trainNet(records, "http-rich", FEW, { train: 0.5 });
  assert.deepEqual([found.train.beacons, found.test.beacons], [8, 0]);
  assert.deepEqual([found.train.pairs, found.test.pairs], [3, 2]);
});

Deno.test("trainNet splits the same for the same seed, and otherwise for another", async () => {
  const records = recordsOf(labelledPairs(6, 6, 4));
  const hits = async (randomState: number) => {
    const found = await trainNet(records, "http-rich", {
      maxIter: 100,
      randomState,
    }, { train: 0.5 });
    return found.hits;
  };
  assert.deepEqual(await hits(4), await hits(4));
  assert.notDeepEqual(
    (await hits(4)).map(({ row }) => row).sort(),
    (await hits(5)).map(({ row }) => row).sort(),
  );
});

Deno.test("trainNet for a count takes exactly the first labelled rows", async () => {
  const rows = labelledPairs(2, 2, 10);
  const unlabelled = [0, 5, 9].map((i) => {
    const { beacon: _beacon, ...row } = rows[i];
    return row;
  });
  const records = recordsOf(
    [...unlabelled, ...rows.slice(0, 15)],
    rows.slice(15),
  );
  const found = await trainNet(records, "http-rich", FEW, { train: 40 });
  assert.deepEqual(
    [found.split, found.train.rows, found.test.rows, found.unlabelled],
    ["first rows", 40, 0, 3],
  );
  assert.equal(found.scores, null);
  assert.deepEqual([found.sharedPairs, found.hits.length], [0, 0]);
  const part = await trainNet(records, "http-rich", FEW, { train: 20 });
  assert.deepEqual([part.train.rows, part.test.rows], [20, 20]);
  assert.equal(part.sharedPairs, 4);
  await assert.rejects(
    trainNet(records, "http-rich", FEW, { train: 41 }),
    (error) =>
      error instanceof SkerryError &&
      error.message ===
        "Cannot train on 41 rows: there are only 40 labelled rows" &&
      error.hint!.includes("--train 0.8"),
  );
});

Deno.test("trainNet fits scaler and net on the training rows, whatever the others are", async () => {
  const rows = labelledPairs(2, 2, 10);
  const changed = rows.map((row, i) =>
    i < 20
      ? row
      : { ...row, "id.resp_h": "203.0.113.99", ts: Number(row.ts) + 1e6 }
  );
  const [one, other] = await Promise.all(
    [rows, changed].map((table) =>
      trainNet(recordsOf(table), "http", FEW, { train: 20 })
    ),
  );
  assert.deepEqual(other.net.scaler.toJSON(), one.net.scaler.toJSON());
  assert.deepEqual(other.net.model.toJSON(), one.net.model.toJSON());
  const all = await trainNet(recordsOf(changed), "http", FEW, { train: 40 });
  assert.notDeepEqual(all.net.scaler.toJSON(), one.net.scaler.toJSON());
});

/** How many of the texts, one row each besides two known ones, are beacons. */
async function labelled(text: string | null): Promise<Training> {
  return await trainNet(
    recordsOf([
      request(0, "10.0.0.1", "a", "1"),
      request(1, "10.0.0.2", "b", "0"),
      request(2, "10.0.0.3", "c", text),
    ]),
    "http-rich",
    FEW,
    { train: 2 },
  );
}

Deno.test("trainNet reads the usual words for beacon and not, and leaves unset rows out", async () => {
  for (const text of ["1", "T", "malicious", "C&C", "  Beacon "]) {
    const { test, unlabelled } = await labelled(text);
    assert.deepEqual([test.beacons, unlabelled], [1, 0], text);
  }
  for (
    const text of ["0", "F", "false", "no", "Benign", " normal ", "BACKGROUND"]
  ) {
    const { test, unlabelled } = await labelled(text);
    assert.deepEqual([test.rows, test.beacons, unlabelled], [1, 0, 0], text);
  }
  for (const text of [null, "", "-", " "]) {
    const { test, unlabelled } = await labelled(text);
    assert.deepEqual([test.rows, unlabelled], [0, 1], String(text));
  }
});

Deno.test("trainNet takes the first label column that is filled, or the one that is named", async () => {
  const rows = labelledPairs(2, 2, 5).map(({ beacon, ...row }) => ({
    ...row,
    cat: String(beacon),
    label: beacon === "1" ? "malicious" : "benign",
  }));
  const records = recordsOf(rows);
  const first = await trainNet(records, "http-rich", FEW, { train: 0.5 });
  assert.equal(first.labelColumn, "label");
  const named = await trainNet(records, "http-rich", FEW, {
    train: 0.5,
    labelColumn: "cat",
  });
  assert.equal(named.labelColumn, "cat");
  assert.equal(named.train.beacons, first.train.beacons);
});

Deno.test("trainNet without any label says where it looked", async () => {
  const records = recordsOf([request(0, "10.0.0.1", "a", null)]);
  await assert.rejects(
    trainNet(records, "http", {}, { train: 1 }),
    (error) =>
      error instanceof SkerryError &&
      error.message ===
        "Cannot train: the records have no label; looked for beacon, label, cat" &&
      error.hint!.includes("--label-column") &&
      error.hint!.includes("skerry mark --regular"),
  );
});

Deno.test("trainNet learns from what analysts said of connections, before what a column says", async () => {
  const rows = labelledPairs(2, 2, 10);
  const records = recordsOf(rows.map(({ beacon: _, ...row }) => row));
  const beacons = rows.filter(({ beacon }) => beacon === "1")
    .map(({ uid }) => String(uid));
  const others = rows.filter(({ beacon }) => beacon === "0")
    .map(({ uid }) => String(uid));
  const last = rows.filter((row) => row["id.orig_h"] === "10.0.0.3")
    .map(({ uid }) => String(uid));
  const labels = [
    ...analystLabels(beacons, true),
    ...analystLabels(others.filter((uid) => !last.includes(uid)), false),
    ...analystLabels(last, null),
    { uid: others[0], value: 1, source: "intel" },
  ];
  const answers = analystAnswers(labels);
  assert.equal(answers.size, 30, "one pair's answer was taken back");
  const found = await trainNet(records, "http-rich", FEW, {
    train: 0.5,
    answers,
  });
  assert.equal(found.labelColumn, null);
  assert.equal(found.analystRows, 30);
  assert.equal(found.unlabelled, 10);
  assert.equal(found.train.beacons + found.test.beacons, 20);

  const corrected = await trainNet(recordsOf(rows), "http-rich", FEW, {
    train: 0.5,
    answers: analystAnswers(analystLabels(others.slice(0, 10), true)),
  });
  assert.equal(corrected.labelColumn, "beacon");
  assert.equal(corrected.analystRows, 10);
  assert.equal(corrected.train.beacons + corrected.test.beacons, 30);
  await assert.rejects(
    trainNet(records, "http", FEW, { train: 1, labelColumn: "cat", answers }),
    /no record has a value in cat/,
  );
});

Deno.test("trainNet takes an answer about some sessions of a pair for its other unlabelled ones", async () => {
  const rows = labelledPairs(2, 2, 10);
  const uidsOf = (src: string) =>
    rows.filter((row) => row["id.orig_h"] === src).map(({ uid }) =>
      String(uid)
    );
  const answers = (contradiction: boolean) =>
    analystAnswers([
      ...analystLabels(uidsOf("10.0.0.0").slice(0, 3), true),
      ...analystLabels(uidsOf("10.0.0.2").slice(0, 3), false),
      ...analystLabels(uidsOf("10.0.0.3").slice(0, 2), false),
      ...analystLabels(
        uidsOf("10.0.0.3").slice(2, 3),
        contradiction ? true : null,
      ),
    ]);
  const bare = recordsOf(rows.map(({ beacon: _, ...row }) => row));
  const train = async (records: typeof bare, contradiction: boolean) =>
    await trainNet(records, "http-rich", FEW, {
      train: 0.5,
      answers: answers(contradiction),
    });
  const agreed = await train(bare, false);
  assert.deepEqual([agreed.analystRows, agreed.unlabelled], [30, 10]);
  assert.equal(agreed.train.beacons + agreed.test.beacons, 10);
  const split = await train(bare, true);
  assert.deepEqual([split.analystRows, split.unlabelled], [23, 17]);
  // What a column says of the other sessions stands.
  const columned = await train(recordsOf(rows), false);
  assert.deepEqual([columned.analystRows, columned.unlabelled], [8, 0]);
});

Deno.test("trainNet's hits and scores agree, the most certain first", async () => {
  const records = recordsOf(labelledPairs(4, 4, 10));
  const { hits, scores, test } = await trainNet(
    records,
    "http-rich",
    { maxIter: 200 },
    { train: 0.5 },
  );
  const { truePositives, falsePositives, trueNegatives, falseNegatives } =
    scores!.confusion;
  assert.equal(truePositives + falsePositives, hits.length);
  assert.equal(truePositives + falseNegatives, test.beacons);
  assert.equal(
    truePositives + falsePositives + trueNegatives + falseNegatives,
    test.rows,
  );
  assert.ok(hits.length > 0);
  const order = hits.map(({ probability }) => probability);
  assert.deepEqual(order, order.toSorted((a, b) => b - a));
  assert.ok(order.every((p) => p > 0.5 && p <= 1));
});

Deno.test("predictWith judges the labels that there are, and none where there are none", async () => {
  const rows = labelledPairs(4, 4, 10);
  const { net } = await trainNet(recordsOf(rows), "http-rich", {}, {
    train: 0.5,
  });
  const known = await predictWith(net, recordsOf(rows));
  assert.deepEqual([known.rows, known.labelColumn], [80, "beacon"]);
  assert.ok(known.scores!.recall > 0.9);
  const bare = rows.map(({ beacon: _beacon, ...row }) => row);
  const blind = await predictWith(net, recordsOf(bare));
  assert.deepEqual([blind.scores, blind.labelColumn], [null, null]);
  assert.deepEqual(blind.hits, known.hits);
});

Deno.test("trainNet stops when its signal is aborted, with the signal's reason", async () => {
  const reason = new Error("enough");
  await assert.rejects(
    trainNet(recordsOf(labelledPairs(2, 2, 10)), "http", {}, {
      train: 0.5,
      signal: AbortSignal.abort(reason),
    }),
    reason,
  );
});
