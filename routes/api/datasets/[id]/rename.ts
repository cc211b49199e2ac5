import { answer, Body } from "../../../_body.ts";
import { datasetOf } from "../../../_datasets.ts";
import { type ApiDescription, type RouteContext } from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "Gives a dataset another name.",
  parameters: {
    id: "of the dataset",
    name: "the new one",
  },
  answer: "JSON, { id, name }; 303 to its page for a form",
  errors: {
    404: "there is none of that id",
    500: "the name is taken, with the reason",
  },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { store, request } = context;
    const dataset = await datasetOf(context);
    const name = (await Body.of(request)).text("name");
    const { id } = await store.renameDataset(dataset, name);
    return answer(request, { id, name }, `/datasets/${id}`);
  },
};
