import { colourOf, paletteOf, parseRgb } from "./_palette.ts";
import type { PlotData } from "./_plot.ts";
import { NOISE, type Points, Raster, type Rgb, type View } from "./_raster.ts";

/** More points than this are drawn as a density raster. */
export const RASTER_FROM = 20_000;

/** The inner area of a plot, in pixels. */
export interface Size {
  readonly w: number;
  readonly h: number;
}

/** The points of a plot, on a canvas: one by one, or as a density raster. */
export class PointLayer {
  #marked: Uint32Array = new Uint32Array(0);
  #palette: readonly Rgb[] = [];
  #ink = "";
  #raster: Raster | null = null;

  constructor(readonly canvas: HTMLCanvasElement) {}

  show(data: PlotData): void {
    this.#marked = markedIn(data);
  }

  /** Reads the colours of the theme again. */
  recolour(): void {
    const parent = this.canvas.parentElement!;
    this.#palette = paletteOf(parent);
    this.#ink = getComputedStyle(parent).color;
    this.#raster = null;
  }

  /** @returns how many points are in view. */
  draw(data: PlotData, { w, h }: Size, view: View): number {
    const ratio = Math.min(2, devicePixelRatio || 1);
    const context = sized(this.canvas, w, h, ratio);
    const many = data.points.x.length > RASTER_FROM;
    const inRaster = many
      ? this.#drawRaster(context, data.points, { w, h }, view, ratio)
      : 0;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const inView = many
      ? inRaster
      : this.#drawDots(context, data, { w, h }, view);
    this.#drawMarks(context, data, { w, h }, view);
    return inView;
  }

  /** Each point by itself: dots, and squares for the border of a cluster. */
  #drawDots(
    context: CanvasRenderingContext2D,
    data: PlotData,
    size: Size,
    view: View,
  ): number {
    const { points, core, isOutlier } = data;
    let inView = 0;
    eachInView(points, size, view, (i, x, y) => {
      inView++;
      const k = points.group[i];
      if (k === NOISE) return;
      if (core?.[points.row[i]] === 0) {
        context.strokeStyle = this.#css(k);
        context.strokeRect(x - 2, y - 2, 4, 4);
        return;
      }
      context.fillStyle = this.#css(k);
      context.globalAlpha = isOutlier[k] ? 1 : 0.6;
      context.fillRect(x - 1.5, y - 1.5, 3, 3);
      context.globalAlpha = 1;
    });
    return inView;
  }

  /** Rings around outliers and crosses for noise, over dots and density. */
  #drawMarks(
    context: CanvasRenderingContext2D,
    { points }: PlotData,
    { w, h }: Size,
    v: View,
  ): void {
    const path = new Path2D();
    for (const i of this.#marked) {
      const x = points.x[i] * v.sx + v.ox, y = points.y[i] * v.sy + v.oy;
      if (!(x >= 0 && y >= 0 && x <= w && y <= h)) continue;
      if (points.group[i] === NOISE) cross(path, x, y);
      else ring(path, x, y);
    }
    context.strokeStyle = this.#ink;
    context.stroke(path);
  }

  #drawRaster(
    context: CanvasRenderingContext2D,
    points: Points,
    { w, h }: Size,
    v: View,
    ratio: number,
  ): number {
    const width = Math.round(w * ratio), height = Math.round(h * ratio);
    if (this.#raster?.width !== width || this.#raster.height !== height) {
      this.#raster = new Raster(width, height);
      this.#raster.colours(
        Array.from(
          { length: NOISE + 1 },
          (_, k) =>
            k === NOISE ? parseRgb(this.#ink) : this.#palette[colourOf(k)],
        ),
      );
    }
    const inView = this.#raster.draw(points, {
      sx: v.sx * ratio,
      ox: v.ox * ratio,
      sy: v.sy * ratio,
      oy: v.oy * ratio,
    });
    context.putImageData(
      new ImageData(this.#raster.pixels, width, height),
      0,
      0,
    );
    return inView;
  }

  #css(k: number): string {
    return `rgb(${this.#palette[colourOf(k)].join(" ")})`;
  }
}

/** Calls back with each point in view and where it is, in pixels. */
export function eachInView(
  points: Points,
  { w, h }: Size,
  v: View,
  visit: (i: number, x: number, y: number) => void,
): void {
  for (let i = 0; i < points.x.length; i++) {
    const x = points.x[i] * v.sx + v.ox, y = points.y[i] * v.sy + v.oy;
    if (x >= 0 && y >= 0 && x <= w && y <= h) visit(i, x, y);
  }
}

/** Points that get a ring or a cross, at most as many as one can tell apart. */
function markedIn({ points, isOutlier }: PlotData): Uint32Array {
  const marked: number[] = [];
  points.group.forEach((k, i) => {
    if (k === NOISE || isOutlier[k]) marked.push(i);
  });
  const step = Math.ceil(marked.length / RASTER_FROM) || 1;
  return Uint32Array.from(marked.filter((_, i) => i % step === 0));
}

function sized(
  canvas: HTMLCanvasElement,
  w: number,
  h: number,
  ratio: number,
): CanvasRenderingContext2D {
  canvas.width = Math.round(w * ratio);
  canvas.height = Math.round(h * ratio);
  return canvas.getContext("2d")!;
}

function ring(path: Path2D, x: number, y: number): void {
  path.moveTo(x + 3.5, y);
  path.arc(x, y, 3.5, 0, 2 * Math.PI);
}

function cross(path: Path2D, x: number, y: number): void {
  path.moveTo(x - 2, y - 2);
  path.lineTo(x + 2, y + 2);
  path.moveTo(x + 2, y - 2);
  path.lineTo(x - 2, y + 2);
}
