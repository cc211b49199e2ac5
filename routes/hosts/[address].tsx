import { cut, visible } from "../../islands/_visible.ts";
import JobLine from "../../islands/JobLine.tsx";
import {
  addressBytes,
  type DatasetSummary,
  type HostMark,
  type HostOverview,
  type RankedFinding,
} from "../../pipeline/mod.ts";
import { chosenDataset } from "../_chosen.ts";
import { type KnownFact, knownOf } from "../_host_facts.ts";
import { HttpError, type PageProps, type RouteContext } from "../_page.ts";
import {
  type FindingNote,
  FindingNotes,
  HostFindings,
} from "../_parts/host_findings.tsx";
import { HostNotes, Tags } from "../_parts/host_notes.tsx";
import { HostFacts, HostView } from "../_parts/host_view.tsx";
import { type Soon, soon } from "../_soon.ts";

export const title = "Host";
export const styles = ["data", "finding"];

interface Data {
  readonly dataset: DatasetSummary;
  readonly address: string;
  readonly host: Soon<HostOverview>;
  readonly mark: HostMark;
  /** Of the last run, as source or destination. */
  readonly findings: readonly RankedFinding[];
  /** On these findings, newest first. */
  readonly notes: readonly FindingNote[];
  readonly known: readonly KnownFact[];
}

/** Findings whose notes are looked up, a query each. */
const NOTED = 50;
/** Findings listed; a scanner may have many more. */
const LISTED = 1000;

export const handler = {
  async GET(context: RouteContext): Promise<{ data: Data }> {
    const { store, url, params: { address } } = context;
    if (!addressBytes(address)) {
      throw new HttpError(
        400,
        `Cannot show host ${visible(address).slice(0, 80)}: it is no address`,
        "Write it as 10.0.0.5 or 2001:db8::5; names are searched in Sessions.",
      );
    }
    const dataset = await chosenDataset(store, url);
    if (!dataset) throw new HttpError(404, "Cannot show a host: no logs yet");
    const host = await soon(context, dataset, {
      key: `host ${address}`,
      title: address,
      ask: (options) => store.host(dataset, address, options),
    });
    const run = await store.lastRun(dataset);
    const findings = run
      ? await store.findings(run.id, {
        host: address,
        limit: LISTED,
        withSeries: false,
      })
      : [];
    const notes: FindingNote[] = [];
    for (const about of findings.slice(0, NOTED)) {
      const { notes: some } = await store.opinion(about.id);
      notes.push(...some.map((note) => ({ about, ...note })));
    }
    notes.sort((a, b) => b.at - a.at);
    const mark = await store.hostMark(dataset, address);
    const known = knownOf(address, findings);
    return { data: { dataset, address, host, mark, findings, notes, known } };
  },
};

export default function Host({ data, url }: PageProps<Data>) {
  const { dataset, address, host, mark, known } = data;
  const query = new URLSearchParams({ dataset: dataset.name });
  const rows = new URLSearchParams({ dataset: dataset.name, src: address });
  return (
    <>
      <nav class="crumb" aria-label="Trail">
        <a href={`/hosts?${query}`}>Hosts</a>
        <span class="end">
          <a href={`/sessions?${rows}`}>All its sessions</a>
        </span>
      </nav>
      <div class="head">
        <h1 class="mono">{visible(address)}</h1>
        <Tags tags={mark.tags} />
        <span class="soft">{visible(dataset.name)}</span>
      </div>
      {known.length === 0 ? null : (
        <dl class="kv">
          {known.map(({ label, text }) => (
            <div key={label} class="contents">
              <dt>{label}</dt>
              <dd>{cut(visible(text), 200)}</dd>
            </div>
          ))}
        </dl>
      )}
      {host.job
        ? <JobLine job={host.job} then={url.pathname + url.search} />
        : isAbsent(host.value)
        ? <Absent dataset={dataset} address={address} />
        : <HostFacts host={host.value} />}
      <HostFindings {...data} />
      <HostNotes dataset={dataset} mark={mark} url={url} />
      <FindingNotes {...data} />
      {host.job ? null : <HostView dataset={dataset} host={host.value} />}
    </>
  );
}

function isAbsent({ asSource, asDestination, names }: HostOverview): boolean {
  return asSource.records + asDestination.records + names.length === 0;
}

function Absent(
  { dataset, address }: Pick<Data, "dataset" | "address">,
) {
  return (
    <section class="state">
      <h2>Not in these logs</h2>
      <p>
        No connection of {visible(dataset.name)} begins or ends at{" "}
        {visible(address)}.
      </p>
    </section>
  );
}
