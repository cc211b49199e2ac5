import { answer, Body } from "../../_body.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";
import { choiceOf, openChoice } from "../../_store_choice.ts";

export const api: ApiDescription = {
  summary: "Goes on with another store, whose tables are made if missing.",
  parameters: {
    address: "mysql://HOST:PORT/DATABASE; empty: the one of the start",
    user: "who asks",
    password: "kept in memory until the server ends",
  },
  answer: "JSON, { location }; 303 to the settings for a form",
  errors: {
    400: "it refuses, with its own sentence",
    409: "a job works on the store that is used now",
  },
};

export const handler = {
  async POST({ request, jobs, useStore }: RouteContext): Promise<Response> {
    const body = await Body.of(request);
    if (!useStore) {
      throw new HttpError(409, "Cannot change the store of this server");
    }
    const busy = jobs.list().find(({ state }) => state === "running");
    if (busy) {
      throw new HttpError(
        409,
        `Cannot change the store: ${busy.kind} of ${busy.title} is under way`,
        "Wait for its end, or cancel it.",
      );
    }
    const next = body.text("address") === ""
      ? null
      : await openChoice(choiceOf(body));
    await useStore(next);
    const location = next?.location ?? null;
    return answer(request, { location }, "/settings");
  },
};
