import type { RouteContext } from "../../_page.ts";

/** What the server does and has done, newest first, as JSON. */
export const handler = {
  GET({ jobs }: RouteContext): Promise<Response> {
    return Promise.resolve(Response.json(jobs.list()));
  },
};
