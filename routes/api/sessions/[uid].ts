import { chosenDataset } from "../../_chosen.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";
import { recordsOfUid } from "../../_session_query.ts";
import { csvFile } from "./index.ts";

export const api: ApiDescription = {
  summary:
    "Lists every record of a uid, over all logs, with its files and certificates.",
  parameters: {
    uid: "of Zeek",
    dataset: "its name; the last one where absent",
    src: "with dst spares a search",
    dst: "an address",
    format: "csv for a file",
  },
  answer: "JSON, a StoredRecord each; CSV",
  errors: { 404: "no record has the uid" },
};

export const handler = {
  async GET({ store, url, params: { uid } }: RouteContext): Promise<Response> {
    const dataset = await chosenDataset(store, url);
    if (!dataset) {
      throw new HttpError(404, "Cannot find a session: no logs yet");
    }
    const src = url.searchParams.get("src") ?? "";
    const dst = url.searchParams.get("dst") ?? "";
    const records = await recordsOfUid(store, dataset, uid, { src, dst });
    if (records.length === 0) {
      throw new HttpError(
        404,
        "Cannot find the session: no record has its uid",
      );
    }
    return url.searchParams.get("format") === "csv"
      ? csvFile(`${uid}.csv`, records)
      : Response.json(records);
  },
};
