import { axisBottom, axisLeft } from "d3-axis";
import { select, type Selection } from "d3-selection";
import {
  zoom,
  type ZoomBehavior,
  zoomIdentity,
  type ZoomTransform,
} from "d3-zoom";
import { type AxisScale, tickLabel, ticksOf } from "./_axis_scale.ts";
import { colourOf, paletteOf } from "./_palette.ts";
import {
  nearest,
  type Points,
  Raster,
  type Rgb,
  type View,
} from "./_raster.ts";

/** What the plot shows. */
export interface PlotData {
  readonly points: Points;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly centers: readonly Center[];
  /** By cluster: true where its points are drawn as rings. */
  readonly isOutlier: readonly boolean[];
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

const MARGIN = { top: 10, right: 10, bottom: 38, left: 48 };

/**
 * The cluster plane: points on a canvas, axes and centers in an SVG above it.
 * `show` gives it data, `resize` its width; it draws at most once a frame.
 */
export class Plot {
  /** Called with the row of the point under the pointer, or -1. */
  onNear: (row: number) => void = () => {};
  /** Called after each drawing with the number of points in view. */
  onDraw: (inView: number) => void = () => {};

  readonly #zoom: ZoomBehavior<SVGSVGElement, unknown>;
  readonly #axes: Selection<SVGGElement, unknown, null, undefined>;
  #data: PlotData | null = null;
  #transform: ZoomTransform = zoomIdentity;
  #palette: readonly Rgb[] = [];
  #ink = "";
  #raster: Raster | null = null;
  #width = 0;
  #height = 0;
  #frame = 0;

  constructor(readonly canvas: HTMLCanvasElement, readonly svg: SVGSVGElement) {
    this.#axes = select(svg).append("g");
    this.#zoom = zoom<SVGSVGElement, unknown>()
      .scaleExtent([1, 2000])
      .filter(isZoom)
      .on("zoom", (event) => {
        this.#transform = event.transform;
        this.#later();
      });
    select(svg).call(this.#zoom).on("dblclick.zoom", null);
    svg.addEventListener("pointermove", this.#point);
    svg.addEventListener("pointerleave", () => this.#near(-1));
  }

  show(data: PlotData): void {
    this.#data = data;
    this.#near(-1);
    this.reset();
    this.recolour();
  }

  resize(width: number): void {
    const height = Math.round(Math.min(620, Math.max(320, width * 0.62)));
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

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.onNear = this.onDraw = () => {};
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

  #later(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#data && this.#width > 0) this.#draw(this.#data);
    });
  }

  #draw(data: PlotData): void {
    const inView = this.#drawPoints(data);
    this.#axes.selectAll("*").remove();
    this.#drawAxes(data);
    this.#drawCenters(data);
    this.onDraw(inView);
  }

  #drawPoints(data: PlotData): number {
    const { w, h } = this.#inner;
    const ratio = Math.min(2, devicePixelRatio || 1);
    const context = sized(this.canvas, w, h, ratio);
    let inView = 0;
    const many = data.points.x.length > RASTER_FROM;
    if (many) inView = this.#drawRaster(context, data.points, w, h, ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const rings = new Path2D();
    this.#eachInView(data.points, (i, x, y) => {
      const k = data.points.group[i];
      if (data.isOutlier[k]) ring(rings, x, y);
      if (many) return;
      inView++;
      context.fillStyle = this.#css(k);
      context.globalAlpha = data.isOutlier[k] ? 1 : 0.6;
      context.fillRect(x - 1.5, y - 1.5, 3, 3);
    });
    context.globalAlpha = 1;
    context.strokeStyle = this.#ink;
    context.stroke(rings);
    return inView;
  }

  #drawRaster(
    context: CanvasRenderingContext2D,
    points: Points,
    w: number,
    h: number,
    ratio: number,
  ): number {
    const width = Math.round(w * ratio), height = Math.round(h * ratio);
    if (this.#raster?.width !== width || this.#raster.height !== height) {
      this.#raster = new Raster(width, height);
      this.#raster.colours(
        Array.from({ length: 256 }, (_, k) => this.#palette[colourOf(k)]),
      );
    }
    const v = this.#view;
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

  #drawAxes({ x, y }: PlotData): void {
    const { w, h } = this.#inner, t = this.#transform;
    const across = t.rescaleX(x.scale.copy().range([0, w]) as AxisScale);
    const up = t.rescaleY(y.scale.copy().range([h, 0]) as AxisScale);
    const g = this.#axes;
    const { left, top } = MARGIN;
    g.append("rect").attr("class", "ax").attr("x", left).attr("y", top)
      .attr("width", w).attr("height", h);
    g.append("g").attr("class", "axis")
      .attr("transform", `translate(${left},${top + h})`)
      .call(
        axisBottom<number>(across)
          .tickValues(ticksOf(across, x.log, w < 420 ? 4 : 8))
          .tickFormat((v) => tickLabel(v, x.name)),
      );
    g.append("g").attr("class", "axis")
      .attr("transform", `translate(${left},${top})`)
      .call(
        axisLeft<number>(up).tickValues(ticksOf(up, y.log, 6))
          .tickFormat((v) => tickLabel(v, y.name)),
      );
    g.append("text").attr("x", left + w).attr("y", top + h + 34)
      .attr("text-anchor", "end").text(titleOf(x));
    g.append("text").attr("x", left + 6).attr("y", top + 14)
      .attr("class", "halo").text(titleOf(y));
  }

  #drawCenters({ centers, x, y }: PlotData): void {
    const { w, h } = this.#inner, v = this.#view;
    centers.forEach((center, k) => {
      const px = x.scale(center.x) * v.sx + v.ox;
      const py = y.scale(center.y) * v.sy + v.oy;
      if (!(px >= 0 && py >= 0 && px <= w && py <= h)) return;
      const g = this.#axes.append("g").attr(
        "transform",
        `translate(${px + MARGIN.left},${py + MARGIN.top})`,
      );
      g.append("path").attr("class", "cross halo0").attr(
        "d",
        "M-5 0h10M0-5v10",
      );
      g.append("path").attr("class", "cross").attr("d", "M-5 0h10M0-5v10");
      g.append("text").attr("class", "b halo").attr("x", 7).attr("y", -5)
        .text(k + 1);
    });
  }

  readonly #point = (event: PointerEvent): void => {
    if (!this.#data) return;
    const box = this.svg.getBoundingClientRect();
    const px = event.clientX - box.left - MARGIN.left;
    const py = event.clientY - box.top - MARGIN.top;
    this.#near(nearest(this.#data.points, this.#view, px, py, REACH));
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

/** Only Ctrl + wheel and dragging: the plain wheel scrolls the page. */
function isZoom(event: Event): boolean {
  if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
  if (event.type === "touchstart") {
    return (event as TouchEvent).touches.length > 1;
  }
  return (event as MouseEvent).button === 0;
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

function titleOf(axis: PlotAxis): string {
  return axis.name + (axis.log ? ", log" : "");
}
