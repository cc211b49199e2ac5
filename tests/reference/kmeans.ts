import type { FeatureMatrix } from "../../pipeline/feature_matrix.ts";

/** Squared distance of row i to a center. */
function far(X: FeatureMatrix, i: number, center: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < X.nFeatures; j++) {
    sum += (X.data[i * X.nFeatures + j] - center[j]) ** 2;
  }
  return sum;
}

/** Twin of `assignRows`: every center tried for every row. */
export function assign(X: FeatureMatrix, centers: Float64Array) {
  const d = X.nFeatures;
  const labels = new Int32Array(X.nSamples);
  let inertia = 0;
  for (let i = 0; i < X.nSamples; i++) {
    let nearest = Infinity;
    for (let a = 0; a * d < centers.length; a++) {
      const distance = far(X, i, centers.subarray(a * d, (a + 1) * d));
      if (distance >= nearest) continue;
      nearest = distance;
      labels[i] = a;
    }
    inertia += nearest;
  }
  return { labels, inertia };
}

/** Twin of Lloyd's loop without empty clusters: means until nothing moves. */
export function lloyd(X: FeatureMatrix, start: Float64Array, maxIter: number) {
  let centers: Float64Array = start.slice();
  let { labels } = assign(X, centers);
  for (let nIter = 0; nIter < maxIter; nIter++) {
    centers = means(X, labels, centers);
    const next = assign(X, centers).labels;
    if (next.every((label, i) => label === labels[i])) break;
    labels = next;
  }
  return { centers, ...assign(X, centers) };
}

function means(
  X: FeatureMatrix,
  labels: Int32Array,
  centers: Float64Array,
): Float64Array {
  const d = X.nFeatures;
  const moved = centers.slice();
  for (let a = 0; a * d < centers.length; a++) {
    const rows = [...labels.keys()].filter((i) => labels[i] === a);
    if (rows.length === 0) continue;
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (const i of rows) sum += X.data[i * d + j];
      moved[a * d + j] = sum / rows.length;
    }
  }
  return moved;
}

/** Twins of `potentialsWith` and `lowerClosest`: squared distance to the nearest chosen row. */
export function closest(X: FeatureMatrix, chosen: readonly number[]) {
  const d = X.nFeatures;
  return Float64Array.from(
    { length: X.nSamples },
    (_, i) =>
      Math.min(
        ...chosen.map((c) => far(X, i, X.data.subarray(c * d, (c + 1) * d))),
      ),
  );
}

/**
 * Centers that move to the means of their rows, and how far each went.
 *
 * @param sums of the rows of each center
 * @param counts of them; a center without rows stays
 */
export function moved(
  centers: FeatureMatrix,
  sums: FeatureMatrix,
  counts: Float64Array,
) {
  const d = centers.nFeatures, ways = new Float64Array(counts.length);
  const data = centers.data.map((x, i) => {
    const a = Math.floor(i / d);
    const mean = counts[a] === 0 ? x : sums.data[i] / counts[a];
    ways[a] += (mean - x) ** 2;
    return mean;
  });
  const shift = ways.reduce((a, b) => a + b, 0);
  return { centers: data, shift, ways: ways.map(Math.sqrt) };
}

/** Travel with, for each center, its own way and the longest other one added. */
export function travelled(travel: Float64Array, ways: Float64Array) {
  const margin = 1 + 1e-9;
  const longestBut = (a: number) =>
    ways.reduce((most, way, b) => b === a ? most : Math.max(most, way), 0);
  const added = ways.map((way, a) => margin * (way + longestBut(a)));
  return {
    travel: travel.map((x, a) => x + added[a]),
    most: added.reduce((a, b) => Math.max(a, b), 0),
  };
}
