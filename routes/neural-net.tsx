import type { JobView } from "../islands/_job_view.ts";
import { plural, span, zoneName } from "../islands/_format.ts";
import type { NetView, SavedNet } from "../islands/_net.ts";
import type { FormValues } from "../islands/_param_field.tsx";
import { visible } from "../islands/_visible.ts";
import NeuralNet from "../islands/NeuralNet.tsx";
import type { DatasetSummary } from "../pipeline/mod.ts";
import { chosenDataset } from "./_chosen.ts";
import { firstValues, NET_FIELDS, ORIGINAL } from "./_net_form.ts";
import { netLab } from "./_net_lab.ts";
import { freeName, savedNets } from "./_net_models.ts";
import { netView } from "./_net_view.ts";
import type { PageProps, RouteContext } from "./_page.ts";

export const title = "Neural net";
export const styles = ["fields", "neural-net"];

interface Data {
  readonly dataset: DatasetSummary | null;
  /** Uids that analysts have labelled. */
  readonly answers: number;
  readonly values: FormValues;
  readonly saved: readonly SavedNet[];
  readonly view: NetView | null;
  /** The training or load that is under way. */
  readonly job: JobView | null;
}

export const handler = {
  async GET({ store, url, jobs }: RouteContext): Promise<{ data: Data }> {
    const dataset = await chosenDataset(store, url);
    const lab = netLab(jobs);
    const held = dataset && lab.held(dataset);
    const labels = dataset ? await store.labels(dataset) : [];
    return {
      data: {
        dataset,
        answers:
          labels.filter(({ source, value }) =>
            source === "analyst" && value >= 0
          ).length,
        values: held?.texts ?? firstValues(dataset?.records ?? {}),
        saved: await savedNets(store),
        view: held ? await netView(held, store, dataset) : null,
        job: (dataset && lab.running(dataset)?.view()) ?? null,
      },
    };
  },
};

export default function NeuralNetPage({ data }: PageProps<Data>) {
  const { dataset, answers, saved } = data;
  const { http = 0, conn = 0 } = dataset?.records ?? {};
  if (dataset === null || http + conn === 0) return <NoRecords {...data} />;
  return (
    <>
      <div class="head">
        <h1>Neural-net lab</h1>
        <span class="soft">
          {visible(dataset.name)} · {http > 0
            ? `${plural(http, "request")} from http`
            : `${plural(conn, "connection")} from conn`} ·{" "}
          {span(dataset.firstTs, dataset.lastTs)} {zoneName()} ·{" "}
          {plural(answers, "session")} labelled by analysts
        </span>
      </div>
      <NeuralNet
        dataset={dataset.name}
        fields={NET_FIELDS}
        values={data.values}
        original={ORIGINAL}
        saved={saved}
        freeName={freeName(saved)}
        view={data.view}
        job={data.job}
      />
    </>
  );
}

function NoRecords({ dataset }: Data) {
  return (
    <section class="state">
      <h1>
        {dataset === null
          ? "No logs have been read yet"
          : `No requests or connections in ${visible(dataset.name)}`}
      </h1>
      <p>
        The net learns from the requests in http.log, or the connections in
        conn.log: run <code>skerry run DIR</code>{" "}
        on a folder that has one. Labels are a column <code>beacon</code>,{" "}
        <code>label</code> or <code>cat</code>{" "}
        of the log, or what you say of findings and predictions.
      </p>
    </section>
  );
}
