import assert from "node:assert/strict";
import {
  doAll,
  surrogateHelpers,
} from "../../pipeline/detectors/surrogate_helpers.ts";
import {
  JOB_FIELDS,
  type SurrogatePlan,
  SURROGATES,
  surrogates,
} from "../../pipeline/detectors/surrogates.ts";
import { sharedFloats } from "../../pipeline/detectors/background.ts";
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
    const row = [job % 2, 10 * job, TIMES - job, 20 + 10 * job, 1000 + job];
    jobs.set(row, JOB_FIELDS * job);
  }
  const log10p = sharedFloats(SURROGATES * JOBS);
  return { lots, jobs, log10p, next: int32(1), done: int32(JOBS) };
}

Deno.test("doAll gives the same with any number of workers, and does what they fail to", async () => {
  const alone = planOf();
  await doAll(alone, 0);
  assert.deepEqual(
    alone.log10p.slice(0, SURROGATES),
    surrogates(alone.lots[0].subarray(0, TIMES), 20, 1000),
  );
  for (const helpers of [1, 3]) {
    const plan = planOf();
    await doAll(plan, helpers);
    assert.deepEqual(plan.log10p, alone.log10p);
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
