import { plural } from "../../../islands/_format.ts";
import { copyStore } from "../../../pipeline/mod.ts";
import { answer, Body } from "../../_body.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";
import { choiceOf } from "../../_store_choice.ts";

export const api: ApiDescription = {
  summary: "Copies all that the store holds to a server, as a job.",
  parameters: {
    address: "mysql://HOST:PORT/DATABASE; what is there must be empty",
    user: "who writes there",
    password: "in memory until the copy ends",
    fromPassword: "of the store that is used now, if it is on a server",
  },
  answer: "202, JSON, the JobView; 303 for a form",
  errors: { 400: "the address cannot be read", 409: "the store is in memory" },
};

export const handler = {
  async POST({ request, jobs, store }: RouteContext): Promise<Response> {
    const body = await Body.of(request);
    const { location, password } = choiceOf(body);
    const from = store.location;
    if (from === ":memory:") {
      throw new HttpError(409, "Cannot copy a store that is only in memory");
    }
    const fromPassword = body.raw("fromPassword") || undefined;
    const job = jobs.start({
      kind: "copy",
      title: `${from} to ${location}`,
      key: `copy ${from} ${location}`,
      run: (options) =>
        copyStore(from, location, {
          ...options,
          fromPassword,
          toPassword: password,
        }),
      outcome: ({ tables }) => ({
        text: `${
          plural(tables.reduce((sum, { rows }) => sum + rows, 0), "row")
        } of ${plural(tables.length, "table")} copied, checksums agree`,
      }),
    });
    return answer(request, job.view(), `/datasets?job=${job.id}`, 202);
  },
};
