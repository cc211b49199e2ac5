import assert from "node:assert/strict";
import {
  log10BinomialTail,
  log10NormalCdf,
} from "../../pipeline/features/distributions.ts";
import { timing } from "../../pipeline/features/timing.ts";
import { RandomState } from "../../pipeline/models/mod.ts";

const seeded = (seed: number) => {
  const random = new RandomState(seed);
  return (low: number, high: number) => random.uniform(low, high, 1)[0];
};

function beacon(
  n: number,
  period: number,
  jitter: number,
  loss: number,
  seed: number,
): Float64Array {
  const uniform = seeded(seed);
  const out: number[] = [];
  let t = 1.7e9;
  for (let i = 0; i < n; i++) {
    t += period * (1 + jitter * uniform(-1, 1));
    if (uniform(0, 1) >= loss) out.push(t);
  }
  return Float64Array.from(out);
}

function poisson(n: number, mean: number, seed: number): Float64Array {
  const uniform = seeded(seed);
  let t = 1.7e9;
  return Float64Array.from(
    { length: n },
    () => t += -mean * Math.log(1 - uniform(0, 1)),
  );
}

/** Pages of a reader: bursts of requests, lognormal pauses. */
function browsing(n: number, seed: number): Float64Array {
  const uniform = seeded(seed);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniform(0, 1))) *
    Math.cos(2 * Math.PI * uniform(0, 1));
  const out: number[] = [];
  let t = 1.7e9;
  while (out.length < n) {
    t += 60 * Math.exp(1.3 * normal());
    for (let k = 1 + Math.floor(uniform(0, 6)); k > 0; k--) {
      out.push(t += 0.4 * Math.exp(normal()));
    }
  }
  return Float64Array.from(out.slice(0, n));
}

Deno.test("timing tells period, jitter and number of a perfect beacon", () => {
  const found = timing(
    Float64Array.from({ length: 100 }, (_, i) => 1.7e9 + 60 * i),
  );
  assert.equal(found.period, 60);
  assert.equal(found.jitter, 0);
  assert.equal(found.checkIns, 100);
  assert.equal(found.missed, 0);
  assert.ok(found.score > 0.95 && found.score <= 1);
  assert.ok(found.log10p < -50);
});

for (
  const [jitter, loss] of [[0.1, 0], [0.3, 0], [0.5, 0], [0.1, 0.2], [0.3, 0.2]]
) {
  Deno.test(`timing finds a beacon with jitter ${jitter} and loss ${loss}`, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const found = timing(beacon(120, 60, jitter, loss, seed));
      assert.ok(found.score > 0.3, `seed ${seed}: ${found.score}`);
      assert.ok(
        Math.abs(found.period / 60 - 1) < 0.25,
        `seed ${seed}: ${found.period}`,
      );
    }
  });
}

Deno.test("timing finds a rhythm that lives two hours of three days", () => {
  const late = Float64Array.from([
    1.7e9 - 200_000,
    ...beacon(120, 60, 0.1, 0, 3),
    1.7e9 + 150_000,
  ]);
  const found = timing(late.sort());
  assert.ok(found.score > 0.7);
  assert.ok(found.active < 8000);
});

Deno.test("timing counts a burst as one check-in", () => {
  const bursts = Float64Array.from(
    { length: 300 },
    (_, i) => 1.7e9 + 120 * Math.floor(i / 3) + 0.05 * (i % 3),
  );
  const found = timing(bursts);
  assert.equal(found.checkIns, 100);
  assert.ok(Math.abs(found.period - 120) < 1);
  assert.ok(found.score > 0.9);
});

Deno.test("timing passes over memoryless and human traffic", () => {
  let high = 0, trials = 0;
  for (let seed = 1; seed <= 200; seed++) {
    for (
      const ts of [
        poisson(20 + 3 * seed, 40, seed),
        browsing(20 + 3 * seed, seed),
      ]
    ) {
      trials++;
      if (timing(ts).score > 0.4) high++;
    }
  }
  assert.equal(trials, 400);
  assert.ok(high <= 8, `${high} of ${trials}`);
});

Deno.test("timing takes the bursts of a memoryless series for no rhythm", () => {
  let over = 0;
  for (let seed = 1; seed <= 200; seed++) {
    // So dense that many contacts fall into one burst of 10 s.
    if (timing(poisson(1000, 8 + (seed % 20), seed)).score > 0.05) over++;
  }
  assert.ok(over <= 4, `${over} of 200`);
});

Deno.test("timing sees the rhythm of bursts whose length varies", () => {
  const uniform = seeded(5), ts: number[] = [];
  for (let i = 0; i < 60; i++) {
    const start = 300 * i + 20 * uniform(0, 1),
      n = 1 + Math.floor(uniform(0, 9));
    for (let k = 0; k < n; k++) ts.push(start + 3 * k);
  }
  const found = timing(Float64Array.from(ts));
  assert.ok(found.score > 0.7, `${found.score}`);
  assert.ok(Math.abs(found.period - 300) < 20, `${found.period} s`);
});

Deno.test("timing gives no score to fewer than five events, equal times or none", () => {
  for (const ts of [[], [1], [1, 2, 3, 4], [5, 5, 5, 5, 5, 5]]) {
    const found = timing(Float64Array.from(ts));
    assert.equal(found.score, 0);
    assert.ok(!(found.log10p > 0));
  }
});

Deno.test("log10BinomialTail equals the sum of the terms", () => {
  const choose = (n: number, k: number): number =>
    k === 0 ? 1 : choose(n - 1, k - 1) * n / k;
  for (const [n, q, k] of [[10, 0.1, 4], [30, 0.0074, 3], [50, 0.0925, 20]]) {
    let exact = 0;
    for (let i = k; i <= n; i++) {
      exact += choose(n, i) * q ** i * (1 - q) ** (n - i);
    }
    assert.ok(Math.abs(log10BinomialTail(n, q, k) - Math.log10(exact)) < 1e-8);
  }
  assert.equal(log10BinomialTail(10, 0.5, 3), 0);
});

Deno.test("log10NormalCdf is right in the middle and far in the tail", () => {
  for (const [z, p] of [[0, 0.5], [-1.959964, 0.025], [1.644854, 0.95]]) {
    assert.ok(Math.abs(log10NormalCdf(z) - Math.log10(p)) < 1e-5, String(z));
  }
  assert.ok(Math.abs(log10NormalCdf(-10) + 23.1181) < 1e-3);
  assert.ok(log10NormalCdf(-40) < log10NormalCdf(-39));
});

Deno.test("timing tells the spread of the intervals around the period", () => {
  for (const jitter of [0.1, 0.5]) {
    const found = timing(beacon(2000, 60, jitter, 0, 5));
    assert.ok(Math.abs(found.period - 60) < 3, `${found.period}`);
    // Half of uniform deviations lie within half of their range.
    assert.ok(
      Math.abs(found.jitter - 30 * jitter) < 3,
      `${jitter}: ${found.jitter}`,
    );
    assert.ok(found.shortest >= 60 * (1 - jitter) - 1e-3);
    assert.ok(found.longest <= 60 * (1 + jitter) + 1e-3);
  }
});

Deno.test("timing counts the beats that are missing", () => {
  const every = Array.from({ length: 100 }, (_, i) => 1.7e9 + 60 * i);
  const lost = every.filter((_, i) => i % 10 !== 5);
  const found = timing(Float64Array.from(lost));
  assert.equal(found.missed, 10);
  assert.ok(Math.abs(found.period - 60) < 1e-9);
  assert.ok(found.score > 0.8);
});

Deno.test("timing counts sub-second cadence for half", () => {
  const fast = timing(Float64Array.from({ length: 100 }, (_, i) => 0.5 * i));
  const slow = timing(Float64Array.from({ length: 100 }, (_, i) => 50 * i));
  assert.equal(fast.period, 0.5);
  assert.ok(Math.abs(fast.score - slow.score / 2) < 1e-9);
});

Deno.test("timing trusts more check-ins more, until twenty", () => {
  const score = (n: number) =>
    timing(Float64Array.from({ length: n }, (_, i) => 60 * i)).score;
  const scores = [5, 6, 8, 12, 19, 20].map(score);
  assert.deepEqual(scores, scores.toSorted((a, b) => a - b));
  assert.ok(scores[0] > 0 && scores[0] < scores[5]);
  assert.equal(score(200), score(20));
});

Deno.test("timing needs minCheckIns check-ins", () => {
  const six = Float64Array.from({ length: 6 }, (_, i) => 60 * i);
  assert.ok(timing(six).score > 0);
  assert.deepEqual([timing(six, 7).score, timing(six, 7).checkIns], [0, 6]);
});

Deno.test("timing is the same for shifted times and leaves its input alone", () => {
  const ts = beacon(80, 300, 0.2, 0.1, 9);
  const before = ts.slice();
  const found = timing(ts), later = timing(ts.map((t) => t + 86_400));
  assert.deepEqual(ts, before);
  assert.ok(Math.abs(found.score - later.score) < 1e-6);
  assert.equal(found.checkIns, later.checkIns);
});

Deno.test("timing keeps every number in its range on random times", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const uniform = seeded(seed);
    const n = 5 + Math.floor(uniform(0, 200));
    const ts = Float64Array.from(
      { length: n },
      () => seed % 2 ? uniform(0, 1e4) : Math.floor(uniform(0, 50)),
    ).sort();
    const found = timing(ts);
    assert.ok(found.score >= 0 && found.score <= 1, `seed ${seed}`);
    assert.ok(found.log10p <= 0 && Number.isFinite(found.log10p));
    assert.ok(found.checkIns >= 1 && found.checkIns <= n);
    assert.ok(found.active >= 0 && found.active <= ts[n - 1] - ts[0] + 1e-6);
    if (found.checkIns >= 5) {
      assert.ok(found.shortest <= found.period);
      assert.ok(found.period <= found.longest);
    }
  }
});

Deno.test("log10NormalCdf runs through where its two formulas meet, ever upwards", () => {
  assert.ok(Math.abs(log10NormalCdf(-5) - Math.log10(2.866516e-7)) < 2e-3);
  assert.ok(
    Math.abs(log10NormalCdf(-5 - 1e-9) - log10NormalCdf(-5 + 1e-9)) < 2e-3,
  );
  let last = -Infinity;
  for (let z = -38; z <= 8; z += 0.25) {
    const value = log10NormalCdf(z);
    assert.ok(value >= last && value <= 0, String(z));
    last = value;
  }
});
