import assert from "node:assert/strict";
import { RandomState } from "../../pipeline/models/mod.ts";
import { golden } from "../golden/data.ts";

Deno.test("RandomState draws numpy's numbers for a seed", async () => {
  const cases = await golden("random");
  assert.equal(cases.length, 3);
  for (const wanted of cases) {
    const random = new RandomState(wanted.seed);
    const three = [random.random(), random.random(), random.random()];
    assert.deepEqual(three, wanted.random);
    assert.deepEqual([...random.uniform(-2.5, 1.25, 3)], wanted.uniform);
    const bounds = [1, 2, 7, 1000, 22000, 2 ** 31];
    assert.deepEqual(bounds.map((b) => random.randint(b)), wanted.randint);
    assert.deepEqual([...random.choose(20, 20)], wanted.permutation);
  }
});

Deno.test("RandomState.choose draws different rows", () => {
  const chosen = new RandomState(3).choose(50, 60);
  assert.equal(new Set(chosen).size, 50);
  assert(chosen.every((row) => row >= 0 && row < 60));
});

Deno.test("RandomState.random stays in [0, 1) past one state", () => {
  const random = new RandomState(4);
  let sum = 0;
  for (let i = 0; i < 5000; i++) {
    const value = random.random();
    assert(value >= 0 && value < 1);
    sum += value;
  }
  assert(Math.abs(sum / 5000 - 0.5) < 0.02);
});
