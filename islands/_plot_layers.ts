// What lies under and over the points of a plot, as SVG.
import { axisBottom, axisLeft } from "d3-axis";
import type { Selection } from "d3-selection";
import type { ZoomTransform } from "d3-zoom";
import { type AxisScale, tickLabel, ticksOf } from "./_axis_scale.ts";
import { colourClass } from "./_palette.ts";
import type { PlotAxis, PlotData } from "./_plot.ts";
import type { View } from "./_raster.ts";

export const MARGIN = { top: 10, right: 10, bottom: 38, left: 52 };

/** The part of an SVG that a layer draws into. */
export type Layer = Selection<SVGGElement, unknown, null, undefined>;

interface Frame {
  readonly w: number;
  readonly h: number;
  readonly transform: ZoomTransform;
  readonly view: View;
}

export function drawAxes(
  layer: Layer,
  { x, y }: PlotData,
  { w, h, transform }: Frame,
): void {
  const across = transform.rescaleX(x.scale.copy().range([0, w]) as AxisScale);
  const up = transform.rescaleY(y.scale.copy().range([h, 0]) as AxisScale);
  const { left, top } = MARGIN;
  layer.append("rect").attr("class", "ax").attr("x", left).attr("y", top)
    .attr("width", w).attr("height", h);
  layer.append("g").attr("class", "axis")
    .attr("transform", `translate(${left},${top + h})`)
    .call(
      axisBottom<number>(across)
        .tickValues(ticksOf(across, x.log, ticksAcross(w, x)))
        .tickFormat((v) => tickLabel(v, x.name)),
    );
  layer.append("g").attr("class", "axis")
    .attr("transform", `translate(${left},${top})`)
    .call(
      axisLeft<number>(up).tickValues(ticksOf(up, y.log, 6))
        .tickFormat((v) => tickLabel(v, y.name)),
    );
  layer.append("text").attr("x", left + w).attr("y", top + h + 34)
    .attr("text-anchor", "end").text(titleOf(x));
  layer.append("text").attr("x", left + 6).attr("y", top + 14)
    .attr("class", "halo").text(titleOf(y));
}

/** Addresses are wider than numbers. */
function ticksAcross(w: number, { name }: PlotAxis): number {
  const each = /^(src|dst)$/.test(name) ? 110 : 70;
  return Math.max(2, Math.floor(w / each));
}

function titleOf(axis: PlotAxis): string {
  return axis.name + (axis.log ? ", log" : "");
}

/** A cross and a numbered badge where each cluster has its center. */
export function drawCenters(layer: Layer, data: PlotData, frame: Frame): void {
  const { w, h, view: v } = frame;
  data.centers.forEach((center, k) => {
    const px = data.x.scale(center.x) * v.sx + v.ox;
    const py = data.y.scale(center.y) * v.sy + v.oy;
    if (!(px >= 0 && py >= 0 && px <= w && py <= h)) return;
    const g = layer.append("g").attr(
      "transform",
      `translate(${px + MARGIN.left},${py + MARGIN.top})`,
    );
    if (data.crosses) {
      for (const name of ["cross halo0", "cross"]) {
        g.append("path").attr("class", name).attr("d", "M-5 0h10M0-5v10");
      }
    }
    const text = String(k + 1);
    g.append("rect").attr("class", "badge").attr("x", 5).attr("y", -17)
      .attr("width", 8 + 6 * text.length).attr("height", 14).attr("rx", 7);
    g.append("text").attr("class", "b").attr("x", 9 + 3 * text.length)
      .attr("y", -6.5).attr("text-anchor", "middle").text(text);
  });
}

/**
 * The cells of k-means: what lies in one is nearest to its centroid. The layer
 * is as large as the inner area, which cuts them off.
 */
export function drawRegions(layer: Layer, data: PlotData, frame: Frame): void {
  const { view: v } = frame;
  data.regions.forEach((polygon, k) => {
    if (polygon.length === 0) return;
    const path = polygon.map(([x, y]) => {
      const px = data.x.scale(x) * v.sx + v.ox;
      const py = data.y.scale(y) * v.sy + v.oy;
      return `${px.toFixed(1)},${py.toFixed(1)}`;
    }).join("L");
    layer.append("path").attr("class", `region ${colourClass(k)}`)
      .attr("d", `M${path}Z`);
  });
}
