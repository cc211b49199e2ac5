import { hrefOf } from "../_cluster_fits.ts";
import {
  clusterRequest,
  postedClusterRequest,
  readyView,
} from "../_cluster_request.ts";
import { clusterQuery } from "../_cluster_spec.ts";
import { metaOf } from "../_clusters.ts";
import type { RouteContext } from "../_page.ts";

/**
 * GET answers a computed clustering as `ClusterMeta`, 409 where it is not
 * computed. POST, with the same parameters as a form, starts the fit: to a
 * script it answers `{ job, href }`, a form is sent on to the page.
 */
export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const request = await clusterRequest(context, context.url);
    return Response.json(metaOf(readyView(request)), {
      headers: { "cache-control": "no-store" },
    });
  },

  async POST(context: RouteContext): Promise<Response> {
    const request = await postedClusterRequest(context);
    const { dataset, spec, clusters } = request;
    const job = clusters.start(dataset, spec);
    const href = hrefOf(dataset, clusterQuery(spec));
    if (context.request.headers.get("accept") === "application/json") {
      return Response.json({ job: job.id, href });
    }
    return new Response(null, { status: 303, headers: { location: href } });
  },
};
