/** What a fit of PCA is made of; `pca.ts` puts it together. */
import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease, Need, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import { checkFinite } from "./check.ts";
import {
  blockBytes,
  blockPlaces,
  blockRows,
  rowBlocks,
  stagingFor,
} from "./rows.ts";

/** The action, in complaints. */
export const WHAT = "fit PCA";
/** Sweeps of Jacobi rotations; six or so are usual. */
const MOST_SWEEPS = 60;

/** What {@link scatterOf} and twice {@link project} on m axes put into memory. */
export function needOf(what: string, X: FeatureMatrix, m: number): Need {
  const { nSamples, nFeatures: d } = X;
  const bytes = 8 * (2 * d ** 2 + (256 + 2 * m + 8) * d) +
    16 * m * (blockRows(X) + 1) + 3 * blockBytes(X);
  return { what, nSamples, nFeatures: d, bytes };
}

/**
 * Mean and Σ (x − mean)(x − mean)ᵀ, block by block: the scatter of two groups
 * together has (gap gapᵀ) · n₁ n₂ / (n₁ + n₂) on top (Chan, Golub, LeVeque).
 *
 * @returns scatter: where it is, shape (d, d).
 * @throws RangeError for a value that is not finite.
 */
export async function scatterOf(
  kernels: Lease,
  X: FeatureMatrix,
  pacer: Pacer,
) {
  const d = X.nFeatures;
  const placeOf = blockPlaces(kernels, X, stagingFor(kernels, X));
  const scatter = kernels.zeros(d * d * 8);
  const [means, sums] = [kernels.alloc(d * 8), kernels.alloc(d * 8)];
  const columns = kernels.alloc(d * 256 * 8);
  const mean = new Float64Array(d), gaps = new Float64Array(d * d);
  for (const block of rowBlocks(X)) {
    const { from, rows } = block, at = placeOf(block);
    kernels.run.addScatter(at, rows, d, means, scatter, sums, columns);
    const M = kernels.f64(means, d), n = from + rows;
    // A value that is not finite makes its mean so; so may an overflow.
    if (!M.every(Number.isFinite)) checkFinite(WHAT, X, from, n);
    const gap = M.map((m, k) => m - mean[k]);
    for (let i = 0; i < d; i++) {
      for (let j = i; j < d; j++) {
        gaps[i * d + j] += gap[i] * gap[j] * from * rows / n;
      }
    }
    for (let k = 0; k < d; k++) mean[k] += gap[k] * rows / n;
    if (pacer.due) await pacer.rest();
  }
  const S = kernels.f64(scatter, d * d);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      S[i * d + j] += gaps[i * d + j];
      S[j * d + i] = S[i * d + j];
    }
  }
  return { mean, scatter };
}

/** Eigenvalues, largest first, and their vectors as rows. */
export function diagonalize(kernels: Lease, scatter: P, d: number) {
  const rotation = kernels.zeros(d * d * 8);
  const V = kernels.f64(rotation, d * d), A = kernels.f64(scatter, d * d);
  for (let i = 0; i < d; i++) V[i * d + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (kernels.run.jacobiSweep(scatter, rotation, d) === 0) break;
  }
  const order = Array.from({ length: d }, (_, i) => i)
    .sort((i, j) => A[j * d + j] - A[i * d + i] || i - j);
  const vectors = new Float64Array(d * d);
  order.forEach((column, row) => {
    for (let i = 0; i < d; i++) vectors[row * d + i] = V[i * d + column];
  });
  const eigenvalues = order.map((i) => Math.max(0, A[i * d + i]));
  return { eigenvalues, vectors };
}

export function variances(eigenvalues: number[], n: number, m: number) {
  const kept = Float64Array.from(eigenvalues.slice(0, m));
  const total = eigenvalues.reduce((a, b) => a + b, 0);
  return {
    explainedVariance: kept.map((e) => e / (n - 1)),
    explainedVarianceRatio: kept.map((e) => total > 0 ? e / total : 0),
    singularValues: kept.map(Math.sqrt),
  };
}

/**
 * Rows on the axes, shape (m, d), for a fit.
 *
 * @param out where they go, shape (nSamples, m); nowhere by default
 * @returns per axis the value farthest from 0, the first of equals, signed.
 */
export async function projectForFit(
  kernels: Lease,
  X: FeatureMatrix,
  mean: Float64Array,
  axes: Float64Array,
  pacer: Pacer,
  out?: Float64Array,
): Promise<Float64Array> {
  const m = axes.length / X.nFeatures;
  const extremes = kernels.zeros(m * 8);
  for (const { at, rows } of project(kernels, X, mean, axes, out)) {
    kernels.run.columnExtremes(at, rows, m, extremes);
    if (pacer.due) await pacer.rest();
  }
  return kernels.f64(extremes, m).slice();
}

/** Projected rows [from, from + rows), shape (rows, m). */
interface Projected {
  readonly from: number;
  readonly rows: number;
  readonly at: P;
  /** 0, or NaN where a value was not finite. */
  readonly check: number;
}

/**
 * Centered rows on the components, block by block.
 *
 * @param out where they go, shape (nSamples, m); nowhere by default
 */
export function* project(
  kernels: Lease,
  X: FeatureMatrix,
  mean: Float64Array,
  components: Float64Array,
  out?: Float64Array,
): Generator<Projected> {
  const d = X.nFeatures, m = components.length / d;
  const placeOf = blockPlaces(kernels, X, stagingFor(kernels, X));
  const means = kernels.f64From(mean);
  const axes = kernels.f64From(inPairs(components, d));
  const buffer = kernels.alloc(blockRows(X) * m * 8);
  const place = out && kernels.placeOf(out);
  for (const block of rowBlocks(X)) {
    const { from, rows } = block, source = placeOf(block);
    const at = place === undefined ? buffer : place + from * m * 8;
    const check = kernels.run.projectRows(source, rows, d, means, axes, m, at);
    if (place === undefined) out?.set(kernels.f64(at, rows * m), from * m);
    yield { from, rows, at, check };
  }
}

/** Two components side by side, feature by feature; see `projectRows`. */
export function inPairs(components: Float64Array, d: number): Float64Array {
  const m = components.length / d;
  const pairs = new Float64Array((m + m % 2) * d);
  components.forEach((weight, i) => {
    const c = Math.floor(i / d);
    pairs[(c - c % 2) * d + 2 * (i % d) + c % 2] = weight;
  });
  return pairs;
}
