import type { ClusterView, ComputeClusters } from "../../routes/_clusters.ts";
import { HOSTILE, random, T0 } from "./seed.ts";

const NAMES = [
  "PC 1 (54.4 % of variance)",
  "PC 2 (22.2 %)",
  "ts",
  "resp_p",
  "duration",
  "orig_bytes",
  "resp_bytes",
];

/** How many sessions each of the 20 blobs has: two large, three tiny. */
function sizesOf(n: number): number[] {
  const weights = Array.from({ length: 20 }, (_, k) => 0.72 ** k);
  const sum = weights.reduce((a, b) => a + b, 0);
  const sizes = weights.map((w) => Math.max(2, Math.floor(n * w / sum)));
  sizes[0] += n - sizes.reduce((a, b) => a + b, 0);
  return sizes;
}

/** Twenty blobs in a plane, and features that follow from the place. */
export function clusterView(n: number): ClusterView {
  const next = random(n), sizes = sizesOf(n);
  const columns = NAMES.map(() => new Float64Array(n));
  const labels = new Int32Array(n);
  // Blob k is label 19 − k, so that an order by size has something to do.
  let i = 0;
  sizes.forEach((size, k) => {
    const angle = k * 2.4, radius = 0.5 + k * 0.35;
    for (let j = 0; j < size; j++, i++) {
      const spread = () => (next() + next() + next() - 1.5) * 0.6;
      labels[i] = 19 - k;
      columns[0][i] = Math.cos(angle) * radius + spread();
      columns[1][i] = Math.sin(angle) * radius + spread();
      columns[2][i] = T0 + next() * 86_400;
      columns[3][i] = [53, 80, 443, 123, 22][k % 5];
      columns[4][i] = 10 ** (next() * 4 - 2);
      columns[5][i] = Math.round(10 ** (next() * 3 + k / 6));
      columns[6][i] = Math.round(10 ** (next() * 3 + k / 5));
    }
  });
  const texts = (values: string[]) => ({
    codes: labels.map((k) => k % values.length),
    values,
  });
  return {
    algorithm: "kmeans",
    core: null,
    src: texts(["10.0.0.1", "10.0.0.2"]),
    dst: texts(["192.0.2.1", HOSTILE]),
    used: NAMES.slice(2),
    profile: sizes.map((_, k) => NAMES.slice(2).map((_, j) => (k - j) / 5)),
    facts: [["inertia", "12.5"]],
    saved: null,
    featureNames: NAMES,
    columns,
    labels,
    centers: columns.map((c) => centersOf(c, labels)),
    sizes: sizes.toReversed(),
    outlierClusters: [0, 1, 2],
    keys: Array.from(labels, (_, row) => row === n - 1 ? HOSTILE : `C${row}`),
    mostly: sizes.map((_, k) =>
      ["ssh 22", "ntp 123", "ssl 443", "http 80"][k % 4]
    ),
    about: `k-means with 20 clusters on the first two principal components.`,
  };
}

function centersOf(column: Float64Array, labels: Int32Array): number[] {
  const sums = new Float64Array(20), counts = new Float64Array(20);
  labels.forEach((k, i) => {
    sums[k] += column[i];
    counts[k]++;
  });
  return Array.from(sums, (sum, k) => sum / counts[k]);
}

/** A clustering of n sessions that takes two steps. */
export function computeClusters(n: number): ComputeClusters {
  return async (_dataset, _spec, { onProgress }) => {
    onProgress?.({ stage: "fitting", done: 3, total: 10, unit: "starts" });
    await Promise.resolve();
    return clusterView(n);
  };
}
