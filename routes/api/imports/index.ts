import { answer, Body } from "../../_body.ts";
import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Imports a folder or dropped files and hunts in them, as a job.",
  parameters: {
    folder: "a file or folder in one that may be imported",
    upload: "instead: the id of POST /api/uploads",
    dataset: "its name; the folder's path where empty",
    types: "log types to read; all where absent",
    fresh: "1 clears what the dataset holds first",
    sure: "1: clearing is meant",
  },
  answer: "202, JSON, an ImportView; 303 to its page for a form",
  errors: {
    400: "neither folder nor files",
    403: "a folder that may not be imported",
    404: "no such folder or upload",
    409: "the dataset is being imported into, or clearing was not confirmed",
  },
};

export const handler = {
  async POST({ request, imports }: RouteContext): Promise<Response> {
    const body = await Body.of(request);
    const job = await imports.start({
      folder: body.text("folder"),
      upload: body.text("upload") || undefined,
      dataset: body.text("dataset"),
      types: body.all("types"),
      fresh: body.on("fresh"),
      sure: body.on("sure"),
    });
    return answer(
      request,
      imports.view(job),
      `/datasets?import=${job.id}`,
      202,
    );
  },
};
