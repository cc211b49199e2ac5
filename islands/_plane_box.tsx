import { useEffect, useRef, useState } from "preact/hooks";
import type { ClusterMeta } from "./_cluster_meta.ts";
import type { Columns } from "./_columns.ts";
import { number } from "./_format.ts";
import { onTheme } from "./_palette.ts";
import { type Axes, labelOf } from "./_plane_axes.tsx";
import type { Loaded } from "./_plane_data.ts";
import { Plot } from "./_plot.ts";

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

const NO_READING = "Point at a session to read it.";

/** The plot itself, its keys and its buttons. */
export function PlotBox(
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
