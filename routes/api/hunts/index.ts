import { plural } from "../../../islands/_format.ts";
import { hunt } from "../../../pipeline/mod.ts";
import { answer, Body } from "../../_body.ts";
import { huntOptions, toldBefore } from "../../_hunt_options.ts";
import { datasetIn, HUNT_FIELDS } from "../../_hunts.ts";
import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Hunts in what is stored, as a job.",
  parameters: HUNT_FIELDS,
  answer: "202, JSON, the JobView; 303 for a form",
  errors: { 400: "one cannot be read", 404: "there is no such dataset" },
};

export const handler = {
  async POST({ request, store, jobs, url }: RouteContext): Promise<Response> {
    const body = await Body.of(request);
    const dataset = await datasetIn(store, url, body.text("dataset"));
    const options = huntOptions(body, await toldBefore(store, dataset));
    const job = jobs.start({
      kind: "hunt",
      title: dataset.name,
      key: `hunt ${dataset.id} ${JSON.stringify(options)}`,
      run: (more) => hunt(store, dataset, { ...options, ...more }),
      outcome: ({ findings }) => ({
        text: plural(findings.length, "finding"),
        href: `/?${new URLSearchParams({ dataset: dataset.name })}`,
      }),
    });
    return answer(request, job.view(), `/datasets?job=${job.id}`, 202);
  },
};
