// Draws many points into a pixel buffer on the CPU. Pure: no DOM, no canvas,
// so that a page, a worker and a test run the same code.

/** The group of points that no cluster has. */
export const NOISE = 255;

/** Points sorted by x; both coordinates in [0, 1]; all of one length. */
export interface Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Which colour: an index of the palette. */
  readonly group: Uint8Array;
  /** Where the point stood before sorting. */
  readonly row: Uint32Array;
}

/** Screen position of a coordinate u in [0, 1]: u × scale + offset. */
export interface View {
  readonly sx: number;
  readonly ox: number;
  readonly sy: number;
  readonly oy: number;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** Up to this many points on one pixel make its colour stronger. */
const DEEPEST = 255;

export class Raster {
  /** Shape (height, width, 4); RGBA. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly #words: Uint32Array;
  readonly #count: Uint8Array;
  readonly #group: Uint8Array;
  #colours = new Uint32Array(0);

  constructor(readonly width: number, readonly height: number) {
    const buffer = new ArrayBuffer(width * height * 4);
    this.pixels = new Uint8ClampedArray(buffer);
    this.#words = new Uint32Array(buffer);
    this.#count = new Uint8Array(width * height);
    this.#group = new Uint8Array(width * height);
  }

  /** Sets the colours: pixels without a point stay transparent. */
  colours(palette: readonly Rgb[]): void {
    this.#colours = new Uint32Array(palette.length * (DEEPEST + 1));
    palette.forEach(([r, g, b], k) => {
      for (let n = 1; n <= DEEPEST; n++) {
        const alpha = Math.round(255 * (0.55 + 0.45 * Math.log2(n) / 8));
        this.#colours[k * (DEEPEST + 1) + n] =
          (alpha << 24 | b << 16 | g << 8 | r) >>> 0;
      }
    });
  }

  /** Draws the points; returns how many of them are in view. */
  draw(points: Points, view: View): number {
    const seen = this.#collect(points, view);
    const words = this.#words, count = this.#count, group = this.#group;
    for (let q = 0; q < words.length; q++) {
      words[q] = count[q] === 0
        ? 0
        : this.#colours[group[q] * (DEEPEST + 1) + count[q]];
    }
    return seen;
  }

  /** The last point on a pixel gives it its group. */
  #collect(points: Points, view: View): number {
    const { width: w, height: h } = this;
    const count = this.#count.fill(0), group = this.#group;
    const [from, to] = slice(
      points.x,
      -view.ox / view.sx,
      (w - view.ox) / view.sx,
    );
    let seen = 0;
    for (let i = from; i < to; i++) {
      const a = Math.floor(points.x[i] * view.sx + view.ox);
      const b = Math.floor(points.y[i] * view.sy + view.oy);
      if (a < 0 || b < 0 || a >= w || b >= h) continue;
      const q = b * w + a;
      if (count[q] < DEEPEST) count[q]++;
      group[q] = points.group[i];
      seen++;
    }
    return seen;
  }
}

/** The index range [from, to) of ascending xs that can lie in [low, high]. */
export function slice(
  xs: Float32Array,
  low: number,
  high: number,
): readonly [from: number, to: number] {
  const first = (value: number) => {
    let a = 0, b = xs.length;
    while (a < b) {
      const mid = (a + b) >> 1;
      if (xs[mid] < value) a = mid + 1;
      else b = mid;
    }
    return a;
  };
  // A little more than asked: a float32 may lie just above its float64.
  return [
    first(Math.min(low, high) - 1e-7),
    first(Math.max(low, high) + 1e-7),
  ];
}

/** The nearest point within `radius` pixels of a screen position, or -1. */
export function nearest(
  points: Points,
  view: View,
  px: number,
  py: number,
  radius: number,
): number {
  const at = (screen: number) => (screen - view.ox) / view.sx;
  const [from, to] = slice(points.x, at(px - radius), at(px + radius));
  let best = -1, least = radius * radius;
  for (let i = from; i < to; i++) {
    const dx = points.x[i] * view.sx + view.ox - px;
    const dy = points.y[i] * view.sy + view.oy - py;
    const distance = dx * dx + dy * dy;
    if (distance <= least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

/** Sorts by x; x and y in [0, 1], `label` a cluster, −1 for none. */
export function pointsOf(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  label: ArrayLike<number>,
): Points {
  const n = x.length;
  const row = Uint32Array.from({ length: n }, (_, i) => i)
    .sort((a, b) => x[a] - x[b]);
  return {
    row,
    x: Float32Array.from(row, (i) => x[i]),
    y: Float32Array.from(row, (i) => y[i]),
    group: Uint8Array.from(
      row,
      (i) => label[i] < 0 ? NOISE : Math.min(label[i], NOISE - 1),
    ),
  };
}
