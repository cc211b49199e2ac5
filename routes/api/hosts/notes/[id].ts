import { answer } from "../../../_body.ts";
import { markedHost } from "../../../_marked_host.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "Takes a note of a host back, or puts it where it was.",
  parameters: {
    id: "of the note",
    dataset: "its name",
    address: "of the host",
    removed: "false: puts it back",
  },
  answer: "JSON, { id, removed }; 303 to the host for a form",
  errors: { 400: "the address is none", 404: "there is none of that id" },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { body, dataset, page } = await markedHost(context);
    const id = Number(context.params.id), removed = body.on("removed");
    const found = Number.isSafeInteger(id) &&
      await context.store.removeHostNote(dataset, id, removed);
    if (!found) {
      throw new HttpError(404, `Cannot find note ${context.params.id}`);
    }
    return answer(
      context.request,
      { id, removed },
      page(removed ? { removed: String(id) } : {}),
    );
  },
};
