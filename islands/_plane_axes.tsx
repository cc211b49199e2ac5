// The axes of the cluster plot: which they are, and what is said of them.
import type { ClusterMeta } from "./_cluster_meta.ts";
import { number } from "./_format.ts";
import { RASTER_FROM } from "./_plot_points.ts";

/** Features by their place in `featureNames`. */
export interface Axes {
  readonly x: number;
  readonly y: number;
  readonly log: boolean;
  /** Also the few far points that leave the others no room. */
  readonly all: boolean;
}

export function titleOf(meta: ClusterMeta, { x, y }: Axes): string {
  if (x === 0 && y === 1 && hasPlane(meta)) return "PCA plane";
  return `${meta.featureNames[y]} against ${meta.featureNames[x]}`;
}

export function legendOf(meta: ClusterMeta): string {
  const many = meta.nSamples > RASTER_FROM ? " · density: many points" : "";
  return (meta.algorithm === "kmeans"
    ? "regions: nearest centroid · crosses: centroids · rings: outliers"
    : "dots: core · squares: border · crosses: noise") + many;
}

/** Whether there are two components; of one feature there is one. */
function hasPlane({ used }: ClusterMeta): boolean {
  return used.length > 1;
}

/** Whether k-means ran on the two axes shown. */
export function onItsPlane(meta: ClusterMeta, { x, y, log }: Axes): boolean {
  return meta.algorithm === "kmeans" && hasPlane(meta) && !log && x + y === 1;
}

export function noteOf(meta: ClusterMeta, axes: Axes): string {
  if (onItsPlane(meta, axes)) {
    return "k-means ran on these two components, so the regions are exact.";
  }
  if (!hasPlane(meta)) {
    return `Only ${meta.used[0]} was used: clusters part along PC 1.`;
  }
  return meta.algorithm === "kmeans"
    ? "k-means ran on the first two components: here clusters may overlap."
    : "DBSCAN ran on all its features: in two of them clusters may overlap.";
}

export function labelOf(meta: ClusterMeta, axes: Axes): string {
  return `${number(meta.nSamples)} sessions in ${meta.sizes.length} clusters, ${
    meta.featureNames[axes.y]
  } against ${meta.featureNames[axes.x]}`;
}

export function AxisForm(
  { meta, axes, onChange }: {
    meta: ClusterMeta;
    axes: Axes;
    onChange: (axes: Axes) => void;
  },
) {
  const choose = (id: "x" | "y", label: string) => (
    <>
      <label for={`axis-${id}`}>{label}</label>
      <select
        id={`axis-${id}`}
        value={axes[id]}
        onChange={(e) => onChange({ ...axes, [id]: +e.currentTarget.value })}
      >
        {meta.featureNames.map((name, i) => (
          <option key={name} value={i} selected={i === axes[id]}>{name}</option>
        ))}
      </select>
    </>
  );
  return (
    <div class="row">
      {choose("x", "Across")}
      {choose("y", "Up")}
      <label>
        <input
          id="axis-log"
          type="checkbox"
          checked={axes.log}
          onChange={(e) => onChange({ ...axes, log: e.currentTarget.checked })}
        />log axes
      </label>
    </div>
  );
}
