import { findingRecords } from "../../../../pipeline/mod.ts";
import { chosenDataset } from "../../../_chosen.ts";
import { askedRun } from "../../../_finding_lists.ts";
import { csvFile } from "../../sessions/index.ts";
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
  answer:
    "CSV: _path is the log, then fields under Zeek's names; the header skerry-whole is false where not all records could be told or were kept",
  errors: { 404: "the run has no such finding" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const { store, params, url, signal } = context;
    const run = await askedRun(context);
    const dataset = await chosenDataset(store, url);
    const finding = await store.finding(run.id, params.id);
    if (!finding || !dataset) {
      throw new HttpError(404, "Cannot find this finding");
    }
    const { records, whole } = await findingRecords(store, dataset, finding, {
      signal,
    });
    const answer = csvFile(`skerry-${finding.id}.csv`, records);
    answer.headers.set("skerry-whole", String(whole));
    return answer;
  },
};
