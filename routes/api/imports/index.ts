import { answer, Body } from "../../_body.ts";
import type { RouteContext } from "../../_page.ts";

/**
 * `POST` with an `ImportRequest` starts an import and the run after it.
 * Answers its `ImportView` (202), or a form with the page that follows it;
 * 400 without a folder, 403 for one elsewhere, 404 for one that is not there,
 * 409 where the dataset is imported into or clearing it was not confirmed.
 */
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
