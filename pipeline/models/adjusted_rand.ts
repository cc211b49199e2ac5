/** How two clusterings of the same rows overlap. */
export interface Contingency {
  /** Labels of the first, rising; noise (−1) counts as a cluster of its own. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Shape (rows, columns): rows that lie in both. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * @throws RangeError when the two are not of the same rows.
 *
 * ```ts
 * import { contingency } from "./adjusted_rand.ts";
 * import assert from "node:assert/strict";
 *
 * const { counts } = contingency([0, 0, 1], [1, 0, 1]);
 * assert.deepEqual(counts, [[1, 1], [0, 1]]);
 * ```
 */
export function contingency(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Contingency {
  if (a.length !== b.length) {
    throw new RangeError(
      `Cannot compare clusterings: one has ${a.length} rows, the other ${b.length}`,
    );
  }
  const rows = labelsOf(a), columns = labelsOf(b);
  const [rowOf, columnOf] = [placesOf(rows), placesOf(columns)];
  const counts = rows.map(() => new Array<number>(columns.length).fill(0));
  for (let i = 0; i < a.length; i++) {
    counts[rowOf.get(a[i])!][columnOf.get(b[i])!]++;
  }
  return { rows, columns, counts };
}

/**
 * Agreement of two clusterings beyond chance: 1 where they are the same but
 * for the labels' names, about 0 for random ones (Hubert & Arabie, 1985), as
 * scikit-learn's `adjusted_rand_score`.
 *
 * ```ts
 * import { adjustedRand, contingency } from "./adjusted_rand.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(adjustedRand(contingency([0, 0, 1, 1], [5, 5, 2, 2])), 1);
 * ```
 */
export function adjustedRand({ counts }: Contingency): number {
  const rowSums = counts.map(sum);
  const columnSums = (counts[0] ?? []).map((_, j) =>
    sum(counts.map((row) => row[j]))
  );
  const both = sum(counts.flat().map(pairs));
  const [a, b] = [sum(rowSums.map(pairs)), sum(columnSums.map(pairs))];
  const chance = a * b / Math.max(1, pairs(sum(rowSums)));
  const most = (a + b) / 2;
  return most === chance ? 1 : (both - chance) / (most - chance);
}

function labelsOf(labels: ArrayLike<number>): number[] {
  const seen = new Set<number>();
  for (let i = 0; i < labels.length; i++) seen.add(labels[i]);
  return [...seen].sort((a, b) => a - b);
}

function placesOf(labels: readonly number[]): Map<number, number> {
  return new Map(labels.map((label, i) => [label, i]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** How many pairs n things make. */
function pairs(n: number): number {
  return n * (n - 1) / 2;
}
