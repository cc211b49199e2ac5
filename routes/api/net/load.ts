import { visible } from "../../../islands/_visible.ts";
import { chosenDataset } from "../../_chosen.ts";
import { formBody } from "../../_body.ts";
import { answer } from "../../_net_form.ts";
import { Loading, netLab } from "../../_net_lab.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Asks a kept net about every request of a dataset.",
  parameters: {
    dataset: "query: its name; that of the last run without it",
    name: "form: what the net is kept under",
  },
  answer: "JSON, the JobView; 303 to the page for a form",
  errors: { 404: "no net is kept under that name" },
};

/**
 * POST: asks the kept net of the form's `name` about every session of
 * `?dataset=`. Answers with the job (JobView); 404 where there is no such net.
 */
export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { request, store, url, jobs } = context;
    const dataset = await chosenDataset(store, url);
    const name = (await formBody(request)).get("name") ?? "";
    const known = (await store.models()).some((model) =>
      model.kind === "mlp" && model.name === name
    );
    if (!dataset || !known) {
      throw new HttpError(404, `Cannot find a net called ${visible(name)}`);
    }
    const lab = netLab(jobs);
    const job = lab.start(new Loading(lab, store, dataset, name));
    return answer(request, dataset.name, job.view());
  },
};
