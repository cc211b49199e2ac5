import { jsonBody } from "../../_json_body.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Takes an entry off the safelist.",
  parameters: { id: "JSON: the entry's number" },
  answer: "JSON: { removed: number }",
  errors: { 404: "there is no such entry" },
};

export const handler = {
  async POST({ request, store }: RouteContext): Promise<Response> {
    const { id } = await jsonBody(request);
    if (!Number.isInteger(id) || !await store.removeSafelistEntry(Number(id))) {
      throw new HttpError(404, "Cannot remove the entry: there is none");
    }
    return Response.json({ removed: id });
  },
};
