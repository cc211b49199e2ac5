import assert from "node:assert/strict";
import { trainNet } from "../pipeline/classify.ts";
import {
  applyClusters,
  clusterDBSCAN,
  clusterKMeans,
} from "../pipeline/cluster.ts";
import { predictWith } from "../pipeline/classify.ts";
import { loadModel, saveModel } from "../pipeline/model_file.ts";
import { RandomState } from "../pipeline/models/mod.ts";
import { readRecords, Records } from "../pipeline/records.ts";
import { batchOf, type Row } from "./_batches.ts";

const demo = new URL("../fixtures/demo/", import.meta.url).pathname;

/** Labelled requests: beacons every 60 s in three pairs, readers in forty. */
function labelled(): Records {
  const random = new RandomState(5);
  const rows: Row[] = [];
  const add = (ts: number, src: string, host: string, beacon: number) =>
    rows.push({
      ts,
      uid: `C${rows.length}`,
      "id.orig_h": src,
      "id.orig_p": 4000,
      "id.resp_h": "192.0.2.1",
      "id.resp_p": 80,
      method: beacon ? "POST" : "GET",
      host,
      uri: "/",
      status_code: 200,
      beacon: String(beacon),
    });
  for (let i = 0; i < 100; i++) {
    for (let k = 0; k < 3; k++) {
      add(1.7e9 + 60 * i + k, `10.0.0.${k}`, `c2-${k}.example`, 1);
    }
    for (let k = 0; k < 10; k++) {
      add(
        1.7e9 + random.uniform(0, 6000, 1)[0],
        `10.0.1.${random.randint(20)}`,
        `site${random.randint(2)}.example`,
        0,
      );
    }
  }
  const records = new Records();
  records.add(batchOf("http", rows.slice(0, 700)));
  records.add(batchOf("http", rows.slice(700)));
  return records;
}

Deno.test("clusterKMeans lists exactly the sessions of the three least-populated clusters", async () => {
  const records = await readRecords({ path: demo }, "conn");
  const { clusters, labels, outliers } = await clusterKMeans(
    records,
    "session",
    {},
  );
  assert.equal(clusters.length, 20);
  assert.equal(
    clusters.reduce((sum, { size }) => sum + size, 0),
    records.length,
  );
  const sizes = clusters.map(({ size }) => size);
  assert.deepEqual(sizes, sizes.toSorted((a, b) => b - a));
  const rare = clusters.slice(-3);
  assert.ok(
    rare.every(({ outlier }) => outlier) &&
      clusters.slice(0, -3).every(({ outlier }) => !outlier),
  );
  assert.deepEqual(
    outliers,
    [...labels.keys()].filter((i) =>
      rare.some(({ label }) => label === labels[i])
    ),
  );
});

Deno.test("a saved clustering labels the same records the same", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const records = await readRecords({ path: demo }, "conn");
    const kmeans = await clusterKMeans(records, "session-rich", {
      nClusters: 8,
      nInit: 2,
    });
    await saveModel(`${folder}/k.json`, kmeans.model);
    const loaded = applyClusters(
      records,
      await loadModel(`${folder}/k.json`, "kmeans"),
    );
    assert.deepEqual(loaded.labels, kmeans.labels);
    const dbscan = await clusterDBSCAN(records, "session", {});
    await saveModel(`${folder}/d.json`, dbscan.model);
    const again = applyClusters(
      records,
      await loadModel(`${folder}/d.json`, "dbscan"),
    );
    assert.deepEqual(again.outliers, dbscan.outliers);
    await assert.rejects(
      loadModel(`${folder}/d.json`, "kmeans"),
      /it is a dbscan model, not kmeans/,
    );
    await assert.rejects(
      loadModel(`${folder}/none.json`, "kmeans"),
      /Cannot load a model from/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("trainNet splits by pair, so that no pair is on both sides", async () => {
  const records = labelled();
  const training = await trainNet(records, "http-rich", {}, { train: 0.7 });
  assert.equal(training.split, "by pair");
  assert.equal(training.sharedPairs, 0);
  assert.equal(training.train.rows + training.test.rows, records.length);
  assert.equal(training.train.beacons, 200);
  assert.equal(training.test.beacons, 100);
  assert.equal(training.scores?.recall, 1);
  assert.equal(training.scores?.precision, 1);
  assert.equal(training.hits.length, 100);
});

Deno.test("trainNet takes the first N rows for a count and says which pairs are on both sides", async () => {
  const records = labelled();
  const training = await trainNet(records, "http", {}, { train: 1000 });
  assert.equal(training.split, "first rows");
  assert.deepEqual([training.train.rows, training.test.rows], [1000, 300]);
  assert.ok(training.sharedPairs > 0);
  await assert.rejects(
    trainNet(records, "http", {}, { train: 20_000 }),
    /Cannot train on 20000 rows: there are only 1300 labelled rows/,
  );
  await assert.rejects(
    trainNet(records, "http", {}, { train: 0.5, labelColumn: "cat" }),
    /no record has a value in cat/,
  );
});

Deno.test("trainNet fits the scaler on the training part only", async () => {
  const records = labelled();
  const part = new Records();
  part.add(records.batches[0]);
  const whole = await trainNet(records, "http", {}, { train: 700 });
  const first = await trainNet(part, "http", {}, { train: 700 });
  assert.deepEqual(whole.net.scaler.toJSON(), first.net.scaler.toJSON());
  assert.deepEqual(whole.net.model.weights, first.net.model.weights);
});

Deno.test("a saved net predicts the same to the last bit", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const records = labelled();
    const { net } = await trainNet(records, "http-rich", {}, { train: 0.7 });
    await saveModel(`${folder}/n.json`, net);
    const loaded = await loadModel(`${folder}/n.json`, "mlp");
    assert.deepEqual(
      (await predictWith(loaded, records)).hits,
      (await predictWith(net, records)).hits,
    );
    assert.ok((await predictWith(loaded, records)).hits.length > 100);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
