const BINS = 48;

/** Check-ins in each of 48 equal parts of the window. */
export function binned(
  ts: ArrayLike<number>,
  from: number,
  to: number,
): Uint32Array {
  const counts = new Uint32Array(BINS);
  const scale = BINS / Math.max(to - from, 1e-6);
  for (let i = 0; i < ts.length; i++) {
    const bin = Math.floor((ts[i] - from) * scale);
    if (bin >= 0 && bin <= BINS) counts[Math.min(bin, BINS - 1)]++;
  }
  return counts;
}
