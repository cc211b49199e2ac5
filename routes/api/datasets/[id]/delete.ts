import { answer, Body } from "../../../_body.ts";
import { datasetOf, heldBy } from "../../../_datasets.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "Deletes a dataset with its records and runs, as a job.",
  parameters: {
    id: "of the dataset",
    sure: "1: it is meant",
  },
  answer: "202, JSON, the JobView; 303 for a form",
  errors: { 404: "there is none of that id", 409: "it was not confirmed" },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { store, jobs, request } = context;
    const dataset = await datasetOf(context);
    if (!(await Body.of(request)).on("sure")) {
      throw new HttpError(
        409,
        `Cannot delete ${dataset.name} without being sure: it holds ${
          heldBy(dataset)
        }`,
        "Tick that it shall be deleted.",
      );
    }
    const job = jobs.start({
      kind: "delete",
      title: dataset.name,
      key: `delete ${dataset.id}`,
      run: (options) => store.deleteDataset(dataset, options),
      outcome: () => ({ text: `${heldBy(dataset)} deleted` }),
    });
    return answer(request, job.view(), `/datasets?job=${job.id}`, 202);
  },
};
