import { benignJson } from "../../../pipeline/mod.ts";
import { benignOf } from "../../_benign.ts";
import { chosenDataset } from "../../_chosen.ts";
import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary:
    "The classes of benign traffic that count, to be edited and imported.",
  parameters: {
    dataset:
      "name: with what its last run was given; that of the last run where absent",
    list: "shipped: without anything of one's own",
  },
  answer: "a file, JSON, as skerry benign export prints it",
  errors: { 404: "no such dataset" },
};

export const handler = {
  async GET({ store, url }: RouteContext): Promise<Response> {
    const dataset = await chosenDataset(store, url);
    const run = dataset && await store.lastRun(dataset);
    const { list } = benignOf(
      url.searchParams.get("list") === "shipped" ? null : run,
    );
    return new Response(benignJson(list), {
      headers: {
        "content-type": "application/json",
        "content-disposition": 'attachment; filename="skerry-benign.json"',
      },
    });
  },
};
