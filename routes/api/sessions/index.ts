import {
  recordsCsv,
  type SessionStore,
  type StoredRecord,
} from "../../../pipeline/mod.ts";
import { chosenDataset } from "../../_chosen.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";
import { type Asked, askedOf, sessionQuery } from "../../_session_query.ts";

type Dataset = NonNullable<Awaited<ReturnType<typeof chosenDataset>>>;

/** Records that one page of JSON has, and of CSV that are read at a time. */
const PAGE = 1000;

/** Records that a CSV file has at most: its columns are known at its end. */
const MOST_ROWS = 200_000;

export const api: ApiDescription = {
  summary: "Lists a source's records in time order.",
  parameters: {
    dataset: "its name; the last one where absent",
    src: "the source's address",
    dst: "an address",
    port: "of the destination",
    type: "conn, http, dns or ssl",
    from: "a time, UTC",
    to: "a time, UTC",
    after: "next of the page before",
    format: "csv for a file",
  },
  answer: "JSON, a SessionPage of 1,000 at most; as CSV 200,000 at most",
  errors: {
    400: "no source, or one cannot be read",
    404: "there is no such dataset",
  },
};

export const handler = {
  async GET({ store, url, signal }: RouteContext): Promise<Response> {
    const asked = askedOf(url);
    const dataset = await chosenDataset(store, url);
    if (!dataset) throw new HttpError(404, "Cannot list sessions: no logs yet");
    if (asked.src === "") {
      throw new HttpError(400, "Cannot list sessions: src must be an address");
    }
    if (url.searchParams.get("format") !== "csv") {
      return Response.json(
        await store.sessions(dataset, sessionQuery(asked, PAGE)),
      );
    }
    const records = await all(store, dataset, asked, signal);
    return csvFile(`${asked.src}.csv`, records);
  },
};

async function all(
  store: SessionStore,
  dataset: Dataset,
  asked: Asked,
  signal?: AbortSignal,
): Promise<StoredRecord[]> {
  const out: StoredRecord[] = [];
  let after: string | undefined;
  do {
    signal?.throwIfAborted();
    const query = sessionQuery({ ...asked, after }, PAGE);
    const page = await store.sessions(dataset, query);
    out.push(...page.sessions);
    after = page.next ?? undefined;
  } while (after !== undefined && out.length < MOST_ROWS);
  return out;
}

/** Records as a file that a browser saves. */
export function csvFile(
  name: string,
  records: readonly StoredRecord[],
): Response {
  const rows = records.map(({ logType, fields }) => ({
    _path: logType,
    ...fields,
  }));
  const safe = name.replace(/[^\w.-]/g, "_").slice(0, 100);
  return new Response(recordsCsv(rows), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${safe}"`,
    },
  });
}
