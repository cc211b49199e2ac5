import { plural } from "../../islands/_format.ts";
import { hunt, messageOf, parseNetworks } from "../../pipeline/mod.ts";
import { chosenDataset } from "../_chosen.ts";
import { jsonBody } from "../_body.ts";
import { toldBefore } from "../_hunt_options.ts";
import { type ApiDescription, HttpError, type RouteContext } from "../_page.ts";

export const api: ApiDescription = {
  summary: "Scores a dataset again from the store, without reading its logs.",
  parameters: {
    dataset: "of the address: name; that of the last run where absent",
    internal:
      "JSON: networks that count as internal, 10.0.0.0/8,192.168.0.0/16; found from the traffic where absent",
    without: "JSON: names of reasons that do not count, a list",
  },
  answer:
    "JSON: JobView of islands/_job_view.ts; /api/jobs/:id/events follows it",
  errors: { 400: "a network cannot be read", 404: "no such dataset" },
};

export const handler = {
  async POST({ request, store, url, jobs }: RouteContext): Promise<Response> {
    const body = await jsonBody(request);
    const dataset = await chosenDataset(store, url);
    if (!dataset) throw new HttpError(404, "Cannot score: there is no dataset");
    const internal = networksOf(body.internal);
    const without = namesOf(body.without);
    const before = await toldBefore(store, dataset);
    const job = jobs.start({
      kind: "score",
      title: `scoring ${dataset.name} again`,
      key: `score ${dataset.id}`,
      run: (options) =>
        hunt(store, dataset, { ...before, ...options, internal, without }),
      outcome: ({ findings }) => ({
        text: `${plural(findings.length, "finding")}.`,
        href: `/?${new URLSearchParams({ dataset: dataset.name })}`,
      }),
    });
    return Response.json(job.view());
  },
};

function networksOf(value: unknown): string[] | undefined {
  if (typeof value !== "string" || value.trim() === "") return undefined;
  try {
    return parseNetworks(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new HttpError(400, messageOf(error));
  }
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((name) => typeof name === "string")
    : [];
}
