import assert from "node:assert/strict";
import {
  doAll,
  surrogateHelpers,
} from "../../pipeline/detectors/surrogate_helpers.ts";
import { sharedFloats } from "../../pipeline/detectors/background.ts";
import { gateOf } from "../../pipeline/detectors/gate.ts";
import {
  excessOf,
  heldAgainst,
  JOB_FIELDS,
  type Rhythm,
  type SurrogatePlan,
  SURROGATES,
  surrogates,
} from "../../pipeline/detectors/surrogates.ts";
import { rhythmLog10p } from "../../pipeline/features/timing.ts";
import { RandomState } from "../../pipeline/models/mod.ts";

const JOBS = 9, TIMES = 900;

const int32 = (length: number) =>
  new Int32Array(new SharedArrayBuffer(4 * length));

/** Jobs of several sizes over times of both lots. */
function planOf(): SurrogatePlan {
  const random = new RandomState(5);
  const lots = [sharedFloats(TIMES), sharedFloats(TIMES)] as const;
  for (const lot of lots) {
    for (let i = 0; i < TIMES; i++) lot[i] = 1.6e9 + 9000 * random.random();
    lot.sort();
  }
  const jobs = sharedFloats(JOB_FIELDS * JOBS);
  for (let job = 0; job < JOBS; job++) {
    const span = [job % 2, 10 * job, TIMES - job, 20 + 10 * job];
    jobs.set([...span, 1000 + job, -job, 1], JOB_FIELDS * job);
  }
  const log10p = sharedFloats(SURROGATES * JOBS);
  return { lots, jobs, log10p, next: int32(1), done: int32(JOBS) };
}

Deno.test("doAll gives the same with any number of workers, and does what they fail to", async () => {
  const alone = planOf();
  await doAll(alone, 0);
  const first = surrogates(alone.lots[0].subarray(0, TIMES), 20, 1000, {
    log10p: 0,
    correction: 1,
  });
  assert.deepEqual(alone.log10p.slice(0, first.length), first);
  assert.equal(alone.done[0], first.length);
  for (const helpers of [1, 3]) {
    const plan = planOf();
    await doAll(plan, helpers);
    assert.deepEqual(plan.log10p, alone.log10p);
    assert.deepEqual(plan.done, alone.done);
  }
  // Takes a job with it, and another that it has not begun.
  const broken = "data:text/javascript," + encodeURIComponent(
    "onmessage = ({ data }) => { Atomics.add(data.next, 0, 2); throw 1; }",
  );
  const plan = planOf();
  await doAll(plan, 1, {}, () => new Worker(broken, { type: "module" }));
  assert.deepEqual(plan.log10p, alone.log10p);
});

Deno.test("doAll stops when it is told to", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(doAll(planOf(), 1, { signal }), /enough/);
});

Deno.test("surrogateHelpers are one less than the cores, for enough jobs", () => {
  assert.equal(surrogateHelpers(1000, 4), 3);
  assert.equal(surrogateHelpers(1000, 1), 0);
  assert.equal(surrogateHelpers(5, 4), 0);
});

/** Busy for a few seconds in every ten minutes, or at any time. */
function background(random: RandomState, isBursty: boolean): Float64Array {
  return Float64Array.from({ length: 1500 }, () => {
    const u = random.random();
    return isBursty
      ? 1.6e9 + 600 * random.randint(144) + 3 * u
      : 1.6e9 + 86_400 * u;
  }).sort();
}

const drawn = (random: RandomState, times: Float64Array, n: number) =>
  Float64Array.from({ length: n }, () => times[random.randint(times.length)])
    .sort();

/** The plain twin of `surrogates`: all of the series. */
function allOf(times: Float64Array, n: number, seed: number): Float64Array {
  const random = new RandomState(seed);
  return Float64Array.from(
    { length: SURROGATES },
    () => rhythmLog10p(drawn(random, times, n)),
  );
}

const TRIALS = 300;

for (const isBursty of [false, true]) {
  const kind = isBursty ? "bursts" : "no rhythm at all";
  Deno.test(`surrogates leave p at least uniform for series of a source with ${kind}`, () => {
    const random = new RandomState(17);
    const q: number[] = [];
    let quick = 0, series = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      const times = background(random, isBursty), n = 12 + random.randint(60);
      const log10p = rhythmLog10p(drawn(random, times, n));
      const rhythm = { log10p, correction: 0 };
      const found = surrogates(times, n, trial, rhythm);
      series += found.length;
      q.push(heldAgainst(rhythm, excessOf(found)));
      if (log10p <= -2) quick++;
    }
    for (const alpha of [0.01, 0.05, 0.1, 0.2]) {
      const below = q.filter((log10q) => log10q <= Math.log10(alpha)).length;
      const most = TRIALS * alpha + 3 * Math.sqrt(TRIALS * alpha * (1 - alpha));
      assert.ok(below <= most, `${below} of ${TRIALS} at ${alpha}`);
    }
    // Of bursts a memoryless null would be sure far too often.
    if (isBursty) assert.ok(quick > 0.1 * TRIALS, `${quick}`);
    assert.ok(series < SURROGATES * TRIALS / 2, `${series} series`);
  });
}

Deno.test("surrogates that end early open the gate as all of them do", () => {
  const random = new RandomState(23);
  let different = 0, early = 0, between = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const times = background(random, trial % 2 === 0);
    const n = 12 + random.randint(60);
    const rhythm: Rhythm = { log10p: -12 * random.random(), correction: 2 };
    const found = surrogates(times, n, trial, rhythm);
    const all = allOf(times, n, trial);
    assert.deepEqual(found, all.slice(0, found.length).sort());
    const gates = [found, all].map((log10p) =>
      gateOf(heldAgainst(rhythm, excessOf(log10p)))
    );
    if (Math.abs(gates[0] - gates[1]) > 0.1) different++;
    if (found.length < SURROGATES) early++;
    if (gates[1] > 0 && gates[1] < 1) between++;
  }
  assert.ok(different <= 0.01 * TRIALS, `${different} differ`);
  assert.ok(early > TRIALS / 2, `${early} ended early`);
  assert.ok(between > 10, `${between} gates half open`);
});
