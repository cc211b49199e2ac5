import type { ApiDescription, RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "What the server does and has done in the background, newest first.",
  answer: "JSON, a list of JobView",
};

/** What the server does and has done, newest first, as JSON. */
export const handler = {
  GET({ jobs }: RouteContext): Promise<Response> {
    return Promise.resolve(Response.json(jobs.list()));
  },
};
