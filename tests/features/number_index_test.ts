import assert from "node:assert/strict";
import { NumberIndex } from "../../pipeline/features/number_index.ts";
import { NumberSets } from "../../pipeline/features/number_sets.ts";
import { RandomState } from "../../pipeline/models/mod.ts";

/** Small, large and negative keys, many of them more than once. */
function keys(n: number): number[] {
  const random = new RandomState(5);
  return Array.from(random.uniform(0, 1, n), (u, i) => {
    const spread = [500, 2 ** 31, 2 ** 53 - 1][i % 3];
    return (i % 7 === 0 ? -1 : 1) * Math.floor(u * spread);
  });
}

Deno.test("NumberIndex numbers keys as a Map does, while it grows", () => {
  const index = new NumberIndex(), twin = new Map<number, number>();
  assert.equal(index.find(0), -1);
  for (const key of keys(20_000)) {
    if (!twin.has(key)) twin.set(key, twin.size);
    assert.equal(index.of(key), twin.get(key));
  }
  assert.equal(index.size, twin.size);
  for (const [key, code] of twin) assert.equal(index.find(key), code);
  assert.equal(index.find(2 ** 52 + 12_345), twin.get(2 ** 52 + 12_345) ?? -1);
});

Deno.test("NumberSets counts distinct values as sets do", () => {
  const sets = new NumberSets(), twin = new Map<number, Set<number>>();
  const all = keys(20_000);
  all.forEach((key, i) => {
    const place = key % 100, value = all[all.length - 1 - i] % 17;
    sets.add(place, value);
    twin.set(place, (twin.get(place) ?? new Set()).add(value));
  });
  for (const [key, values] of twin) assert.equal(sets.count(key), values.size);
  assert.equal(sets.count(1e6), 0);
});
