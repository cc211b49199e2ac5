import { answer, Body } from "../../../_body.ts";
import { datasetOf, heldBy } from "../../../_datasets.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "Moves everything of a dataset into another one, as a job.",
  parameters: {
    id: "of the dataset, which is gone then",
    into: "name of the other one",
    sure: "1: it is meant",
  },
  answer: "202, JSON, the JobView; 303 for a form",
  errors: {
    400: "it is the same dataset",
    404: "there is none of that id or name",
    409: "it was not confirmed",
  },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { store, jobs, request } = context;
    const from = await datasetOf(context);
    const body = await Body.of(request);
    const into = await store.findDataset(body.text("into"));
    if (!into) {
      throw new HttpError(404, "Cannot merge: there is no such dataset");
    }
    if (into.id === from.id) {
      throw new HttpError(400, `Cannot merge ${from.name} into itself`);
    }
    if (!body.on("sure")) {
      throw new HttpError(
        409,
        `Cannot merge ${from.name} into ${into.name} without being sure: it holds ${
          heldBy(from)
        }`,
        "Tick that it shall be merged.",
      );
    }
    const job = jobs.start({
      kind: "merge",
      title: `${from.name} into ${into.name}`,
      key: `merge ${from.id} ${into.id}`,
      run: (options) => store.mergeDatasets(from, into, options),
      outcome: () => ({
        text: `${heldBy(from)} moved`,
        href: `/datasets/${into.id}`,
      }),
    });
    return answer(request, job.view(), `/datasets?job=${job.id}`, 202);
  },
};
