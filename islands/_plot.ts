import { select } from "d3-selection";
import {
  zoom,
  type ZoomBehavior,
  zoomIdentity,
  type ZoomTransform,
} from "d3-zoom";
import type { AxisScale } from "./_axis_scale.ts";
import { type Box, Brush } from "./_brush.ts";
import {
  drawAxes,
  drawCenters,
  drawRegions,
  type Layer,
  MARGIN,
} from "./_plot_layers.ts";
import { eachInView, PointLayer } from "./_plot_points.ts";
import { nearest, type Points, type View } from "./_raster.ts";
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
  readonly #points: PointLayer;
  readonly #past: ZoomTransform[] = [];
  #data: PlotData | null = null;
  #transform: ZoomTransform = zoomIdentity;
  #width = 0;
  #height = 0;
  #frame = 0;

  constructor(
    canvas: HTMLCanvasElement,
    readonly svg: SVGSVGElement,
    readonly under: SVGSVGElement,
  ) {
    this.#points = new PointLayer(canvas);
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
    this.#points.show(data);
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
    this.#points.recolour();
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
    eachInView(points, this.#inner, this.#view, (i, x, y) => {
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
    const inView = this.#points.draw(data, this.#inner, this.#view);
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
