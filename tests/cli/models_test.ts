import assert from "node:assert/strict";
import { demo, json, skerry, withFolder } from "../_skerry.ts";

Deno.test("--save-model @NAME keeps a model in the store, --load-model @NAME uses it", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("import", demo, "--dataset", "office", ...store);
    const fitted = await json(
      ...["kmeans", "office", "--n-clusters", "5", "--save-model", "@five"],
      ...store,
    );
    const loaded = await json(
      ...["kmeans", "office", "--load-model", "@five", ...store],
    );
    assert.deepEqual(loaded.sizes, fitted.sizes);
    await skerry("dbscan", demo, "--save-model", "@five", ...store);
    const listed = await json("models", ...store);
    assert.deepEqual(
      listed.map((
        { name, kind, dataset }: Record<string, string>,
      ) => [name, kind, dataset]),
      [
        ["five", "kmeans", "office"],
        ["five", "dbscan", demo.replace(/\/$/, "")],
      ],
    );
    const either = await skerry("models", "show", "five", ...store);
    assert.equal(either.code, 2);
    assert.match(either.stderr, /there are kmeans and dbscan/);
    const kept = await json(
      "models",
      "show",
      "five",
      "--kind",
      "kmeans",
      ...store,
    );
    assert.deepEqual(Object.keys(kept), [
      ...["name", "kind", "createdAt", "dataset", "parameters", "features"],
      ...["scaler", "pca", "weights", "metrics"],
    ]);
    assert.equal(kept.parameters.nClusters, 5);
    assert.deepEqual(kept.features.names, [
      ...["ts", "src", "dst", "port", "duration", "orig_bytes", "resp_bytes"],
    ]);
    assert.equal(typeof kept.weights.clusterCenters, "string");
    assert.equal(kept.metrics.rows, 13_504);
    assert.ok(kept.metrics.inertia > 0);
    const text = await skerry(
      "models",
      "show",
      "@five",
      "--kind",
      "dbscan",
      ...store,
    );
    assert.match(text.stdout, /parameters +eps 0\.3/);
    const csv = await skerry("models", "list", "--csv", "-", ...store);
    assert.match(csv.stdout, /^id,name,kind,createdAt,dataset\r\n/);

    const wrong = await skerry(
      "mlp",
      "predict",
      "office",
      "--load-model",
      "@five",
      ...store,
    );
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /the store keeps no mlp model of that name/);
    const unnamed = await skerry(
      "kmeans",
      "office",
      "--load-model",
      "@",
      ...store,
    );
    assert.equal(unnamed.code, 2);
    const unasked = await skerry(
      "models",
      "delete",
      "five",
      "--kind",
      "dbscan",
      ...store,
    );
    assert.equal(unasked.code, 2);
    const gone = await skerry(
      "models",
      "delete",
      "five",
      "--kind",
      "dbscan",
      "-y",
      ...store,
    );
    assert.equal(gone.code, 0, gone.stderr);
    assert.equal((await json("models", ...store)).length, 1);
    const none = await skerry("models", "show", "six", ...store);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /Cannot find the model six/);
  }));

Deno.test("skerry models sessions lists the sessions of a cluster, to the last one", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("import", demo, "--dataset", "office", ...store);
    const fit = await skerry(
      "dbscan",
      "office",
      "--save-model",
      "@d",
      ...store,
    );
    assert.equal(fit.code, 0, fit.stderr);
    const { metrics } = await json("models", "show", "d", ...store);
    const noise = metrics.sizes["-1"];
    assert.ok(noise > 0);
    const listed = await json(
      ...["models", "sessions", "d", "--cluster", "noise"],
      ...["--limit", "100000", ...store],
    );
    assert.equal(listed.length, noise);
    const outliers = await json("dbscan", "office", ...store);
    assert.deepEqual(
      listed.map(({ uid }: { uid: string }) => uid).toSorted(),
      outliers.sessions
        .map(({ record }: { record: { uid: string } }) => record.uid)
        .toSorted(),
    );
    const text = await skerry(
      ...["models", "sessions", "d", "--cluster", "0", "--limit", "2"],
      ...store,
    );
    assert.match(text.stdout, /→.*\n.*→.*\n.*there are more/);
    const none = await skerry("models", "sessions", "d", ...store);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /say whose with --cluster/);
  }));

/** An http log: one host calls a server every minute, two others two more. */
async function writeRequests(path: string): Promise<void> {
  const lines = Array.from({ length: 400 }, (_, i) => {
    const beacon = i % 2 === 0, other = 2 + (i >> 1) % 2;
    return JSON.stringify({
      _path: "http",
      ts: 1.7e9 + 30 * i + (beacon ? 0 : (i * 7919) % 29),
      uid: `C${i}`,
      "id.orig_h": `10.0.0.${beacon ? 1 : other}`,
      "id.orig_p": 1024 + i,
      "id.resp_h": `192.0.2.${beacon ? 1 : other}`,
      "id.resp_p": 80,
      trans_depth: 1,
      method: beacon ? "POST" : "GET",
      host: beacon ? "c2.example" : `h${other}.example`,
      uri: "/",
      status_code: 200,
    });
  });
  await Deno.writeTextFile(path, lines.join("\n") + "\n");
}

Deno.test("skerry mlp train on a dataset learns from findings marked as regular or not", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await Deno.mkdir(`${folder}/logs`);
    await writeRequests(`${folder}/logs/http.log`);
    const run = await json(
      "run",
      `${folder}/logs`,
      "--dataset",
      "lab",
      ...store,
    );
    const train = [
      ...["mlp", "train", "lab", "--train", "0.5", "--max-iter", "50"],
      ...["--features", "http-rich", ...store],
    ];
    const before = await skerry(...train);
    assert.equal(before.code, 1);
    assert.match(before.stderr, /skerry mark --regular/);
    const beacon = run.findings.find((
      { name }: { name: string },
    ) => name === "c2.example");
    assert.ok(beacon && run.findings.length === 3, "all three are found");
    for (const { id } of run.findings) {
      const regular = id === beacon.id ? "yes" : "no";
      const marked = await skerry("mark", id, "--regular", regular, ...store);
      assert.equal(marked.code, 0, marked.stderr);
    }
    const trained = await json(...train, "--save-model", "@lab");
    assert.equal(trained.labelColumn, null);
    // A finding names a hundred of its sessions; its answer means all.
    assert.deepEqual(
      [beacon.uids.length, trained.train.beacons + trained.test.beacons],
      [100, 200],
    );
    const text = await skerry(...train);
    assert.match(text.stdout, /labels from what was marked as regular or not/);
    const kept = await json("models", "show", "lab", ...store);
    assert.equal(kept.metrics.analystRows, trained.analystRows);
    assert.equal(kept.dataset, "lab");

    await skerry("mark", beacon.id, "--regular", "none", ...store);
    const after = await skerry(...train);
    assert.equal(after.code, 1);
    assert.match(after.stderr, /rows of both classes are needed, got only/);
  }));

Deno.test("skerry mlp learns from labelled connections with the features of sessions", () =>
  withFolder(async (folder) => {
    const lines = Array.from({ length: 200 }, (_, i) => {
      const bad = i % 10 < 3;
      return JSON.stringify({
        _path: "conn",
        ts: 1.7e9 + 30 * i,
        uid: `C${i}`,
        "id.orig_h": `10.0.0.${i % 10}`,
        "id.orig_p": 1024 + i,
        "id.resp_h": `192.0.2.${i % 10}`,
        "id.resp_p": 443,
        proto: "tcp",
        duration: bad ? 0.1 : 30 + i % 7,
        orig_bytes: bad ? 100 : 4000 + 13 * i,
        resp_bytes: bad ? 50 : 9000,
        conn_state: "SF",
        label: bad ? "Malicious" : "Benign",
      });
    });
    const log = `${folder}/conn.log`, model = `${folder}/net.json`;
    await Deno.writeTextFile(log, lines.join("\n") + "\n");
    const trained = await json(
      ...["mlp", "train", log, "--train", "0.5", "--max-iter", "50"],
      ...["--features", "session-rich", "--save-model", model],
    );
    assert.deepEqual(
      [trained.labelColumn, trained.train.rows + trained.test.rows],
      ["label", 200],
    );
    assert.equal(trained.scores.recall, 1);
    const predicted = await json("mlp", "predict", log, "--load-model", model);
    assert.deepEqual([predicted.rows, predicted.beacons.length], [200, 60]);
  }));
