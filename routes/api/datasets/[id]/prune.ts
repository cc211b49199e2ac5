import { plural } from "../../../../islands/_format.ts";
import { prune, recordsOf } from "../../../../pipeline/mod.ts";
import { answer, Body } from "../../../_body.ts";
import { datasetOf } from "../../../_datasets.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../../_page.ts";
import { retentionOf } from "../../../_retention.ts";

export const api: ApiDescription = {
  summary: "Removes whole imports, oldest first, as a job.",
  parameters: {
    id: "of the dataset",
    olderThan: "as 30d",
    maxSize: "of the whole store, as 20GB",
  },
  answer: "202, JSON, the JobView; 303 for a form",
  errors: {
    400: "neither is given, or one cannot be read",
    404: "there is none of that id",
  },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { store, jobs, request } = context;
    const dataset = await datasetOf(context);
    const body = await Body.of(request);
    const retention = retentionOf(body.text("olderThan"), body.text("maxSize"));
    if (!retention) {
      throw new HttpError(400, "Cannot prune: say how old, or how large");
    }
    const job = jobs.start({
      kind: "prune",
      title: dataset.name,
      key: `prune ${dataset.id}`,
      run: (options) => prune(store, dataset, retention, options),
      outcome: (gone) => ({
        text: `${plural(gone.length, "import")} with ${
          plural(recordsOf(gone), "record")
        } removed`,
        href: `/datasets/${dataset.id}`,
      }),
    });
    return answer(request, job.view(), `/datasets?job=${job.id}`, 202);
  },
};
