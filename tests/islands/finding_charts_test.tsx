import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import type { VNode } from "preact";
import { bytes, inZone } from "../../islands/_format.ts";
import { chanceOf, jitterLaw } from "../../pipeline/mod.ts";
import { IntervalHistogram } from "../../routes/_parts/histogram.tsx";
import { HourMap } from "../../routes/_parts/hours.tsx";
import { intervalsOf } from "../../routes/_parts/intervals.ts";
import { lawRange } from "../../routes/_parts/law_curve.tsx";
import { PhasePlot } from "../../routes/_parts/phase.tsx";
import { PlainHistogram } from "../../routes/_parts/plain_histogram.tsx";
import { Strip } from "../../routes/_parts/strip.tsx";
import { random } from "../routes/seed.ts";
import { assertPicture } from "./_picture.ts";

/** A sleep of 300 s, shortened by up to 20 %; one check-in in ten is lost. */
function checkIns(): Float64Array {
  const next = random(7);
  const ts: number[] = [];
  for (let t = 1_672_844_440; ts.length < 200;) {
    t += 300 * (1 - 0.2 * next());
    if (next() > 0.1) ts.push(Math.round(t * 1e6) / 1e6);
  }
  return Float64Array.from(ts);
}

const TS = checkIns();
const INTERVALS = intervalsOf(TS)!;
const LAW = jitterLaw(INTERVALS.sorted, INTERVALS.median);
const CHANCE = chanceOf(TS)!;
const SIZES = Float64Array.from(
  { length: 120 },
  (_, i) => 700 + i % 7 * 40 + i,
).sort();

const PICTURES: Readonly<Record<string, VNode>> = {
  "finding-waits": <IntervalHistogram intervals={INTERVALS} law={LAW} />,
  "finding-strip": <Strip ts={TS} intervals={INTERVALS} />,
  "finding-hours": <HourMap ts={TS} />,
  "finding-phase": <PhasePlot ts={TS} period={INTERVALS.median} />,
  "finding-chance": (
    <PlainHistogram
      values={CHANCE.trials}
      range={[0, CHANCE.trials[CHANCE.trials.length - 1] * 1.05]}
      mark={{ at: CHANCE.observed, text: "observed" }}
      label="regularity"
      unit="MAD ÷ median of the waits"
      format={(value) => value.toFixed(2)}
    />
  ),
  "finding-sizes": (
    <PlainHistogram
      values={SIZES}
      range={[SIZES[0], SIZES[SIZES.length - 1] + 1]}
      label="sizes"
      unit="bytes sent by the source"
      format={bytes}
    />
  ),
};

for (const [name, picture] of Object.entries(PICTURES)) {
  Deno.test(`the picture ${name} is the one that was looked at`, () =>
    assertPicture(renderToString(picture), name));
}

Deno.test("the law of a shortened sleep is found, and its box holds the bulk of the waits", () => {
  assert.equal(LAW.kind, "shortened");
  assert.equal(LAW.sleep, 300);
  const [low, high] = lawRange(LAW)!;
  const inside = INTERVALS.sorted.filter((w) =>
    w >= low * 0.99 && w <= high * 1.01
  );
  assert.ok(inside.length > 0.85 * INTERVALS.waits.length);
  const [constant] = lawRange({ kind: "constant", sleep: 60, share: 0.005 })!;
  assert.ok(Math.abs(constant - 59.7) < 1e-9);
  assert.equal(lawRange({ kind: "none", sleep: NaN, share: NaN }), null);
});

Deno.test("a histogram without a law draws none", () => {
  const html = renderToString(
    <IntervalHistogram intervals={INTERVALS} law={null} />,
  );
  assert.doesNotMatch(html, /class="law"/);
});

Deno.test("HourMap moves by the zone, and loses no check-in", () => {
  const cells = (html: string) =>
    [...html.matchAll(/class="h(\d)"/g)].map(([, shade]) => Number(shade));
  const utc = cells(renderToString(<HourMap ts={TS} />));
  const tokyo = inZone(
    "Asia/Tokyo",
    () => cells(renderToString(<HourMap ts={TS} />)),
  );
  const first = utc.findIndex((shade) => shade > 0);
  // 15:00 UTC is midnight in Tokyo.
  assert.equal(first, 15);
  assert.deepEqual(
    tokyo.filter((shade) => shade > 0),
    utc.filter((shade) => shade > 0),
  );
  assert.equal(tokyo.findIndex((shade) => shade > 0), 0);
});
