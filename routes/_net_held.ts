import { chosenDataset } from "./_chosen.ts";
import { type HeldNet, netLab } from "./_net_lab.ts";
import { HttpError, type RouteContext } from "./_page.ts";
import type { DatasetSummary } from "../pipeline/mod.ts";

/** The dataset that is chosen and its net. @throws HttpError 404 without one. */
export async function heldNet(
  { store, url, jobs }: RouteContext,
): Promise<{ dataset: DatasetSummary; held: HeldNet }> {
  const dataset = await chosenDataset(store, url);
  const held = dataset && netLab(jobs).held(dataset);
  if (dataset && held) return { dataset, held };
  throw new HttpError(404, "Cannot find a net: none is trained or loaded yet");
}
