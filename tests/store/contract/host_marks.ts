import assert from "node:assert/strict";
import { HOSTILE, type Test } from "./shared.ts";

export function hostMarkTests(test: Test): void {
  test("notes and tags of a host are kept, taken back and put back", async (store) => {
    const dataset = await store.openDataset("d");
    const other = await store.openDataset("other");
    const empty = { address: "10.0.0.1", tags: [], notes: [] };
    assert.deepEqual(await store.hostMark(dataset, "10.0.0.1"), empty);
    assert.deepEqual(await store.hostMarks(dataset), []);
    const who = { who: "ann" };
    for (const text of HOSTILE) {
      await store.addHostNote(dataset, "10.0.0.1", text, who);
    }
    await store.setHostTags(dataset, "10.0.0.1", ["b", " a ", "b", ""]);
    await store.setHostTags(dataset, "2001:db8::1", ["printer"]);
    const mark = await store.hostMark(dataset, "10.0.0.1");
    assert.deepEqual(mark.tags, ["a", "b"]);
    assert.deepEqual(mark.notes.map(({ text }) => text), HOSTILE);
    assert.equal(mark.notes[0].who, "ann");
    assert.ok(Math.abs(mark.notes[0].at - Date.now() / 1000) < 60);
    const all = await store.hostMarks(dataset);
    assert.deepEqual(
      all.map(({ address, tags, notes }) => [address, tags, notes.length]),
      [["10.0.0.1", ["a", "b"], HOSTILE.length], [
        "2001:db8::1",
        ["printer"],
        0,
      ]],
    );
    assert.deepEqual(await store.hostMarks(other), []);

    const [{ id }] = mark.notes;
    assert.equal(await store.removeHostNote(other, id), false);
    assert.equal(await store.removeHostNote(dataset, id + 1000), false);
    assert.equal(await store.removeHostNote(dataset, id), true);
    assert.deepEqual(
      (await store.hostMark(dataset, "10.0.0.1")).notes,
      mark.notes.slice(1),
    );
    assert.equal(await store.removeHostNote(dataset, id, false), true);
    assert.deepEqual(await store.hostMark(dataset, "10.0.0.1"), mark);
    await store.setHostTags(dataset, "10.0.0.1", []);
    assert.deepEqual((await store.hostMark(dataset, "10.0.0.1")).tags, []);
  });

  test("what is no address, or no tag, is not marked", async (store) => {
    const dataset = await store.openDataset("d");
    const wrong = /Cannot mark the host example\.org: it is no address/;
    await assert.rejects(store.hostMark(dataset, "example.org"), wrong);
    await assert.rejects(
      store.addHostNote(dataset, "example.org", "x"),
      wrong,
    );
    for (const tag of ["a,b", "x".repeat(257)]) {
      await assert.rejects(
        store.setHostTags(dataset, "10.0.0.1", [tag]),
        /Cannot tag the host 10\.0\.0\.1/,
      );
    }
    assert.deepEqual(await store.hostMarks(dataset), []);
  });

  test("marks of hosts move with a merge, stay when a dataset is cleared, and go with it", async (store) => {
    const from = await store.openDataset("from");
    const into = await store.openDataset("into");
    await store.addHostNote(from, "10.0.0.1", "of from");
    await store.addHostNote(into, "10.0.0.1", "of into");
    await store.setHostTags(from, "10.0.0.1", ["a", "b"]);
    await store.setHostTags(into, "10.0.0.1", ["b", "c"]);
    await store.mergeDatasets(from, into);
    await store.clearDataset(into);
    const { tags, notes } = await store.hostMark(into, "10.0.0.1");
    assert.deepEqual(tags, ["a", "b", "c"]);
    assert.deepEqual(notes.map(({ text }) => text), ["of from", "of into"]);
    await store.deleteDataset(into);
    assert.deepEqual(await store.hostMarks(into), []);
  });
}
