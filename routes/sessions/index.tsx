import { number, plural, span, zoneName } from "../../islands/_format.ts";
import JobLine from "../../islands/JobLine.tsx";
import { visible } from "../../islands/_visible.ts";
import {
  type DatasetSummary,
  type Histogram,
  type PairSummary,
  type SearchResult,
  type SessionPage,
  type SessionStore,
  tellsPairs,
} from "../../pipeline/mod.ts";
import { chosenDataset } from "../_chosen.ts";
import { recordsIn } from "../_datasets.ts";
import type { PageProps, RouteContext } from "../_page.ts";
import { Coverage } from "../_parts/coverage.tsx";
import { Empty } from "../_parts/empty.tsx";
import { PairTable } from "../_parts/pair_table.tsx";
import { RecordTable } from "../_parts/records.tsx";
import { SearchForm } from "../_parts/search_form.tsx";
import { SessionRows } from "../_parts/session_rows.tsx";
import { type Asked, askedOf, recordsAsked } from "../_session_query.ts";
import { type Soon, soon } from "../_soon.ts";

export const title = "Sessions";
export const styles = ["data"];

/** Rows of a page. */
const SHOWN = 100;

interface Data {
  readonly dataset: DatasetSummary;
  readonly asked: Asked;
  readonly histogram: Histogram;
  readonly found: Soon<Found>;
}

type Found =
  | { readonly sessions: SessionPage }
  | { readonly pairs: readonly PairSummary[] };

export const handler = {
  async GET(
    context: RouteContext,
  ): Promise<{ data: Data | null } | Response> {
    const { store, url } = context;
    const asked = askedOf(url);
    const dataset = await chosenDataset(store, url);
    if (dataset === null || recordsIn(dataset) === 0) return { data: null };
    const { from, to, logType } = asked;
    const found = await soon(context, dataset, {
      key: `sessions ${url.search}`,
      title: asked.q || asked.src || asked.dst || "who talked to whom",
      ask: (options) => find(store, dataset, asked, options),
    });
    if (found.value && isUid(found.value)) return here(dataset, asked.q);
    const histogram = await store.histogram(dataset, { logType, from, to });
    return { data: { dataset, asked, histogram, found: found as Soon<Found> } };
  },
};

/** A source has sessions; without one it is told who talked to whom. */
async function find(
  store: SessionStore,
  dataset: DatasetSummary,
  asked: Asked,
  options: { readonly signal?: AbortSignal },
): Promise<Found | SearchResult> {
  const { q, dst, port, from, to } = asked;
  const how = { limit: SHOWN, signal: options.signal };
  const sessions = await recordsAsked(store, dataset, asked, how);
  if (sessions) return { sessions };
  if (q !== "" && dst === "" && port === undefined) {
    return await store.search(dataset, q, { ...options, limit: SHOWN });
  }
  const pairs = await store.pairs(dataset, {
    name: q || undefined,
    dst: dst || undefined,
    port,
    from,
    to,
    limit: SHOWN,
    signal: options.signal,
  });
  return { pairs };
}

/** Whether what was looked for is a uid, or the id of a file. */
function isUid(found: Found | SearchResult): boolean {
  return "records" in found && found.records.length > 0;
}

function here({ name }: DatasetSummary, uid: string): Response {
  const query = new URLSearchParams({ dataset: name });
  const location = `/sessions/${encodeURIComponent(uid)}?${query}`;
  return new Response(null, { status: 303, headers: { location } });
}

export default function Sessions({ data, url }: PageProps<Data | null>) {
  if (data === null) {
    return (
      <Empty title="No sessions yet">
        <a href="/datasets">Import logs</a>{" "}
        first: conn, http, dns or ssl of Zeek.
      </Empty>
    );
  }
  const { dataset, asked, histogram, found } = data;
  const { firstTs, lastTs } = dataset;
  const from = asked.from ?? firstTs!, to = asked.to ?? lastTs!;
  return (
    <>
      <div class="head">
        <h1>Sessions</h1>
        <span class="soft">
          {visible(dataset.name)} · {plural(recordsIn(dataset), "record")} ·
          {" "}
          {span(firstTs, lastTs)} {zoneName()}
        </span>
      </div>
      <SearchForm dataset={dataset} asked={asked} url={url} />
      {to > from
        ? (
          <section class="panel" aria-labelledby="when">
            <header>
              <h2 id="when">When</h2>
              <span class="small soft">
                all records of {visible(asked.logType)}, square-root scale,{" "}
                {zoneName()} · hatched: none
              </span>
            </header>
            <Coverage
              rows={[{ name: asked.logType, histogram }]}
              from={from}
              to={to}
            />
          </section>
        )
        : null}
      {found.job
        ? <JobLine job={found.job} then={url.pathname + url.search} />
        : "sessions" in found.value
        ? (
          <Rows
            dataset={dataset.name}
            logType={asked.logType}
            page={found.value.sessions}
            url={url}
          />
        )
        : <Pairs dataset={dataset.name} pairs={found.value.pairs} />}
    </>
  );
}

function Rows(
  { dataset, logType, page, url }: {
    dataset: string;
    logType: string;
    page: SessionPage;
    url: URL;
  },
) {
  const { sessions, next } = page;
  if (sessions.length === 0 && next === null) return <Nothing />;
  const more = new URL(url);
  if (next !== null) more.searchParams.set("after", next);
  const first = new URL(url);
  first.searchParams.delete("after");
  return (
    <section class="panel pad0" aria-labelledby="rows">
      <header>
        <h2 id="rows">{plural(sessions.length, "record")}</h2>
        <span class="small soft">
          in time order · all of them as{" "}
          <a href={`/api/sessions${first.search}&format=csv`}>CSV</a>,{" "}
          <a href={`/api/sessions${first.search}`}>JSON</a>
        </span>
      </header>
      {tellsPairs(logType)
        ? <SessionRows dataset={dataset} sessions={sessions} />
        : sessions.length === 0
        ? <p>None among the first 20,000; there are more.</p>
        : (
          <RecordTable
            dataset={dataset}
            logType={logType}
            records={sessions}
          />
        )}
      <nav class="pages" aria-label="Pages of the list">
        {url.searchParams.has("after")
          ? (
            <a class="button" href={first.pathname + first.search}>
              First page
            </a>
          )
          : null}
        {next === null
          ? <span class="soft">These are the last ones.</span>
          : (
            <a class="button" href={more.pathname + more.search} rel="next">
              Next {number(SHOWN)}
            </a>
          )}
      </nav>
    </section>
  );
}

function Pairs(
  { dataset, pairs }: { dataset: string; pairs: readonly PairSummary[] },
) {
  if (pairs.length === 0) return <Nothing />;
  return (
    <section class="panel pad0" aria-labelledby="pairs">
      <header>
        <h2 id="pairs">Who talked to whom</h2>
        <span class="small soft">
          {pairs.length === SHOWN
            ? `the busiest ${number(SHOWN)}; narrow the search for others`
            : "busiest first"}
        </span>
      </header>
      <PairTable dataset={dataset} pairs={pairs} label="Pairs" />
    </section>
  );
}

function Nothing() {
  return (
    <section class="state">
      <h2>Nothing matches</h2>
      <p>
        An address is compared whole, a name in part, a uid whole. Try without
        the port or the times, or with another log: type:notice lists all of
        one, type:notice scan those that hold the word.
      </p>
    </section>
  );
}
