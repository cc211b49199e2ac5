import { extent } from "d3-array";
import {
  type ScaleLinear,
  scaleLinear,
  type ScaleSymLog,
  scaleSymlog,
} from "d3-scale";
import { fixed, number, short, time, zoneName } from "./_format.ts";

/** Values to [0, 1], with room at both ends. */
export type AxisScale =
  | ScaleLinear<number, number>
  | ScaleSymLog<number, number>;

/** Share of the values at each end that a far outlier may be among. */
const TAIL = 0.001;

/** Values looked at to tell where most of them lie. */
const SAMPLED = 20_000;

/**
 * Where all values lie, or, where a few far ones would leave the others no
 * room, where most of them do.
 */
export function extentOf(
  values: Float64Array,
  all: boolean,
): readonly [low: number, high: number] {
  const [low = 0, high = 1] = extent(values) as [number?, number?];
  if (all) return [low, high];
  const step = Math.max(1, Math.floor(values.length / SAMPLED));
  const sample = Float64Array.from(
    { length: Math.floor(values.length / step) },
    (_, i) => values[i * step],
  ).sort();
  const at = (share: number) =>
    sample[Math.round(share * (sample.length - 1))] ?? NaN;
  const [a, b] = [at(TAIL), at(1 - TAIL)];
  return high - low > 4 * (b - a) && b > a ? [a, b] : [low, high];
}

/** @param bounds see {@link extentOf}. */
export function axisScale(
  [low, high]: readonly [number, number],
  log: boolean,
): AxisScale {
  const room = (high - low) * 0.05 || 1;
  if (!log) return scaleLinear([low - room, high + room], [0, 1]);
  const plain = scaleSymlog([low, high], [0.04, 0.96]);
  return scaleSymlog([plain.invert(0), plain.invert(1)], [0, 1]);
}

/** At powers of ten where the scale is a log one and shows some. */
export function ticksOf(scale: AxisScale, log: boolean, count: number) {
  const [low, high] = scale.domain();
  const tens = log ? powersOfTen(low, high) : [];
  if (tens.length < 3) return scale.ticks(count);
  const every = Math.ceil(tens.length / count);
  return tens.filter((_, i) => i % every === 0);
}

function powersOfTen(low: number, high: number): number[] {
  const out: number[] = [];
  for (let e = 15; e >= 0; e--) if (-(10 ** e) >= low) out.push(-(10 ** e));
  if (low <= 0 && high >= 0) out.push(0);
  for (let e = 0; e <= 15; e++) {
    if (10 ** e >= low && 10 ** e <= high) out.push(10 ** e);
  }
  return out;
}

const SI: readonly (readonly [number, string])[] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/** Short enough for an axis: 250k, −2, 09:30. */
export function tickLabel(value: number, feature: string): string {
  if (feature === "ts") return time(value, "min").slice(-5);
  if (isAddress(feature)) return value < 0 ? "" : addressText(value);
  const size = SI.find(([n]) => Math.abs(value) >= Math.max(n, 1e4));
  return size ? short(value / size[0]) + size[1] : number(value, 4);
}

/** As exact as a reading should be. */
export function reading(value: number, feature: string): string {
  if (feature === "ts") return `${time(value)} ${zoneName()}`;
  return cell(value, feature, Number.isInteger(value) ? 0 : 3);
}

/** As a column of a table shows it; a port is a name, not a quantity. */
export function cell(value: number, feature: string, digits: number): string {
  if (feature === "ts") return time(value);
  if (isAddress(feature)) return addressText(value);
  if (/port|_p$/.test(feature)) return String(value);
  return fixed(value, digits);
}

/** Features that are addresses as numbers. */
function isAddress(feature: string): boolean {
  return feature === "src" || feature === "dst";
}

/** 32 bits as an IPv4 address is written. */
export function addressText(value: number): string {
  const bits = Math.min(2 ** 32 - 1, Math.max(0, Math.round(value)));
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256)
    .join(".");
}
