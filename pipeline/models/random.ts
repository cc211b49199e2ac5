/**
 * Random numbers as numpy's `RandomState(seed)` draws them, so that a seed
 * means here what it means to scikit-learn. MT19937: Matsumoto & Nishimura,
 * "Mersenne Twister", 1998.
 *
 * ```ts
 * import { RandomState } from "./random.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(new RandomState(1).random(), 0.417022004702574);
 * ```
 */
export class RandomState {
  readonly #state = new Uint32Array(N);
  #at = N;

  /** @param seed an integer in [0, 2³²). */
  constructor(seed: number) {
    this.#state[0] = seed;
    for (let i = 1; i < N; i++) {
      const last = this.#state[i - 1];
      this.#state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
    }
  }

  /** 32 random bits. */
  uint32(): number {
    if (this.#at === N) this.#twist();
    let y = this.#state[this.#at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Uniform in [0, 1), 53 bits. */
  random(): number {
    const high = this.uint32() >>> 5, low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** `length` numbers uniform in [low, high). */
  uniform(low: number, high: number, length: number): Float64Array {
    const range = high - low;
    return Float64Array.from({ length }, () => low + range * this.random());
  }

  /** An integer in [0, below), for below ≤ 2³². */
  randint(below: number): number {
    const most = below - 1;
    if (most === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(most);
    for (;;) {
      const value = (this.uint32() & mask) >>> 0;
      if (value <= most) return value;
    }
  }

  /**
   * `count` different integers in [0, below) in random order: the head of
   * `permutation(below)`.
   */
  choose(count: number, below: number): Int32Array {
    const all = new Int32Array(below);
    for (let i = 0; i < below; i++) all[i] = i;
    for (let i = below - 1; i > 0; i--) {
      const j = this.randint(i + 1), t = all[i];
      all[i] = all[j];
      all[j] = t;
    }
    return all.slice(0, count);
  }

  #twist(): void {
    const s = this.#state;
    for (let i = 0; i < N; i++) {
      const next = s[i + 1 < N ? i + 1 : 0];
      const y = (s[i] & 0x80000000) | (next & 0x7fffffff);
      const far = s[i + M < N ? i + M : i + M - N];
      s[i] = far ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}

const N = 624;
const M = 397;
