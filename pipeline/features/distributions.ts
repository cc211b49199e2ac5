/** Tails of distributions as log10, so that 10^-400 is still a number. */

export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, value));
}

/**
 * log10 of the standard normal distribution function; the tail by Mills'
 * ratio (Abramowitz & Stegun 26.2.12), the middle by 26.2.17 (error < 7.5e-8).
 */
export function log10NormalCdf(z: number): number {
  if (z < -5) {
    const x = -z;
    const series = 1 - 1 / x ** 2 + 3 / x ** 4 - 15 / x ** 6;
    return (-x * x / 2 - Math.log(x * Math.sqrt(2 * Math.PI)) +
      Math.log(series)) /
      Math.LN10;
  }
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.319381530 + t * (-0.356563782 +
        t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * poly;
  return Math.log10(z > 0 ? 1 - upper : upper);
}

/** log10 of P[Bin(n, q) ≥ k]; the terms are summed from k upwards. */
export function log10BinomialTail(n: number, q: number, k: number): number {
  if (k <= n * q) return 0;
  let log = logChoose(n, k) + k * Math.log(q) + (n - k) * Math.log1p(-q);
  let term = 1, total = 1;
  for (let i = k; i < n && term > 1e-12 * total; i++) {
    term *= (n - i) / (i + 1) * q / (1 - q);
    total += term;
  }
  log += Math.log(total);
  return Math.min(0, log / Math.LN10);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** Lanczos' approximation, g = 5 (Numerical Recipes 6.1); error < 2e-10. */
function logGamma(x: number): number {
  const c = [
    76.18009172947146,
    -86.50532032941677,
    24.01409824083091,
    -1.231739572450155,
    0.001208650973866179,
    -0.000005395239384953,
  ];
  const t = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  let series = 1.000000000190015;
  for (let j = 0; j < 6; j++) series += c[j] / (x + 1 + j);
  return -t + Math.log(2.5066282746310005 * series / x);
}

/**
 * log10 of P[χ² ≤ x] with `df` degrees of freedom: the series of the lower
 * incomplete gamma function (Abramowitz & Stegun 6.5.29), which converges fast
 * below the mean; above it the answer is near 1 and Wilson & Hilferty's cube
 * root is used.
 */
export function log10ChiSquareCdf(x: number, df: number): number {
  if (!(x > 0)) return -Infinity;
  const a = df / 2, y = x / 2;
  if (y > a) {
    const z = (Math.cbrt(x / df) - (1 - 2 / (9 * df))) /
      Math.sqrt(2 / (9 * df));
    return log10NormalCdf(z);
  }
  let term = 1, total = 1;
  for (let k = 1; term > 1e-12 * total && k < 100_000; k++) {
    term *= y / (a + k);
    total += term;
  }
  return Math.min(
    0,
    (a * Math.log(y) - y - logGamma(a + 1) + Math.log(total)) / Math.LN10,
  );
}
