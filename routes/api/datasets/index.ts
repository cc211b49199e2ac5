import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Lists what the store holds.",
  answer: "JSON, a DatasetSummary each",
};

export const handler = {
  async GET({ store }: RouteContext): Promise<Response> {
    return Response.json(await store.datasets());
  },
};
