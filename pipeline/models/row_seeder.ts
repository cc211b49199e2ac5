import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import type { Seeder } from "./kmeans_seeding.ts";

/** Rows that are looked at in one call. */
const SEED_STEP = 65_536;
/** Rows whose potential is told in one call. */
const TRIALS = 4;

/** k-means++ over rows as they are: every center tried looks at all of them. */
export class RowSeeder implements Seeder {
  readonly nSamples: number;
  protected readonly kernels: Lease;
  /** Padded rows, and the bytes of one. */
  protected readonly rows: P;
  protected readonly stride: number;
  /** Shape (nSamples,): squared distance to the nearest center so far. */
  protected readonly closest: P;
  /** One f64. */
  readonly #runningSum: P;
  /** TRIALS addresses and potentials. */
  readonly #candidates: P;
  readonly #potentials: P;

  constructor(kernels: Lease, rows: P, nSamples: number, stride: number) {
    this.kernels = kernels;
    this.rows = rows;
    this.nSamples = nSamples;
    this.stride = stride;
    this.closest = kernels.alloc(nSamples * 8);
    this.#runningSum = kernels.alloc(8);
    this.#candidates = kernels.alloc(TRIALS * 4);
    this.#potentials = kernels.alloc(TRIALS * 8);
  }

  async first(row: number, pacer: Pacer): Promise<number> {
    this.kernels.f64(this.closest, this.nSamples).fill(Infinity);
    return await this.add(row, pacer);
  }

  async add(row: number, pacer: Pacer): Promise<number> {
    let potential = 0;
    await this.inSteps(pacer, (from, rows) => {
      potential += this.kernels.run.lowerClosest(
        this.rowAt(from),
        rows,
        this.stride,
        this.rowAt(row),
        this.closest + from * 8,
      );
    });
    return potential;
  }

  async potentialsWith(
    rows: readonly number[],
    pacer: Pacer,
  ): Promise<number[]> {
    const potentials: number[] = [];
    for (let t = 0; t < rows.length; t += TRIALS) {
      const few = rows.slice(t, t + TRIALS);
      potentials.push(...await this.#potentialsWithFew(few, pacer));
    }
    return potentials;
  }

  async #potentialsWithFew(rows: readonly number[], pacer: Pacer) {
    const kernels = this.kernels;
    // Fewer rows fill the places up with their last.
    const at = Array.from(
      { length: TRIALS },
      (_, t) => this.rowAt(rows[Math.min(t, rows.length - 1)]),
    );
    kernels.i32(this.#candidates, TRIALS).set(at);
    kernels.f64(this.#potentials, TRIALS).fill(0);
    await this.inSteps(pacer, (from, rows) => {
      kernels.run.potentialsWith(
        this.rowAt(from),
        rows,
        this.stride,
        this.#candidates,
        this.closest + from * 8,
        this.#potentials,
      );
    });
    return kernels.f64(this.#potentials, rows.length).slice();
  }

  async reaching(target: number, pacer: Pacer): Promise<number> {
    this.kernels.f64(this.#runningSum, 1)[0] = 0;
    for (let from = 0; from < this.nSamples; from += SEED_STEP) {
      const rows = Math.min(SEED_STEP, this.nSamples - from);
      const at = this.kernels.run.firstReaching(
        this.closest + from * 8,
        rows,
        target,
        this.#runningSum,
      );
      if (at < rows) return from + at;
      if (pacer.due) await pacer.rest();
    }
    return this.nSamples - 1;
  }

  protected async inSteps(
    pacer: Pacer,
    step: (from: number, rows: number) => void,
  ): Promise<void> {
    for (let from = 0; from < this.nSamples; from += SEED_STEP) {
      step(from, Math.min(SEED_STEP, this.nSamples - from));
      if (pacer.due) await pacer.rest();
    }
  }

  protected rowAt(row: number): P {
    return this.rows + row * this.stride;
  }
}
