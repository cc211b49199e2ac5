import assert from "node:assert/strict";
import { PART_DOCS } from "../../pipeline/detectors/mod.ts";
import { hunt, importLogs, openStore } from "../../pipeline/mod.ts";

const demo = new URL("../../fixtures/demo/", import.meta.url).pathname;
const room = new URL("../../pipeline/detectors/", import.meta.url);

Deno.test("PART_DOCS names exactly the reasons that the detectors give", async () => {
  const given = new Set<string>();
  for await (const { name } of Deno.readDir(room)) {
    // RITA's score is RITA's: its parts cannot be taken out.
    if (!name.endsWith(".ts") || name === "rita.ts") continue;
    const source = await Deno.readTextFile(new URL(name, room));
    for (const [, part] of source.matchAll(/\breason\(\s*"([a-z0-9-]+)"/g)) {
      given.add(part);
    }
    for (
      const [, part] of source.matchAll(
        /\bname: "([a-z0-9-]+)",\s+value: /g,
      )
    ) given.add(part);
  }
  given.delete("prior");
  assert.deepEqual([...given].sort(), Object.keys(PART_DOCS).sort());
  for (const doc of Object.values(PART_DOCS)) assert.match(doc, /[^.]$/);
});

Deno.test("every part of a score can be switched off, and counts no more", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  await importLogs(store, dataset, demo);
  const partsOf = async (without: string[]) => {
    const { findings } = await hunt(store, dataset, { without });
    for (const { score, reasons, detector } of findings) {
      const logit = reasons.reduce((sum, { effect }) => sum + effect, 0);
      assert.ok(
        Math.abs(score - 1 / (1 + Math.exp(-logit))) < 1e-9,
        `${detector} without ${without}`,
      );
    }
    return new Set(
      findings.flatMap(({ reasons }) => reasons.map(({ name }) => name)),
    );
  };
  const all = await partsOf([]);
  assert.ok(all.size > 10, [...all].join());
  for (const part of all) {
    if (part === "prior") continue;
    assert.ok(!(await partsOf([part])).has(part), part);
  }
});
