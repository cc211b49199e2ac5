import { clamp } from "../features/distributions.ts";

/**
 * How far a rhythm counts: shut where one in ten findings would be chance, open
 * at one in a hundred.
 *
 * @param log10q log10 of the false discovery rate.
 * @returns in [0, 1].
 */
export function gateOf(log10q: number): number {
  return clamp(-log10q - 1);
}
