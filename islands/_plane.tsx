import { useEffect, useState } from "preact/hooks";
import { number } from "./_format.ts";
import {
  type Axes,
  AxisForm,
  legendOf,
  noteOf,
  titleOf,
} from "./_plane_axes.tsx";
import { type PlaneProps, PlotBox } from "./_plane_box.tsx";
import { load, type Loaded } from "./_plane_data.ts";

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
