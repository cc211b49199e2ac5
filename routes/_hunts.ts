import type { DatasetSummary, SessionStore } from "../pipeline/mod.ts";
import { chosenDataset } from "./_chosen.ts";
import { HttpError } from "./_page.ts";

/** Fields of what starts a hunt, for `/api`. */
export const HUNT_FIELDS: Readonly<Record<string, string>> = {
  dataset: "its name",
  internal: "networks, as 10.0.0.0/8, …",
  last: "as 24h",
  from: "a time, in the zone of tz where it names none",
  to: "a time, as from",
  tz: "of the times: IANA name; UTC where absent",
  score: "skerry or rita",
  "DETECTOR.PARAMETER":
    "its value; those of the last run where none is given, else the default",
  "bands.SEVERITY":
    "the score where it begins; those of the last run where none is given",
  benign: "shipped: without the list of one's own that the last run had",
};

/** @throws HttpError 404 where there is no such dataset. */
export async function datasetIn(
  store: SessionStore,
  url: URL,
  name: string,
): Promise<DatasetSummary> {
  const named = new URL(url);
  named.searchParams.set("dataset", name);
  const dataset = await chosenDataset(store, named);
  if (dataset) return dataset;
  throw new HttpError(404, "Cannot hunt: there is no dataset");
}
