import { chosenDataset } from "../../_chosen.ts";
import { HttpError, type RouteContext } from "../../_page.ts";
import { csvFile } from "./index.ts";

/**
 * `GET ?dataset`: every record of a uid, a `StoredRecord` each, in time order;
 * `format=csv` for a file. `src` and `dst` spare a search where they are
 * known. 404 where there is none.
 */
export const handler = {
  async GET({ store, url, params: { uid } }: RouteContext): Promise<Response> {
    const dataset = await chosenDataset(store, url);
    if (!dataset) {
      throw new HttpError(404, "Cannot find a session: no logs yet");
    }
    const src = url.searchParams.get("src");
    const dst = url.searchParams.get("dst") || undefined;
    const pair = src ? { src, dst } : undefined;
    const records = await store.recordsOf(dataset, [uid], pair);
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
