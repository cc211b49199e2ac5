import assert from "node:assert/strict";
import {
  applyClusters,
  clusterDBSCAN,
  type Clustering,
  clusterKMeans,
  featuresOf,
  OUTLIER_CLUSTERS,
} from "../pipeline/cluster.ts";
import { featureSet } from "../pipeline/features/mod.ts";
import { RandomState } from "../pipeline/models/mod.ts";
import { Records } from "../pipeline/records.ts";
import {
  clusteringJson,
  clusteringText,
} from "../pipeline/report/cluster_report.ts";
import { PLAIN } from "../pipeline/report/terminal.ts";
import { batchOf, connRow, type Row } from "./_batches.ts";

/** Three crowds of sessions, and two sessions far from all of them. */
function sessions(): Records {
  const random = new RandomState(6);
  const rows: Row[] = [];
  for (const [n, bytes] of [[120, 300], [80, 30_000], [60, 3e6]]) {
    for (let i = 0; i < n; i++) {
      rows.push(connRow(1.7e9, "10.0.0.1", "192.0.2.1", {
        orig_bytes: Math.round(bytes * (1 + 0.2 * random.random())),
        resp_bytes: Math.round(bytes * (1 + 0.2 * random.random())),
      }));
    }
  }
  for (const duration of [80_000, 70_000]) {
    rows.push(connRow(1.7e9, "10.0.0.1", "192.0.2.1", {
      duration,
      orig_bytes: 1,
      resp_bytes: 4e9,
    }));
  }
  const records = new Records();
  records.add(batchOf("conn", rows.slice(0, 100)));
  records.add(batchOf("conn", rows.slice(100)));
  return records;
}

/** What holds of every clustering. */
function assertSound({ labels, clusters, outliers, X }: Clustering): void {
  assert.equal(labels.length, X.nSamples);
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  assert.deepEqual(
    new Map(clusters.map(({ label, size }) => [label, size])),
    sizes,
  );
  const order = clusters.map(({ size }) => size);
  assert.deepEqual(order, order.toSorted((a, b) => b - a));
  const outlying = new Set(
    clusters.filter(({ outlier }) => outlier).map(({ label }) => label),
  );
  assert.deepEqual(
    outliers,
    [...labels.keys()].filter((i) => outlying.has(labels[i])),
  );
}

Deno.test("clusterKMeans lists the sessions of the three least-populated clusters, for any number of them", async () => {
  const records = sessions();
  for (const nClusters of [1, 2, 3, 4, 5, 9]) {
    const found = await clusterKMeans(records, "session-rich", {
      nClusters,
      nInit: 3,
    });
    assertSound(found);
    assert.equal(found.clusters.length, nClusters);
    const outlying = found.clusters.filter(({ outlier }) => outlier);
    assert.equal(outlying.length, Math.min(OUTLIER_CLUSTERS, nClusters));
    assert.deepEqual(found.clusters.slice(-OUTLIER_CLUSTERS), outlying);
  }
});

Deno.test("clusterKMeans works on a plane of two components", async () => {
  const { plane, X, model } = await clusterKMeans(sessions(), "session", {
    nClusters: 4,
    nInit: 1,
  });
  assert.deepEqual([plane!.nSamples, plane!.nFeatures], [262, 2]);
  assert.equal(X.nFeatures, 7);
  const [first, second] = model.pca!.explainedVarianceRatio;
  assert.ok(first >= second && first + second <= 1 + 1e-12);
});

Deno.test("clusterKMeans of a single feature works on its one component", async () => {
  const records = sessions(), params = { nClusters: 4 };
  const columns = ["orig_bytes"];
  const fitted = await clusterKMeans(records, "session", params, { columns });
  assertSound(fitted);
  assert.equal(fitted.plane!.nFeatures, 1);
  assert.deepEqual([...fitted.model.pca!.explainedVarianceRatio], [1]);
  // The crowds of 300, 30,000 and 3,000,000 bytes do not share a cluster.
  assert.notEqual(fitted.labels[0], fitted.labels[200]);
  assert.notEqual(fitted.labels[150], fitted.labels[250]);
  const { model } = fitted;
  assert.deepEqual(applyClusters(records, model).labels, fitted.labels);
  const json = clusteringJson(fitted, records);
  const centers = json.centers as number[][];
  assert.deepEqual(centers.map((center) => center.length), [1, 1, 1, 1]);
  const text = clusteringText(fitted, records, {
    terminal: PLAIN,
    timeZone: "UTC",
    limit: 3,
  });
  assert.match(text, /the one component keeps 100 % of the variance/);
});

Deno.test("clusterKMeans finds the two sessions that are far from all others", async () => {
  const records = sessions();
  const found = await clusterKMeans(records, "session-rich", { nClusters: 6 });
  for (const i of [260, 261]) {
    assert.ok(found.outliers.includes(i), `row ${i}`);
    assert.ok(Number(records.row(i).duration) >= 70_000);
  }
});

Deno.test("clusterKMeans refuses more clusters than records", async () => {
  const records = new Records();
  records.add(batchOf("conn", [connRow(1, "10.0.0.1", "192.0.2.1")]));
  await assert.rejects(
    clusterKMeans(records, "session", { nClusters: 2 }),
    RangeError,
  );
  await assert.rejects(
    clusterKMeans(records, "no-such-set", {}),
    /there is no set called no-such-set/,
  );
});

Deno.test("clusterDBSCAN lists the noise, and nothing but the noise", async () => {
  const found = await clusterDBSCAN(sessions(), "session-rich", {
    eps: 1,
    minSamples: 5,
  });
  assertSound(found);
  assert.equal(found.plane, null);
  assert.deepEqual(found.outliers, [260, 261]);
  assert.deepEqual(
    found.clusters.filter(({ outlier }) => outlier),
    [{ label: -1, size: 2, outlier: true }],
  );
});

Deno.test("clusterDBSCAN calls every record noise where none has neighbours enough", async () => {
  const found = await clusterDBSCAN(sessions(), "session-rich", {
    eps: 1e-9,
    minSamples: 1000,
  });
  assertSound(found);
  assert.equal(found.outliers.length, 262);
  await assert.rejects(
    clusterDBSCAN(sessions(), "session", { eps: 0 }),
    RangeError,
  );
});

Deno.test("applyClusters gives the fitted records the labels of the fit", async () => {
  const records = sessions();
  for (
    const fitted of [
      await clusterKMeans(records, "session-rich", { nClusters: 6, nInit: 2 }),
      await clusterDBSCAN(records, "session-rich", { eps: 1 }),
    ]
  ) {
    const applied = applyClusters(records, fitted.model);
    assertSound(applied);
    assert.deepEqual(applied.labels, fitted.labels);
    assert.deepEqual(applied.plane?.data, fitted.plane?.data);
  }
});

Deno.test("featuresOf has a row per record, in the records' order", () => {
  const records = sessions();
  const X = featuresOf(records, featureSet("session"));
  assert.equal(X.nSamples, records.length);
  for (const i of [0, 99, 100, 261]) {
    assert.equal(X.keys[i], records.row(i).uid);
    assert.equal(X.data[7 * i + 5], records.row(i).orig_bytes);
  }
});

Deno.test("featuresOf collects what is there once, and again when records came", () => {
  const records = sessions(), set = featureSet("session");
  const X = featuresOf(records, set);
  assert.equal(featuresOf(records, set), X);
  assert.notEqual(featuresOf(records, featureSet("session-rich")), X);
  records.add(batchOf("conn", [connRow(1.7e9, "10.0.0.9", "192.0.2.9")]));
  assert.equal(featuresOf(records, set).nSamples, X.nSamples + 1);
  assert.notEqual(featuresOf(sessions(), set), X);
});

Deno.test("applyClusters labels fewer records than the model has clusters", async () => {
  const { model } = await clusterKMeans(sessions(), "session", {
    nClusters: 9,
    nInit: 1,
  });
  const records = new Records();
  records.add(batchOf("conn", [connRow(1.7e9, "10.0.0.1", "192.0.2.1")]));
  const { labels, clusters, outliers } = applyClusters(records, model);
  assert.deepEqual(clusters, [{ label: labels[0], size: 1, outlier: true }]);
  assert.deepEqual(outliers, [0]);
});

Deno.test("clusterKMeans stops when its signal is aborted, with the signal's reason", async () => {
  const reason = new Error("enough");
  const options = { signal: AbortSignal.abort(reason) };
  await assert.rejects(
    clusterKMeans(sessions(), "session", {}, options),
    reason,
  );
  await assert.rejects(
    clusterDBSCAN(sessions(), "session", {}, options),
    reason,
  );
});
