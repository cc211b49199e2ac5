import { addressBytes } from "../../pipeline/mod.ts";
import { chosenDataset } from "../_chosen.ts";
import { type ApiDescription, HttpError, type RouteContext } from "../_page.ts";

export const api: ApiDescription = {
  summary: "Lists every source, busiest first, or tells of one host.",
  parameters: {
    dataset: "its name; the last one where absent",
    address: "of one host",
  },
  answer: "JSON, a HostSummary each, or a HostOverview with its HostMark",
  errors: { 400: "the address is none", 404: "there is no such dataset" },
};

export const handler = {
  async GET({ store, url, signal }: RouteContext): Promise<Response> {
    const dataset = await chosenDataset(store, url);
    if (!dataset) throw new HttpError(404, "Cannot list hosts: no logs yet");
    const address = url.searchParams.get("address");
    if (address !== null && !addressBytes(address)) {
      throw new HttpError(400, "Cannot tell of the host: it is no address");
    }
    return Response.json(
      address === null ? await store.hosts(dataset, { signal }) : {
        ...await store.host(dataset, address),
        ...await store.hostMark(dataset, address),
      },
    );
  },
};
