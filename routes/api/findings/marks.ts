import type { MarkAnswer } from "../../../islands/_finding_api.ts";
import { jsonBody } from "../../_json_body.ts";
import { applyMarks, markRequest } from "../../_marks.ts";
import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Says something of findings: verdict, regular, owner, tags, a note.",
  parameters: {
    ids: "JSON: ids of up to 1,000 findings",
    set: "JSON: what to change; null takes an answer back",
    restore: "JSON, instead of both: marks as an earlier answer gave them",
  },
  answer: "JSON: MarkAnswer of islands/_finding_api.ts, what stood and stands",
  errors: { 400: "a field is not what it must be" },
};

export const handler = {
  async POST({ request, store }: RouteContext): Promise<Response> {
    const asked = markRequest(await jsonBody(request));
    const answer: MarkAnswer = await applyMarks(store, asked);
    return Response.json(answer);
  },
};
