import { chosenDataset } from "../_chosen.ts";
import { HttpError, type RouteContext } from "../_page.ts";

/**
 * `GET ?dataset`: every source, a `HostSummary` each, busiest first; with
 * `address=` one host's `HostOverview`. 404 without a dataset.
 */
export const handler = {
  async GET({ store, url, signal }: RouteContext): Promise<Response> {
    const dataset = await chosenDataset(store, url);
    if (!dataset) throw new HttpError(404, "Cannot list hosts: no logs yet");
    const address = url.searchParams.get("address");
    return Response.json(
      address === null
        ? await store.hosts(dataset, { signal })
        : await store.host(dataset, address),
    );
  },
};
