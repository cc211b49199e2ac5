import type { FormRefusal } from "../../../islands/_net.ts";
import { formBody } from "../../_body.ts";
import { chosenDataset } from "../../_chosen.ts";
import { answer, parseTraining } from "../../_net_form.ts";
import { netLab, Training } from "../../_net_lab.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Trains a net on a dataset, or joins the training under way.",
  parameters: {
    dataset: "query: its name; that of the last run without it",
    fields:
      "form: those of the parameter table on the page; an absent one has " +
      "its default",
  },
  answer: "JSON, the JobView; 303 to the page for a form",
  errors: {
    400: "a field is not what it must be: JSON, FormRefusal",
    404: "there is no dataset",
  },
};

/**
 * POST: trains a net on `?dataset=`, or joins the training under way. The form
 * has the fields of the parameter table; an absent one has its default. Answers
 * with the job (JobView); 400 with what is wrong by field (FormRefusal).
 */
export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { request, store, url, jobs } = context;
    const dataset = await chosenDataset(store, url);
    if (!dataset) throw new HttpError(404, "Cannot train: there is no dataset");
    const parsed = parseTraining(await formBody(request));
    if ("fields" in parsed) {
      const error = `Cannot train: ${
        Object.entries(parsed.fields).map(([name, why]) => `${name} ${why}`)
          .join("; ")
      }`;
      if (request.headers.get("accept") !== "application/json") {
        throw new HttpError(400, error);
      }
      const refusal: FormRefusal = { error, fields: parsed.fields };
      return Response.json(refusal, { status: 400 });
    }
    const lab = netLab(jobs);
    const job = lab.start(new Training(lab, store, dataset, parsed.request));
    return answer(request, dataset.name, job.view());
  },
};
