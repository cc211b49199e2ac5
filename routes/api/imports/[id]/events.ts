import { eventStream } from "../../../_events.ts";
import { HttpError, jobOf, type RouteContext } from "../../../_page.ts";

/**
 * `GET`: server-sent events "import", each an `ImportView`, until the job ends;
 * 404 for an id of no import.
 */
export const handler = {
  GET(context: RouteContext): Promise<Response> {
    const { imports, signal } = context;
    const job = jobOf(context);
    if (imports.view(job) === null) {
      throw new HttpError(404, `Cannot find an import with id ${job.id}`);
    }
    return Promise.resolve(eventStream(imports.events(job), signal));
  },
};
