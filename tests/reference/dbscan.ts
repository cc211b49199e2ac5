import type { FeatureMatrix } from "../../pipeline/feature_matrix.ts";

/** Squared distance of two rows, summed in feature order. */
function far(X: FeatureMatrix, i: number, Y: FeatureMatrix, j: number): number {
  let sum = 0;
  for (let k = 0; k < X.nFeatures; k++) {
    const t = X.data[i * X.nFeatures + k] - Y.data[j * X.nFeatures + k];
    sum += t * t;
  }
  return sum;
}

/** Twin of assembly/dbscan.ts: every pair of rows, as the paper has it. */
export function dbscan(X: FeatureMatrix, eps: number, minSamples: number) {
  const n = X.nSamples;
  const neighbours = Array.from(
    { length: n },
    (_, i) => [...Array(n).keys()].filter((j) => far(X, i, X, j) <= eps * eps),
  );
  const core = neighbours.map((near) => near.length >= minSamples);
  const labels = new Int32Array(n).fill(-1);
  let nClusters = 0;
  for (let i = 0; i < n; i++) {
    if (!core[i] || labels[i] >= 0) continue;
    const cluster = nClusters++;
    const reached = [i];
    while (reached.length > 0) {
      const at = reached.pop()!;
      if (labels[at] >= 0) continue;
      labels[at] = cluster;
      if (core[at]) reached.push(...neighbours[at]);
    }
  }
  return { labels, core, nClusters };
}

/** Twin of `nearestLabels`. */
export function nearestLabels(
  Q: FeatureMatrix,
  rows: FeatureMatrix,
  labels: Int32Array,
  eps: number,
): Int32Array {
  return Int32Array.from({ length: Q.nSamples }, (_, q) => {
    let nearest = Infinity, label = -1;
    for (let i = 0; i < rows.nSamples; i++) {
      const distance = far(Q, q, rows, i);
      if (distance > eps * eps || distance > nearest) continue;
      if (distance < nearest || labels[i] < label) label = labels[i];
      nearest = distance;
    }
    return label;
  });
}
