import { eventStream } from "../../../_events.ts";
import {
  type ApiDescription,
  HttpError,
  jobOf,
  type RouteContext,
} from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "Tells of an import until it ends.",
  parameters: {
    id: "of the import's job",
  },
  answer: 'server-sent events "import", each an ImportView',
  errors: { 404: "no import of that id is kept" },
};

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
