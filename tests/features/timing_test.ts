import assert from "node:assert/strict";
import {
  log10BinomialTail,
  log10NormalCdf,
  timing,
} from "../../pipeline/features/timing.ts";
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
