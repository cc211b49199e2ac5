import { answer, Body } from "../../../_body.ts";
import { datasetOf } from "../../../_datasets.ts";
import type { RouteContext } from "../../../_page.ts";

/**
 * `POST name=NEW` gives a dataset another name; answers `{ id, name }`. 404 for
 * an unknown one, 500 with the reason where the name is taken or none.
 */
export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { store, request } = context;
    const dataset = await datasetOf(context);
    const name = (await Body.of(request)).text("name");
    const { id } = await store.renameDataset(dataset, name);
    return answer(request, { id, name }, `/datasets/${id}`);
  },
};
