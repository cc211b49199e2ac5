import type { DatasetSummary } from "../pipeline/mod.ts";
import { chosenDataset } from "./_chosen.ts";
import type { ClusterFits } from "./_cluster_fits.ts";
import { type ClusterSpec, clusterSpec } from "./_cluster_spec.ts";
import type { ClusterView } from "./_clusters.ts";
import { HttpError, type RouteContext } from "./_page.ts";

/** Whose clustering a request is about, and how it is made. */
export interface ClusterRequest {
  readonly dataset: DatasetSummary;
  readonly spec: ClusterSpec;
  readonly clusters: ClusterFits;
}

/** @throws HttpError 404 without a dataset, 400 for a wrong spec. */
export async function clusterRequest(
  { store, clusters }: RouteContext,
  url: URL,
): Promise<ClusterRequest> {
  const dataset = await chosenDataset(store, url);
  if (!dataset || !clusters) {
    throw new HttpError(404, "Cannot compute clusters: there is no dataset");
  }
  return { dataset, spec: clusterSpec(url.searchParams), clusters };
}

/** The same of a form that was posted: its fields stand beside the address's. */
export async function postedClusterRequest(
  context: RouteContext,
): Promise<ClusterRequest & { readonly fields: URLSearchParams }> {
  const fields = new URLSearchParams(await context.request.text());
  const url = new URL(context.url);
  for (const [name, value] of fields) url.searchParams.append(name, value);
  return { ...await clusterRequest(context, url), fields };
}

/** @throws HttpError 409 when it is not computed, or no longer kept. */
export function readyView(
  { dataset, spec, clusters }: ClusterRequest,
): ClusterView {
  const view = clusters.ready(dataset, spec);
  if (view) return view;
  throw new HttpError(
    409,
    "Cannot show these clusters: they are not computed, or no longer kept",
    "Compute them again.",
  );
}
