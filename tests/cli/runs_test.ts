import assert from "node:assert/strict";
import { openStore } from "../../pipeline/store/mod.ts";
import { rankedFinding, runReport } from "../store/_runs.ts";
import { demo, json, skerry, withFolder } from "../_skerry.ts";

Deno.test("skerry runs lists runs with severities, and skerry diff compares two of them", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    const nothing = await skerry("runs", ...store);
    assert.equal(nothing.code, 1, "there is no store yet");
    await skerry("run", demo, "--dataset", "office", ...store);
    const once = await skerry("diff", ...store);
    assert.equal(once.code, 1);
    assert.match(once.stderr, /office has been hunted in only once/);
    await skerry("hunt", "office", "--last", "2h", ...store);
    const [second, first] = await json("runs", ...store);
    assert.deepEqual([second.id, first.id, first.dataset], [2, 1, "office"]);
    assert.equal(first.severities.critical, 2);
    assert.equal(first.severities.high, 1);
    const listed = await skerry("runs", ...store);
    assert.match(listed.stdout, / 1 {2}[-\d: ]{19} +2 +1 +0 +0 +15 {2}office/);

    const last = await json("diff", "--only-changed", ...store);
    const named = await json("diff", "1", "2", "--only-changed", ...store);
    assert.deepEqual(last, named);
    assert.deepEqual([last.before.id, last.after.id], [1, 2]);
    assert.ok(last.counts.gone > 0, "a day has more than two hours of it");
    assert.equal(last.counts.unchanged, 0);
    const faint = await json("diff", "--min-score", "0", ...store);
    assert.ok(faint.counts.gone > last.counts.gone);
    const text = await skerry("diff", ...store);
    assert.match(text.stdout, /careful +their windows differ in length/);
    const back = await json("diff", "2", "1", ...store);
    assert.equal(back.counts.new, last.counts.gone);
    assert.equal(back.counts.raised, last.counts.lowered);
  }));

Deno.test("skerry runs counts severities as findings have them, not by their scores", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.db`;
    {
      await using store = await openStore(path);
      const dataset = await store.openDataset("office");
      const capped = {
        ...rankedFinding("updates.example", 1, 0.99),
        severity: "low" as const,
      };
      await store.saveRun(dataset, runReport("office", [capped]));
    }
    const [{ severities }] = await json("runs", "--store", path);
    assert.deepEqual([severities.critical, severities.low], [0, 1]);
  }));

Deno.test("--fail-on ends with 3 only when something listed is as severe", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    const code = async (...args: string[]) =>
      (await skerry(...args, ...store)).code;
    assert.equal(await code("run", demo, "--fail-on", "critical"), 3);
    assert.equal(
      await code("run", demo, "--fail-on", "low", "--only-changed"),
      0,
    );
    assert.equal(await code("hunt", demo, "--fail-on", "high"), 3);
    assert.equal(await code("findings", "--fail-on", "high"), 3);
    assert.equal(
      await code("findings", "--fail-on", "high", "--min-score", "0.99"),
      0,
    );
    assert.equal(await code("diff", "--fail-on", "low"), 0);
    assert.equal(await code("hunt", demo, "--last", "30m"), 0);
    assert.equal(await code("hunt", demo), 0);
    assert.equal(await code("diff", "--fail-on", "high"), 3);
    assert.equal(await code("diff", "--fail-on", "worst"), 2);
    const unchanged = await skerry("hunt", demo, "--only-changed", ...store);
    assert.match(
      unchanged.stdout,
      /Nothing is new, raised or lowered .*: 18 findings/,
    );
  }));

Deno.test("skerry diff refuses runs that are not there, and half a question", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, ...store);
    for (
      const [args, code, says] of [
        [["1", "9"], 1, /there is no run 9/],
        [["1"], 2, /give two runs, or --baseline, or neither/],
        [["1", "1", "--baseline", "7d"], 2, /give two runs, or --baseline/],
        [["--baseline", "week"], 2, /Cannot read the duration "week"/],
        [["--baseline", "7d"], 1, /no run of .* is 7.days older than run 1/],
      ] as const
    ) {
      const outcome = await skerry("diff", ...args, ...store);
      assert.equal(outcome.code, code, outcome.stderr);
      assert.match(outcome.stderr, says);
      assert.equal(outcome.stdout, "");
    }
  }));
