/**
 * Sorts so far that the k smallest values stand first and values[k] is what it
 * would be in a sorted array (Hoare, "Algorithm 65: Find", 1961); O(n).
 *
 * @param values INOUT without NaN
 */
export function select(values: Float64Array, k: number): number {
  let left = 0, right = values.length - 1;
  while (left < right) {
    const pivot = middleOf(values, left, right);
    let i = left, j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const t = values[i];
      values[i++] = values[j];
      values[j--] = t;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k];
}

/** The middle one of three: sorted columns are the rule. */
function middleOf(values: Float64Array, left: number, right: number): number {
  const a = values[left], b = values[(left + right) >> 1], c = values[right];
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/**
 * The value below which that share of the values lies, between two of them in
 * proportion, as numpy's `quantile` has it.
 *
 * @param values INOUT at least one, without NaN; reordered
 * @param share in [0, 1]
 *
 * ```ts
 * import { quantile } from "./quantile.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(quantile(Float64Array.of(4, 1, 3, 2), 0.5), 2.5);
 * ```
 */
export function quantile(values: Float64Array, share: number): number {
  const at = share * (values.length - 1), k = Math.floor(at);
  const low = select(values, k);
  if (k + 1 === values.length) return low;
  let high = Infinity;
  for (let i = k + 1; i < values.length; i++) high = Math.min(high, values[i]);
  return low + (at - k) * (high - low);
}
