import { answer } from "../../_body.ts";
import { markedHost } from "../../_marked_host.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

/** Tags of a host, and characters of each. */
const MOST_TAGS = 20, MOST_TEXT = 60;

export const api: ApiDescription = {
  summary: "Gives a host tags, instead of those it has.",
  parameters: {
    dataset: "its name",
    address: "of the host",
    tags: "between commas; empty for none",
  },
  answer: "JSON, { before, after }; 303 to the host for a form",
  errors: {
    400: "the address is none, or there are too many tags or too long ones",
    404: "there is no such dataset",
  },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { store, request } = context;
    const { body, dataset, address, page } = await markedHost(context);
    const tags = body.text("tags").split(",")
      .map((tag) => tag.trim()).filter(Boolean);
    if (tags.length > MOST_TAGS || tags.some((t) => t.length > MOST_TEXT)) {
      throw new HttpError(
        400,
        `Cannot tag ${address}: at most ${MOST_TAGS} tags of ${MOST_TEXT} characters`,
      );
    }
    const { tags: before } = await store.hostMark(dataset, address);
    await store.setHostTags(dataset, address, tags);
    const { tags: after } = await store.hostMark(dataset, address);
    const changed = before.join() !== after.join();
    return answer(
      request,
      { before, after },
      changed ? page({ tagged: before.join(", ") }) : page(),
    );
  },
};
