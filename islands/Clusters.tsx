import { useEffect, useState } from "preact/hooks";
import type { Progress } from "../pipeline/progress.ts";
import type { ClusterMeta } from "./_cluster_meta.ts";
import { OutlierTable, SizeTable } from "./_cluster_tables.tsx";
import { type ClusterState, follow } from "./_follow.ts";
import { number } from "./_format.ts";
import { Plane } from "./_plane.tsx";

interface Props {
  readonly dataset: string;
  /** Null while the clusters are not computed. */
  readonly meta: ClusterMeta | null;
}

/** A dataset's sessions in clusters: plot, sizes and outliers. */
export default function Clusters({ dataset, meta }: Props) {
  const [state, setState] = useState<ClusterState>(
    meta ? { at: "done", meta } : { at: "computing", progress: null },
  );
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (meta === null) return follow(dataset, setState);
  }, [dataset, tries]);

  if (state.at === "computing") return <Computing progress={state.progress} />;
  if (state.at === "failed") {
    const again = () => {
      setState({ at: "computing", progress: null });
      setTries(tries + 1);
    };
    return <Failed message={state.message} again={again} />;
  }
  return <Done dataset={dataset} meta={state.meta} />;
}

function Done({ dataset, meta }: { dataset: string; meta: ClusterMeta }) {
  return (
    <div class="grid">
      <p class="note w12">
        {meta.about}{" "}
        On axes other than those they were found on, clusters may overlap.
        Distances on addresses and ports as numbers mean little.
      </p>
      <Plane dataset={dataset} meta={meta} />
      <SizeTable meta={meta} />
      <OutlierTable meta={meta} />
    </div>
  );
}

function Computing({ progress }: { progress: Progress | null }) {
  return (
    <section class="state" aria-busy="true">
      <h2>Computing clusters</h2>
      <p role="status">{progressText(progress)}</p>
      <progress
        aria-label="Computing clusters"
        max={progress?.total}
        value={progress?.total === undefined ? undefined : progress.done}
      />
    </section>
  );
}

/** "fitting: 3 of 10 starts". */
function progressText(progress: Progress | null): string {
  if (progress === null) return "Waiting for the first step.";
  const { stage, done, total, unit } = progress;
  const of = total === undefined ? "" : ` of ${number(total)}`;
  return `${stage}: ${number(done)}${of} ${unit}`;
}

function Failed({ message, again }: { message: string; again: () => void }) {
  return (
    <section class="state err" role="alert">
      <h2>{message}</h2>
      <p>The logs and the stored runs are untouched.</p>
      <button type="button" class="primary" onClick={again}>Try again</button>
    </section>
  );
}
