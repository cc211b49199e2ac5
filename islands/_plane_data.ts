import { axisScale, extentOf, reading } from "./_axis_scale.ts";
import type { ClusterMeta } from "./_cluster_meta.ts";
import type { Columns } from "./_columns.ts";
import { type Axes, onItsPlane } from "./_plane_axes.tsx";
import type { PlotData } from "./_plot.ts";
import { pointsOf } from "./_raster.ts";
import { voronoiCells } from "./_regions.ts";

/** Everything the plot needs for one choice of axes, and what a reading says. */
export interface Loaded {
  readonly data: PlotData;
  /** Sessions beyond the axes. */
  readonly outside: number;
  readonly read: (row: number) => string;
}

export async function load(
  columns: Columns,
  meta: ClusterMeta,
  axes: Axes,
): Promise<Loaded> {
  const { x, y, log, all } = axes;
  const [xs, ys, labels, keys, core] = await Promise.all([
    columns.feature(x),
    columns.feature(y),
    columns.labels(),
    columns.texts("keys"),
    meta.algorithm === "dbscan" ? columns.core() : null,
  ]);
  const [xBounds, yBounds] = [extentOf(xs, all), extentOf(ys, all)];
  const across = axisScale(xBounds, log), up = axisScale(yBounds, log);
  const [xName, yName] = [meta.featureNames[x], meta.featureNames[y]];
  const centers = meta.sizes.map((_, k) => ({
    x: meta.centers[x][k] ?? NaN,
    y: meta.centers[y][k] ?? NaN,
  }));
  return {
    data: {
      points: pointsOf(xs.map(across), ys.map(up), labels),
      x: { name: xName, scale: across, log },
      y: { name: yName, scale: up, log },
      centers: centers.slice(0, meta.algorithm === "kmeans" ? undefined : 20),
      crosses: meta.algorithm === "kmeans",
      regions: onItsPlane(meta, axes)
        ? voronoiCells(centers, boundsOf(across), boundsOf(up))
        : [],
      isOutlier: meta.sizes.map((_, k) => meta.outlierClusters.includes(k)),
      core,
    },
    outside: outsideOf(xs, xBounds, ys, yBounds),
    read: (row) =>
      `${labels[row] < 0 ? "noise" : `cluster ${labels[row] + 1}`} · ` +
      `${xName} ${reading(xs[row], xName)} · ` +
      `${yName} ${reading(ys[row], yName)} · ${keys[row] ?? ""}`,
  };
}

function boundsOf(
  scale: { domain(): number[] },
): readonly [number, number] {
  const [low, high] = scale.domain();
  return [low, high];
}

function outsideOf(
  xs: Float64Array,
  [x0, x1]: readonly [number, number],
  ys: Float64Array,
  [y0, y1]: readonly [number, number],
): number {
  let outside = 0;
  for (let i = 0; i < xs.length; i++) {
    if (xs[i] < x0 || xs[i] > x1 || ys[i] < y0 || ys[i] > y1) outside++;
  }
  return outside;
}
