import type { FeatureMatrix } from "../feature_matrix.ts";
import type { P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import {
  BLOCK,
  layerSlices,
  type MLPNetwork,
  type Width,
} from "./mlp_network.ts";
import type { MLPResult, MLPValues } from "./mlp_params.ts";
import { RandomState } from "./random.ts";

/** Learning rate at which an adaptive sgd gives up. */
const LEAST_RATE = 1e-6;

/** Rows by number, in an instance's memory. */
interface Rows {
  /** Shape (n, nFeatures), row-major, f64. */
  readonly X: P;
  /** u8. */
  readonly y: P;
}

/**
 * Minimises the loss in batches by adam or sgd, as scikit-learn's
 * MLPClassifier does: with the same seed, the same batches.
 *
 * @param random as it stands after the first weights were drawn
 */
export async function fitInBatches(
  network: MLPNetwork,
  X: FeatureMatrix,
  y: ArrayLike<number>,
  start: Float64Array,
  values: MLPValues,
  random: RandomState,
  pacer: Pacer,
  onPass: (
    passes: number,
    loss: number,
    params: () => Float64Array,
  ) => void,
): Promise<MLPResult> {
  const { kernels } = network;
  const rows = { X: kernels.f64From(X.data), y: kernels.alloc(X.nSamples) };
  kernels.u8(rows.y, X.nSamples).set(y);
  network.setParams(start);
  const held = values.earlyStopping
    ? holdBack(y, values.validationFraction, random)
    : new Set<number>();
  const order = Int32Array.from({ length: X.nSamples }, (_, i) => i)
    .filter((i) => !held.has(i));
  const validation = Int32Array.from(held).sort();
  const fit = new Batches(network, rows, order, values);
  const progress = new Stopping(values);
  const curve: number[] = [], scores: number[] = [];
  let best = start, converged = false;
  while (curve.length < values.maxIter && !converged) {
    curve.push(await fit.pass(random, pacer));
    onPass(curve.length, curve[curve.length - 1], () => fit.params());
    if (held.size > 0) scores.push(fit.accuracy(validation));
    if (progress.improves(held.size > 0 ? scores : curve)) {
      if (held.size > 0) best = fit.params();
    }
    fit.endPass();
    if (progress.exhausted) converged = fit.givesUp();
    if (progress.exhausted && !converged) progress.restart();
  }
  return {
    x: held.size > 0 ? best : fit.params(),
    value: curve[curve.length - 1],
    nIter: curve.length,
    converged,
    curve,
    validation: scores,
  };
}

/** The share of each class that is held back, at least one row of it. */
function holdBack(
  y: ArrayLike<number>,
  fraction: number,
  random: RandomState,
): Set<number> {
  const held = new Set<number>();
  for (const kind of [0, 1]) {
    const own = Array.from(y).flatMap((c, i) => c === kind ? [i] : []);
    const count = Math.max(1, Math.round(fraction * own.length));
    // One row of a class stays for training.
    const order = random.choose(own.length, own.length);
    for (const i of order.subarray(0, Math.min(count, own.length - 1))) {
      held.add(own[i]);
    }
  }
  return held;
}

/** Whether passes still help. */
class Stopping {
  readonly #tol: number;
  readonly #patience: number;
  /** Accuracies rise, losses fall. */
  readonly #sign: 1 | -1;
  #best = -Infinity;
  #idle = 0;

  constructor({ tol, nIterNoChange, earlyStopping }: MLPValues) {
    this.#tol = tol;
    this.#patience = nIterNoChange;
    this.#sign = earlyStopping ? 1 : -1;
  }

  /** @returns whether the last value is the best so far. */
  improves(values: readonly number[]): boolean {
    const last = this.#sign * values[values.length - 1];
    this.#idle = last < this.#best + this.#tol ? this.#idle + 1 : 0;
    const better = last > this.#best;
    if (better) this.#best = last;
    return better;
  }

  get exhausted(): boolean {
    return this.#idle > this.#patience;
  }

  restart(): void {
    this.#idle = 0;
  }
}

/** Passes over the rows in batches, each with a step of the solver. */
class Batches {
  readonly #network: MLPNetwork;
  readonly #rows: Rows;
  readonly #values: MLPValues;
  readonly #width: Width;
  readonly #batch: number;
  #order: Int32Array;
  readonly #index: P;
  readonly #block: P;
  readonly #signs: P;
  /** Two of adam, one of sgd. */
  readonly #moments: P;
  #rate: number;
  #steps = 0;
  #seen = 0;

  constructor(
    network: MLPNetwork,
    rows: Rows,
    order: Int32Array,
    values: MLPValues,
  ) {
    const { kernels, nParams } = network;
    this.#network = network;
    this.#rows = rows;
    this.#order = order;
    this.#values = values;
    this.#width = values.precision === "mixed" ? 4 : 8;
    this.#batch = Math.min(values.batchSize, order.length);
    this.#rate = values.learningRateInit;
    this.#index = kernels.alloc(order.length * 4);
    this.#block = kernels.alloc(network.sizes[0] * BLOCK * 8);
    this.#signs = kernels.alloc(BLOCK * 8);
    this.#moments = kernels.zeros(nParams * 16);
  }

  /** @returns the mean loss of the batches, each before its step. */
  async pass(random: RandomState, pacer: Pacer): Promise<number> {
    const { kernels } = this.#network, n = this.#order.length;
    if (this.#values.shuffle) {
      const old = this.#order;
      this.#order = random.choose(n, n).map((i) => old[i]);
    }
    kernels.i32(this.#index, n).set(this.#order);
    let sum = 0;
    for (let from = 0; from < n; from += this.#batch) {
      const samples = Math.min(this.#batch, n - from);
      sum += samples * this.#lossOf(from, samples);
      this.#step();
      if (pacer.due) await pacer.rest();
    }
    this.#seen += n;
    return sum / n;
  }

  /** Mean loss and penalty of a batch; leaves their gradient. */
  #lossOf(from: number, samples: number): number {
    const network = this.#network, { kernels } = network;
    network.begin(this.#width);
    for (let at = from; at < from + samples; at += BLOCK) {
      const count = Math.min(BLOCK, from + samples - at);
      this.#gather(this.#index + at * 4, count, this.#width);
      network.addBlock(this.#block, this.#signs, count, this.#width);
    }
    const shrink = this.#values.alpha / samples;
    let squares = 0;
    for (const { nIn, nOut, at } of layerSlices(network.sizes)) {
      const [G, W] = [network.gradient, network.params].map((p) => p + at * 8);
      const n = nIn * nOut;
      squares += kernels.run.scaleGradient(G, W, n, 1 / samples, shrink);
      kernels.run.scaleGradient(G + n * 8, W + n * 8, nOut, 1 / samples, 0);
    }
    return network.loss / samples + 0.5 * shrink * squares;
  }

  #gather(index: P, count: number, width: Width): void {
    const { kernels: { run }, sizes } = this.#network;
    const pack = width === 4 ? run.packBlock32 : run.packBlock64;
    pack(this.#rows.X, index, count, sizes[0], this.#block);
    const packSigns = width === 4 ? run.packSigns32 : run.packSigns64;
    packSigns(this.#rows.y, index, count, this.#signs);
  }

  #step(): void {
    const { kernels: { run }, params, gradient, nParams } = this.#network;
    const { solver, beta1, beta2, epsilon, momentum } = this.#values;
    this.#steps++;
    if (solver === "sgd") {
      const nesterov = this.#values.nesterovsMomentum ? 1 : 0;
      run.momentumStep(
        params,
        gradient,
        this.#moments,
        nParams,
        this.#rate,
        momentum,
        nesterov,
      );
      return;
    }
    const t = this.#steps;
    const rate = this.#rate * Math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t);
    run.adamStep(
      params,
      gradient,
      this.#moments,
      this.#moments + nParams * 8,
      nParams,
      rate,
      beta1,
      beta2,
      epsilon,
    );
  }

  endPass(): void {
    const { solver, learningRate, learningRateInit, powerT } = this.#values;
    if (solver !== "sgd" || learningRate !== "invscaling") return;
    this.#rate = learningRateInit / (this.#seen + 1) ** powerT;
  }

  /** Without gain an adaptive sgd goes on in shorter steps; others end. */
  givesUp(): boolean {
    const { solver, learningRate } = this.#values;
    if (solver !== "sgd" || learningRate !== "adaptive") return true;
    if (this.#rate <= LEAST_RATE) return true;
    this.#rate /= 5;
    return false;
  }

  params(): Float64Array {
    const { kernels, params, nParams } = this.#network;
    return kernels.f64(params, nParams).slice();
  }

  /** Share of these rows that the net classifies rightly. */
  accuracy(rows: Int32Array): number {
    const { kernels } = this.#network;
    kernels.i32(this.#index, rows.length).set(rows);
    let right = 0;
    for (let from = 0; from < rows.length; from += BLOCK) {
      const count = Math.min(BLOCK, rows.length - from);
      this.#gather(this.#index + from * 4, count, 8);
      const p = this.#network.forward(this.#block, count);
      const signs = kernels.f64(this.#signs, count);
      kernels.f64(p, count).forEach((v, i) => {
        if ((v > 0.5) === (signs[i] < 0)) right++;
      });
    }
    return right / rows.length;
  }
}
