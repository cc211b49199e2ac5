import { answer } from "../../../_body.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "Removes an entry of the safelist.",
  parameters: { id: "of the entry" },
  answer: "JSON, { removed }; 303 to the settings for a form",
  errors: { 404: "there is no such entry" },
};

export const handler = {
  async POST({ request, store, params }: RouteContext): Promise<Response> {
    const id = /^\d{1,15}$/.test(params.id) ? Number(params.id) : NaN;
    if (!(id >= 0 && await store.removeSafelistEntry(id))) {
      throw new HttpError(
        404,
        "Cannot remove the entry: there is none of that id",
      );
    }
    return answer(request, { removed: id }, "/settings#safelist");
  },
};
