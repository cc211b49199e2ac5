import { datasetOf, reportOf } from "../../../_datasets.ts";
import { type ApiDescription, type RouteContext } from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "Says how a dataset was imported: files, skipped lines, gaps, runs.",
  parameters: {
    id: "of the dataset",
  },
  answer: "JSON, a DatasetReport",
  errors: { 404: "there is none of that id" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const dataset = await datasetOf(context);
    return Response.json(await reportOf(context.store, dataset));
  },
};
