import { plural } from "../../../islands/_format.ts";
import {
  type BenignFile,
  hunt,
  messageOf,
  parseBenign,
  SkerryError,
} from "../../../pipeline/mod.ts";
import { answer } from "../../_body.ts";
import { toldBefore } from "../../_hunt_options.ts";
import { datasetIn } from "../../_hunts.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

const MOST_BYTES = 1e6;

export const api: ApiDescription = {
  summary:
    "Hunts again with a list of one's own of what is benign, as a job; later hunts of the pages keep it.",
  parameters: {
    file: "form, multipart: JSON as GET /api/benign gives it",
    dataset: "its name",
  },
  answer: "202, JSON, the JobView; 303 for a form",
  errors: {
    400: "larger than 1 MB, or an entry that cannot be used, with its field",
    404: "there is no such dataset",
  },
};

export const handler = {
  async POST({ request, store, jobs, url }: RouteContext): Promise<Response> {
    const length = Number(request.headers.get("content-length") ?? NaN);
    if (!(length <= MOST_BYTES)) {
      throw new HttpError(400, "Cannot import a list of more than 1 MB");
    }
    const form = await request.formData(), file = form.get("file");
    if (!(file instanceof File) || file.size === 0) {
      throw new HttpError(400, "Cannot import a list: choose a file");
    }
    const name = String(form.get("dataset") ?? "");
    const dataset = await datasetIn(store, url, name);
    const text = await file.text();
    const benignFile: BenignFile = {
      path: file.name,
      edits: editsOf(text, file.name),
    };
    const before = await toldBefore(store, dataset);
    const job = jobs.start({
      kind: "hunt",
      title: `${dataset.name} with ${file.name}`,
      key: `benign ${dataset.id} ${file.name} ${text}`,
      run: (more) => hunt(store, dataset, { ...before, ...more, benignFile }),
      outcome: ({ findings }) => ({
        text: plural(findings.length, "finding"),
        href: `/?${new URLSearchParams({ dataset: dataset.name })}`,
      }),
    });
    return answer(request, job.view(), `/datasets?job=${job.id}`, 202);
  },
};

function editsOf(text: string, path: string): BenignFile["edits"] {
  try {
    return parseBenign(text, path);
  } catch (error) {
    if (!(error instanceof SkerryError)) throw error;
    throw new HttpError(400, messageOf(error), error.hint);
  }
}
