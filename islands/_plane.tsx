import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { axisScale, reading } from "./_axis_scale.ts";
import type { ClusterMeta } from "./_cluster_meta.ts";
import { Columns } from "./_columns.ts";
import { number } from "./_format.ts";
import { onTheme } from "./_palette.ts";
import { Plot, type PlotData, RASTER_FROM } from "./_plot.ts";
import { pointsOf } from "./_raster.ts";

interface Axes {
  readonly x: number;
  readonly y: number;
  readonly log: boolean;
}

/** Everything the plot needs for one choice of axes, and what a reading says. */
interface Loaded {
  readonly data: PlotData;
  readonly read: (row: number) => string;
}

/** Any feature against any other; each point a session. */
export function Plane(props: { dataset: string; meta: ClusterMeta }) {
  const { dataset, meta } = props;
  const columns = useMemo(() => new Columns(dataset), [dataset]);
  const [axes, setAxes] = useState<Axes>({ x: 0, y: 1, log: false });
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
    <section class="panel w8">
      <header>
        <h2>{meta.featureNames[axes.y]} against {meta.featureNames[axes.x]}</h2>
        <span class="small soft">
          crosses: cluster centers · rings: outliers
          {meta.nSamples > RASTER_FROM ? " · density: many points" : ""}
        </span>
      </header>
      <AxisForm meta={meta} axes={axes} onChange={setAxes} />
      {error === null ? null : <p role="alert" class="what">{error}</p>}
      <PlotBox loaded={loaded} meta={meta} axes={axes} />
    </section>
  );
}

async function load(
  columns: Columns,
  meta: ClusterMeta,
  { x, y, log }: Axes,
): Promise<Loaded> {
  const [xs, ys, labels, keys] = await Promise.all([
    columns.feature(x),
    columns.feature(y),
    columns.labels(),
    columns.keys(),
  ]);
  const across = axisScale(xs, log), up = axisScale(ys, log);
  const [xName, yName] = [meta.featureNames[x], meta.featureNames[y]];
  return {
    data: {
      points: pointsOf(xs.map(across), ys.map(up), labels),
      x: { name: xName, scale: across, log },
      y: { name: yName, scale: up, log },
      centers: meta.sizes.map((_, k) => ({
        x: meta.centers[x][k] ?? NaN,
        y: meta.centers[y][k] ?? NaN,
      })),
      isOutlier: meta.sizes.map((_, k) => meta.outlierClusters.includes(k)),
    },
    read: (row) =>
      `cluster ${labels[row] + 1} · ${xName} ${reading(xs[row], xName)} · ` +
      `${yName} ${reading(ys[row], yName)} · ${keys[row] ?? ""}`,
  };
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
  { loaded, meta, axes }: {
    loaded: Loaded | null;
    meta: ClusterMeta;
    axes: Axes;
  },
) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const plot = useRef<Plot | null>(null);
  const [row, setRow] = useState(-1);
  const [inView, setInView] = useState(0);

  useEffect(() => {
    const made = plot.current = new Plot(canvas.current!, svg.current!);
    made.onNear = setRow;
    made.onDraw = setInView;
    const sizes = new ResizeObserver(() =>
      made.resize(box.current!.clientWidth)
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
  ArrowLeft: (plot) => plot.panBy(STEP, 0),
  ArrowRight: (plot) => plot.panBy(-STEP, 0),
  ArrowUp: (plot) => plot.panBy(0, STEP),
  ArrowDown: (plot) => plot.panBy(0, -STEP),
};

function onKey(plot: Plot, event: KeyboardEvent): void {
  const act = event.ctrlKey || event.metaKey ? undefined : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act(plot);
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
        <button type="button" id="zoom-reset" onClick={() => plot()?.reset()}>
          Reset
        </button>
      </span>
      <span class="soft small">
        {number(inView)} of {number(meta.nSamples)} in view
      </span>
      <span class="soft small" id="plane-keys">
        <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd>{" "}
        and arrows in the plot; Ctrl and wheel; drag to move
      </span>
    </div>
  );
}
