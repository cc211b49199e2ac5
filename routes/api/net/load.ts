import { visible } from "../../../islands/_visible.ts";
import { chosenDataset } from "../../_chosen.ts";
import { answer, readForm } from "../../_net_form.ts";
import { Loading, netLab } from "../../_net_lab.ts";
import { HttpError, type RouteContext } from "../../_page.ts";

/**
 * POST: asks the kept net of the form's `name` about every session of
 * `?dataset=`. Answers with the job (JobView); 404 where there is no such net.
 */
export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { request, store, url, jobs } = context;
    const dataset = await chosenDataset(store, url);
    const name = (await readForm(request)).get("name") ?? "";
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
