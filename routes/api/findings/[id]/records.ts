import { recordsCsv } from "../../../../pipeline/mod.ts";
import { chosenDataset } from "../../../_chosen.ts";
import { askedRun } from "../../../_finding_lists.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../../_page.ts";

export const api: ApiDescription = {
  summary:
    "Downloads the records behind a finding, of all logs, by their uids.",
  parameters: {
    id: "of the finding, 16 hexadecimal digits",
    dataset: "name; that of the last run where absent",
    run: "number; the dataset's last where absent",
  },
  answer: "CSV: fields under Zeek's names, of the first 100 uids",
  errors: { 404: "the run has no such finding" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const { store, params, url } = context;
    const run = await askedRun(context);
    const dataset = await chosenDataset(store, url);
    const finding = await store.finding(run.id, params.id);
    if (!finding || !dataset) {
      throw new HttpError(404, "Cannot find this finding");
    }
    const records = await store.recordsOf(dataset, finding.uids);
    return new Response(recordsCsv(records.map(({ fields }) => fields)), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition":
          `attachment; filename="skerry-${finding.id}.csv"`,
      },
    });
  },
};
