import { plural } from "../../islands/_format.ts";
import {
  checkParams,
  hunt,
  type HuntOptions,
  type Params,
  parseDuration,
  parseNetworks,
  parseParam,
  parseTime,
  SCORES,
} from "../../pipeline/mod.ts";
import { answer, Body } from "../_body.ts";
import { chosenDataset } from "../_chosen.ts";
import { type ApiDescription, HttpError, type RouteContext } from "../_page.ts";
import { understood } from "../_retention.ts";

export const api: ApiDescription = {
  summary: "Hunts in what is stored, as a job.",
  parameters: {
    dataset: "its name",
    internal: "networks, as 10.0.0.0/8, …",
    last: "as 24h",
    from: "a time, UTC",
    to: "a time, UTC",
    score: "skerry or rita",
    "DETECTOR.PARAMETER": "its value; the default where absent or empty",
  },
  answer: "202, JSON, the JobView; 303 for a form",
  errors: { 400: "one cannot be read", 404: "there is no such dataset" },
};

export const handler = {
  async POST({ request, store, jobs, url }: RouteContext): Promise<Response> {
    const body = await Body.of(request);
    const named = new URL(url);
    named.searchParams.set("dataset", body.text("dataset"));
    const dataset = await chosenDataset(store, named);
    const options = optionsOf(body);
    const job = jobs.start({
      kind: "hunt",
      title: dataset!.name,
      key: `hunt ${dataset!.id} ${JSON.stringify(options)}`,
      run: (more) => hunt(store, dataset!, { ...options, ...more }),
      outcome: ({ findings }) => ({
        text: plural(findings.length, "finding"),
        href: `/?${new URLSearchParams({ dataset: dataset!.name })}`,
      }),
    });
    return answer(request, job.view(), `/datasets?job=${job.id}`, 202);
  },
};

function optionsOf(body: Body): HuntOptions {
  const read = <T>(name: string, parse: (text: string) => T) =>
    body.text(name) === "" ? undefined : understood(parse, body.text(name));
  const score = body.text("score") || undefined;
  if (score !== undefined && score !== "skerry" && score !== "rita") {
    throw new HttpError(
      400,
      `Cannot hunt: score must be skerry or rita, got ${JSON.stringify(score)}`,
    );
  }
  return {
    internal: read(
      "internal",
      (text) => parseNetworks(text.replace(/\s+/g, "")),
    ),
    last: read("last", parseDuration),
    from: read("from", parseTime),
    to: read("to", parseTime),
    score,
    values: valuesOf(body),
  };
}

/** What differs from the defaults, by detector; undefined where nothing does. */
function valuesOf(body: Body): HuntOptions["values"] {
  const values: Record<string, Record<string, unknown>> = {};
  for (const { name, params } of SCORES.skerry) {
    for (const [param, row] of Object.entries(params as Params)) {
      const text = body.text(`${name}.${param}`);
      if (text === "" || text === String(row.default)) continue;
      const value = parseParam(row, text);
      understood(
        () => checkParams(`run ${name}`, { [param]: row }, { [param]: value }),
        text,
      );
      (values[name] ??= {})[param] = value;
    }
  }
  return Object.keys(values).length > 0 ? values : undefined;
}
