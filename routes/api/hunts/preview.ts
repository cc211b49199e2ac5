import {
  BANDS,
  hunt,
  huntChange,
  huntChangeText,
  listedFindings,
  thresholdParams,
} from "../../../pipeline/mod.ts";
import { answer, Body } from "../../_body.ts";
import { datasetIn, HUNT_FIELDS } from "../../_hunts.ts";
import { huntOptions, toldBefore } from "../../_hunt_options.ts";
import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary:
    "Counts how many findings another hunt would change, as a job; no run is kept.",
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
      kind: "preview",
      title: dataset.name,
      key: `preview ${dataset.id} ${JSON.stringify(options)}`,
      run: async (more) => {
        const last = await store.lastRun(dataset);
        const before = last ? await listedFindings(store, last.id, more) : [];
        const { findings } = await hunt(store, dataset, {
          ...options,
          ...more,
          preview: true,
        });
        return huntChange(before, findings);
      },
      outcome: (change) => ({ text: huntChangeText(change) }),
    });
    const page = new URLSearchParams({
      preview: String(job.id),
      dataset: dataset.name,
    });
    for (const name of shownFields) {
      const value = body.text(name);
      if (value !== "") page.set(name, value);
    }
    return answer(request, job.view(), `/settings?${page}#thresholds`, 202);
  },
};

/** Those that the page shows again beside the answer. */
const shownFields = [
  ...Object.keys(thresholdParams()),
  ...Object.keys(BANDS).map((name) => `bands.${name}`),
];
