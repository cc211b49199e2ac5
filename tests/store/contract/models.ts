import assert from "node:assert/strict";
import { type Test } from "./shared.ts";

export function modelAndLabelTests(test: Test): void {
  test("saveModel replaces a model of the same name and kind", async (store) => {
    const first = await store.saveModel("m", "mlp", {
      layers: [1, 2],
      data: "AAAA",
    });
    await store.saveModel("m", "kmeans", { k: 3 });
    await store.saveModel("a\0'b", "mlp", null);
    const second = await store.saveModel("m", "mlp", { layers: [] });
    assert.equal(second.id, first.id);
    assert.deepEqual(await store.model("m", "mlp"), second);
    assert.deepEqual(second.model, { layers: [] });
    assert.equal((await store.model("a\0'b", "mlp"))?.name, "a\0'b");
    assert.equal(await store.model("m", "dbscan"), null);
    const names = (await store.models()).map(({ name, kind }) => [name, kind]);
    assert.deepEqual(names, [["m", "mlp"], ["m", "kmeans"], ["a\0'b", "mlp"]]);
    assert.ok(!("model" in (await store.models())[0]));
  });

  test("addLabels replaces a label of the same uid and source", async (store) => {
    const dataset = await store.openDataset("d");
    const other = await store.openDataset("other");
    await store.addLabels(dataset, [
      { uid: "C1", value: 0, source: "column" },
      { uid: "C1", value: 1, source: "analyst" },
      { uid: "C\0'", value: -1.5, source: "intel" },
    ]);
    await store.addLabels(dataset, [{ uid: "C1", value: 1, source: "column" }]);
    const labels = await store.labels(dataset);
    assert.equal(labels.length, 3);
    const of = (uid: string, source: string) =>
      labels.find((l) => l.uid === uid && l.source === source)?.value;
    assert.deepEqual(
      [of("C1", "column"), of("C1", "analyst"), of("C\0'", "intel")],
      [1, 1, -1.5],
    );
    assert.deepEqual(await store.labels(other), []);
  });
}
