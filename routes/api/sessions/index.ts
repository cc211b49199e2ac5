import {
  recordRows,
  recordsCsv,
  type SessionStore,
  type StoredRecord,
  tellsPairs,
} from "../../../pipeline/mod.ts";
import { chosenDataset } from "../../_chosen.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";
import { type Asked, askedOf, recordsAsked } from "../../_session_query.ts";

type Dataset = NonNullable<Awaited<ReturnType<typeof chosenDataset>>>;

/** Records that one page of JSON has, and of CSV that are read at a time. */
const PAGE = 1000;

/** Records that a CSV file has at most: its columns are known at its end. */
const MOST_ROWS = 200_000;

export const api: ApiDescription = {
  summary: "Lists records of a source, or of a log by its type, in time order.",
  parameters: {
    dataset: "its name; the last one where absent",
    src: "the source's address; none lists notice, x509 and the like by type",
    q: "of a log listed by type: what a field must hold",
    dst: "an address",
    port: "of the destination",
    type: "conn, http, notice, …",
    from: "a time, in the zone of tz where it names none",
    to: "a time, as from",
    tz: "of the times: IANA name; UTC where absent",
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
    if (asked.src === "" && tellsPairs(asked.logType)) {
      throw new HttpError(400, "Cannot list sessions: src must be an address");
    }
    if (url.searchParams.get("format") !== "csv") {
      const how = { limit: PAGE, signal };
      return Response.json(await recordsAsked(store, dataset, asked, how));
    }
    const records = await all(store, dataset, asked, signal);
    return csvFile(`${asked.src || asked.logType}.csv`, records);
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
    const how = { limit: PAGE, signal };
    const page =
      (await recordsAsked(store, dataset, { ...asked, after }, how))!;
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
  const safe = name.replace(/[^\w.-]/g, "_").slice(0, 100);
  return new Response(recordsCsv(recordRows(records)), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${safe}"`,
    },
  });
}
