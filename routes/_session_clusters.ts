import {
  clusterKMeans,
  readRecords,
  type Records,
  type SessionStore,
} from "../pipeline/mod.ts";
import { clusterView } from "./_cluster_view.ts";
import type { ComputeClusters } from "./_clusters.ts";

/** The original tool's k-means on a dataset's connections, as it stands. */
export function sessionClusters(store: SessionStore): ComputeClusters {
  return async (dataset, options) => {
    const records = await readRecords({ store, dataset }, "conn", options);
    const clustering = await clusterKMeans(records, "session", {}, options);
    return clusterView(clustering, {
      mostly: mostlyOf(records, clustering.labels),
    });
  };
}

/** Per cluster the service and port that most of its connections have. */
function mostlyOf(records: Records, labels: Int32Array): string[] {
  const counts: Map<string, number>[] = [];
  let row = 0;
  for (const batch of records.batches) {
    const service = batch.texts("service"), proto = batch.texts("proto");
    const port = batch.numbers("id.resp_p");
    for (let i = 0; i < batch.length; i++, row++) {
      const name = service.values[service.codes[i]] ||
        proto.values[proto.codes[i]];
      const what = `${name} ${port[i]}`;
      const own = counts[labels[row]] ??= new Map();
      own.set(what, (own.get(what) ?? 0) + 1);
    }
  }
  return Array.from(counts, (own) => own ? mostFrequent(own) : "");
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  let best = "", most = 0;
  for (const [what, n] of counts) if (n > most) [best, most] = [what, n];
  return best;
}
