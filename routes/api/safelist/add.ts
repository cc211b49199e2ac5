import { authorOf } from "../../_author.ts";
import { answer, Body } from "../../_body.ts";
import type { ApiDescription, RouteContext } from "../../_page.ts";
import { entryOf } from "../../_safelist.ts";

export const api: ApiDescription = {
  summary: "Adds an entry to the safelist.",
  parameters: {
    kind: "address, network, name, pair, …",
    value: "as skerry safelist --help shows it",
    reason: "why it is harmless",
    author: "who says so; as the cookie skerry-author where empty",
    expires: "as 30d; never where empty",
  },
  answer: "201, JSON, the SafelistEntry; 303 to the settings for a form",
  errors: { 400: "a field cannot be read, or there is no reason" },
};

export const handler = {
  async POST({ request, store }: RouteContext): Promise<Response> {
    const body = await Body.of(request);
    const entry = entryOf((name) =>
      body.text(name) || (name === "author" ? authorOf(request) : "")
    );
    const added = await store.addSafelistEntry(entry);
    return answer(request, added, "/settings#safelist", 201);
  },
};
