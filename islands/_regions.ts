import { Delaunay } from "d3-delaunay";

/** Corners, in the units of the axes. */
export type Polygon = readonly (readonly [x: number, y: number])[];

/**
 * The Voronoi cells of centers within bounds: every place in cell k is nearest
 * to center k, as k-means assigns it. Empty for a center that is not there.
 */
export function voronoiCells(
  centers: readonly { readonly x: number; readonly y: number }[],
  [x0, x1]: readonly [number, number],
  [y0, y1]: readonly [number, number],
): Polygon[] {
  const there = centers.flatMap(({ x, y }, k) =>
    Number.isFinite(x) && Number.isFinite(y) ? [k] : []
  );
  const delaunay = Delaunay.from(
    there,
    (k) => centers[k].x,
    (k) => centers[k].y,
  );
  const voronoi = delaunay.voronoi([x0, y0, x1, y1]);
  const cells: Polygon[] = centers.map(() => []);
  there.forEach((k, i) => cells[k] = voronoi.cellPolygon(i) ?? []);
  return cells;
}
