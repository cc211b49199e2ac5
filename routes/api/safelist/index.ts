import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Lists the safelist, oldest entry first, expired ones too.",
  answer: "JSON: SafelistEntry[]",
};

export const handler = {
  async GET({ store }: RouteContext): Promise<Response> {
    return Response.json(await store.safelist());
  },
};
