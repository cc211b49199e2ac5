import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Compare } from "./_cluster_compare.tsx";
import { ClusterForm, type ClusterFormSpec } from "./_cluster_form.tsx";
import type {
  ClusterMeta,
  DistanceCurve,
  KnownFit,
  SavedClusterModel,
} from "./_cluster_meta.ts";
import { Profile } from "./_cluster_profile.tsx";
import { SaveModel } from "./_cluster_save.tsx";
import { Selection } from "./_cluster_selection.tsx";
import { OutlierTable, SizeTable } from "./_cluster_tables.tsx";
import { Columns } from "./_columns.ts";
import { Distances } from "./_distance_curve.tsx";
import { cancelJob, followJob } from "./_follow_job.ts";
import { JobProgress } from "./_job_progress.tsx";
import type { JobView } from "./_job_view.ts";
import { Plane } from "./_plane.tsx";
import type { Plot } from "./_plot.ts";
import { load, messageOf, postForm } from "./_request.ts";

interface Props {
  readonly dataset: string;
  readonly form: ClusterFormSpec;
  /** Address of the clustering, without the dataset. */
  readonly query: string;
  /** Null while the clusters are not computed. */
  readonly meta: ClusterMeta | null;
  /** The job that computes them now. */
  readonly job: number | null;
  readonly saved: readonly SavedClusterModel[];
  readonly known: readonly KnownFit[];
}

/** The cluster lab: model, plot, clusters, selected sessions. */
export default function Clusters(props: Props) {
  const { dataset } = props;
  const [query, setQuery] = useState(props.query);
  const [meta, setMeta] = useState(props.meta);
  const [saved, setSaved] = useState(props.saved);
  const [known, setKnown] = useState(props.known);
  const [job, setJob] = useState<number | null>(props.job);
  const [view, setView] = useState<JobView | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [curve, setCurve] = useState<DistanceCurve | null>(null);

  useEffect(() => {
    if (job === null) return;
    return followJob(job, async (now) => {
      setView(now);
      if (now.state === "running") return;
      setJob(null);
      if (now.state === "failed") setRefusal(now.outcome);
      if (now.state !== "done") return;
      try {
        setMeta(
          await load(`/api/clusters?${addressOf(dataset, query)}`),
        );
        setKnown([
          { query, title: now.title },
          ...known.filter((fit) => fit.query !== query),
        ]);
      } catch (error) {
        setRefusal(messageOf(error));
      }
    }, () => {
      setJob(null);
      setRefusal("Cannot follow the fit: the server does not answer");
    });
  }, [job]);

  const start = async (fields: URLSearchParams) => {
    setRefusal(null);
    setView(null);
    try {
      const answer = await postForm<{ job: number; href: string }>(
        `/api/clusters/fit?${new URLSearchParams({ dataset })}`,
        fields,
      );
      const href = new URL(answer.href, location.href);
      href.searchParams.delete("dataset");
      history.replaceState(null, "", answer.href);
      setQuery(href.searchParams.toString());
      setMeta(null);
      setJob(answer.job);
    } catch (error) {
      setRefusal(messageOf(error));
    }
  };
  const measure = async (fields: URLSearchParams) => {
    setRefusal(null);
    try {
      const of = new URLSearchParams({ dataset });
      setCurve(await postForm(`/api/clusters/distances?${of}`, fields));
    } catch (error) {
      setRefusal(messageOf(error));
    }
  };
  const address = addressOf(dataset, query);
  return (
    <div class="grid">
      <ClusterForm
        dataset={dataset}
        form={props.form}
        saved={saved}
        busy={job !== null}
        refusal={refusal}
        onSubmit={start}
        onDistances={measure}
      />
      {job !== null
        ? (
          <JobProgress
            title="Computing clusters"
            job={view}
            onCancel={() => cancelJob(job)}
          />
        )
        : meta
        ? (
          <Result
            key={address}
            dataset={dataset}
            query={query}
            meta={meta}
            known={known}
            onSaved={(model) =>
              setSaved([
                model,
                ...saved.filter(({ name, kind }) =>
                  name !== model.name || kind !== model.kind
                ),
              ])}
          />
        )
        : <Nothing cancelled={view?.state === "cancelled"} />}
      {curve === null ? null : (
        <Distances
          curve={curve}
          onUse={useEps}
          onClose={() => setCurve(null)}
        />
      )}
    </div>
  );
}

function addressOf(dataset: string, query: string): string {
  return `${new URLSearchParams({ dataset })}&${query}`;
}

/** The field is the form's own: it keeps what is typed until it is sent. */
function useEps(eps: number): void {
  const field = document.querySelector<HTMLInputElement>("#dbscan-eps");
  if (!field) return;
  field.value = String(Number(eps.toPrecision(3)));
  field.focus();
}

function Nothing({ cancelled }: { cancelled: boolean }) {
  return (
    <section class="state w9">
      <h2>{cancelled ? "Cancelled" : "Nothing computed yet"}</h2>
      <p>
        {cancelled
          ? "The fit was stopped; nothing of it is kept. "
          : "Choose features and parameters, then press Compute. "}
        The logs and the stored runs are untouched.
      </p>
    </section>
  );
}

function Result(
  { dataset, query, meta, known, onSaved }: {
    dataset: string;
    query: string;
    meta: ClusterMeta;
    known: readonly KnownFit[];
    onSaved: (model: SavedClusterModel) => void;
  },
) {
  const columns = useMemo(
    () => new Columns(addressOf(dataset, query)),
    [dataset, query],
  );
  const [rows, setRows] = useState<Uint32Array | null>(null);
  const plot = useRef<Plot | null>(null);
  return (
    <>
      <div class="w6 stack">
        <Plane
          meta={meta}
          columns={columns}
          onSelect={setRows}
          onOpen={(uid) => open_(dataset, uid)}
          onReady={(made) => plot.current = made}
        />
        <Compare dataset={dataset} query={query} known={known} />
      </div>
      <div class="w3 stack">
        <SizeTable meta={meta} />
        <Profile meta={meta} />
        <SaveModel
          address={addressOf(dataset, query)}
          algorithm={meta.algorithm}
          onSaved={onSaved}
        />
      </div>
      {rows === null ? null : (
        <Selection
          dataset={dataset}
          meta={meta}
          columns={columns}
          rows={rows}
          onClear={() => plot.current?.brush.clear()}
        />
      )}
      <OutlierTable dataset={dataset} meta={meta} />
    </>
  );
}

/** Goes to a session's own page. */
function open_(dataset: string, uid: string): void {
  if (uid === "") return;
  location.href = `/sessions/${encodeURIComponent(uid)}?${new URLSearchParams({
    dataset,
  })}`;
}
