import { eventStream } from "../../_events.ts";
import type { ApiDescription, RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "The list of jobs, at once and whenever one has changed.",
  answer: "server-sent events: jobs, a list of JobView",
};

/** The list of jobs as server-sent events, whenever one has changed. */
export const handler = {
  GET({ jobs, signal }: RouteContext): Promise<Response> {
    return Promise.resolve(eventStream(jobs.events(), signal));
  },
};
