import assert from "node:assert/strict";
import { demo, json, skerry, withFolder } from "../_skerry.ts";

Deno.test("skerry hunt takes thresholds and bands, previews them, and says what a run was given", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, "--dataset", "office", ...store);
    const given = [
      ...["--threshold", "beacon.minScore=0.2"],
      ...["--threshold", "unanswered.minAttempts=500"],
      ...["--bands", "critical=0.9,high=0.65"],
    ];
    const change = await json(
      "hunt",
      "office",
      ...given,
      "--preview",
      ...store,
    );
    assert.deepEqual([change.before, change.after, change.fewer], [18, 2, 16]);
    assert.equal((await json("runs", ...store)).length, 1);
    const text = await skerry("hunt", "office", ...given, ...store);
    assert.equal(text.code, 0, text.stderr);
    assert.match(text.stdout, /severity +critical above 0.9, high from 0.65/);
    assert.match(text.stdout, /thresholds +beacon.minScore=0.2, unanswered/);
    const [run] = await json("runs", ...store);
    assert.deepEqual([run.severities.critical, run.severities.high], [1, 1]);
    for (
      const [flag, why] of [
        ["--threshold=beacon.minScore", /write NAME=VALUE/],
        ["--threshold=beacon.colour=1", /there are beacon.minCheckIns/],
        ["--bands=high=0.1", /each must begin at or below/],
      ] as const
    ) {
      const refused = await skerry("hunt", "office", flag, ...store);
      assert.equal(refused.code, 2, flag);
      assert.match(refused.stderr, why);
    }
  }));

Deno.test("skerry runs counts as severe what the list shows so, where a benign class caps it", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, "--dataset", "office", ...store);
    await skerry(
      ...["hunt", "office", "--threshold", "beacon.minScore=0.0001"],
      ...["--bands", "low=0.0002,medium=0.0003,high=0.0004,critical=0.0005"],
      ...store,
    );
    const listed: { severity: string; score: number }[] = await json(
      ...["findings", "--min-score", "0", "--limit", "10000"],
      ...store,
    );
    const [{ severities }] = await json("runs", ...store);
    const critical = listed.filter((f) => f.severity === "critical").length;
    assert.equal(severities.critical, critical);
    assert.ok(
      critical < listed.filter(({ score }) => score > 0.0005).length,
      "some are capped",
    );
  }));
