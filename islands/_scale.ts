import { bin, ticks } from "d3-array";
import { scaleLinear } from "d3-scale";

export interface Linear {
  (value: number): number;
  /** About `count` round values of the domain. */
  readonly ticks: (count: number) => number[];
}

/** Maps a domain to a range, for charts that the server draws. */
export function linear(
  domain: readonly [number, number],
  range: readonly [number, number],
): Linear {
  const scale = scaleLinear(domain, range);
  return Object.assign((value: number) => scale(value), {
    ticks: (count: number) => scale.ticks(count),
  });
}

/** About `count` round values in [from, to]. */
export function roundTicks(from: number, to: number, count: number): number[] {
  return ticks(from, to, count);
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** About `count` bins with round bounds; values outside are left out. */
export function bins(
  values: Float64Array,
  [from, to]: readonly [number, number],
  count: number,
): Bin[] {
  const made = bin().domain([from, to]).thresholds(count)(Array.from(values));
  return made.map((b) => ({ from: b.x0!, to: b.x1!, count: b.length }));
}
