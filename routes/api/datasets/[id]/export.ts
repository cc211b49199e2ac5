import {
  type DatasetSummary,
  linesOf,
  type SessionStore,
} from "../../../../pipeline/mod.ts";
import { datasetOf } from "../../../_datasets.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "Sends a log of a dataset as Zeek's JSON: an object per line.",
  parameters: {
    id: "of the dataset",
    log: "conn, http, dns, ssl, open_conn, …: one that it holds",
  },
  answer: "the file, while it is read: importing it gives the same records",
  errors: { 404: "there is none of that id, or no such log in it" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const dataset = await datasetOf(context);
    const log = context.url.searchParams.get("log") ?? "";
    if (!Object.hasOwn(dataset.records, log)) {
      throw new HttpError(
        404,
        "Cannot export: there is no such log",
        `It holds ${Object.keys(dataset.records).join(", ") || "none"}.`,
      );
    }
    const { signal } = context.request;
    return new Response(
      ReadableStream.from(bytesOf(context.store, dataset, log, signal)),
      {
        headers: {
          "content-type": "application/x-ndjson",
          "content-disposition": `attachment; filename="${log}.log"`,
          "cache-control": "no-store",
        },
      },
    );
  },
};

/** Batch by batch: whoever reads slowly is waited for. */
async function* bytesOf(
  store: SessionStore,
  dataset: DatasetSummary,
  log: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const batch of store.batches(dataset, log, { signal })) {
    yield encoder.encode(linesOf(batch));
  }
}
