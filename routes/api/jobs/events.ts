import { eventStream } from "../../_events.ts";
import type { RouteContext } from "../../_page.ts";

/** The list of jobs as server-sent events, whenever one has changed. */
export const handler = {
  GET({ jobs, signal }: RouteContext): Promise<Response> {
    return Promise.resolve(eventStream(jobs.events(), signal));
  },
};
