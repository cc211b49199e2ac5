import assert from "node:assert/strict";
import { chanceOf } from "../../pipeline/detectors/chance.ts";
import { RandomState } from "../../pipeline/models/random.ts";

Deno.test("chanceOf finds a timer more regular than all trials, and the same each time", () => {
  const ts = Float64Array.from({ length: 200 }, (_, i) => 1e9 + i * 300);
  const chance = chanceOf(ts)!;
  assert.equal(chance.observed, 0);
  assert.equal(chance.asRegular, 0);
  assert.equal(chance.trials.length, 999);
  assert.deepEqual(chance.trials, chance.trials.toSorted());
  assert.deepEqual(chanceOf(ts), chance);
});

Deno.test("chanceOf finds random times within the trials", () => {
  const random = new RandomState(7);
  const ts = random.uniform(0, 36_000, 200).sort();
  const { asRegular } = chanceOf(ts)!;
  assert.ok(asRegular > 10 && asRegular < 990, `${asRegular}`);
});

Deno.test("chanceOf keeps quiet of fewer than 5 check-ins, and bears equal times", () => {
  assert.equal(chanceOf(Float64Array.of(1, 2, 3, 4)), null);
  assert.equal(chanceOf(new Float64Array(10).fill(5))!.observed, 0);
});
