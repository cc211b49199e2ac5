import { answer } from "../../_body.ts";
import { markedHost } from "../../_marked_host.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

/** Characters of a note. */
const MOST = 4000;

export const api: ApiDescription = {
  summary: "Adds a note to a host.",
  parameters: {
    dataset: "its name",
    address: "of the host",
    text: `at most ${MOST} characters`,
    who: "whose note it is",
  },
  answer: "JSON, a HostNote; 303 to the host for a form",
  errors: {
    400: "the address is none, the text empty or too long",
    404: "there is no such dataset",
  },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { body, dataset, address, page } = await markedHost(context);
    const text = body.text("text");
    if (text === "" || text.length > MOST) {
      throw new HttpError(
        400,
        `Cannot add the note: its text must have 1 to ${MOST} characters`,
      );
    }
    const author = { who: body.text("who") };
    const note = await context.store
      .addHostNote(dataset, address, text, author);
    return answer(context.request, note, page());
  },
};
