import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import type { RandomState } from "./random.ts";

/** Hidden activations in the kernel's numbering. */
export const ACTIVATIONS = ["logistic", "tanh", "relu", "identity"] as const;
export type Activation = typeof ACTIVATIONS[number];

/** Samples of one block (see assembly/mlp.ts). */
export const BLOCK = 256;

/** Bytes of a value; the kernels know f32 and f64. */
export type Width = 4 | 8;

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
  // Rows in both widths, as the mixed precision of lbfgs has them.
  return blocks * BLOCK * ((sizes[0] + 1) * 12 + 2) + 3 * units * BLOCK * 8 +
    7 * countParams(sizes) * 8 + 65_536;
}

/** Activations of all layers but the input, and two buffers of deltas. */
function workColumns(sizes: readonly number[]): number {
  const outputs = sizes.slice(1);
  return outputs.reduce((a, b) => a + b, 0) + 2 * Math.max(...outputs);
}

/** Rows and classes in an instance's memory, in blocks of columns. */
export interface TrainingData {
  readonly X: P;
  /** A column of signs per block. */
  readonly signs: P;
  readonly nSamples: number;
  readonly width: Width;
}

/** A network's buffers in a leased instance. */
export class MLPNetwork {
  readonly kernels: Lease;
  readonly sizes: readonly number[];
  readonly nParams: number;
  /** f64, shape (nParams,). */
  readonly params: P;
  /** f64, laid out like params: summed over samples. */
  readonly gradient: P;
  readonly #net: P;
  readonly #single: P;
  readonly #work: P;
  readonly #staging: P;
  readonly #weights: P;
  readonly #loss: P;

  /** @param weights what a sample of class 0 and of class 1 counts. */
  constructor(
    kernels: Lease,
    sizes: readonly number[],
    activation: Activation,
    weights: readonly [number, number] = [1, 1],
  ) {
    this.kernels = kernels;
    this.sizes = sizes;
    this.nParams = countParams(sizes);
    this.#net = kernels.alloc((2 + sizes.length) * 4);
    kernels.i32(this.#net, 2 + sizes.length).set([
      sizes.length - 1,
      ACTIVATIONS.indexOf(activation),
      ...sizes,
    ]);
    this.params = kernels.alloc(this.nParams * 8);
    this.gradient = kernels.alloc(this.nParams * 8);
    this.#single = kernels.alloc(this.nParams * 4);
    this.#work = kernels.alloc(workColumns(sizes) * BLOCK * 8);
    this.#staging = kernels.alloc(sizes[0] * BLOCK * 8);
    this.#weights = kernels.f64From(weights);
    this.#loss = kernels.alloc(8);
  }

  setParams(params: Float64Array): void {
    this.kernels.f64(this.params, this.nParams).set(params);
  }

  /** Makes the sums of {@link addBlock} 0 and takes the params as they are. */
  begin(width: Width): void {
    this.kernels.f64(this.gradient, this.nParams).fill(0);
    this.kernels.f64(this.#loss, 1)[0] = 0;
    if (width === 4) {
      this.kernels.run.toSingle(this.params, this.nParams, this.#single);
    }
  }

  /** Adds loss and gradient of up to 256 samples in columns. */
  addBlock(X: P, signs: P, samples: number, width: Width): void {
    const { run } = this.kernels;
    const add = width === 4 ? run.mlpGradient32 : run.mlpGradient64;
    add(
      this.#net,
      X,
      signs,
      samples,
      width === 4 ? this.#single : this.params,
      this.gradient,
      this.#work,
      this.#weights,
      this.#loss,
    );
  }

  /** The log loss added up since {@link begin}. */
  get loss(): number {
    return this.kernels.f64(this.#loss, 1)[0];
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
    const { X, signs, nSamples: n, width } = data;
    const bytes = BLOCK * width;
    this.setParams(params);
    this.begin(width);
    for (let b = 0; b * BLOCK < n; b++) {
      const samples = Math.min(BLOCK, n - b * BLOCK);
      const at = X + b * bytes * this.sizes[0];
      this.addBlock(at, signs + b * bytes, samples, width);
      if (pacer.due) await pacer.rest();
    }
    const sums = this.kernels.f64(this.gradient, params.length);
    for (let i = 0; i < sums.length; i++) gradient[i] = sums[i] / n;
    return this.loss / n;
  }

  /** Shape (nSamples,): probability of class 1. */
  probabilities(X: FeatureMatrix, params: Float64Array): Float64Array {
    const k = this.kernels;
    this.setParams(params);
    const block = k.alloc(X.nFeatures * BLOCK * 8);
    const out = new Float64Array(X.nSamples);
    for (let from = 0; from < X.nSamples; from += BLOCK) {
      const rows = this.#pack(X, from, block, 8);
      out.set(k.f64(this.forward(block, rows), rows), from);
    }
    return out;
  }

  /** @returns where the probabilities of a block in f64 are. */
  forward(X: P, samples: number): P {
    const { run } = this.kernels;
    return run.mlpForward(this.#net, X, samples, this.params, this.#work);
  }

  /** Copies rows and classes to blocks of columns. */
  async load(
    X: FeatureMatrix,
    y: ArrayLike<number>,
    pacer: Pacer,
    width: Width = 8,
  ): Promise<TrainingData> {
    const k = this.kernels, n = X.nSamples;
    const blocks = Math.ceil(n / BLOCK);
    const bytes = BLOCK * width;
    const data = k.alloc(blocks * bytes * X.nFeatures);
    const signs = k.alloc(blocks * bytes);
    const classes = k.alloc(n);
    k.u8(classes, n).set(y);
    const pack = width === 4 ? k.run.packSigns32 : k.run.packSigns64;
    for (let b = 0; b < blocks; b++) {
      const rows = this.#pack(
        X,
        b * BLOCK,
        data + b * bytes * X.nFeatures,
        width,
      );
      pack(classes + b * BLOCK, 0, rows, signs + b * bytes);
      if (pacer.due) await pacer.rest();
    }
    return { X: data, signs, nSamples: n, width };
  }

  /** Packs the block that begins at row `from`. @returns its rows. */
  #pack(X: FeatureMatrix, from: number, at: P, width: Width): number {
    const { run } = this.kernels;
    const rows = Math.min(BLOCK, X.nSamples - from), d = X.nFeatures;
    this.kernels.f64(this.#staging, rows * d)
      .set(X.data.subarray(from * d, (from + rows) * d));
    const pack = width === 4 ? run.packBlock32 : run.packBlock64;
    pack(this.#staging, 0, rows, d, at);
    return rows;
  }
}
