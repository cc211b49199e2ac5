/** The matrices of tools/golden.py, to the last bit. */
import {
  type FeatureMatrix,
  featureMatrix,
} from "../../pipeline/feature_matrix.ts";

/** Numerical Recipes' generator; uniform numbers in [0, 1) of 32 bits. */
export function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const PORTS = [53, 80, 123, 443, 8080];
const CONN = [
  "ts",
  "src",
  "dst",
  "port",
  "duration",
  "orig_bytes",
  "resp_bytes",
  "constant",
];

function connRow(u: () => number): number[] {
  const port = PORTS[Math.floor(u() * 5)];
  const a = u(), b = u(), c = u();
  return [
    1.6e9 + Math.floor(u() * 86400e6) / 1e6,
    3232235520 + Math.floor(a * a * 64),
    Math.floor(b * b * b * 4294967295),
    port,
    c * c * c * c * 100,
    Math.floor(u() * 500) + 40,
    Math.floor(c * c * 1e5),
    7.5,
  ];
}

/**
 * Rows like conn's: epoch seconds with microseconds, IPv4 numbers, a constant;
 * two of three repeat one of the first twenty.
 */
export function conn(n: number, seed: number): FeatureMatrix {
  const u = lcg(seed);
  const rows: number[][] = [];
  for (let i = 0; i < n; i++) {
    rows.push(
      i < 20 || i % 3 === 0 ? connRow(u) : rows[Math.floor(u() * 20)],
    );
  }
  return featureMatrix(Float64Array.from(rows.flat()), CONN);
}

/** Sums of uniform numbers around random centers. */
export function blobs(
  n: number,
  d: number,
  centers: number,
  seed: number,
): FeatureMatrix {
  const u = lcg(seed);
  const middles = Array.from(
    { length: centers },
    () => Array.from({ length: d }, () => u() * 10),
  );
  const data = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    middles[i % centers].forEach((m, j) => {
      data[i * d + j] = m + u() + u() + u() - 1.5;
    });
  }
  return featureMatrix(data, named(d));
}

/** Two classes that no straight line parts: inside and outside a ball. */
export function ring(n: number, d: number, seed: number) {
  const u = lcg(seed);
  const data = new Float64Array(n * d).map(() => u() * 4 - 2);
  const y = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let j = 0; j < d; j++) squares += data[i * d + j] * data[i * d + j];
    y[i] = squares < d ? 1 : 0;
  }
  return { X: featureMatrix(data, named(d)), y };
}

/** Names for d features. */
export function named(d: number): string[] {
  return Array.from({ length: d }, (_, j) => `f${j}`);
}

/** One of the files beside this one. */
// deno-lint-ignore no-explicit-any
export async function golden(name: string): Promise<any> {
  const url = new URL(`${name}.json`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}
