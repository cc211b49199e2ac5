import type { Comparison } from "../../../islands/_cluster_meta.ts";
import { adjustedRand, contingency } from "../../../pipeline/mod.ts";
import { clusterRequest, readyView } from "../../_cluster_request.ts";
import { clusterSpec, clusterTitle } from "../../_cluster_spec.ts";
import type { RouteContext } from "../../_page.ts";

/**
 * GET compares a computed clustering with another of the same dataset, whose
 * parameters stand in `with` as an address would have them: `Comparison`.
 */
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
