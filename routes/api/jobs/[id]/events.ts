import { eventStream } from "../../../_events.ts";
import { jobOf, type RouteContext } from "../../../_page.ts";

/** One job as server-sent events, until it ends. */
export const handler = {
  GET(context: RouteContext): Promise<Response> {
    const job = jobOf(context);
    return Promise.resolve(eventStream(job.events(), context.signal));
  },
};
