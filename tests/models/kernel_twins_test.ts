import assert from "node:assert/strict";
import type { FeatureMatrix } from "../../pipeline/feature_matrix.ts";
import { type Lease, lease } from "../../pipeline/kernels.ts";
import {
  ACTIVATIONS,
  initialParams,
  layerSlices,
} from "../../pipeline/models/mlp_network.ts";
import { inPairs } from "../../pipeline/models/principal_axes.ts";
import { RandomState } from "../../pipeline/models/random.ts";
import { dbscan, nearestLabels } from "../reference/dbscan.ts";
import { assign, closest, moved, travelled } from "../reference/kmeans.ts";
import { lossAndGradient, probabilities } from "../reference/mlp.ts";
import { moments, scaled } from "../reference/moments.ts";
import { projected, scatter } from "../reference/scatter.ts";
import { checkTree } from "../reference/tree.ts";
import { assertClose } from "./_close.ts";
import { randomMatrix } from "./_matrix.ts";

/** Sizes (rows, features) that every kernel is tried on. */
const SIZES = [[1, 1], [2, 3], [77, 2], [333, 7], [600, 4]] as const;
/** Kernels that a test below compares with a twin. */
const tried = new Set<string>();

/** A test of kernels by name, on every size with a seed of its own. */
function twinTest(
  names: readonly string[],
  what: string,
  run: (kernels: Lease, X: FeatureMatrix, seed: number) => void,
) {
  names.forEach((name) => tried.add(name));
  Deno.test(`${names.join(", ")} ${what}`, () => {
    SIZES.forEach(([n, d], i) => {
      using kernels = lease();
      run(kernels, randomMatrix(n, d, 100 + i), i);
    });
  });
}

/** Padded rows of the matrix in memory, and the bytes of one. */
function pad(
  kernels: Lease,
  { data, nSamples: n, nFeatures: d }: FeatureMatrix,
) {
  const stride = 8 * (d + d % 2);
  const X = kernels.f64From(data), rows = kernels.alloc(n * stride);
  kernels.f64(rows, n * stride / 8).fill(9);
  kernels.run.padRows(X, n, d, rows);
  return { rows, stride };
}

function padded({ data, nSamples, nFeatures: d }: FeatureMatrix): number[] {
  return Array.from({ length: nSamples }, (_, i) => [
    ...data.subarray(i * d, (i + 1) * d),
    ...(d % 2 ? [0] : []),
  ]).flat();
}

twinTest(
  ["padRows"],
  "copies rows, leaves a zero behind an odd number and tells values that are not finite",
  (kernels, X) => {
    const { rows, stride } = pad(kernels, X);
    const length = X.nSamples * stride / 8;
    assert.deepEqual([...kernels.f64(rows, length)], padded(X));
    const at = kernels.f64From(X.data);
    const load = () => kernels.run.padRows(at, X.nSamples, X.nFeatures, rows);
    assert.equal(load(), 0);
    for (const wrong of [NaN, Infinity, -Infinity]) {
      for (const i of [0, X.data.length - 1]) {
        kernels.f64(at, X.data.length).set(X.data);
        kernels.f64(at, X.data.length)[i] = wrong;
        assert(isNaN(load()), `${wrong} at ${i}`);
      }
    }
  },
);

twinTest(
  ["padCentered"],
  "takes a row off the others and leaves a zero behind an odd number",
  (kernels, X) => {
    const { nSamples: n, nFeatures: d } = X, { mean } = moments(X);
    const rows = kernels.f64From(X.data), out = kernels.alloc(n * (d + 1) * 8);
    kernels.f64(out, n * (d + d % 2)).fill(9);
    kernels.run.padCentered(rows, n, d, kernels.f64From(mean), out);
    const centered = X.data.map((x, i) => x - mean[i % d]);
    const got = kernels.f64(out, n * (d + d % 2));
    assert.deepEqual([...got], padded({ ...X, data: centered }));
  },
);

twinTest(
  ["blockMoments"],
  "gives the twin's moments, also far from 0",
  (kernels, X) => {
    const { nSamples: n, nFeatures: d } = X;
    const data = X.data.map((x, i) => i % d ? x : x + 2 ** 30);
    const [mean, squares] = [kernels.alloc(d * 8), kernels.alloc(d * 8)];
    const work = kernels.alloc(6 * d * 8), rows = kernels.f64From(data);
    kernels.run.blockMoments(rows, n, d, mean, squares, work);
    const twin = moments({ ...X, data });
    assertClose(kernels.f64(mean, d), twin.mean, 1e-12, "mean", 1);
    const variance = kernels.f64(squares, d).map((s) => s / n);
    assertClose(variance, twin.variance, 1e-12, "variance", 1e-3);
  },
);

twinTest(
  ["scaleRows"],
  "equals the twin to the last bit and tells values that are not finite",
  (kernels, X) => {
    const { nSamples: n, nFeatures: d } = X;
    const mean = new RandomState(d).uniform(-1, 1, d);
    const scale = new RandomState(n).uniform(0.1, 3, d);
    const rows = kernels.f64From(X.data);
    const at = [mean, scale].map((v) => kernels.f64From([...v, ...v]));
    assert.equal(kernels.run.scaleRows(rows, n, d, at[0], at[1], rows), 0);
    const got = kernels.f64(rows, n * d).slice();
    assert.deepEqual(got, scaled(X, mean, scale));
    for (const wrong of [NaN, Infinity, -Infinity]) {
      for (const i of [0, n * d - 1]) {
        kernels.f64(rows, n * d).set(X.data);
        kernels.f64(rows, n * d)[i] = wrong;
        assert(isNaN(kernels.run.scaleRows(rows, n, d, at[0], at[1], rows)));
      }
    }
  },
);

twinTest(
  ["addScatter", "projectRows"],
  "agree with the twins",
  (kernels, X, seed) => {
    const { nSamples: n, nFeatures: d } = X;
    const { mean } = moments(X);
    const rows = kernels.f64From(X.data), means = kernels.f64From(mean);
    const S = kernels.zeros(d * d * 8), columns = kernels.alloc(d * 2048);
    const [found, sums] = [kernels.alloc(d * 8), kernels.alloc(d * 8)];
    kernels.run.addScatter(rows, n, d, found, S, sums, columns);
    assertClose(kernels.f64(found, d), mean, 1e-12, "mean", 1);
    const upper = (M: Float64Array) =>
      M.filter((_, i) => i % d >= Math.floor(i / d));
    assertClose(upper(kernels.f64(S, d * d)), upper(scatter(X)), 1e-12, "S", n);
    for (const m of [1, 2, 3]) {
      const C = new RandomState(seed).uniform(-1, 1, m * d);
      const axes = kernels.f64From(inPairs(C, d));
      const Y = kernels.alloc(n * m * 8);
      const project = () =>
        kernels.run.projectRows(rows, n, d, means, axes, m, Y);
      assert.equal(project(), 0);
      const twin = projected(X, mean, C);
      assertClose(kernels.f64(Y, n * m), twin, 1e-12, "Y", 1);
      kernels.f64(rows, n * d)[n * d - 1] = Infinity;
      assert(isNaN(project()));
      kernels.f64(rows, n * d)[n * d - 1] = X.data[n * d - 1];
    }
  },
);

twinTest(
  ["jacobiSweep"],
  "keeps A = V diag(A) Vᵀ until nothing is left beside the diagonal",
  (kernels, X) => {
    const d = X.nFeatures, S = scatter(X);
    const A = kernels.f64From(S), V = kernels.zeros(d * d * 8);
    for (let i = 0; i < d; i++) kernels.f64(V, d * d)[i * d + i] = 1;
    let sweeps = 0;
    while (kernels.run.jacobiSweep(A, V, d) > 0) assert(++sweeps < 30);
    const values = kernels.f64(A, d * d), vectors = kernels.f64(V, d * d);
    const again = S.map((_, i) => {
      let sum = 0;
      for (let k = 0; k < d; k++) {
        sum += vectors[Math.floor(i / d) * d + k] * values[k * d + k] *
          vectors[i % d * d + k];
      }
      return sum;
    });
    assertClose(again, S, 1e-12, "A", Math.max(...S.map(Math.abs)));
  },
);

twinTest(
  ["columnExtremes"],
  "finds the outermost value of each column",
  (kernels, X) => {
    const { data, nSamples: n, nFeatures: d } = X;
    const rows = kernels.f64From(data), out = kernels.zeros(d * 8);
    kernels.run.columnExtremes(rows, n, d, out);
    const twin = Array.from({ length: d }, (_, j) => {
      const column = data.filter((_, i) => i % d === j);
      return column.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a);
    });
    assert.deepEqual([...kernels.f64(out, d)], twin);
  },
);

twinTest(
  ["lowerClosest", "potentialsWith"],
  "agree with the twin",
  (kernels, X) => {
    const { run } = kernels, { nSamples: n } = X;
    const { rows, stride } = pad(kernels, X), near = kernels.alloc(n * 8);
    kernels.f64(near, n).fill(Infinity);
    const total = (chosen: number[]) =>
      closest(X, chosen).reduce((a, b) => a + b, 0);
    const rowAt = (row: number) => rows + row * stride;
    const tried = [n >> 2, 0, n - 1, n >> 1], at = kernels.alloc(16);
    kernels.i32(at, 4).set(tried.map(rowAt));
    const chosen: number[] = [];
    for (const row of [0, n >> 1, n - 1]) {
      const sums = kernels.zeros(32);
      run.potentialsWith(rows, n, stride, at, near, sums);
      const twins = tried.map((next) => total([...chosen, next]));
      assertClose(kernels.f64(sums, 4), twins, 1e-12, "potentials");
      chosen.push(row);
      const sum = run.lowerClosest(rows, n, stride, rowAt(row), near);
      assertClose([sum], [total(chosen)], 1e-12, "potential");
      assertClose(kernels.f64(near, n), closest(X, chosen), 1e-12, "near", 1);
    }
  },
);

twinTest(
  ["firstReaching"],
  "finds what a running sum finds, across blocks",
  (kernels, X) => {
    const values = X.data.map(Math.abs), n = values.length, half = n >> 1;
    const total = values.reduce((a, b) => a + b, 0);
    const at = kernels.f64From(values), sum = kernels.alloc(8);
    for (const target of [0, total / 3, total / 2, 2 * total]) {
      kernels.f64(sum, 1)[0] = 0;
      let found = kernels.run.firstReaching(at, half, target, sum);
      if (found === half) {
        found += kernels.run.firstReaching(
          at + half * 8,
          n - half,
          target,
          sum,
        );
      }
      let running = 0;
      const twin = values.findIndex((v) => (running += v) >= target);
      assert.equal(found, twin < 0 ? n : twin);
    }
  },
);

twinTest(
  ["screenBytes", "startScreen", "assignRows", "ownDistances"],
  "agree with the twin that tries every center, also when centers have moved",
  (kernels, X, seed) => {
    const { run } = kernels, { nSamples: n, nFeatures: d } = X, k = 9;
    const centers = randomMatrix(k, d, 50 + seed);
    const { rows, stride } = pad(kernels, X), C = pad(kernels, centers).rows;
    const [labels, bounds] = [kernels.alloc(n * 4), kernels.alloc(n * 8)];
    kernels.i32(labels, n).fill(k);
    kernels.f64(bounds, n).fill(-Infinity);
    const [travel, counts] = [kernels.zeros(80), kernels.zeros(80)];
    const sums = kernels.zeros((k + 1) * stride), own = kernels.alloc(n * 8);
    const screen = kernels.alloc(run.screenBytes(k, stride));
    const random = new RandomState(seed);
    const assignAll = () => {
      run.startScreen(k, stride, C, 2 ** -(seed % 3), screen);
      return run.assignRows(
        ...[rows, n, stride, C, k, labels, bounds, travel, sums] as const,
        counts,
      );
    };
    for (let move = 0; move < 6; move++) {
      const before = kernels.i32(labels, n).slice(), changed = assignAll();
      assert.equal(assignAll(), 0);
      const twin = assign(X, centers.data);
      assert.deepEqual(kernels.i32(labels, n).slice(), twin.labels);
      const others = twin.labels.filter((label, i) => label !== before[i]);
      assert.equal(changed, others.length);
      const inertia = run.ownDistances(rows, n, stride, C, labels, own);
      assertClose([inertia], [twin.inertia], 1e-12, "inertia");
      const all = kernels.f64(own, n).reduce((a, b) => a + b, 0);
      assertClose([all], [twin.inertia], 1e-12, "own distances");
      for (let a = 0; a < k; a++) {
        const mine = X.data.filter((_, i) =>
          i % d === 0 && twin.labels[Math.floor(i / d)] === a
        );
        assert.equal(kernels.f64(counts, k)[a], mine.length);
        const got = kernels.f64(sums, k * stride / 8)[a * stride / 8];
        assertClose([got], [mine.reduce((x, y) => x + y, 0)], 1e-9, "sum", 1);
      }
      moveAll(kernels, { C, stride, travel }, centers, random, move);
    }
  },
);

/**
 * Moves the centers, the first farther, each time less, and adds the travel.
 *
 * @returns the most that was added.
 */
function moveAll(
  kernels: Lease,
  { C, stride, travel }: { C: number; stride: number; travel: number },
  { data, nSamples: k, nFeatures: d }: FeatureMatrix,
  random: RandomState,
  move: number,
): number {
  const ways = new Float64Array(k);
  for (let a = 0; a < k; a++) {
    const by = random.uniform(-0.1, 0.1, d).map((x) => x * 0.3 ** move);
    if (a === 0) by[0] += 0.1;
    ways[a] = Math.hypot(...by);
    by.forEach((x, j) => data[a * d + j] += x);
    const center = data.subarray(a * d, (a + 1) * d);
    kernels.f64(C + a * stride, d).set(center);
  }
  return kernels.run.addTravel(k, kernels.f64From(ways), travel);
}

twinTest(
  ["moveCenters", "addTravel", "countEmpty"],
  "agree with the twin to the last bit, where clusters are empty too",
  (kernels, X, seed) => {
    const { run } = kernels, { nSamples: k, nFeatures: d } = X;
    const sums = pad(kernels, X), { stride } = sums;
    const centers = randomMatrix(k, d, 60 + seed);
    const C = pad(kernels, centers).rows, random = new RandomState(seed);
    const N = random.uniform(1, 9, k).map(Math.floor);
    // The first where there are several, and a third of the others.
    for (let a = 0; a < k - 1; a += 3) N[a] = 0;
    const counts = kernels.f64From(N), ways = kernels.alloc(k * 8);
    const twin = moved(centers, X, N);
    const shift = run.moveCenters(k, stride, sums.rows, counts, C, ways);
    assert.equal(shift, twin.shift);
    assert.deepEqual(kernels.f64(ways, k).slice(), twin.ways);
    assert.deepEqual(
      [...kernels.f64(C, k * stride / 8)],
      padded({ ...X, data: twin.centers }),
    );
    assert.equal(
      run.countEmpty(k, counts),
      N.filter((count) => count === 0).length,
    );
    const before = random.uniform(0, 1, k), travel = kernels.f64From(before);
    const far = travelled(before, twin.ways);
    assert.equal(run.addTravel(k, ways, travel), far.most);
    assert.deepEqual(kernels.f64(travel, k).slice(), far.travel);
  },
);

/** A tree over the rows of X, read back as nodes. */
function grow(
  kernels: Lease,
  X: FeatureMatrix,
  leafRows: number,
  diagonal: number,
  payload = 0,
) {
  const { nSamples: n } = X;
  const { rows, stride } = pad(kernels, X);
  const size = 2 * stride + 16 + payload;
  const order = kernels.alloc(n * 4), stack = kernels.alloc((n + 1) * 8);
  const nodes = kernels.alloc(2 * n * size);
  kernels.run.startTree(
    ...[rows, n, stride, order, nodes, stack, leafRows, diagonal] as const,
    payload,
  );
  for (let room = 5; kernels.run.growTree(50, room) >= 0; room += 5);
  const width = stride / 8;
  const read = Array.from({ length: kernels.run.countNodes() }, (_, i) => {
    const at = nodes + i * size;
    const [start, end, next] = kernels.i32(at + 2 * stride, 3);
    const lower = [...kernels.f64(at, width)];
    const upper = [...kernels.f64(at + stride, width)];
    return { lower, upper, start, end, next };
  });
  return { nodes: read, rows, stride, order };
}

/** Builds trees of the rows; throws where one is no kd-tree of them all. */
function checkTrees(kernels: Lease, X: FeatureMatrix) {
  const n = X.nSamples, all = padded(X), width = all.length / n;
  for (const [leafRows, diagonal] of [[1, 0], [8, 0], [1, 0.2]]) {
    const { nodes, rows, order } = grow(kernels, X, leafRows, diagonal);
    const ids = [...kernels.i32(order, n)];
    assert.deepEqual(ids.toSorted((a, b) => a - b), [...ids.keys()]);
    const moved = [...kernels.f64(rows, n * width)];
    const rowAt = (i: number) =>
      all.slice(ids[i] * width, (ids[i] + 1) * width);
    assert.deepEqual(moved, ids.flatMap((_, i) => rowAt(i)));
    checkTree(nodes, rowAt, leafRows, diagonal);
  }
}

twinTest(
  ["startTree", "growTree", "countNodes"],
  "make a kd-tree of all the rows",
  checkTrees,
);

Deno.test("A kd-tree whose large nodes are cut by samples is one of all the rows", () => {
  const n = 3000, d = 3;
  const mixes: Record<string, (x: number, i: number) => number> = {
    "even rows": (x) => x,
    "one far row": (x, i) => i < d ? 1e9 : x,
    "mostly the same row": (x, i) => Math.floor(i / d) % 500 ? i % d : x,
    "the same row but one": (_, i) => i < d ? 1 : 0,
    "one feature": (x, i) => i % d ? 0 : x,
  };
  for (const mix of Object.values(mixes)) {
    using kernels = lease();
    const { data, ...X } = randomMatrix(n, d, 7);
    checkTrees(kernels, { ...X, data: data.map(mix) });
  }
});

/** A tree with its sums, as k-means uses it. */
function growSums(kernels: Lease, X: FeatureMatrix) {
  const stride = 8 * (X.nFeatures + X.nFeatures % 2);
  const payload = kernels.run.kmeansPayload(stride);
  const tree = grow(kernels, X, 4, 0, payload);
  for (let to = tree.nodes.length; to > 0; to -= 7) {
    kernels.run.sumNodes(Math.max(0, to - 7), to);
  }
  return tree;
}

function startSeeding(kernels: Lease, n: number, stride: number): void {
  kernels.run.startSeeding(
    ...[
      n,
      kernels.alloc(n * 4),
      kernels.alloc(n * 8),
      kernels.alloc(n),
    ] as const,
    kernels.alloc((n / 256 + 1) * (stride + 16)),
  );
}

twinTest(
  [
    "kmeansPayload",
    "sumNodes",
    "startSeeding",
    "seedFirst",
    "seedAdd",
    "seedGains",
    "seedReaching",
  ],
  "agree with the twin that looks at every row",
  (kernels, X) => {
    const { run } = kernels, n = X.nSamples;
    const { stride } = growSums(kernels, X);
    startSeeding(kernels, n, stride);
    const seeds = kernels.alloc(16), gains = kernels.alloc(32);
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    const chosen = [n >> 1, 0, n - 1, n >> 2];
    chosen.forEach((row, t) => {
      const twin = closest(X, chosen.slice(0, t + 1));
      const potential = t === 0 ? run.seedFirst(row) : run.seedAdd(row);
      assertClose([potential], [sum(twin)], 1e-9, "potential", 1e-6);
      const falls = chosen.map((next) =>
        sum(twin) - sum(closest(X, [...chosen.slice(0, t + 1), next]))
      );
      kernels.i32(seeds, 4).set(chosen);
      run.seedGains(seeds, 4, gains);
      assertClose(kernels.f64(gains, 4), falls, 1e-9, "gains", 1);
      for (const part of [0.2, 0.5, 0.9]) {
        // Half a step of the running sum away from where it could tip over.
        const from = twin.findIndex((v, i) =>
          v > 0 && sum(twin.subarray(0, i + 1)) >= part * sum(twin)
        );
        if (from < 0) continue;
        const target = sum(twin.subarray(0, from)) + twin[from] / 2;
        assert.equal(run.seedReaching(target), from);
      }
    });
  },
);

twinTest(
  [
    "listRoots",
    "startLloyd",
    "assignNodes",
    "labelNodes",
    "distancesToOwn",
  ],
  "agree with the twin that tries every center, also when centers have moved",
  (kernels, X, seed) => {
    const { run } = kernels, { nSamples: n, nFeatures: d } = X, k = 9;
    const { nodes, stride } = growSums(kernels, X);
    const roots = kernels.alloc(nodes.length * 4);
    const rootCount = run.listRoots(30, roots);
    const covered = [...kernels.i32(roots, rootCount)]
      .map((node) => [nodes[node].start, nodes[node].end]);
    assert.deepEqual(covered.flat().slice(1, -1), [
      ...covered.slice(1).flatMap(([from]) => [from, from]),
    ]);
    const centers = randomMatrix(k, d, 50 + seed);
    const C = pad(kernels, centers).rows;
    const [sums, counts] = [(k + 1) * stride, (k + 1) * 8].map((bytes) =>
      kernels.alloc(bytes)
    );
    startSeeding(kernels, n, stride);
    const travel = kernels.zeros((k + 2) * 8);
    run.startLloyd(
      ...[k, C, sums, counts, kernels.alloc(n * 4)] as const,
      ...[kernels.alloc(n * 8), travel, kernels.alloc(k * 8 + 80)] as const,
      ...[roots, rootCount] as const,
    );
    const candidates = kernels.alloc(k * 4096), labels = kernels.alloc(n * 4);
    const own = kernels.alloc(n * 8), random = new RandomState(seed);
    for (let move = 0; move < 6; move++) {
      run.assignNodes(roots, rootCount, candidates);
      const inertia = run.labelNodes(roots, rootCount, labels);
      assert.equal(run.labelNodes(roots, rootCount, 0), inertia);
      const twin = assign(X, centers.data);
      assert.deepEqual(kernels.i32(labels, n).slice(), twin.labels);
      assertClose([inertia], [twin.inertia], 1e-9, "inertia", 1e-6);
      const count = (a: number) => twin.labels.filter((l) => l === a).length;
      for (let a = 0; a < k; a++) {
        assert.equal(kernels.f64(counts, k)[a], count(a));
        const total = X.data.filter((_, i) =>
          i % d === 0 && twin.labels[Math.floor(i / d)] === a
        ).reduce((x, y) => x + y, 0);
        const got = kernels.f64(sums, k * stride / 8)[a * stride / 8];
        assertClose([got], [total], 1e-9, "sum", 1);
      }
      run.distancesToOwn(labels, own);
      const all = kernels.f64(own, n).reduce((a, b) => a + b, 0);
      assertClose([all], [twin.inertia], 1e-9, "own distances", 1e-6);
      const moved = { C, stride, travel: travel + 8 };
      const most = moveAll(kernels, moved, centers, random, move);
      kernels.f64(travel, 1)[0] += most;
    }
  },
);

/** Blocks over the leaves of the instance's tree. */
function growBlocks(kernels: Lease, d: number) {
  const { run } = kernels, leaves = run.countLeaves();
  const size = d * 64 + 48, at = kernels.alloc(leaves * size);
  const starts = kernels.alloc((leaves + 1) * 4);
  const [nodes, stack] = [
    kernels.alloc(leaves * 4),
    kernels.alloc(leaves * 12),
  ];
  run.startBlocks(d, at, starts, nodes, stack);
  while (run.growBlocks(5) >= 0);
  return { leaves, size, at, starts, nodes, blocks: run.countBlocks() };
}

twinTest(
  ["countLeaves", "startBlocks", "growBlocks", "countBlocks"],
  "put every leaf into one block, in boxes that hold it and are tight in f32",
  (kernels, X) => {
    const d = X.nFeatures, { nodes } = grow(kernels, X, 1, 0.2);
    const tree = nodes.filter((node, i) => node.next === i + 1);
    const { leaves, size, at, starts, blocks } = growBlocks(kernels, d);
    assert.equal(leaves, tree.length);
    const firsts = [...tree.map(({ start }) => start), X.nSamples];
    assert.deepEqual([...kernels.i32(starts, leaves + 1)], firsts);
    const seen: number[] = [];
    /** Lower and upper corner of what is below a block's child. */
    const below = (child: number): [number[], number[]] => {
      if (child >= 0) {
        seen.push(child);
        return [[...tree[child].lower], [...tree[child].upper]];
      }
      const block = at + ~child * size;
      const fields = kernels.i32(block + d * 64, 12);
      const all = Array.from({ length: 8 }, (_, slot) => slot)
        .filter((slot) => fields[11] >> slot & 1)
        .map((slot) => {
          assert.equal(fields[8] >> slot & 1, fields[slot] >= 0 ? 1 : 0);
          const corners = below(fields[slot]);
          corners.forEach((corner, side) => {
            const f32 = kernels.f32(block, d * 16);
            const sign = side ? 1 : -1;
            for (let k = 0; k < d; k++) {
              const got = f32[16 * k + 8 * side + slot];
              assert(sign * got >= sign * corner[k]);
              assertClose([got], [corner[k]], 1e-6, "corner", 1);
            }
          });
          return corners;
        });
      const pick = (side: 0 | 1, of: (...v: number[]) => number) =>
        all[0][side].map((_, k) => of(...all.map((c) => c[side][k])));
      return [pick(0, Math.min), pick(1, Math.max)];
    };
    below(~(blocks - 1));
    assert.deepEqual(seen, [...tree.keys()], "in the tree's order");
  },
);

twinTest(
  ["nthNearest"],
  "agrees with sorting all distances",
  (kernels, X, seed) => {
    const { nSamples: n, nFeatures: d } = X, heap = kernels.alloc(n * 8);
    const Q = randomMatrix(30, d, 90 + seed), queries = pad(kernels, Q);
    grow(kernels, X, 5, 0);
    for (let q = 0; q < 30; q++) {
      const twin = Float64Array.from({ length: n }, (_, i) => {
        let sum = 0;
        for (let k = 0; k < d; k++) {
          sum += (X.data[i * d + k] - Q.data[q * d + k]) ** 2;
        }
        return sum;
      }).sort();
      for (const nth of [1, Math.ceil(n / 3), n]) {
        const at = queries.rows + q * queries.stride;
        const got = kernels.run.nthNearest(at, nth, heap);
        assertClose([got], [twin[nth - 1]], 1e-12, "distance", 1e-9);
      }
    }
  },
);

twinTest(
  [
    "startDbscan",
    "findCore",
    "spreadCore",
    "joinLeaves",
    "searchPairs",
    "labelCore",
    "labelBorder",
  ],
  "end in the labels of the twin that looks at every pair",
  (kernels, X) => {
    const { run } = kernels, n = X.nSamples, d = X.nFeatures;
    for (const [eps, samples] of [[0.1, 2], [0.3, 4], [0.8, 9]]) {
      grow(kernels, X, 1, eps * eps * (1 - 1e-9));
      const { leaves, blocks } = growBlocks(kernels, d);
      const [isCore, core] = [kernels.alloc(n), kernels.alloc(n)];
      const labels = kernels.alloc(n * 4);
      run.startDbscan(
        ...[n, eps, samples, isCore, kernels.alloc(leaves * 12)] as const,
        ...[kernels.alloc(blocks * 16), kernels.alloc(d * 64)] as const,
        kernels.alloc(2 ** 19),
      );
      run.findCore(0, blocks);
      run.spreadCore();
      run.joinLeaves(0, blocks);
      while (run.searchPairs(3) > 0);
      const clusters = run.labelCore(n, labels, core);
      run.labelBorder(0, blocks, labels);
      const twin = dbscan(X, eps, samples);
      assert.equal(clusters, twin.nClusters);
      assert.deepEqual(kernels.i32(labels, n).slice(), twin.labels);
      assert.deepEqual([...kernels.u8(core, n)], twin.core.map(Number));
    }
  },
);

twinTest(
  ["nearestLabels"],
  "agrees with the twin that tries every row",
  (kernels, X, seed) => {
    const n = X.nSamples, Q = randomMatrix(90, X.nFeatures, 70 + seed);
    // Of its first feature, so that identical rows have the same label.
    const labels = Int32Array.from(
      { length: n },
      (_, i) => Math.floor(X.data[i * X.nFeatures] * 100) % 5 + 4,
    );
    const at = kernels.alloc(n * 4), out = kernels.alloc(90 * 4);
    kernels.i32(at, n).set(labels);
    grow(kernels, X, 8, 0);
    const queries = pad(kernels, Q).rows;
    for (const eps of [0.05, 0.5, 5]) {
      kernels.run.nearestLabels(queries, 90, eps, at, out);
      const got = kernels.i32(out, 90).slice();
      assert.deepEqual(got, nearestLabels(Q, X, labels, eps));
    }
  },
);

/** What block, params and work of a net are read as, and how exact it is. */
const WIDTHS = [
  { width: 8, tolerance: 1e-12, read: "f64" },
  { width: 4, tolerance: 2e-5, read: "f32" },
] as const;

twinTest(
  ["packBlock64", "packBlock32", "packSigns64", "packSigns32", "toSingle"],
  "stand rows on end, also by number, and fill up with zeros",
  (kernels, X, seed) => {
    const { run } = kernels, d = X.nFeatures, n = Math.min(256, X.nSamples);
    const rows = kernels.f64From(X.data), index = kernels.alloc(n * 4);
    const order = new RandomState(seed).choose(n, n);
    kernels.i32(index, n).set(order);
    const classes = kernels.alloc(X.nSamples);
    kernels.u8(classes, X.nSamples).forEach((_, i, y) => y[i] = i % 3 ? 1 : 0);
    for (const { width, read } of WIDTHS) {
      const out = kernels.alloc(d * 256 * width);
      const signs = kernels.alloc(256 * width);
      const pack = width === 8 ? run.packBlock64 : run.packBlock32;
      const sign = width === 8 ? run.packSigns64 : run.packSigns32;
      for (const by of [0, index]) {
        kernels[read](out, d * 256).fill(9);
        const at = (i: number) => by ? order[i] : i;
        pack(rows, by, n, d, out);
        sign(classes, by, n, signs);
        const twin = Array.from(
          { length: d * 256 },
          (_, i) =>
            i % 256 < n ? X.data[at(i % 256) * d + Math.floor(i / 256)] : 0,
        );
        const cast = width === 8 ? Float64Array : Float32Array;
        assert.deepEqual(kernels[read](out, d * 256).slice(), new cast(twin));
        const twinSigns = Array.from(
          { length: 256 },
          (_, i) => i < n ? (at(i) % 3 ? -1 : 1) : 0,
        );
        assert.deepEqual([...kernels[read](signs, 256)], twinSigns);
      }
    }
    const single = kernels.alloc(X.data.length * 4);
    run.toSingle(rows, X.data.length, single);
    const got = kernels.f32(single, X.data.length).slice();
    assert.deepEqual(got, new Float32Array(X.data));
  },
);

twinTest(
  ["mlpForward", "mlpGradient64", "mlpGradient32"],
  "agree with the twin for every activation",
  (kernels, X, seed) => {
    const { run } = kernels, d = X.nFeatures, sizes = [d, 6, 5, 3, 1];
    const n = Math.min(256, X.nSamples);
    const block = { ...X, data: X.data.subarray(0, n * d), nSamples: n };
    const classes = kernels.alloc(n), layers = layerSlices(sizes);
    kernels.u8(classes, n).forEach((_, i, y) => y[i] = i % 2);
    const weights = kernels.f64From([1, 1]), lost = kernels.alloc(8);
    ACTIVATIONS.forEach((activation, a) => {
      const params = initialParams(sizes, "relu", new RandomState(seed));
      const net = kernels.alloc(28), P = kernels.f64From(params);
      kernels.i32(net, 7).set([4, a, ...sizes]);
      const single = kernels.alloc(params.length * 4);
      run.toSingle(P, params.length, single);
      const y = [...kernels.u8(classes, n)];
      const twin = lossAndGradient(block, y, layers, params, activation);
      for (const { width, tolerance } of WIDTHS) {
        const rows = kernels.f64From(block.data);
        const data = kernels.alloc(d * 256 * width);
        const signs = kernels.alloc(256 * width);
        const work = kernels.alloc(27 * 256 * width);
        const G = kernels.zeros(params.length * 8);
        kernels.f64(lost, 1)[0] = 0;
        const [pack, sign, gradient] = width === 8
          ? [run.packBlock64, run.packSigns64, run.mlpGradient64]
          : [run.packBlock32, run.packSigns32, run.mlpGradient32];
        pack(rows, 0, n, d, data);
        sign(classes, 0, n, signs);
        const PT = width === 8 ? P : single;
        gradient(net, data, signs, n, PT, G, work, weights, lost);
        const name = `${activation} ${width}`;
        const loss = kernels.f64(lost, 1)[0] / n;
        assertClose([loss], [twin.loss], tolerance, `${name} loss`);
        const mean = kernels.f64(G, params.length).map((g) => g / n);
        assertClose(mean, twin.gradient, tolerance, `${name} gradient`, 1);
        if (width === 4) continue;
        const p = run.mlpForward(net, data, n, P, work);
        const twinP = probabilities(block, layers, params, activation);
        assertClose(kernels.f64(p, n), twinP, 1e-13, `${name} p`, 1);
      }
    });
  },
);

twinTest(
  ["scaleGradient", "adamStep", "momentumStep"],
  "do their sums",
  (kernels, X) => {
    const { run } = kernels, n = X.data.length, g = X.data;
    const w = g.map((x) => x * x - 0.3), m = g.map((x) => x / 3);
    const v = g.map((x) => x * x / 5);
    const [G, W, M, V] = [g, w, m, v].map((a) => kernels.f64From(a));
    run.adamStep(W, G, M, V, n, 0.01, 0.9, 0.999, 1e-8);
    const twinM = m.map((x, i) => 0.9 * x + 0.1 * g[i]);
    const twinV = v.map((x, i) => 0.999 * x + 0.001 * g[i] ** 2);
    const stepped = w.map((x, i) =>
      x - 0.01 * twinM[i] / (Math.sqrt(twinV[i]) + 1e-8)
    );
    assertClose(kernels.f64(M, n), twinM, 1e-12, "mean", 1);
    assertClose(kernels.f64(V, n), twinV, 1e-12, "square", 1);
    assertClose(kernels.f64(W, n), stepped, 1e-12, "adam", 1);
    for (const nesterov of [0, 1]) {
      const [P, S] = [w, m].map((a) => kernels.f64From(a));
      run.momentumStep(P, G, S, n, 0.01, 0.8, nesterov);
      const speed = m.map((x, i) => 0.8 * x - 0.01 * g[i]);
      const moved = w.map((x, i) =>
        x + (nesterov ? 0.8 * speed[i] - 0.01 * g[i] : speed[i])
      );
      assertClose(kernels.f64(P, n), moved, 1e-12, "momentum", 1);
    }
    const squares = run.scaleGradient(G, W, n, 0.5, 0.1);
    const scaled = g.map((x, i) => 0.5 * x + 0.1 * stepped[i]);
    assertClose(kernels.f64(G, n), scaled, 1e-12, "gradient", 1);
    const twinSquares = stepped.reduce((sum, x) => sum + x * x, 0);
    assertClose([squares], [twinSquares], 1e-12, "squares", 1);
  },
);

Deno.test("Every kernel that kernels.wasm exports has a twin", () => {
  using kernels = lease();
  const arena = ["memory", "alloc", "mark", "reset"];
  // Tried together, as the link test, by features/regularity_twins_test.ts.
  const rhythm = [
    "followerLags",
    "countLags",
    "highestBins",
    "medianWithin",
    "countFollowed",
  ];
  const others = new Set([...arena, ...rhythm]);
  const names = Object.keys(kernels.run).filter((name) => !others.has(name));
  assert.deepEqual(names.toSorted(), [...tried].sort());
});
