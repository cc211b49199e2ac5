import { hrefOf } from "../../_cluster_fits.ts";
import { postedClusterRequest } from "../../_cluster_request.ts";
import { clusterQuery } from "../../_cluster_spec.ts";
import type { ApiDescription, RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Starts a fit, or joins the same one under way.",
  parameters: {
    dataset: "query: its name; that of the last run without it",
    "algorithm, features, columns, scaler, model, …":
      "form: as for GET /api/clusters",
  },
  answer: "JSON, { job, href } of the page; 303 to that page for a form",
  errors: { 400: "a parameter is out of range", 404: "there is no dataset" },
};

export const handler = {
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
