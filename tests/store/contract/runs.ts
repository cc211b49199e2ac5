import assert from "node:assert/strict";
import { rankedFinding, runReport } from "../_runs.ts";
import { HOSTILE, HOSTILE_KEYS, type Test } from "./shared.ts";

export function runTests(test: Test): void {
  test("saveRun keeps report, findings and series", async (store) => {
    const dataset = await store.openDataset("d");
    const given = HOSTILE.map((name, i) =>
      rankedFinding(name, i + 1, 1 - i / 20)
    );
    const runId = await store.saveRun(dataset, runReport("d", given));
    const { findings: _, ...report } = runReport("d", given);
    assert.deepEqual(await store.lastRun(dataset), {
      id: runId,
      dataset: "d",
      startedAt: report.startedAt,
      findingCount: given.length,
      report,
    });
    assert.deepEqual(await store.findings(runId), given);
    assert.deepEqual(await store.finding(runId, given[2].id), given[2]);
    assert.equal(await store.finding(runId, "none"), null);
    assert.equal(await store.finding(runId + 1, given[2].id), null);
    assert.deepEqual(
      await store.scores(runId),
      new Map(given.map(({ id, score }) => [id, score])),
    );
  });

  test("findings are cut by limit and by score", async (store) => {
    const dataset = await store.openDataset("d");
    const given = [0.9, 0.5, 0.1].map((s, i) =>
      rankedFinding(`n${i}`, i + 1, s)
    );
    const runId = await store.saveRun(dataset, runReport("d", given));
    const names = async (query: { limit?: number; minScore?: number }) =>
      (await store.findings(runId, query)).map(({ name }) => name);
    assert.deepEqual(await names({ limit: 2 }), ["n0", "n1"]);
    assert.deepEqual(await names({ limit: 0 }), []);
    assert.deepEqual(await names({ minScore: 0.5 }), ["n0", "n1"]);
    assert.deepEqual(await names({ minScore: 0.6, limit: 5 }), ["n0"]);
    assert.deepEqual(await store.findings(runId + 1), []);
  });

  test("findings are counted by severity and by source, and listed by host", async (store) => {
    const dataset = await store.openDataset("d");
    const given = ["a", "b", "a", "c"].map((src, i) => ({
      ...rankedFinding(`n${i}`, i + 1, 0.9 - i / 10),
      src,
      dst: src === "c" ? "a" : "z",
      severity: i === 0 ? "critical" as const : "medium" as const,
    }));
    const runId = await store.saveRun(dataset, runReport("d", given));
    await store.saveRun(dataset, runReport("d", given.slice(0, 1)));
    assert.deepEqual(
      await store.findingCounts(runId, "severity"),
      new Map([["critical", 1], ["medium", 3]]),
    );
    assert.deepEqual(
      await store.findingCounts(runId, "src"),
      new Map([["a", 2], ["b", 1], ["c", 1]]),
    );
    assert.deepEqual(await store.findingCounts(runId + 2, "src"), new Map());
    const ranks = async (query: { host: string; limit?: number }) =>
      (await store.findings(runId, query)).map(({ rank }) => rank);
    assert.deepEqual(await ranks({ host: "a" }), [1, 3, 4]);
    assert.deepEqual(await ranks({ host: "a", limit: 2 }), [1, 3]);
    assert.deepEqual(await ranks({ host: "z" }), [1, 2, 3]);
    assert.deepEqual(await ranks({ host: "none" }), []);
  });

  test("findings without series are the same but for them", async (store) => {
    const dataset = await store.openDataset("d");
    const given = [0.9, 0.5].map((s, i) => rankedFinding(`n${i}`, i + 1, s));
    const runId = await store.saveRun(dataset, runReport("d", given));
    const none = { ts: new Float64Array(), bytes: new Float64Array() };
    assert.deepEqual(
      await store.findings(runId, { withSeries: false }),
      given.map((finding) => ({ ...finding, series: none })),
    );
    assert.deepEqual(await store.findings(runId, { withSeries: true }), given);
  });

  test("a finding's id may be any text", async (store) => {
    const dataset = await store.openDataset("d");
    const given = HOSTILE_KEYS.map((id, i) => ({
      ...rankedFinding("n", i + 1, 0.9),
      id,
    }));
    const runId = await store.saveRun(dataset, runReport("d", given));
    assert.deepEqual(
      await store.scores(runId),
      new Map(HOSTILE_KEYS.map((id) => [id, 0.9])),
    );
    for (const id of HOSTILE_KEYS) {
      await store.setVerdict(id, "unsure");
      assert.equal((await store.finding(runId, id))?.verdict, "unsure");
    }
    assert.deepEqual(
      await store.verdicts(),
      new Map(HOSTILE_KEYS.map((id) => [id, "unsure"])),
    );
  });

  test("runs are listed newest first, of one dataset or of all", async (store) => {
    const a = await store.openDataset("a"), b = await store.openDataset("b");
    assert.equal(await store.lastRun(), null);
    const ids: number[] = [];
    for (const d of [a, b, a]) {
      ids.push(await store.saveRun(d, runReport(d.name, [])));
    }
    const idsOf = (runs: readonly { id: number }[]) => runs.map(({ id }) => id);
    assert.deepEqual(idsOf(await store.runs()), ids.toReversed());
    assert.deepEqual(idsOf(await store.runs(a)), [ids[2], ids[0]]);
    assert.equal((await store.lastRun(b))?.id, ids[1]);
    assert.equal((await store.lastRun())?.id, ids[2]);
  });
}
