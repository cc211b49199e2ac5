import { datasetOf, reportOf } from "../../../_datasets.ts";
import type { RouteContext } from "../../../_page.ts";

/** `GET`: the `DatasetReport` of a dataset, without its runs' findings. */
export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const dataset = await datasetOf(context);
    return Response.json(await reportOf(context.store, dataset));
  },
};
