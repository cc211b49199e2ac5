import assert from "node:assert/strict";
import { demo, json, skerry, withFolder } from "../_skerry.ts";

const told = (
  { findings }: { findings: { id: string; score: number }[] },
) => findings.map(({ id, score }) => [id, score]);

Deno.test("skerry run --no-sessions finds the same and keeps findings only", () =>
  withFolder(async (folder) => {
    const kept = ["--store", `${folder}/kept.db`];
    const lean = ["--store", `${folder}/lean.db`];
    const usual = await json("run", demo, ...kept);
    const first = await json("run", demo, "--no-sessions", ...lean);
    assert.deepEqual(told(first), told(usual));
    assert.ok(
      first.notLookedAt.some((text: string) => text.includes("--no-sessions")),
    );
    const [{ records, files, runs }] = await json("datasets", ...lean);
    assert.deepEqual([records, files, runs], [{}, 0, 1]);
    const size = async (path: string) => (await Deno.stat(path)).size;
    assert.ok(
      await size(`${folder}/lean.db`) < await size(`${folder}/kept.db`) / 4,
    );
    const { evidence, reasons } = await json("show", "1", ...lean);
    assert.ok(evidence.period > 0 && reasons.length > 0);
    const shown = await skerry("show", "1", ...lean);
    assert.match(shown.stdout, /records are no longer in the store/);

    await skerry("mark", "1", "--verdict", "malicious", ...lean);
    const second = await json("run", demo, "--no-sessions", ...lean);
    assert.ok(
      second.findings.every(({ state }: { state: string }) =>
        state === "unchanged"
      ),
      "against the run before, in the store",
    );
    assert.equal(second.findings[0].verdict, "malicious");
    assert.equal((await json("runs", ...lean)).length, 2);
    const fresh = await json("run", demo, "--no-sessions", "--fresh", ...lean);
    assert.equal(fresh.findings[0].state, "new");
    assert.equal((await json("runs", ...lean)).length, 1);
  }));
