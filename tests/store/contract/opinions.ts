import assert from "node:assert/strict";
import { rankedFinding, runReport } from "../_runs.ts";
import { HOSTILE, type Test } from "./shared.ts";

export function opinionTests(test: Test): void {
  test("an opinion begins empty and keeps what is said", async (store) => {
    assert.deepEqual(await store.opinion("f1"), {
      verdict: null,
      regular: null,
      notes: [],
      tags: [],
      owner: null,
      history: [],
    });
    await store.setTags("f1", HOSTILE);
    await store.setVerdict("f1", "malicious", { who: "ann", why: HOSTILE[0] });
    await store.setRegular("f1", false);
    await store.setOwner("f1", "bob", { who: "ann" });
    for (const text of HOSTILE) await store.addNote("f1", text);
    const said = await store.opinion("f1");
    assert.deepEqual([said.verdict, said.regular], ["malicious", false]);
    assert.deepEqual(said.tags, HOSTILE);
    assert.deepEqual(said.notes.map(({ text }) => text), HOSTILE);
    assert.ok(Math.abs(said.notes[0].at - Date.now() / 1000) < 60);
    await store.setRegular("f1", true);
    await store.setVerdict("f2", "benign");
    assert.equal((await store.opinion("f1")).regular, true);
    assert.deepEqual(
      await store.verdicts(),
      new Map([["f1", "malicious"], ["f2", "benign"]]),
    );
    await store.setVerdict("f1", null);
    await store.setRegular("f1", null);
    assert.deepEqual(await store.verdicts(), new Map([["f2", "benign"]]));
    const { regular, owner, history } = await store.opinion("f1");
    assert.deepEqual([regular, owner], [null, "bob"]);
    assert.deepEqual(
      history.map(({ who, why, about, value }) => [who, why, about, value]),
      [
        ["ann", HOSTILE[0], "verdict", "malicious"],
        ["", "", "regular", "no"],
        ["ann", "", "owner", "bob"],
        ["", "", "regular", "yes"],
        ["", "", "verdict", null],
        ["", "", "regular", null],
      ],
    );
    assert.ok(Math.abs(history[0].at - Date.now() / 1000) < 60);
  });

  test("safelist entries are kept until they are removed", async (store) => {
    const entry = {
      kind: "name",
      value: HOSTILE[1],
      reason: HOSTILE[6],
      author: "ann",
      expiresAt: 5,
    } as const;
    const added = await store.addSafelistEntry(entry);
    const port = {
      ...entry,
      kind: "port",
      value: "53",
      expiresAt: null,
    } as const;
    const second = await store.addSafelistEntry(port);
    assert.ok(Math.abs(added.createdAt - Date.now() / 1000) < 60);
    assert.deepEqual(await store.safelist(), [added, second]);
    assert.deepEqual(added, { ...added, ...entry });
    assert.equal(await store.removeSafelistEntry(added.id), true);
    assert.equal(await store.removeSafelistEntry(added.id), false);
    assert.deepEqual(await store.safelist(), [second]);
  });

  test("findings carry today's verdict, not the one when they were saved", async (store) => {
    const dataset = await store.openDataset("d");
    const saved = { ...rankedFinding("a", 1, 0.9), verdict: "unsure" } as const;
    const runId = await store.saveRun(dataset, runReport("d", [saved]));
    assert.equal((await store.findings(runId))[0].verdict, null);
    await store.setVerdict(saved.id, "benign");
    assert.equal((await store.findings(runId))[0].verdict, "benign");
    assert.equal((await store.finding(runId, saved.id))?.verdict, "benign");
  });

  test("opinions outlive clearDataset and show in the next run", async (store) => {
    const dataset = await store.openDataset("d");
    const given = rankedFinding("a", 1, 0.9);
    await store.saveRun(dataset, runReport("d", [given]));
    await store.setVerdict(given.id, "malicious");
    await store.addNote(given.id, "seen before");
    await store.clearDataset(dataset);
    assert.equal((await store.opinion(given.id)).notes.length, 1);
    const runId = await store.saveRun(dataset, runReport("d", [given]));
    assert.equal((await store.findings(runId))[0].verdict, "malicious");
  });
}
