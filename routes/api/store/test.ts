import { Body } from "../../_body.ts";
import type { ApiDescription, RouteContext } from "../../_page.ts";
import { choiceOf, testStore } from "../../_store_choice.ts";

export const api: ApiDescription = {
  summary: "Asks a server whether it has a store, without writing anything.",
  parameters: {
    address: "mysql://HOST:PORT/DATABASE",
    user: "who asks",
    password: "kept nowhere",
  },
  answer: "JSON, a StoreTest",
  errors: { 400: "it refuses, with its own sentence" },
};

export const handler = {
  async POST({ request }: RouteContext): Promise<Response> {
    return Response.json(await testStore(choiceOf(await Body.of(request))));
  },
};
