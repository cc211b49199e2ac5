import type { PreviewAnswer } from "../../../islands/_finding_api.ts";
import { askedRun } from "../../_finding_lists.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";
import { effectOf, subjectOf } from "../../_safelist.ts";

export const api: ApiDescription = {
  summary: "Tells how much of a run an entry of the safelist would hide.",
  parameters: {
    kind: "as for adding it",
    value: "as for adding it",
    dataset: "name; that of the last run where absent",
    run: "number; the dataset's last where absent",
  },
  answer: "JSON: PreviewAnswer of islands/_finding_api.ts",
  errors: { 404: "no such dataset or run" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    return Response.json(await previewOf(context));
  },
};

async function previewOf(context: RouteContext): Promise<PreviewAnswer> {
  const { store, url: { searchParams } } = context;
  try {
    const { kind, value } = subjectOf((name) => searchParams.get(name) ?? "");
    const run = await askedRun(context);
    return { ...await effectOf(store, run, kind, value), error: null };
  } catch (error) {
    // What is not written to its end yet is no failure of the request.
    if (!(error instanceof HttpError) || error.status !== 400) throw error;
    return { text: "", warning: null, error: error.message };
  }
}
