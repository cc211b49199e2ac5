import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import type { RandomState } from "./random.ts";

/** Hidden activations in the kernel's numbering. */
export const ACTIVATIONS = ["logistic", "tanh", "relu", "identity"] as const;
export type Activation = typeof ACTIVATIONS[number];

/** Samples of one block (see assembly/mlp.ts). */
const BLOCK = 256;
const COLUMN_BYTES = BLOCK * 8;

/** Where one layer's weights and biases lie among all parameters. */
export interface LayerSlice {
  readonly nIn: number;
  readonly nOut: number;
  /** First weight; (nIn, nOut) row-major, the biases follow. */
  readonly at: number;
}

/** The layers of a network with the given sizes, input and output included. */
export function layerSlices(sizes: readonly number[]): readonly LayerSlice[] {
  let at = 0;
  return sizes.slice(1).map((nOut, l) => {
    const slice = { nIn: sizes[l], nOut, at };
    at += (slice.nIn + 1) * nOut;
    return slice;
  });
}

/** Number of weights and biases. */
export function countParams(sizes: readonly number[]): number {
  return layerSlices(sizes).reduce((n, l) => n + (l.nIn + 1) * l.nOut, 0);
}

/**
 * Weights and biases drawn layer by layer, uniform within
 * √(6 / (in + out)), or √(2 / (in + out)) for logistic units (Glorot & Bengio,
 * 2010): with the same seed, scikit-learn's.
 */
export function initialParams(
  sizes: readonly number[],
  activation: Activation,
  random: RandomState,
): Float64Array {
  const params = new Float64Array(countParams(sizes));
  const factor = activation === "logistic" ? 2 : 6;
  for (const { nIn, nOut, at } of layerSlices(sizes)) {
    const bound = Math.sqrt(factor / (nIn + nOut));
    params.set(random.uniform(-bound, bound, (nIn + 1) * nOut), at);
  }
  return params;
}

/** Most bytes of a network and, where there are any, its training rows. */
export function networkBytes(sizes: readonly number[], nSamples: number) {
  const units = sizes.reduce((a, b) => a + b, 0);
  const blocks = Math.ceil(nSamples / BLOCK);
  return blocks * (sizes[0] + 1) * COLUMN_BYTES + 3 * units * COLUMN_BYTES +
    2 * countParams(sizes) * 8 + 65_536;
}

/** A network's buffers in a leased instance. */
export class MLPNetwork {
  readonly #kernels: Lease;
  readonly #sizes: readonly number[];
  readonly #nParams: number;
  readonly #net: P;
  readonly #params: P;
  readonly #gradient: P;
  readonly #work: P;
  readonly #staging: P;

  constructor(
    kernels: Lease,
    sizes: readonly number[],
    activation: Activation,
  ) {
    this.#kernels = kernels;
    this.#sizes = sizes;
    this.#nParams = countParams(sizes);
    this.#net = kernels.alloc((2 + sizes.length) * 4);
    kernels.i32(this.#net, 2 + sizes.length).set([
      sizes.length - 1,
      ACTIVATIONS.indexOf(activation),
      ...sizes,
    ]);
    this.#params = kernels.alloc(this.#nParams * 8);
    this.#gradient = kernels.alloc(this.#nParams * 8);
    this.#work = kernels.alloc(workColumns(sizes) * COLUMN_BYTES);
    this.#staging = kernels.alloc(sizes[0] * COLUMN_BYTES);
  }

  /**
   * Mean log loss over the samples and its gradient, without penalty.
   *
   * @param gradient OUT length of params
   */
  async lossAndGradient(
    data: TrainingData,
    params: Float64Array,
    gradient: Float64Array,
    pacer: Pacer,
  ): Promise<number> {
    const k = this.#kernels, n = data.nSamples;
    k.f64(this.#params, params.length).set(params);
    k.f64(this.#gradient, params.length).fill(0);
    let loss = 0;
    for (let b = 0; b * BLOCK < n; b++) {
      loss += k.run.mlpGradient(
        this.#net,
        data.X + b * this.#sizes[0] * COLUMN_BYTES,
        data.y + b * COLUMN_BYTES,
        Math.min(BLOCK, n - b * BLOCK),
        this.#params,
        this.#gradient,
        this.#work,
      );
      if (pacer.due) await pacer.rest();
    }
    const sums = k.f64(this.#gradient, params.length);
    for (let i = 0; i < sums.length; i++) gradient[i] = sums[i] / n;
    return loss / n;
  }

  /** Shape (nSamples,): probability of class 1. */
  probabilities(X: FeatureMatrix, params: Float64Array): Float64Array {
    const k = this.#kernels;
    k.f64(this.#params, params.length).set(params);
    const block = k.alloc(X.nFeatures * COLUMN_BYTES);
    const out = new Float64Array(X.nSamples);
    for (let from = 0; from < X.nSamples; from += BLOCK) {
      const rows = this.#pack(X, from, block);
      const at = k.run.mlpForward(this.#net, block, this.#params, this.#work);
      out.set(k.f64(at, rows), from);
    }
    return out;
  }

  /** Copies rows and classes to blocks of columns. */
  async load(
    X: FeatureMatrix,
    y: ArrayLike<number>,
    pacer: Pacer,
  ): Promise<TrainingData> {
    const k = this.#kernels;
    const blocks = Math.ceil(X.nSamples / BLOCK);
    const data = k.alloc(blocks * X.nFeatures * COLUMN_BYTES);
    const classes = k.zeros(blocks * COLUMN_BYTES);
    for (let b = 0; b < blocks; b++) {
      this.#pack(X, b * BLOCK, data + b * X.nFeatures * COLUMN_BYTES);
      if (pacer.due) await pacer.rest();
    }
    k.f64(classes, X.nSamples).set(y);
    return { X: data, y: classes, nSamples: X.nSamples };
  }

  /** Packs the block that begins at row `from`. @returns its rows. */
  #pack(X: FeatureMatrix, from: number, at: P): number {
    const rows = Math.min(BLOCK, X.nSamples - from), d = X.nFeatures;
    this.#kernels.f64(this.#staging, rows * d)
      .set(X.data.subarray(from * d, (from + rows) * d));
    this.#kernels.run.packBlock(this.#staging, rows, d, at);
    return rows;
  }
}

/** Rows and classes in an instance's memory, in blocks of columns. */
export interface TrainingData {
  readonly X: P;
  readonly y: P;
  readonly nSamples: number;
}

/** Activations of all layers but the input, and two buffers of deltas. */
function workColumns(sizes: readonly number[]): number {
  const outputs = sizes.slice(1);
  return outputs.reduce((a, b) => a + b, 0) + 2 * Math.max(...outputs);
}
