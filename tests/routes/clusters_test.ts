import assert from "node:assert/strict";
import { openStore } from "../../pipeline/store/mod.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { createApp } from "../../routes/_app.tsx";
import {
  type ComputeClusters,
  largestFirst,
  metaOf,
} from "../../routes/_clusters.ts";
import { flagOf } from "../../pipeline/options.ts";
import { clusterQuery, clusterSpec } from "../../routes/_cluster_spec.ts";
import { sessionClusters } from "../../routes/_session_clusters.ts";
import { build } from "../../tools/build.ts";
import { demo, json, skerry, withFolder } from "../_skerry.ts";
import { seed } from "./seed.ts";
import { clusterView, computeClusters } from "./seed_clusters.ts";

const ROOT = new URL("../../", import.meta.url);
const HOST = "127.0.0.1:8000";

type Get = (path: string, init?: RequestInit) => Promise<Response>;

/** As the page's script does. */
function post(ask: Get, path: string, fields: string): Promise<Response> {
  return ask(path, {
    method: "POST",
    headers: { accept: "application/json", "sec-fetch-site": "same-origin" },
    body: new URLSearchParams(fields),
  });
}

/** Computes a clustering; what its job has told. */
async function computed(ask: Get, fields = ""): Promise<string> {
  const { job } = await (await post(ask, "/api/clusters/fit", fields)).json();
  return await (await ask(`/api/jobs/${job}/events`)).text();
}

async function withClusters(
  clusters: ComputeClusters | undefined,
  test: (get: Get, store: SessionStore) => Promise<void>,
): Promise<void> {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const app = await createApp(ROOT, { store, hosts: [HOST], clusters });
  await test(
    async (path, init) => await app.request(`http://${HOST}${path}`, init),
    store,
  );
}

Deno.test("largestFirst renumbers labels, sizes, centers and outliers alike", () => {
  const view = clusterView(9000), sorted = largestFirst(view);
  assert.deepEqual(
    Array.from(sorted.sizes),
    Array.from(view.sizes).toSorted((a, b) => b - a),
  );
  const counts = new Array(20).fill(0);
  sorted.labels.forEach((k) => counts[k]++);
  assert.deepEqual(counts, Array.from(sorted.sizes));
  assert.deepEqual(sorted.outlierClusters, [17, 18, 19]);
  assert.equal(sorted.centers[0][0], view.centers[0][19]);
});

Deno.test("metaOf lists the outlier sessions, smallest cluster first", () => {
  const meta = metaOf(largestFirst(clusterView(9000)));
  assert.equal(meta.nSamples, 9000);
  assert.equal(meta.outliers[0].cluster, 19);
  assert.equal(meta.outliers[0].values.length, meta.featureNames.length);
  assert.ok(meta.outliers.every((s) => s.cluster >= 17));
  assert.doesNotMatch(JSON.stringify(meta), /\u202e/);
});

const DEFAULT = clusterSpec(new URLSearchParams());

Deno.test("sessionClusters puts k-means' plane before the features", async () => {
  await using store = await openStore(":memory:");
  const { dataset } = await seed(store);
  const view = await sessionClusters(store)(dataset, DEFAULT, {});
  assert.match(view.featureNames[0], /^PC 1 \([\d.]+\u00a0% of variance\)$/);
  assert.deepEqual(view.featureNames.slice(2, 6), ["ts", "src", "dst", "port"]);
  assert.equal(view.columns.length, view.featureNames.length);
  assert.equal(view.labels.length, 24);
  assert.equal(view.keys[0], "C0x7LmQ2vT9sYk");
  assert.equal(view.outlierClusters.length, 3);
  assert.equal(view.core, null);
  const sizes = Array.from(view.sizes);
  assert.equal(sizes.reduce((a, b) => a + b, 0), 24);
});

Deno.test("sessionClusters of one feature shows its one component before the features", async () => {
  await using store = await openStore(":memory:");
  const { dataset } = await seed(store);
  for (const algorithm of ["kmeans", "dbscan"]) {
    const query = new URLSearchParams({ algorithm, columns: "ts" });
    const spec = clusterSpec(query);
    const view = await sessionClusters(store)(dataset, spec, {});
    assert.match(view.featureNames[0], /^PC 1 \(100\u00a0% of variance\)$/);
    assert.equal(view.featureNames[1], "ts");
    assert.equal(view.columns.length, view.featureNames.length);
    assert.equal(view.centers.length, view.featureNames.length);
    assert.deepEqual(view.used, ["ts"]);
    assert.match(view.about, /o[fn] 1\sscaled feature[.;]/);
  }
});

Deno.test("sessionClusters by DBSCAN tells core from noise and shows a plane", async () => {
  await using store = await openStore(":memory:");
  const { dataset } = await seed(store);
  const spec = clusterSpec(
    new URLSearchParams(
      "algorithm=dbscan&eps=0.5&minSamples=3&columns=ts,port",
    ),
  );
  const view = largestFirst(await sessionClusters(store)(dataset, spec, {}));
  assert.match(view.featureNames[1], /^PC 2/);
  assert.deepEqual(view.used, ["ts", "port"]);
  view.labels.forEach((k, i) => assert.ok(k >= 0 || view.core![i] === 0));
  const meta = metaOf(view);
  assert.equal(meta.noise, view.labels.filter((k) => k < 0).length);
  assert.equal(
    meta.sizes.reduce((sum, size) => sum + size, 0) + meta.noise,
    meta.nSamples,
  );
});

Deno.test("the cluster page's numbers are the command line's", () =>
  withFolder(async (folder) => {
    const file = `${folder}/s.db`;
    await skerry("import", demo, "--dataset", "d", "--store", file);
    await using store = await openStore(file, { readOnly: true });
    const dataset = (await store.datasets())[0];
    for (
      const [command, given] of [
        ["kmeans", "nClusters=7&randomState=3&columns=duration,port,dst"],
        ["dbscan", "eps=0.2&minSamples=5&scaler=robust"],
      ] as const
    ) {
      const query = new URLSearchParams(`algorithm=${command}&${given}`);
      const view = await sessionClusters(store)(
        dataset,
        clusterSpec(query),
        {},
      );
      const meta = metaOf(largestFirst(view));
      query.delete("algorithm");
      const flags = [...query].flatMap(([name, value]) => [
        `--${flagOf(name)}`,
        value,
      ]);
      const told = await json(command, "d", ...flags, "--store", file);
      const clusters = told.sizes.filter((c: { label: number }) =>
        c.label >= 0
      );
      assert.deepEqual(
        meta.sizes,
        clusters.map((c: { size: number }) => c.size),
      );
      assert.deepEqual(
        meta.originals,
        clusters.map((c: { label: number }) => c.label),
      );
      const facts = Object.fromEntries(meta.facts);
      if (command === "kmeans") {
        assert.equal(facts.inertia, told.inertia.toFixed(6));
      } else assert.equal(meta.noise, told.noise);
    }
  }));

Deno.test("metaOf says null for the center of a cluster without members", () => {
  const view = clusterView(9000);
  const centers = view.centers.map((at) => [NaN, ...Array.from(at).slice(1)]);
  assert.equal(metaOf({ ...view, centers }).centers[0][0], null);
});

Deno.test("clusterSpec names the field, its range and what was given", () => {
  for (
    const [given, says] of [
      ["nClusters=0", /nClusters must be an integer in \[1, 1024\], got 0/],
      ["nClusters=many", /nClusters must be an integer .*, got "many"/],
      ["algorithm=dbscan&eps=0", /eps must be a number in \(0, .*got 0/],
      ["algorithm=hdbscan", /algorithm must be one of kmeans, dbscan/],
      ["features=http", /features must be one of session, session-rich/],
      ["columns=ts,uid", /session has no feature "uid"/],
      ["scaler=log", /scaler must be one of standard, robust, minmax/],
    ] as const
  ) {
    assert.throws(
      () => clusterSpec(new URLSearchParams(given)),
      { name: "HttpError", status: 400, message: says },
      given,
    );
  }
});

Deno.test("clusterQuery gives what clusterSpec reads back, defaults filled in", () => {
  for (
    const given of [
      "",
      "algorithm=dbscan&eps=0.4",
      "columns=port,ts&scaler=minmax&nClusters=3",
      "model=office",
    ]
  ) {
    const spec = clusterSpec(new URLSearchParams(given));
    const query = clusterQuery(spec);
    assert.deepEqual(clusterQuery(clusterSpec(query)), query);
    if (given !== "model=office") assert.deepEqual(clusterSpec(query), spec);
  }
});

Deno.test("POST /api/clusters/fit starts a job whose end is the clustering", () =>
  withClusters(computeClusters(500), async (ask, store) => {
    await seed(store);
    assert.equal((await ask("/api/points?column=0")).status, 409);
    assert.equal((await ask("/api/clusters")).status, 409);
    const answer = await (await post(ask, "/api/clusters/fit", "nClusters=9"))
      .json();
    assert.match(answer.href, /^\/clusters\?dataset=.*nClusters=9/);
    const events = await (await ask(`/api/jobs/${answer.job}/events`)).text();
    assert.match(events, /"state":"done"/);
    const meta = await (await ask("/api/clusters?nClusters=9")).json();
    assert.equal(meta.nSamples, 500);
    assert.match(await (await ask(answer.href)).text(), /Outlier sessions/);
    const wrong = await post(ask, "/api/clusters/fit", "nClusters=x");
    assert.equal(wrong.status, 400);
    assert.match((await wrong.json()).error, /nClusters must be an integer/);
    const form = await ask("/api/clusters/fit", {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin" },
      body: new URLSearchParams("nClusters=8"),
    });
    assert.equal(form.status, 303);
  }));

Deno.test("GET /clusters computes the original's at once, and no other unasked", () =>
  withClusters(computeClusters(500), async (ask, store) => {
    await seed(store);
    const jobs = async () => await (await ask("/api/jobs")).json();
    assert.match(
      await (await ask("/clusters?algorithm=dbscan")).text(),
      /Nothing computed yet/,
    );
    assert.equal((await jobs()).length, 0);
    await (await ask("/clusters")).text();
    assert.equal((await jobs()).length, 1);
  }));

Deno.test("GET /api/points sends labels, features, keys and addresses", () =>
  withClusters(computeClusters(500), async (ask, store) => {
    await seed(store);
    await computed(ask);
    const body = async (column: string) =>
      await (await ask(`/api/points?column=${column}`)).arrayBuffer();
    const view = largestFirst(clusterView(500));
    assert.deepEqual(new Int32Array(await body("labels")), view.labels);
    assert.deepEqual(new Float64Array(await body("2")), view.columns[2]);
    for (const column of ["keys", "src", "dst"]) {
      const text = await (await ask(`/api/points?column=${column}`)).text();
      assert.equal(text.split("\n").length, 500);
      assert.doesNotMatch(text, /\u202e/);
    }
    for (const column of ["7", "-1", "x", "", "core"]) {
      const response = await ask(`/api/points?column=${column}`);
      assert.equal(response.status, 400, column);
      assert.match((await response.json()).error, /integer in \[0, 6\]/);
    }
  }));

Deno.test("a clustering is saved, listed, loaded and compared", async () => {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const { dataset } = await seed(store);
  const app = await createApp(ROOT, {
    store,
    hosts: [HOST],
    clusters: sessionClusters(store),
  });
  const ask: Get = async (path, init) =>
    await app.request(`http://${HOST}${path}`, init);
  const fields = "nClusters=4";
  await computed(ask, fields);
  const save = (name: string) =>
    post(ask, "/api/clusters/save", `${fields}&name=${name}`);
  assert.equal((await save("%20")).status, 400);
  assert.deepEqual(await (await save("office")).json(), {
    name: "office",
    kind: "kmeans",
    replaced: false,
  });
  assert.equal((await (await save("office")).json()).replaced, true);
  const kept = (await store.model("office", "kmeans"))!;
  const page = await store.clusterSessions(dataset, kept.id, {
    label: 0,
    logType: "conn",
    limit: 100,
  });
  const fitted = await (await ask(`/api/clusters?${fields}`)).json();
  const at = fitted.originals.indexOf(0);
  assert.equal(page.sessions.length, fitted.sizes[at]);
  assert.match(
    await (await ask("/clusters?algorithm=kmeans")).text(),
    /office/,
  );
  await computed(ask, "model=office");
  const loaded = await (await ask("/api/clusters?model=office")).json();
  assert.deepEqual(loaded.sizes, fitted.sizes);
  const other = encodeURIComponent(fields);
  const compared = await (await ask(
    `/api/clusters/compare?model=office&with=${other}`,
  )).json();
  assert.equal(compared.adjustedRand, 1);
  assert.equal(
    compared.counts.flat().reduce((a: number, b: number) => a + b),
    24,
  );
  const missing = await post(ask, "/api/clusters/fit", "model=none");
  const { job } = await missing.json();
  const events = await (await ask(`/api/jobs/${job}/events`)).text();
  assert.match(events, /Cannot find the kmeans model none/);
});

Deno.test("POST /api/clusters/distances gives a falling curve and its knee", async () => {
  await build(ROOT);
  await using store = await openStore(":memory:");
  await seed(store);
  const app = await createApp(ROOT, {
    store,
    hosts: [HOST],
    clusters: sessionClusters(store),
  });
  const ask: Get = async (path, init) =>
    await app.request(`http://${HOST}${path}`, init);
  const ok = await post(
    ask,
    "/api/clusters/distances",
    "algorithm=dbscan&minSamples=3",
  );
  const { distances, eps, sampled } = await ok.json();
  assert.equal(sampled, 24);
  assert.ok(
    distances.every((d: number, i: number) => i === 0 || d <= distances[i - 1]),
  );
  assert.ok(eps >= distances.at(-1) && eps <= distances[0]);
  const wrong = await post(
    ask,
    "/api/clusters/distances",
    "algorithm=dbscan&minSamples=99",
  );
  assert.equal(wrong.status, 409);
  assert.match((await wrong.json()).error, /k must be an integer in \[1, 24\]/);
});

Deno.test("a fit that fails says why, and the next try is another job", () => {
  let fits = 0;
  const fit: ComputeClusters = () => {
    fits++;
    if (fits === 1) {
      throw new RangeError(
        "Cannot fit KMeans: 20 clusters need 20 rows, got 3",
      );
    }
    return Promise.resolve(clusterView(100));
  };
  return withClusters(fit, async (ask, store) => {
    await seed(store);
    assert.match(await computed(ask), /"outcome":"Cannot fit KMeans/);
    assert.match(await computed(ask), /"state":"done"/);
    assert.equal(fits, 2);
  });
});
