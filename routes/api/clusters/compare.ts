import type { Comparison } from "../../../islands/_cluster_meta.ts";
import { adjustedRand, contingency } from "../../../pipeline/mod.ts";
import { clusterRequest, readyView } from "../../_cluster_request.ts";
import { clusterSpec, clusterTitle } from "../../_cluster_spec.ts";
import type { ApiDescription, RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "How two clusterings of the same sessions agree.",
  parameters: {
    "dataset, algorithm, …": "query: one, as for GET /api/clusters",
    with: "query: the parameters of the other, as one encoded text",
  },
  answer: "JSON, Comparison: adjusted Rand index and overlap",
  errors: { 409: "one of the two is not computed" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const request = await clusterRequest(context, context.url);
    const other = clusterSpec(
      new URLSearchParams(context.url.searchParams.get("with") ?? ""),
    );
    const [a, b] = [
      readyView(request),
      readyView({ ...request, spec: other }),
    ];
    const overlap = contingency(a.labels, b.labels);
    const comparison: Comparison = {
      title: clusterTitle(other),
      adjustedRand: adjustedRand(overlap),
      ...overlap,
    };
    return Response.json(comparison);
  },
};
