import type { RouteContext } from "../../_page.ts";

/** `GET`: what the store holds, a `DatasetSummary` each. */
export const handler = {
  async GET({ store }: RouteContext): Promise<Response> {
    return Response.json(await store.datasets());
  },
};
