import { number, plural, time } from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import type { DatasetSummary, HostSummary } from "../../pipeline/mod.ts";
import { chosenDataset } from "../_chosen.ts";
import { recordsIn } from "../_datasets.ts";
import {
  HOST_ORDERS,
  type HostOrder,
  hostPage,
  matching,
  orderOf,
} from "../_hosts.ts";
import type { PageProps, RouteContext } from "../_page.ts";
import { Tags } from "../_parts/host_notes.tsx";
import { Empty } from "../_parts/empty.tsx";
import { HostLink, hostPath } from "../_parts/pair_table.tsx";

export const title = "Hosts";
export const styles = ["data"];

/** Rows of a page. */
const SHOWN = 100;

interface Data {
  readonly dataset: DatasetSummary;
  readonly hosts: readonly HostSummary[];
  readonly tags: ReadonlyMap<string, readonly string[]>;
  /** Findings of the last run by source. */
  readonly findings: ReadonlyMap<string, number>;
}

export const handler = {
  async GET(
    { store, url, signal }: RouteContext,
  ): Promise<{ data: Data | null } | Response> {
    const dataset = await chosenDataset(store, url);
    if (dataset === null || recordsIn(dataset) === 0) return { data: null };
    const hosts = await store.hosts(dataset, { signal });
    const wanted = url.searchParams.get("q")?.trim() ?? "";
    const exact = hosts.find(({ address }) => address === wanted);
    if (exact) {
      const location = hostPath(dataset.name, exact.address);
      return new Response(null, { status: 303, headers: { location } });
    }
    const run = await store.lastRun(dataset);
    const findings = run
      ? await store.findingCounts(run.id, "src", { signal })
      : new Map<string, number>();
    const tags = new Map(
      (await store.hostMarks(dataset)).map((m) => [m.address, m.tags]),
    );
    return { data: { dataset, hosts, findings, tags } };
  },
};

export default function Hosts({ data, url }: PageProps<Data | null>) {
  if (data === null) {
    return (
      <Empty title="No hosts yet">
        <a href="/datasets">Import logs</a>{" "}
        first: hosts are the sources of their connections.
      </Empty>
    );
  }
  const { dataset, hosts } = data;
  return (
    <>
      <div class="head">
        <h1>Hosts</h1>
        <span class="soft">
          {visible(dataset.name)}
          {` · ${plural(hosts.length, "source")}`}
        </span>
      </div>
      <form class="search" action="/hosts" role="search">
        <input type="hidden" name="dataset" value={dataset.name} />
        <label class="grow">
          Address or its beginning, or a tag
          <input
            name="q"
            class="mono"
            value={url.searchParams.get("q") ?? ""}
            placeholder="10.0."
            autocomplete="off"
          />
        </label>
        <button class="primary" type="submit">Search</button>
      </form>
      <List {...data} url={url} />
    </>
  );
}

function List({ dataset, hosts, findings, tags, url }: Data & { url: URL }) {
  const order = orderOf(url);
  const { rows, next, matching: found } = hostPage(hosts, findings, {
    matches: matching(url.searchParams.get("q")?.trim() ?? "", tags),
    order,
    after: url.searchParams.get("after"),
    limit: SHOWN,
  });
  if (rows.length === 0) {
    const q = url.searchParams.get("q")?.trim() ?? "";
    return (
      <section class="state">
        <h2>No source begins with, or is tagged, {visible(q)}</h2>
        <p>
          It may be a destination:{" "}
          <a href={hostPath(dataset.name, q)}>look it up as a host</a>.
        </p>
      </section>
    );
  }
  const more = new URL(url);
  if (next !== null) more.searchParams.set("after", next);
  return (
    <section class="panel pad0" aria-label="Hosts">
      <div class="scroll" tabIndex={0} role="region" aria-label="List of hosts">
        <table class="blocks">
          <thead>
            <tr>
              {HOST_ORDERS.map((column) => (
                <Heading key={column.name} {...column} now={order} url={url} />
              ))}
              <th scope="col">Tags</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((host) => (
              <tr key={host.address}>
                <td>
                  <HostLink dataset={dataset.name} address={host.address} />
                </td>
                <td class="num" data-k="records">{number(host.records)}</td>
                <td class="num" data-k="findings">
                  {number(findings.get(host.address) ?? 0)}
                </td>
                <td class="nowrap" data-k="first">{time(host.firstTs)}</td>
                <td class="nowrap" data-k="last">{time(host.lastTs)}</td>
                <td class="wrap">
                  <Tags tags={tags.get(host.address) ?? []} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <nav class="pages" aria-label="Pages of the list">
        <span class="soft">{plural(found, "host")}</span>
        {next === null
          ? null
          : (
            <a class="button" href={more.pathname + more.search} rel="next">
              Next {number(SHOWN)}
            </a>
          )}
      </nav>
    </section>
  );
}

function Heading(
  { name, label, numeric, now, url }: {
    name: HostOrder;
    label: string;
    numeric: boolean;
    now: HostOrder;
    url: URL;
  },
) {
  const sorted = new URL(url);
  sorted.searchParams.set("sort", name);
  sorted.searchParams.delete("after");
  const ascending = name === "address" || name === "first";
  return (
    <th
      scope="col"
      class={numeric ? "num" : undefined}
      aria-sort={name === now
        ? ascending ? "ascending" : "descending"
        : undefined}
    >
      <a href={sorted.pathname + sorted.search}>{label}</a>
    </th>
  );
}
