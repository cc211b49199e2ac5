import assert from "node:assert/strict";

/**
 * Asserts |got − wanted| ≤ tolerance · max(|wanted|, floor) for every value.
 *
 * @param floor the size below which the error counts absolutely.
 */
export function assertClose(
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  what: string,
  floor = 0,
): void {
  assert.equal(got.length, wanted.length, `${what}: length`);
  assert(got.length > 0, `${what}: nothing to compare`);
  for (let i = 0; i < got.length; i++) {
    const allowed = tolerance * Math.max(Math.abs(wanted[i]), floor);
    assert(
      Math.abs(got[i] - wanted[i]) <= allowed,
      `${what}[${i}]: ${got[i]} is not ${wanted[i]} within ${tolerance}`,
    );
  }
}
