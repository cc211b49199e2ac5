import { clusterRequest, readyView } from "../_cluster_request.ts";
import { metaOf } from "../_clusters.ts";
import type { ApiDescription, RouteContext } from "../_page.ts";

export const api: ApiDescription = {
  summary: "A clustering that is computed: sizes, centers, outliers.",
  parameters: {
    dataset: "query: its name; that of the last run without it",
    algorithm: "query: kmeans or dbscan",
    features: "query: a set of features; session without it",
    columns: "query: those features of the set that are used, with commas",
    scaler: "query: standard, robust or minmax",
    model: "query: a saved model that is applied instead of a new fit",
    "nClusters, eps, …": "query: the algorithm's parameters",
  },
  answer: "JSON, ClusterMeta",
  errors: {
    400: "a parameter is out of range",
    404: "there is no dataset",
    409: "it is not computed, or no longer kept",
  },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const request = await clusterRequest(context, context.url);
    return Response.json(metaOf(readyView(request)), {
      headers: { "cache-control": "no-store" },
    });
  },
};
