import { useEffect, useRef, useState } from "preact/hooks";
import { axisScale, extentOf, reading } from "./_axis_scale.ts";
import type { ClusterMeta } from "./_cluster_meta.ts";
import type { Columns } from "./_columns.ts";
import { number } from "./_format.ts";
import { onTheme } from "./_palette.ts";
import { Plot, type PlotData } from "./_plot.ts";
import { RASTER_FROM } from "./_plot_points.ts";
import { pointsOf } from "./_raster.ts";
import { voronoiCells } from "./_regions.ts";

interface Axes {
  readonly x: number;
  readonly y: number;
  readonly log: boolean;
  /** Also the few far points that leave the others no room. */
  readonly all: boolean;
}

/** Everything the plot needs for one choice of axes, and what a reading says. */
interface Loaded {
  readonly data: PlotData;
  /** Sessions beyond the axes. */
  readonly outside: number;
  readonly read: (row: number) => string;
}

export interface PlaneProps {
  readonly meta: ClusterMeta;
  readonly columns: Columns;
  /** Rows that a box holds; null when it is gone. */
  readonly onSelect: (rows: Uint32Array | null) => void;
  /** A session that was clicked, by its uid. */
  readonly onOpen: (uid: string) => void;
  /** Gives the page a hand on the box. */
  readonly onReady: (plot: Plot) => void;
}

/** Any feature against any other; each point a session. */
export function Plane(props: PlaneProps) {
  const { meta, columns } = props;
  const [axes, setAxes] = useState<Axes>({
    x: 0,
    y: 1,
    log: false,
    all: false,
  });
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    let current = true;
    load(columns, meta, axes).then(
      (value) => current && (setLoaded(value), setError(null)),
      (e) => current && setError(e instanceof Error ? e.message : String(e)),
    );
    return () => {
      current = false;
    };
  }, [columns, meta, axes]);

  return (
    <section class="panel" aria-label="Plot">
      <header>
        <h2>{titleOf(meta, axes)}</h2>
        <span class="small soft">{legendOf(meta)}</span>
      </header>
      <AxisForm meta={meta} axes={axes} onChange={setAxes} />
      {error === null ? null : <p role="alert" class="what">{error}</p>}
      <PlotBox {...props} loaded={loaded} axes={axes} />
      <p class="note">{noteOf(meta, axes)}</p>
      {loaded && (loaded.outside > 0 || axes.all)
        ? (
          <p class="note">
            {axes.all
              ? "All sessions are within the axes. "
              : `${number(loaded.outside)} of ${
                number(meta.nSamples)
              } sessions lie far outside. `}
            <button
              type="button"
              class="small"
              onClick={() => setAxes({ ...axes, all: !axes.all })}
            >
              {axes.all ? "Leave far ones out" : "Show all"}
            </button>
          </p>
        )
        : null}
    </section>
  );
}

function titleOf(meta: ClusterMeta, { x, y }: Axes): string {
  if (x === 0 && y === 1 && hasPlane(meta)) return "PCA plane";
  return `${meta.featureNames[y]} against ${meta.featureNames[x]}`;
}

function legendOf(meta: ClusterMeta): string {
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
function onItsPlane(meta: ClusterMeta, { x, y, log }: Axes): boolean {
  return meta.algorithm === "kmeans" && hasPlane(meta) && !log && x + y === 1;
}

function noteOf(meta: ClusterMeta, axes: Axes): string {
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

async function load(
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

function AxisForm(
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

const NO_READING = "Point at a session to read it.";

function PlotBox(
  { loaded, meta, axes, columns, onSelect, onOpen, onReady }: PlaneProps & {
    readonly loaded: Loaded | null;
    readonly axes: Axes;
  },
) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const under = useRef<SVGSVGElement>(null);
  const plot = useRef<Plot | null>(null);
  const [row, setRow] = useState(-1);
  const [inView, setInView] = useState(0);

  useEffect(() => {
    const made = plot.current = new Plot(
      canvas.current!,
      svg.current!,
      under.current!,
    );
    made.onNear = setRow;
    made.onDraw = setInView;
    onReady(made);
    const sizes = new ResizeObserver(() =>
      made.resize(box.current?.clientWidth ?? 0)
    );
    sizes.observe(box.current!);
    const endTheme = onTheme(() => made.recolour());
    return () => {
      sizes.disconnect();
      endTheme();
      made.close();
    };
  }, []);
  useEffect(() => {
    const made = plot.current!;
    made.onSelect = onSelect;
    made.onOpen = (row) =>
      void columns.texts("keys").then((keys) => onOpen(keys[row]));
  });
  useEffect(() => {
    if (loaded) plot.current?.show(loaded.data);
  }, [loaded]);

  return (
    <>
      <div
        ref={box}
        class="chart plane"
        role="group"
        tabIndex={0}
        aria-label={labelOf(meta, axes)}
        aria-describedby="plane-keys"
        data-in-view={inView}
        onKeyDown={(e) => plot.current && onKey(plot.current, e)}
      >
        <svg ref={under} class="under" aria-hidden="true" />
        <canvas ref={canvas} aria-hidden="true" />
        <svg ref={svg} class="over" aria-hidden="true" />
      </div>
      <p class="note reading">
        {loaded && row >= 0 ? loaded.read(row) : NO_READING}
      </p>
      <ZoomButtons plot={() => plot.current} inView={inView} meta={meta} />
    </>
  );
}

function labelOf(meta: ClusterMeta, axes: Axes): string {
  return `${number(meta.nSamples)} sessions in ${meta.sizes.length} clusters, ${
    meta.featureNames[axes.y]
  } against ${meta.featureNames[axes.x]}`;
}

const STEP = 40;

const KEYS: Readonly<Record<string, (plot: Plot) => void>> = {
  "+": (plot) => plot.zoomBy(1.5),
  "=": (plot) => plot.zoomBy(1.5),
  "-": (plot) => plot.zoomBy(1 / 1.5),
  "0": (plot) => plot.reset(),
  z: (plot) => plot.undo(),
  f: (plot) => plot.zoomToBox(),
  ArrowLeft: (plot) => plot.panBy(STEP, 0),
  ArrowRight: (plot) => plot.panBy(-STEP, 0),
  ArrowUp: (plot) => plot.panBy(0, STEP),
  ArrowDown: (plot) => plot.panBy(0, -STEP),
};

function onKey(plot: Plot, event: KeyboardEvent): void {
  const act = event.ctrlKey || event.metaKey ? undefined : KEYS[event.key];
  if (!plot.brush.key(event)) {
    if (!act) return;
    act(plot);
  }
  event.preventDefault();
}

function ZoomButtons(
  { plot, inView, meta }: {
    plot: () => Plot | null;
    inView: number;
    meta: ClusterMeta;
  },
) {
  return (
    <div class="row">
      <span class="seg" role="group" aria-label="Zoom">
        <button type="button" id="zoom-in" onClick={() => plot()?.zoomBy(1.5)}>
          Zoom in
        </button>
        <button type="button" onClick={() => plot()?.zoomBy(1 / 1.5)}>
          Zoom out
        </button>
        <button
          type="button"
          id="zoom-undo"
          onClick={() => plot()?.undo()}
        >
          Back
        </button>
        <button type="button" id="zoom-reset" onClick={() => plot()?.reset()}>
          Reset
        </button>
      </span>
      <span class="soft small">
        {number(inView)} of {number(meta.nSamples)} in view
      </span>
      <span class="soft small" id="plane-keys">
        drag selects, Shift and drag moves, Ctrl and wheel zooms; in the plot
        {" "}
        <kbd>b</kbd> a box, <kbd>Enter</kbd> takes it, <kbd>f</kbd> fills the
        {" "}
        plot with it, <kbd>z</kbd> back, <kbd>0</kbd> all
      </span>
    </div>
  );
}
