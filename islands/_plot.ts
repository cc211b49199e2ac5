import { select } from "d3-selection";
import {
  zoom,
  type ZoomBehavior,
  zoomIdentity,
  type ZoomTransform,
} from "d3-zoom";
import type { AxisScale } from "./_axis_scale.ts";
import { type Box, Brush } from "./_brush.ts";
import { colourOf, paletteOf, parseRgb } from "./_palette.ts";
import {
  drawAxes,
  drawCenters,
  drawRegions,
  type Layer,
  MARGIN,
} from "./_plot_layers.ts";
import {
  nearest,
  NOISE,
  type Points,
  Raster,
  type Rgb,
  type View,
} from "./_raster.ts";
import type { Polygon } from "./_regions.ts";

/** What the plot shows. */
export interface PlotData {
  readonly points: Points;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly centers: readonly Center[];
  /** Whether the centers are centroids, which a cross marks. */
  readonly crosses: boolean;
  /** k-means' cells in the units of the axes; none on other axes. */
  readonly regions: readonly Polygon[];
  /** By cluster: true where its points are drawn as rings. */
  readonly isOutlier: readonly boolean[];
  /** By row: 0 is a border or noise sample of DBSCAN; null for k-means. */
  readonly core: Uint8Array | null;
}

export interface PlotAxis {
  readonly name: string;
  readonly scale: AxisScale;
  readonly log: boolean;
}

/** A cluster's center in plain units. */
export interface Center {
  readonly x: number;
  readonly y: number;
}

/** More points than this are drawn as a density raster. */
export const RASTER_FROM = 20_000;

/** Pixels around the pointer within which a point is read out. */
const REACH = 20;

/** Zooms that can be taken back. */
const UNDO = 50;

/**
 * The cluster plane: regions in an SVG, points on a canvas above it, axes and
 * centers in an SVG over both. `show` gives it data, `resize` its width; it
 * draws at most once a frame.
 */
export class Plot {
  /** Called with the row of the point under the pointer, or -1. */
  onNear: (row: number) => void = () => {};
  /** Called after each drawing with the number of points in view. */
  onDraw: (inView: number) => void = () => {};

  /** Called with the rows in a box that was taken; null when it is gone. */
  onSelect: (rows: Uint32Array | null) => void = () => {};
  /** Called with the row that was clicked. */
  onOpen: (row: number) => void = () => {};

  readonly brush: Brush;
  readonly #zoom: ZoomBehavior<SVGSVGElement, unknown>;
  readonly #over: Layer;
  readonly #under: Layer;
  readonly #past: ZoomTransform[] = [];
  #data: PlotData | null = null;
  #transform: ZoomTransform = zoomIdentity;
  #palette: readonly Rgb[] = [];
  #ink = "";
  #raster: Raster | null = null;
  #width = 0;
  #height = 0;
  #frame = 0;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly svg: SVGSVGElement,
    readonly under: SVGSVGElement,
  ) {
    this.#over = select(svg).append("g");
    this.#under = select(under).append("g");
    this.brush = new Brush(svg, () => ({ ...this.#inner, ...MARGIN }));
    this.brush.onTake = (box) =>
      this.onSelect(box && this.#data ? this.#rowsIn(this.#data, box) : null);
    this.brush.onClick = (x, y) => {
      const i = this.#nearestTo(x, y);
      if (i >= 0) this.onOpen(this.#data!.points.row[i]);
    };
    this.#zoom = zoom<SVGSVGElement, unknown>()
      .scaleExtent([1, 2000])
      .filter(isZoom)
      .on("start", () => this.#remember())
      .on("zoom", (event) => {
        this.#transform = event.transform;
        this.brush.forget();
        this.#later();
      });
    select(svg).call(this.#zoom).on("dblclick.zoom", null);
    svg.addEventListener("pointermove", this.#point);
    svg.addEventListener("pointerleave", () => this.#near(-1));
  }

  show(data: PlotData): void {
    this.#data = data;
    this.#near(-1);
    this.brush.clear();
    this.reset();
    this.#past.length = 0;
    this.recolour();
  }

  resize(width: number): void {
    const height = Math.round(Math.min(760, Math.max(320, width * 0.8)));
    if (width === this.#width || width <= 0) return;
    this.#width = width;
    this.#height = height;
    for (
      const [name, value] of [["width", width], ["height", height]] as const
    ) {
      this.svg.setAttribute(name, String(value));
    }
    const { w, h } = this.#inner;

    this.#zoom.extent([[0, 0], [w, h]]).translateExtent([[0, 0], [w, h]]);
    this.reset();
  }

  /** Reads the colours of the theme again. */
  recolour(): void {
    const parent = this.canvas.parentElement!;
    this.#palette = paletteOf(parent);
    this.#ink = getComputedStyle(parent).color;
    this.#raster = null;
    this.#later();
  }

  zoomBy(factor: number): void {
    this.#zoom.scaleBy(select(this.svg), factor);
  }

  /** Moves what is shown, in pixels. */
  panBy(dx: number, dy: number): void {
    const k = this.#transform.k;
    this.#zoom.translateBy(select(this.svg), dx / k, dy / k);
  }

  reset(): void {
    this.#zoom.transform(select(this.svg), zoomIdentity);
    this.#later();
  }

  /** Takes the last zoom or move back. */
  undo(): void {
    const before = this.#past.pop();
    if (!before) return;
    this.#zoom.transform(select(this.svg), before);
    this.#past.pop();
    this.#later();
  }

  /** Shows what the box holds. */
  zoomToBox(): void {
    const { box } = this.brush;
    if (!box) return;
    const { w, h } = this.#inner, { k, x, y } = this.#transform;
    const factor = Math.min(w / (box.x1 - box.x0), h / (box.y1 - box.y0));
    const scale = Math.min(2000, k * factor);
    const [cx, cy] = [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2];
    const at = zoomIdentity
      .translate(w / 2 - (cx - x) / k * scale, h / 2 - (cy - y) / k * scale)
      .scale(scale);
    this.#zoom.transform(select(this.svg), at);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.onNear =
      this.onDraw =
      this.onSelect =
      this.onOpen =
        () => {};
  }

  get #inner(): { w: number; h: number } {
    return {
      w: Math.max(1, this.#width - MARGIN.left - MARGIN.right),
      h: Math.max(1, this.#height - MARGIN.top - MARGIN.bottom),
    };
  }

  /** In pixels of the inner area; y grows upwards in data. */
  get #view(): View {
    const { w, h } = this.#inner, { k, x, y } = this.#transform;
    return { sx: w * k, ox: x, sy: -h * k, oy: h * k + y };
  }

  #remember(): void {
    const { k, x, y } = this.#transform;
    const last = this.#past.at(-1);
    if (last && last.k === k && last.x === x && last.y === y) return;
    this.#past.push(this.#transform);
    if (this.#past.length > UNDO) this.#past.shift();
  }

  /** In the order of the points. */
  #rowsIn({ points }: PlotData, { x0, y0, x1, y1 }: Box): Uint32Array {
    const rows: number[] = [];
    this.#eachInView(points, (i, x, y) => {
      if (x >= x0 && x <= x1 && y >= y0 && y <= y1) rows.push(points.row[i]);
    });
    return Uint32Array.from(rows);
  }

  #nearestTo(x: number, y: number): number {
    return this.#data
      ? nearest(this.#data.points, this.#view, x, y, REACH)
      : -1;
  }

  #later(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#data && this.#width > 0) this.#draw(this.#data);
    });
  }

  #draw(data: PlotData): void {
    const inView = this.#drawPoints(data);
    const frame = {
      ...this.#inner,
      transform: this.#transform,
      view: this.#view,
    };
    for (const layer of [this.#over, this.#under]) {
      layer.selectAll("*").remove();
    }
    drawRegions(this.#under, data, frame);
    drawAxes(this.#over, data, frame);
    drawCenters(this.#over, data, frame);
    this.onDraw(inView);
  }

  #drawPoints(data: PlotData): number {
    const { w, h } = this.#inner;
    const ratio = Math.min(2, devicePixelRatio || 1);
    const context = sized(this.canvas, w, h, ratio);
    const many = data.points.x.length > RASTER_FROM;
    if (many) this.#drawRaster(context, data.points, w, h, ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const rings = new Path2D(), crosses = new Path2D();
    let inView = 0;
    this.#eachInView(data.points, (i, x, y) => {
      inView++;
      const k = data.points.group[i];
      if (k === NOISE) {
        if (inView <= RASTER_FROM) cross(crosses, x, y);
      } else if (data.isOutlier[k]) ring(rings, x, y);
      else if (!many && data.core?.[data.points.row[i]] === 0) {
        context.strokeStyle = this.#css(k);
        context.strokeRect(x - 2, y - 2, 4, 4);
      }
      if (many || k === NOISE || data.core?.[data.points.row[i]] === 0) return;
      context.fillStyle = this.#css(k);
      context.globalAlpha = data.isOutlier[k] ? 1 : 0.6;
      context.fillRect(x - 1.5, y - 1.5, 3, 3);
      context.globalAlpha = 1;
    });
    context.strokeStyle = this.#ink;
    context.stroke(rings);
    context.stroke(crosses);
    return inView;
  }

  #drawRaster(
    context: CanvasRenderingContext2D,
    points: Points,
    w: number,
    h: number,
    ratio: number,
  ): void {
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
    const v = this.#view;
    this.#raster.draw(points, {
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
  }

  #eachInView(
    points: Points,
    visit: (i: number, x: number, y: number) => void,
  ): void {
    const { w, h } = this.#inner, v = this.#view;
    for (let i = 0; i < points.x.length; i++) {
      const x = points.x[i] * v.sx + v.ox, y = points.y[i] * v.sy + v.oy;
      if (x >= 0 && y >= 0 && x <= w && y <= h) visit(i, x, y);
    }
  }

  #css(k: number): string {
    return `rgb(${this.#palette[colourOf(k)].join(" ")})`;
  }

  readonly #point = (event: PointerEvent): void => {
    if (!this.#data || this.brush.active) return;
    const box = this.svg.getBoundingClientRect();
    const px = event.clientX - box.left - MARGIN.left;
    const py = event.clientY - box.top - MARGIN.top;
    this.#near(this.#nearestTo(px, py));
  };

  /** Marks point i and tells its row. */
  #near(i: number): void {
    select(this.svg).selectAll(".near").remove();
    const points = this.#data?.points;
    if (i < 0 || !points) return this.onNear(-1);
    const v = this.#view;
    select(this.svg).append("circle").attr("class", "near al").attr("r", 6)
      .attr("cx", points.x[i] * v.sx + v.ox + MARGIN.left)
      .attr("cy", points.y[i] * v.sy + v.oy + MARGIN.top);
    this.onNear(points.row[i]);
  }
}

/**
 * Ctrl + wheel, Shift + dragging and two fingers: the plain wheel scrolls the
 * page, and plain dragging selects.
 */
function isZoom(event: Event): boolean {
  if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
  if (event.type === "touchstart") {
    return (event as TouchEvent).touches.length > 1;
  }
  const { button, shiftKey } = event as MouseEvent;
  return button === 0 && shiftKey;
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
