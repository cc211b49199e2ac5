import { eachChunk } from "../features/column.ts";
import type { Flows } from "../features/flows.ts";

/** A stretch of one of the {@link Background.lots}. */
export interface Stretch {
  readonly lot: 0 | 1;
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/**
 * When connections began that are no part of a rhythm: those of each source,
 * and those of all. In shared memory, 8 B per connection each.
 */
export class Background {
  /** Epoch seconds: by source and ascending within each; all, ascending. */
  readonly #own: Float64Array;
  #all: Float64Array | null = null;
  /** By source: where its times begin and end. */
  readonly #ends = new Map<number, readonly [from: number, to: number]>();

  /** @param regular by flow: 1 where it is part of a rhythm. */
  constructor(flows: Flows, regular: Uint8Array) {
    const counts = new Uint32Array(flows.addresses.values.length + 1);
    eachChunk([flows.src], ([src], from, n) => {
      for (let i = 0; i < n; i++) {
        if (regular[from + i] === 0) counts[src[i] + 1]++;
      }
    });
    const next = new Uint32Array(counts.length);
    let length = 0;
    for (let src = 0; src < counts.length; src++) {
      next[src] = length;
      if (counts[src] > 0) {
        this.#ends.set(src - 1, [length, length + counts[src]]);
      }
      length += counts[src];
    }
    this.#own = sharedFloats(length);
    const own = this.#own;
    eachChunk([flows.src, flows.ts], ([src, ts], from, n) => {
      for (let i = 0; i < n; i++) {
        if (regular[from + i] === 0) own[next[src[i] + 1]++] = ts[i];
      }
    });
    for (const [from, to] of this.#ends.values()) {
      this.#own.subarray(from, to).sort();
    }
  }

  get lots(): [Float64Array, Float64Array] {
    return [this.#own, this.#all ?? sharedFloats(0)];
  }

  times({ lot, from, to }: Stretch): Float64Array {
    return this.lots[lot].subarray(from, to);
  }

  /** Times of a source, from ≤ ts ≤ to. */
  ofSource(src: number, from: number, to: number): Stretch {
    const [begin, end] = this.#ends.get(src) ?? [0, 0];
    const own = this.#own.subarray(begin, end);
    return {
      lot: 0,
      from: begin + lowerBound(own, from),
      to: begin + upperBound(own, to),
    };
  }

  /** Times of all sources, from ≤ ts ≤ to. */
  ofAll(from: number, to: number): Stretch {
    if (this.#all === null) {
      this.#all = sharedFloats(this.#own.length);
      this.#all.set(this.#own);
      this.#all.sort();
    }
    const [all, lot] = [this.#all, 1 as const];
    return { lot, from: lowerBound(all, from), to: upperBound(all, to) };
  }
}

export function sharedFloats(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

/** How many of the ascending values are ≤ `limit`. */
export function upperBound(values: Float64Array, limit: number): number {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending values are < `limit`. */
function lowerBound(values: Float64Array, limit: number): number {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
