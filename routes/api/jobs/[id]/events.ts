import { eventStream } from "../../../_events.ts";
import {
  type ApiDescription,
  jobOf,
  type RouteContext,
} from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "One job, at once and at each change, until it ends.",
  parameters: { id: "of the job" },
  answer: "server-sent events: job, a JobView",
  errors: { 404: "no job of that id is kept" },
};

/** One job as server-sent events, until it ends. */
export const handler = {
  GET(context: RouteContext): Promise<Response> {
    const job = jobOf(context);
    return Promise.resolve(eventStream(job.events(), context.signal));
  },
};
