import type { ComponentChildren } from "preact";
import type {
  ClusterMeta,
  KnownFit,
  SavedClusterModel,
} from "../islands/_cluster_meta.ts";
import type { ClusterFormSpec } from "../islands/_cluster_form.tsx";
import Clusters from "../islands/Clusters.tsx";
import { plural, span, zoneName } from "../islands/_format.ts";
import { visible } from "../islands/_visible.ts";
import {
  type DatasetSummary,
  SCALING_PARAMS,
  type SessionStore,
} from "../pipeline/mod.ts";
import { chosenDataset } from "./_chosen.ts";
import {
  clusterQuery,
  type ClusterSpec,
  clusterSpec,
  PARAMS,
  SETS,
} from "./_cluster_spec.ts";
import { metaOf } from "./_clusters.ts";
import type { PageProps, RouteContext } from "./_page.ts";
import { defaultTexts, paramFields, textsOf } from "./_param_fields.ts";

export const title = "Cluster lab";
export const styles = ["fields", "lab"];

interface Data {
  readonly dataset: DatasetSummary | null;
  /** Whether this server can compute at all. */
  readonly able: boolean;
  readonly lab: Lab | null;
}

interface Lab {
  readonly form: ClusterFormSpec;
  readonly query: string;
  /** There already, so that the page comes whole. */
  readonly meta: ClusterMeta | null;
  readonly job: number | null;
  readonly saved: readonly SavedClusterModel[];
  readonly known: readonly KnownFit[];
}

/**
 * Up to this many sessions the original's k-means is computed as soon as the
 * page is opened: it takes a second.
 */
const AT_ONCE = 200_000;

export const handler = {
  async GET({ store, url, clusters }: RouteContext): Promise<{ data: Data }> {
    const dataset = await chosenDataset(store, url);
    const sessions = sessionsOf(dataset);
    if (!dataset || !clusters || sessions === 0) {
      return { data: { dataset, able: clusters !== null, lab: null } };
    }
    const spec = clusterSpec(url.searchParams);
    const view = clusters.ready(dataset, spec);
    const asked = url.searchParams.has("algorithm");
    const job = view
      ? null
      : asked || sessions > AT_ONCE
      ? clusters.running(dataset, spec)
      : clusters.start(dataset, spec).id;
    return {
      data: {
        dataset,
        able: true,
        lab: {
          form: formOf(spec),
          query: clusterQuery(spec).toString(),
          meta: view && metaOf(view),
          job,
          saved: await savedModels(store, dataset),
          known: clusters.known(dataset),
        },
      },
    };
  },
};

function formOf(spec: ClusterSpec): ClusterFormSpec {
  const { algorithm } = spec;
  return {
    algorithm,
    sets: SETS.map(({ name, doc, features }) => ({
      name,
      doc,
      features: features.map(({ name, unit }) => ({ name, unit })),
    })),
    set: spec.set.name,
    columns: spec.columns,
    scaling: paramFields(SCALING_PARAMS),
    params: {
      kmeans: paramFields(PARAMS.kmeans),
      dbscan: paramFields(PARAMS.dbscan),
    },
    values: {
      ...defaultTexts(SCALING_PARAMS),
      ...defaultTexts(PARAMS.kmeans),
      ...defaultTexts(PARAMS.dbscan),
      ...textsOf({ ...spec.params, scaler: spec.scaler }),
    },
    model: spec.model,
  };
}

/** Newest first. */
async function savedModels(
  store: SessionStore,
  { name }: DatasetSummary,
): Promise<SavedClusterModel[]> {
  const models = await store.models();
  return models.filter(({ dataset }) => dataset === name)
    .flatMap(({ name, kind, createdAt }): SavedClusterModel[] =>
      kind === "kmeans" || kind === "dbscan" ? [{ name, kind, createdAt }] : []
    ).sort((a, b) => b.createdAt - a.createdAt);
}

export default function ClustersPage({ data }: PageProps<Data>) {
  const { dataset, lab } = data;
  if (dataset === null || sessionsOf(dataset) === 0) {
    return <NoSessions {...data} />;
  }
  if (lab === null) {
    return (
      <Empty title="Cannot compute clusters here">
        This server was started without them.
      </Empty>
    );
  }
  return (
    <>
      <div class="head">
        <h1>Cluster lab</h1>
        <span class="soft">
          {visible(dataset.name)} · {plural(sessionsOf(dataset), "session")}
          {" "}
          from conn · {span(dataset.firstTs, dataset.lastTs)} {zoneName()}
        </span>
      </div>
      <Clusters dataset={dataset.name} {...lab} />
      <noscript>
        <p class="note">
          The plot needs its script. Without it, Compute starts the fit; load
          the page again later to see the tables.
        </p>
      </noscript>
    </>
  );
}

function sessionsOf(dataset: DatasetSummary | null): number {
  return (dataset?.records.conn ?? 0) + (dataset?.records.open_conn ?? 0);
}

function NoSessions({ dataset }: Data) {
  return (
    <Empty
      title={dataset === null
        ? "No logs have been read yet"
        : `No sessions in ${visible(dataset.name)}`}
    >
      Clusters are made of the connections in conn.log: run{" "}
      <code>skerry run DIR</code> on a folder that has one.
    </Empty>
  );
}

function Empty(
  { title, children }: { title: string; children: ComponentChildren },
) {
  return (
    <section class="state">
      <h1>{title}</h1>
      <p>{children}</p>
    </section>
  );
}
