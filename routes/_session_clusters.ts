import {
  applyClusters,
  clusterDBSCAN,
  type Clustering,
  clusterKMeans,
  type ClusterModel,
  type Dataset,
  readModel,
  readRecords,
  type Records,
  type RunOptions,
  type SessionStore,
} from "../pipeline/mod.ts";
import type { ClusterSpec } from "./_cluster_spec.ts";
import { clusterView } from "./_cluster_view.ts";
import type { ComputeClusters } from "./_clusters.ts";
import { HttpError } from "./_page.ts";

/** The original tool's analyses on a dataset's connections. */
export function sessionClusters(store: SessionStore): ComputeClusters {
  return async (dataset, spec, options) => {
    const saved = await savedModel(store, spec);
    const records = await sessionRecords(store, dataset, options);
    const clustering = saved
      ? applyClusters(records, saved)
      : await fit(records, spec, options);
    return await clusterView(clustering, records, options);
  };
}

/** A dataset's connections, told as they are read. */
export async function sessionRecords(
  store: SessionStore,
  dataset: Dataset,
  options: RunOptions,
): Promise<Records> {
  const { onProgress } = options;
  onProgress?.({ stage: "reading", done: 0, unit: "sessions" });
  const records = await readRecords({ store, dataset }, "conn", options);
  const done = records.length;
  onProgress?.({ stage: "reading", done, total: done, unit: "sessions" });
  return records;
}

function fit(
  records: Records,
  { algorithm, set, columns, scaler, params }: ClusterSpec,
  options: RunOptions,
): Promise<Clustering> {
  const how = { ...options, columns, scaler };
  return algorithm === "kmeans"
    ? clusterKMeans(records, set.name, params, how)
    : clusterDBSCAN(records, set.name, params, how);
}

/** @throws HttpError 404 when the store keeps no such model. */
async function savedModel(
  store: SessionStore,
  { model, algorithm }: ClusterSpec,
): Promise<ClusterModel | null> {
  if (model === null) return null;
  const kept = await store.model(model, algorithm);
  if (kept) return readModel(kept.model, algorithm, model) as ClusterModel;
  throw new HttpError(404, `Cannot find the ${algorithm} model ${model}`);
}
