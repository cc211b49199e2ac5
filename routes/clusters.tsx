import type { ComponentChildren } from "preact";
import Clusters from "../islands/Clusters.tsx";
import type { ClusterMeta } from "../islands/_cluster_meta.ts";
import { plural, span } from "../islands/_format.ts";
import { visible } from "../islands/_visible.ts";
import type { DatasetSummary } from "../pipeline/mod.ts";
import { chosenDataset } from "./_chosen.ts";
import { metaOf } from "./_clusters.ts";
import type { PageProps, RouteContext } from "./_page.ts";

export const title = "Clusters";

interface Data {
  readonly dataset: DatasetSummary | null;
  /** Whether this server can compute at all. */
  readonly able: boolean;
  /** There already, so that the page comes whole. */
  readonly meta: ClusterMeta | null;
}

export const handler = {
  async GET({ store, url, clusters }: RouteContext): Promise<{ data: Data }> {
    const dataset = await chosenDataset(store, url);
    const view = dataset && clusters?.ready(dataset);
    const meta = view ? metaOf(view) : null;
    return { data: { dataset, able: clusters !== null, meta } };
  },
};

export default function ClustersPage({ data }: PageProps<Data>) {
  const { dataset } = data;
  const sessions = sessionsOf(dataset);
  if (dataset === null || sessions === 0) return <NoSessions {...data} />;
  if (!data.able) {
    return (
      <Empty title="Cannot compute clusters here">
        This server was started without them.
      </Empty>
    );
  }
  return (
    <>
      <div class="head">
        <h1>Clusters</h1>
        <span class="soft">
          {visible(dataset.name)} · {plural(sessions, "session")} from conn ·
          {" "}
          {span(dataset.firstTs, dataset.lastTs)} UTC
        </span>
      </div>
      <Clusters dataset={dataset.name} meta={data.meta} />
      {data.meta === null
        ? (
          <noscript>
            <p class="note">
              Clusters are computed while this page is open, which needs its
              script; load the page again later to see the table.
            </p>
          </noscript>
        )
        : null}
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
