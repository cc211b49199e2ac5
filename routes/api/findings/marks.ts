import type { MarkAnswer } from "../../../islands/_finding_api.ts";
import { authorOf } from "../../_author.ts";
import { jsonBody } from "../../_body.ts";
import { askedRun } from "../../_finding_lists.ts";
import { applyMarks, markRequest } from "../../_marks.ts";
import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Says something of findings: verdict, regular, owner, tags, a note.",
  parameters: {
    dataset: "of the address: name; needed with run",
    run:
      "of the address: number; where it is there, regular labels the connections",
    "skerry-author": "cookie: who says so",
    ids: "JSON: ids of up to 1,000 findings",
    set: "JSON: what to change; null takes an answer back",
    restore: "JSON, instead of both: marks as an earlier answer gave them",
  },
  answer: "JSON: MarkAnswer of islands/_finding_api.ts, what stood and stands",
  errors: {
    400: "a field is not what it must be",
    404: "no such dataset or run",
  },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { request, store, url } = context;
    const run = url.searchParams.has("run") ? await askedRun(context) : null;
    const asked = markRequest(await jsonBody(request));
    const answer: MarkAnswer = await applyMarks(store, asked, {
      who: authorOf(request),
      run,
    });
    return Response.json(answer);
  },
};
