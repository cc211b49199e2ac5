import type {
  DatasetSummary,
  RunSummary,
  SessionStore,
} from "../pipeline/mod.ts";
import { visible } from "../islands/_visible.ts";
import { HttpError } from "./_page.ts";

/** The dataset that `?dataset=` names, or the one of the last run. */
export async function chosenDataset(
  store: SessionStore,
  url: URL,
): Promise<DatasetSummary | null> {
  const datasets = await store.datasets();
  const name = url.searchParams.get("dataset");
  if (name !== null) return named(datasets, name);
  const last = await store.lastRun();
  if (last) return named(datasets, last.dataset);
  return datasets.reduce<DatasetSummary | null>(
    (newest, d) => newest && newest.createdAt >= d.createdAt ? newest : d,
    null,
  );
}

function named(
  datasets: readonly DatasetSummary[],
  name: string,
): DatasetSummary {
  const dataset = datasets.find((d) => d.name === name);
  if (dataset) return dataset;
  throw new HttpError(
    404,
    `Cannot find a dataset called ${visible(name)}`,
    datasets.length === 0
      ? "There are none yet."
      : `There are ${datasets.map((d) => visible(d.name)).join(", ")}.`,
  );
}

/** The run that `?run=` names, or the dataset's last one; newest first. */
export async function chosenRun(
  store: SessionStore,
  dataset: DatasetSummary,
  url: URL,
): Promise<{ run: RunSummary | null; runs: RunSummary[] }> {
  const runs = await store.runs(dataset);
  const id = url.searchParams.get("run");
  if (id === null) return { run: runs[0] ?? null, runs };
  const run = runs.find((r) => String(r.id) === id);
  if (run) return { run, runs };
  throw new HttpError(
    404,
    `Cannot find run ${visible(id)} of ${visible(dataset.name)}`,
    `Its runs are ${runs.map((r) => r.id).join(", ") || "none yet"}.`,
  );
}
