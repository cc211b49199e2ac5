import assert from "node:assert/strict";
import { bandsOf, bandsText } from "../pipeline/bands.ts";
import { SHIPPED } from "../pipeline/detectors/mod.ts";
import { BANDS, severityOf } from "../pipeline/finding.ts";
import {
  hunt,
  huntChange,
  huntChangeText,
  importLogs,
  openStore,
} from "../pipeline/mod.ts";
import { banded, capOf } from "../pipeline/severity_bands.ts";
import { thresholdsOf } from "../pipeline/thresholds.ts";
import { finding } from "./report/_findings.ts";

const demo = new URL("../fixtures/demo/", import.meta.url).pathname;

Deno.test("bandsOf fills in RITA's bands and refuses names, numbers and orders that mean nothing", () => {
  assert.deepEqual(bandsOf([]), BANDS);
  const bands = bandsOf([["high", "0.7"], ["low", "0"]]);
  assert.deepEqual(bands, { critical: 0.8, high: 0.7, medium: 0.4, low: 0 });
  assert.equal(severityOf(0.69, bands), "medium");
  assert.equal(severityOf(0, bands), "low");
  assert.match(bandsText(bands), /^critical above 0.8, high from 0.7, /);
  for (
    const [name, text, why] of [
      ["severe", "0.5", /there are critical, high/],
      ["high", "", /a number in \[0, 1\], got ""/],
      ["high", "1.1", /got "1.1"/],
      ["high", "0.9", /each must begin at or below/],
    ] as const
  ) assert.throws(() => bandsOf([[name, text]]), why);
});

Deno.test("thresholdsOf keeps what differs from the defaults and names what there is not", () => {
  assert.deepEqual(
    thresholdsOf([["beacon.minCheckIns", "8"], ["beacon.minScore", "0.05"]]),
    { beacon: { minCheckIns: 8 } },
  );
  assert.throws(() => thresholdsOf([["beacon.x", "1"]]), /beacon.minCheckIns/);
  assert.throws(
    () => thresholdsOf([["beacon.minCheckIns", "4"]]),
    /an integer in \[5, 1000\], got 4/,
  );
});

Deno.test("banded gives no severity above the cap of a benign class, whatever the bands", () => {
  const [known] = SHIPPED.pairs.filter(({ cap }) => cap === "low");
  const capped = finding({
    score: 0.39,
    severity: "low",
    reasons: [{
      name: "class",
      value: known.name,
      unit: "",
      effect: -2,
      text: known.doc,
    }],
  });
  const bands = bandsOf([["medium", "0.3"]]);
  assert.equal(capOf(capped, SHIPPED), "low");
  assert.equal(banded(capped, bands, SHIPPED).severity, "low");
  const free = finding({ score: 0.39, severity: "low", reasons: [] });
  assert.equal(banded(free, bands, SHIPPED).severity, "medium");
  const lifted = {
    ...capped,
    reasons: [{ ...capped.reasons[0], effect: 0 }],
  };
  assert.equal(banded(lifted, bands, SHIPPED).severity, "medium");
});

Deno.test("a preview counts what a hunt with other thresholds changes, and saves nothing", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  await importLogs(store, dataset, demo);
  const { findings } = await hunt(store, dataset);
  const asked = {
    values: thresholdsOf([["beacon.minScore", "0.2"]]),
    bands: bandsOf([["critical", "0.9"]]),
  };
  const other = await hunt(store, dataset, { ...asked, preview: true });
  assert.equal((await store.runs(dataset)).length, 1);
  const change = huntChange(findings, other.findings);
  assert.deepEqual(
    [change.before, change.after, change.more, change.fewer],
    [18, 3, 0, 15],
  );
  assert.equal(change.otherSeverity, 1);
  assert.match(
    huntChangeText(change),
    /critical 2 → 1, high 1 → 2, none 15 → 0/,
  );
  const kept = await hunt(store, dataset, asked);
  assert.deepEqual(
    kept.findings.map(({ id, severity }) => [id, severity]),
    other.findings.map(({ id, severity }) => [id, severity]),
  );
  const [run] = await store.runs(dataset);
  assert.deepEqual(run.report.bands, asked.bands);
  const stored = await store.findings(run.id);
  assert.deepEqual(
    stored.map(({ severity }) => severity),
    kept.findings.map(({ severity }) => severity),
  );
  assert.match(huntChangeText(huntChange(findings, findings)), /^the same 18/);
});
