import assert from "node:assert/strict";
import { log10ChiSquareCdf } from "../../pipeline/features/distributions.ts";
import { jitterLaw } from "../../pipeline/features/jitter_law.ts";
import { linkTests } from "../../pipeline/features/link_test.ts";
import { combTest } from "../../pipeline/features/comb_test.ts";
import { moranTest } from "../../pipeline/features/regularity.ts";
import { timing } from "../../pipeline/features/timing.ts";
import { RandomState } from "../../pipeline/models/mod.ts";

const seeded = (seed: number) => {
  const random = new RandomState(seed);
  return () => random.random();
};
const exponential = (m: number, u: () => number) =>
  Float64Array.from({ length: m }, () => -Math.log(1 - u())).sort();

/** Gaps of a beacon of period 60 that loses half of its check-ins. */
function halved(m: number, jitter: number, u: () => number): Float64Array {
  return Float64Array.from({ length: m }, () => {
    let gap = 0;
    do gap += 60 * (1 + jitter * (2 * u() - 1)); while (u() < 0.5);
    return gap;
  }).sort();
}

Deno.test("log10ChiSquareCdf equals known quantiles, and runs far into the lower tail", () => {
  for (
    const [x, df, p] of [[3.940299, 10, 0.05], [0.0157908, 1, 0.1], [
      77.92947,
      100,
      0.05,
    ], [18.307038, 10, 0.95]]
  ) {
    assert.ok(
      Math.abs(10 ** log10ChiSquareCdf(x, df) - p) < 2e-3,
      `${x} ${df}`,
    );
  }
  assert.ok(log10ChiSquareCdf(1, 1000) < -500);
  assert.equal(log10ChiSquareCdf(0, 5), -Infinity);
});

Deno.test("moranTest holds its level on exponential gaps, with and without a dead time", () => {
  const u = seeded(3);
  for (const collapse of [0, 10]) {
    let below = 0;
    for (let trial = 0; trial < 2000; trial++) {
      const gaps = exponential(30, u).map((g) => collapse + g);
      if (moranTest(gaps, collapse).log10p < -2) below++;
    }
    assert.ok(below > 2 && below < 40, `${below} of 2000 below 1 %`);
  }
});

Deno.test("combTest is exceeded by exponential gaps no more often than it says", () => {
  const u = seeded(4);
  for (const m of [8, 24, 60]) {
    let below = 0;
    for (let trial = 0; trial < 600; trial++) {
      if (combTest(exponential(m, u), 0).log10p < -2) below++;
    }
    assert.ok(below <= 12, `m = ${m}: ${below} of 600 below 1 %`);
  }
});

Deno.test("combTest sees a beacon that loses half of its check-ins, and its period", () => {
  const u = seeded(5);
  let seen = 0, right = 0;
  for (let trial = 0; trial < 100; trial++) {
    const { log10p, period } = combTest(halved(30, 0.2, u), 0);
    if (log10p < -2) seen++;
    if (Math.abs(period! / 60 - 1) < 0.1) right++;
  }
  assert.ok(seen >= 90 && right >= 80, `${seen} seen, ${right} right`);
});

Deno.test("linkTests find a heartbeat among many other contacts, and nothing in these alone", () => {
  const u = seeded(6);
  const others = Array.from({ length: 400 }, () => 36_000 * u());
  const beats = Array.from({ length: 120 }, (_, i) => 300 * i + 3 * u());
  const sorted = (values: number[]) => Float64Array.from(values).sort();
  const [best] = linkTests(sorted([...others, ...beats]));
  assert.ok(Math.abs(best.period! / 300 - 1) < 0.02, `${best.period}`);
  assert.ok(best.log10p < -4);
  assert.deepEqual(linkTests(sorted(others)), []);
});

Deno.test("linkTests take two far clusters for no cadence", () => {
  const u = seeded(7);
  const clusters = Array.from(
    { length: 60 },
    (_, i) => (i % 2) * 5000 + 40 * u(),
  );
  assert.deepEqual(linkTests(Float64Array.from(clusters).sort()), []);
});

Deno.test("timing tells two cadences of one pair", () => {
  const fast = Array.from({ length: 300 }, (_, i) => 97 * i);
  const slow = Array.from({ length: 50 }, (_, i) => 41 + 580 * i);
  const found = timing(Float64Array.from([...fast, ...slow]).sort());
  const periods = [found.period, ...found.cadences];
  assert.ok(periods.some((p) => Math.abs(p / 97 - 1) < 0.03), `${periods}`);
  assert.ok(found.score > 0.4, `${found.score}`);
});

Deno.test("timing counts for little what repeats within sessions only", () => {
  const sessions = Array.from(
    { length: 60 },
    (_, i) => 4000 * Math.floor(i / 2) + 5.2 * (i % 2),
  );
  const found = timing(Float64Array.from(sessions), 5);
  assert.notEqual(Math.round(found.period), 5);
});

Deno.test("jitterLaw tells a constant sleep, a shortened one and one around its middle", () => {
  const law = (low: number, high: number) =>
    jitterLaw(
      Float64Array.from(
        { length: 200 },
        (_, i) => low + (high - low) * i / 199,
      ),
      (low + high) / 2,
    );
  assert.deepEqual([law(60, 60.2).kind, law(60, 60.2).sleep > 60], [
    "constant",
    true,
  ]);
  const cut = law(42, 60);
  assert.equal(cut.kind, "shortened");
  assert.deepEqual([cut.sleep, Math.round(10 * cut.share) / 10], [60, 0.3]);
  const around = law(42, 78);
  assert.equal(around.kind, "two-sided");
  assert.ok(Math.abs(around.sleep - 60) < 0.5);
  assert.ok(Math.abs(around.share - 0.3) < 0.02);
  assert.equal(jitterLaw(Float64Array.from([1, 2, 3]), 2).kind, "none");
  const missed = Float64Array.from([
    ...Array.from({ length: 200 }, (_, i) => 243 + 119 * i / 199),
    ...Array.from({ length: 20 }, (_, i) => 490 + 10 * i),
  ]);
  const { kind, share } = jitterLaw(missed, 302);
  assert.deepEqual([kind, Math.round(100 * share)], ["two-sided", 19]);
});
