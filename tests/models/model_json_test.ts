import assert from "node:assert/strict";
import type { FeatureMatrix } from "../../pipeline/feature_matrix.ts";
import {
  DBSCAN,
  KMeans,
  MLPClassifier,
  modelFromJSON,
  PCA,
  StandardScaler,
} from "../../pipeline/models/mod.ts";
import { conn, ring } from "../golden/data.ts";

/** JSON text and back. */
function travelled(model: unknown) {
  return JSON.parse(JSON.stringify(model));
}

async function scaledConn(): Promise<FeatureMatrix> {
  const X = conn(300, 7);
  return (await StandardScaler.fit(X)).transform(X);
}

Deno.test("StandardScaler and PCA transform to the same bits after JSON", async () => {
  const X = conn(300, 7);
  const scaler = await StandardScaler.fit(X);
  const Y = scaler.transform(X);
  assert.deepEqual(
    StandardScaler.fromJSON(travelled(scaler)).transform(X).data,
    Y.data,
  );
  const pca = await PCA.fit(Y, { nComponents: 3 });
  const back = PCA.fromJSON(travelled(pca));
  assert.deepEqual(back.transform(Y).data, pca.transform(Y).data);
  assert.deepEqual(back.explainedVariance, pca.explainedVariance);
});

Deno.test("KMeans and DBSCAN predict the same after JSON, without the run's labels", async () => {
  const X = await scaledConn();
  const kmeans = await KMeans.fit(X, { nClusters: 7 });
  const kmeansBack = KMeans.fromJSON(travelled(kmeans));
  assert.deepEqual(kmeansBack.predict(X), kmeans.predict(X));
  assert.deepEqual(kmeansBack.params, kmeans.params);
  assert.equal(kmeansBack.inertia, kmeans.inertia);
  assert.equal(kmeansBack.labels.length, 0);
  const dbscan = await DBSCAN.fit(X, { eps: 0.6, minSamples: 5 });
  const dbscanBack = DBSCAN.fromJSON(travelled(dbscan));
  assert.deepEqual(dbscanBack.predict(X), dbscan.predict(X));
  assert.equal(dbscanBack.nClusters, dbscan.nClusters);
  assert.equal(dbscanBack.labels.length, 0);
});

Deno.test("MLPClassifier gives the same probabilities to the last bit after JSON", async () => {
  const { X, y } = ring(300, 2, 71);
  const model = await MLPClassifier.fit(X, y, { activation: "tanh" });
  const back = MLPClassifier.fromJSON(travelled(model));
  assert.deepEqual(back.predictProba(X), model.predictProba(X));
  assert.equal(back.loss, model.loss);
  assert.equal(back.converged, model.converged);
});

Deno.test("modelFromJSON gives back the kind it is told", async () => {
  const X = conn(30, 3);
  const scaler = await StandardScaler.fit(X);
  assert(modelFromJSON(travelled(scaler)) instanceof StandardScaler);
  assert(modelFromJSON(travelled(await PCA.fit(X))) instanceof PCA);
  const kmeans = await KMeans.fit(X, { nClusters: 2 });
  assert(modelFromJSON(travelled(kmeans)) instanceof KMeans);
  assert.throws(() => modelFromJSON({ kind: "SVC" }), {
    name: "SyntaxError",
    message:
      'Cannot read a model: kind must be one of StandardScaler, RobustScaler, MinMaxScaler, PCA, KMeans, DBSCAN, MLPClassifier, got "SVC"',
  });
  assert.throws(() => modelFromJSON(null), SyntaxError);
});

Deno.test("fromJSON says what is wrong with the value", async () => {
  const good = travelled(await KMeans.fit(conn(30, 3), { nClusters: 2 }));
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ kind: "PCA" }, /^Cannot read KMeans: kind must be "KMeans", got "PCA"$/],
    [{ version: 2 }, /version must be 1, got 2$/],
    [{ params: null }, /params must be an object$/],
    [{ params: { nClusters: 0 } }, /nClusters must be an integer in/],
    [{ params: { colour: 1 } }, /no parameter is called colour/],
    [{ featureNames: [] }, /featureNames must be a list of texts$/],
    [{ clusterCenters: 5 }, /clusterCenters must be base64 text$/],
    [{ clusterCenters: "*" }, /clusterCenters is not base64$/],
    [{ clusterCenters: "AAAA" }, /must hold 16 values, got 0.375$/],
    [{ inertia: "x" }, /inertia must be a number, got "x"$/],
  ];
  for (const [wrong, message] of cases) {
    assert.throws(() => KMeans.fromJSON({ ...good, ...wrong }), {
      name: "SyntaxError",
      message,
    });
  }
  assert.throws(() => KMeans.fromJSON([]), SyntaxError);
});

Deno.test("fromJSON refuses numbers that no fit can give", async () => {
  const X = conn(30, 3);
  const nan = btoa(String.fromCharCode(0, 0, 0, 0, 0, 0, 0xf8, 0x7f).repeat(8));
  const scaler = travelled(await StandardScaler.fit(X));
  const fromScaler = (wrong: unknown) =>
    StandardScaler.fromJSON({ ...scaler, ...wrong as object });
  assert.throws(() => fromScaler({ mean: nan }), /mean\[0\] must be finite/);
  const zeros = btoa("\0".repeat(64));
  assert.throws(() => fromScaler({ scale: zeros }), /scale must be positive/);
  const dbscan = travelled(await DBSCAN.fit(X, { eps: 1e9, minSamples: 1 }));
  assert.throws(
    () => DBSCAN.fromJSON({ ...dbscan, nClusters: 0 }),
    /coreLabels must be in \[0, 0\)/,
  );
});
