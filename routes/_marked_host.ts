import { addressBytes, type DatasetSummary } from "../pipeline/mod.ts";
import { visible } from "../islands/_visible.ts";
import { Body } from "./_body.ts";
import { chosenDataset } from "./_chosen.ts";
import { HttpError, type RouteContext } from "./_page.ts";

/** What a form says of which host. */
export interface MarkedHost {
  readonly body: Body;
  readonly dataset: DatasetSummary;
  readonly address: string;
  /** The host's page, with what it is to tell. */
  page(told?: Readonly<Record<string, string>>): string;
}

/** @throws HttpError 400 for no address, 404 for no such dataset. */
export async function markedHost(
  { request, store, url }: RouteContext,
): Promise<MarkedHost> {
  const body = await Body.of(request);
  const address = body.text("address");
  if (!addressBytes(address)) {
    throw new HttpError(
      400,
      `Cannot mark the host ${visible(address).slice(0, 80)}: it is no address`,
    );
  }
  const named = new URL(url);
  named.searchParams.set("dataset", body.text("dataset"));
  const dataset = (await chosenDataset(store, named))!;
  return {
    body,
    dataset,
    address,
    page(told = {}) {
      const query = new URLSearchParams({ dataset: dataset.name, ...told });
      return `/hosts/${address}?${query}#notes`;
    },
  };
}
