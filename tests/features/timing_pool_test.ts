import assert from "node:assert/strict";
import { type Timing, timing } from "../../pipeline/features/timing.ts";
import {
  timingHelpers,
  TimingPool,
} from "../../pipeline/features/timing_pool.ts";
import { RandomState } from "../../pipeline/models/mod.ts";

/** Beacons, bursts and memoryless series of 1 to 300 times, and two cadences. */
function seriesOf(): Float64Array[] {
  const random = new RandomState(3), u = () => random.random();
  return Array.from({ length: 90 }, (_, kind) => {
    const n = kind < 3 ? kind : 5 + random.randint(300), times: number[] = [];
    for (let t = 1.6e9; times.length < n;) {
      t += kind % 3 === 0
        ? 60 * (1 + 0.2 * u())
        : kind % 3 === 1
        ? -60 * Math.log(1 - u())
        : 300 + u();
      times.push(t);
      if (kind % 3 === 2) times.push(t + 2, t + 40);
    }
    return Float64Array.from(times).sort();
  });
}

const series = seriesOf();
const expected = series.map((ts) => timing(ts));

Deno.test("TimingPool gives what timing gives, with any number of helpers", async () => {
  assert.ok(new Set(expected.map(({ test }) => test)).size >= 3, "most kinds");
  assert.ok(expected.some(({ cadences }) => cadences.length > 0));
  for (const helpers of [0, 1, 3]) {
    using pool = new TimingPool(helpers);
    const first = pool.begin(series), second = pool.begin(series.slice(40));
    assert.deepEqual(await pool.end(first), expected);
    assert.deepEqual(await pool.end(second), expected.slice(40));
    assert.deepEqual(await pool.end(pool.begin([])), []);
    // In memory that the batches before have left.
    const again = pool.begin(series.slice(3, 70));
    assert.deepEqual(await pool.end(again), expected.slice(3, 70));
  }
});

Deno.test("TimingPool does what a helper fails to", async () => {
  // Takes a series with it, and another that it has not begun.
  const broken = "data:text/javascript," + encodeURIComponent(
    "onmessage = ({ data }) => { Atomics.add(data.next, 0, 2); throw 1; }",
  );
  using pool = new TimingPool(
    1,
    undefined,
    () => new Worker(broken, { type: "module" }),
  );
  for (let batch = 0; batch < 2; batch++) {
    assert.deepEqual(await pool.end(pool.begin(series)), expected);
  }
});

Deno.test("TimingPool stops when it is told to, while it waits for a helper", async () => {
  const idle = "data:text/javascript,onmessage = () => {}";
  const stop = new AbortController();
  using pool = new TimingPool(
    1,
    stop.signal,
    () => new Worker(idle, { type: "module" }),
  );
  const ended: Promise<Timing[]> = pool.end(pool.begin(series));
  setTimeout(() => stop.abort(new Error("enough")), 20);
  await assert.rejects(ended, /enough/);
});

Deno.test("timingHelpers are one less than the cores, for enough times", () => {
  assert.equal(timingHelpers(1e6, 4), 3);
  assert.equal(timingHelpers(1e6, 1), 0);
  assert.equal(timingHelpers(1000, 4), 0);
});
