import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import type { HeldOut, SavedNet } from "../../islands/_net.ts";
import { CurvePanel, LossPanel } from "../../islands/_net_charts.tsx";
import {
  bestStep,
  chance,
  cutAt,
  ratesOf,
  thresholdAt,
} from "../../islands/_net_cuts.ts";
import { assertPicture } from "./_picture.ts";

const falling = (n: number, to: number) =>
  Array.from({ length: n }, (_, i) => to + (0.7 - to) * Math.exp(-i / 4));

const heldOut = falling(30, 0.1).map((loss, i) => loss + 0.004 * i);

const saved: SavedNet = {
  name: "mlp-3",
  createdAt: 1.7e9,
  dataset: "lab",
  featureSet: "http-rich",
  hidden: "5, 3",
  loss: 0.01,
  precision: 1,
  recall: 1,
  f1: 1,
  averagePrecision: 1,
  lossCurve: falling(20, 0.01),
};

Deno.test("LossPanel draws training and held-out loss, and where it turns", async () => {
  const html = renderToString(
    <LossPanel
      values={falling(30, 0.02)}
      heldOut={heldOut}
      nIter={30}
      live={false}
      compared={[]}
    />,
  );
  await assertPicture(html, "loss");
  assert.match(html, /learns this training set by heart/);
  assert.match(html, /best, iteration/);
});

Deno.test("LossPanel lays kept nets over the one that is shown", async () => {
  const html = renderToString(
    <LossPanel
      values={falling(30, 0.02)}
      heldOut={[]}
      nIter={60}
      live={false}
      compared={[saved]}
    />,
  );
  await assertPicture(html, "loss-compared");
  assert.match(html, /mlp-3 0\.0/);
});

Deno.test("LossPanel says what is going on before and while a net learns", () => {
  const panel = (values: readonly number[], live: boolean) =>
    renderToString(
      <LossPanel
        values={values}
        heldOut={[]}
        nIter={values.length}
        live={live}
        compared={[]}
      />,
    );
  assert.match(panel([], false), /Train a net to see its loss/);
  assert.match(panel([], true), /Waiting for the first iteration/);
  assert.match(panel([0.5], true), /1\u00a0iteration so far, loss 0\.5/);
  assert.match(panel([0.5], true), /aria-busy/);
});

/** Ten beacons, thirty others. */
const judged: HeldOut = {
  beacons: 10,
  others: 30,
  cuts: [
    {
      threshold: thresholdAt(-240),
      truePositives: 10,
      falsePositives: 30,
      called: 45,
    },
    {
      threshold: thresholdAt(-40),
      truePositives: 9,
      falsePositives: 6,
      called: 17,
    },
    {
      threshold: thresholdAt(30),
      truePositives: 8,
      falsePositives: 2,
      called: 10,
    },
    {
      threshold: thresholdAt(120),
      truePositives: 0,
      falsePositives: 0,
      called: 0,
    },
  ],
  curve: [
    { recall: 0.4, precision: 1 },
    { recall: 0.8, precision: 0.8 },
    { recall: 0.9, precision: 0.6 },
    { recall: 1, precision: 0.25 },
  ],
};

Deno.test("CurvePanel draws precision against recall, guessing and the threshold", async () => {
  const html = renderToString(
    <CurvePanel
      heldOut={judged}
      unit="request"
      threshold={0.5}
      averagePrecision={0.83}
    />,
  );
  await assertPicture(html, "precision-recall");
  assert.match(html, /threshold 0\.500/);
  assert.match(html, /Average precision 0\.830\. Guessing would give 0\.250/);
});

Deno.test("CurvePanel says why there is no curve", () => {
  const text = (heldOut: HeldOut | null) =>
    renderToString(
      <CurvePanel
        heldOut={heldOut}
        unit="request"
        threshold={0.5}
        averagePrecision={null}
      />,
    );
  assert.match(text(null), /Nothing was held out\./);
  assert.match(
    text({ ...judged, beacons: 0, curve: [] }),
    /No beacon among what was held out/,
  );
});

Deno.test("ratesOf, cutAt and bestStep agree on what a threshold costs", () => {
  const at = (step: number) =>
    ratesOf(judged, cutAt(judged.cuts, thresholdAt(step)));
  assert.deepEqual(at(0), {
    truePositives: 9,
    falsePositives: 6,
    falseNegatives: 1,
    trueNegatives: 24,
    called: 15,
    precision: 0.6,
    recall: 0.9,
    f1: 18 / 25,
  });
  assert.equal(at(240).precision, 0);
  assert.equal(at(-240).recall, 1);
  assert.equal(bestStep(judged), 119, "just before everything is lost");
});

Deno.test("chance tells a probability from 0 and 1 by as many digits as it takes", () => {
  assert.deepEqual(
    [0.5, 0.96, 0.9997, 0.00012, 1 - 1e-9, 0, 1].map(chance),
    ["0.500", "0.960", "0.99970", "0.00012", "1.000", "0.000", "1.000"],
  );
});
