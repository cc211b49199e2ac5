import {
  importSafelist,
  messageOf,
  type SafelistImport,
  SkerryError,
} from "../../../pipeline/mod.ts";
import { authorOf } from "../../_author.ts";
import { answer } from "../../_body.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

const MOST_BYTES = 5e6;

export const api: ApiDescription = {
  summary: "Adds the entries of a file to the safelist.",
  parameters: {
    file: "form, multipart: CSV or JSON as GET /api/safelist gives it",
    "skerry-author": "cookie: the author of entries that name none",
  },
  answer:
    "JSON: { added, known, skipped: [{ line, field, value, reason }] }; 303 to the settings for a form, the status log tells the same",
  errors: { 400: "the file is larger than 5 MB, or no safelist" },
};

export const handler = {
  async POST({ request, store, jobs }: RouteContext): Promise<Response> {
    const length = Number(request.headers.get("content-length") ?? NaN);
    if (!(length <= MOST_BYTES)) {
      throw new HttpError(400, "Cannot import a safelist of more than 5 MB");
    }
    const file = (await request.formData()).get("file");
    if (!(file instanceof File) || file.size === 0) {
      throw new HttpError(400, "Cannot import a safelist: choose a file");
    }
    const path = file.name, text = await file.text();
    let result: SafelistImport;
    try {
      result = await importSafelist(store, text, {
        path,
        author: authorOf(request),
      });
    } catch (error) {
      if (!(error instanceof SkerryError)) throw error;
      throw new HttpError(400, messageOf(error), error.hint);
    }
    // The form's page is another: the status log tells it what came of this.
    const job = jobs.start({
      kind: "safelist",
      title: `safelist from ${path}`,
      key: "safelist",
      run: () => Promise.resolve(result),
      outcome: (done) => ({ text: saying(done), href: "/settings#safelist" }),
    });
    await job.ended;
    return answer(request, result, "/settings#safelist");
  },
};

const TOLD = 20;

/** "3 added, 1 known, 2 skipped: line 4, kind "person": is none of …". */
function saying({ added, known, skipped }: SafelistImport): string {
  const reasons = skipped.slice(0, TOLD).map((
    { line, field, value, reason },
  ) => `line ${line}, ${field} ${JSON.stringify(value)}: ${reason}`);
  const more = skipped.length - reasons.length;
  if (more > 0) reasons.push(`and ${more} more`);
  return `${added} added, ${known} known, ${skipped.length} skipped` +
    (reasons.length > 0 ? `: ${reasons.join("; ")}.` : ".");
}
