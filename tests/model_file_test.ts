import assert from "node:assert/strict";
import { predictWith, trainNet } from "../pipeline/classify.ts";
import { clusterDBSCAN, clusterKMeans } from "../pipeline/cluster.ts";
import { SkerryError } from "../pipeline/errors.ts";
import { loadModel, modelJson, saveModel } from "../pipeline/model_file.ts";
import { readRecords } from "../pipeline/records.ts";
import { labelledPairs, recordsOf } from "./_requests.ts";

const demo = new URL("../fixtures/demo/", import.meta.url).pathname;

/** Runs with the path of a file that is gone afterwards. */
async function withPath(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(`${folder}/model.json`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type Kind = "kmeans" | "dbscan" | "mlp";

async function assertRefused(
  path: string,
  kind: Kind,
  message: RegExp,
): Promise<void> {
  await assert.rejects(
    loadModel(path, kind),
    (error) =>
      error instanceof SkerryError && message.test(error.message) &&
      error.message.startsWith(`Cannot load a model from ${path}: `) &&
      error.hint!.includes("--save-model") && error.cause !== undefined,
  );
}

const kmeans = async () =>
  (await clusterKMeans(await readRecords({ path: demo }, "conn"), "session", {
    nClusters: 5,
    nInit: 1,
  })).model;

Deno.test("loadModel reads every kind back to the same document, to the last bit", async () => {
  const records = await readRecords({ path: demo }, "conn");
  const net = await trainNet(
    recordsOf(labelledPairs(2, 2, 10)),
    "http-rich",
    { maxIter: 50 },
    { train: 0.5 },
  );
  const { model: dbscan } = await clusterDBSCAN(records, "session-rich", {});
  for (const saved of [await kmeans(), dbscan, net.net]) {
    await withPath(async (path) => {
      await saveModel(path, saved);
      const loaded = await loadModel(path, saved.kind);
      const { createdAt: _then, ...before } = modelJson(saved);
      const { createdAt: _now, ...after } = modelJson(loaded);
      assert.deepEqual(after, before);
    });
  }
});

Deno.test("loadModel's net gives the very probabilities of the net that was saved", () =>
  withPath(async (path) => {
    const records = recordsOf(labelledPairs(3, 3, 10));
    const { net } = await trainNet(records, "http-rich", {}, { train: 0.5 });
    await saveModel(path, net);
    const loaded = await loadModel(path, "mlp");
    const { hits } = await predictWith(net, records);
    assert.ok(hits.length > 0);
    assert.deepEqual((await predictWith(loaded, records)).hits, hits);
  }));

Deno.test("modelJson names format, version, kind and features, and is plain JSON", async () => {
  const document = modelJson(await kmeans());
  assert.deepEqual(
    [document.format, document.kind, document.featureSet],
    ["skerry-model", "kmeans", "session"],
  );
  assert.match(String(document.version), /^\d+\.\d+\.\d+/);
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});

Deno.test("loadModel refuses a model of another kind, naming both", () =>
  withPath(async (path) => {
    await saveModel(path, await kmeans());
    await assertRefused(path, "dbscan", /it is a kmeans model, not dbscan$/);
    await assertRefused(path, "mlp", /it is a kmeans model, not mlp$/);
  }));

Deno.test("loadModel refuses garbage, other JSON and a missing file", () =>
  withPath(async (path) => {
    await assertRefused(path, "kmeans", /there is no such file$/);
    const bad: [content: string, message: RegExp][] = [
      ["", /JSON/],
      ["{", /JSON/],
      ["not a model", /JSON/],
      ["null", /it is no model of Skerry's$/],
      ["[]", /it is no model of Skerry's$/],
      ['"skerry-model"', /it is no model of Skerry's$/],
      ['{"format":"pickle"}', /it is no model of Skerry's$/],
      ['{"format":"skerry-model"}', /not kmeans$/],
    ];
    for (const [content, message] of bad) {
      await Deno.writeTextFile(path, content);
      await assertRefused(path, "kmeans", message);
    }
  }));

Deno.test("loadModel refuses a model with a part missing or damaged", () =>
  withPath(async (path) => {
    const whole = modelJson(await kmeans());
    for (const part of ["scaler", "pca", "model"]) {
      for (const damaged of [undefined, null, 5, "x", {}, []]) {
        await Deno.writeTextFile(
          path,
          JSON.stringify({ ...whole, [part]: damaged }),
        );
        await assertRefused(path, "kmeans", /./);
      }
    }
    await Deno.writeTextFile(
      path,
      JSON.stringify({ ...whole, model: whole.scaler }),
    );
    await assertRefused(path, "kmeans", /./);
  }));

Deno.test("saveModel says why it cannot write", async () => {
  const model = await kmeans();
  await withPath(async (path) => {
    await assert.rejects(
      saveModel(`${path}/deeper/m.json`, model),
      (error) =>
        error instanceof SkerryError &&
        error.message.startsWith(`Cannot save the model to ${path}/deeper/`),
    );
  });
});
