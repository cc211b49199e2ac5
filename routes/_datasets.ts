import { plural } from "../islands/_format.ts";
import {
  coverageBins,
  type DatasetReport,
  datasetReport,
  type DatasetSummary,
  type SessionStore,
} from "../pipeline/mod.ts";
import { HttpError, type RouteContext } from "./_page.ts";

/** @throws HttpError 404 when the path names no dataset. */
export async function datasetOf(
  { store, params }: RouteContext,
): Promise<DatasetSummary> {
  const found = (await store.datasets())
    .find(({ id }) => String(id) === params.id);
  if (found) return found;
  throw new HttpError(
    404,
    `Cannot find dataset ${JSON.stringify(params.id)}`,
    "It may have been deleted.",
  );
}

/** How a dataset came to be. */
export async function reportOf(
  store: SessionStore,
  dataset: DatasetSummary,
): Promise<DatasetReport> {
  const [files, histogram, runs] = await Promise.all([
    store.importedFiles(dataset),
    store.histogram(dataset, { bins: coverageBins(dataset) }),
    store.runs(dataset),
  ]);
  return datasetReport(dataset, files, histogram, runs);
}

export function recordsIn({ records }: DatasetSummary): number {
  return Object.values(records).reduce((sum, n) => sum + n, 0);
}

/** "2 files, 870 records and 1 run". */
export function heldBy(dataset: DatasetSummary): string {
  return `${plural(dataset.files, "file")}, ${
    plural(recordsIn(dataset), "record")
  } and ${plural(dataset.runs, "run")}`;
}
