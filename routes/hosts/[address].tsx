import {
  number,
  percent,
  plural,
  span,
  time,
  zoneName,
} from "../../islands/_format.ts";
import JobLine from "../../islands/JobLine.tsx";
import { cut, visible } from "../../islands/_visible.ts";
import {
  addressBytes,
  type DatasetSummary,
  type HostOverview,
  type HostSide,
  type RankedFinding,
} from "../../pipeline/mod.ts";
import { chosenDataset } from "../_chosen.ts";
import { HttpError, type PageProps, type RouteContext } from "../_page.ts";
import { PairTable } from "../_parts/pair_table.tsx";
import { portsOf, Spans } from "../_parts/spans.tsx";
import { type Soon, soon } from "../_soon.ts";

export const title = "Host";
export const styles = ["data"];

interface Note {
  readonly about: RankedFinding;
  readonly at: number;
  readonly text: string;
}

interface Data {
  readonly dataset: DatasetSummary;
  readonly address: string;
  readonly host: Soon<HostOverview>;
  /** Of the last run, as source or destination. */
  readonly findings: readonly RankedFinding[];
  /** On these findings, newest first. */
  readonly notes: readonly Note[];
}

/** Findings whose notes are looked up, a query each. */
const NOTED = 50;

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
      ask: () => store.host(dataset, address),
    });
    const run = await store.lastRun(dataset);
    const all = run
      ? await store.findings(run.id, { limit: 1000, withSeries: false })
      : [];
    const findings = all.filter(({ src, dst }) =>
      src === address || dst === address
    );
    const notes: Note[] = [];
    for (const about of findings.slice(0, NOTED)) {
      const { notes: some } = await store.opinion(about.id);
      notes.push(...some.map((note) => ({ about, ...note })));
    }
    notes.sort((a, b) => b.at - a.at);
    return { data: { dataset, address, host, findings, notes } };
  },
};

export default function Host({ data, url }: PageProps<Data>) {
  const { dataset, address, host } = data;
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
        <span class="soft">{visible(dataset.name)}</span>
      </div>
      {host.job
        ? <JobLine job={host.job} then={url.pathname + url.search} />
        : <Overview dataset={dataset} host={host.value} />}
      <Findings {...data} />
      <Notes notes={data.notes} dataset={dataset.name} />
    </>
  );
}

function Overview(
  { dataset, host }: { dataset: DatasetSummary; host: HostOverview },
) {
  const { asSource, asDestination, names } = host;
  if (asSource.records + asDestination.records + names.length === 0) {
    return (
      <section class="state">
        <h2>Not in these logs</h2>
        <p>
          No connection of {visible(dataset.name)} begins or ends at{" "}
          {visible(host.address)}.
        </p>
      </section>
    );
  }
  return (
    <>
      <Facts host={host} />
      <When dataset={dataset} host={host} />
      <Side
        id="reached"
        title="Destinations it reached"
        side={asSource}
        dataset={dataset.name}
      />
      <Side
        id="heard"
        title="Sources that reached it"
        side={asDestination}
        dataset={dataset.name}
      />
      {names.length === 0
        ? null
        : (
          <section class="panel pad0" aria-labelledby="names">
            <header>
              <h2 id="names">Names it asked for</h2>
              <span class="small soft">busiest first, at most 20</span>
            </header>
            <PairTable dataset={dataset.name} pairs={names} label="Names" />
          </section>
        )}
    </>
  );
}

function Facts({ host: { asSource, asDestination } }: { host: HostOverview }) {
  return (
    <dl class="facts">
      <Count title="Connections from it" side={asSource} peers="destination" />
      <Count title="Connections to it" side={asDestination} peers="source" />
      <div class="two">
        <dt>Seen ({zoneName()})</dt>
        <dd class="range">{span(...seen(asSource, asDestination))}</dd>
      </div>
      <div>
        <dt>Ports it reached most</dt>
        <dd class="range">
          {portsOf(asSource.top).slice(0, 4).map(({ port, share }) =>
            `${port} (${percent(share)})`
          ).join(", ") || "none"}
        </dd>
      </div>
    </dl>
  );
}

function Count(
  { title, side, peers }: { title: string; side: HostSide; peers: string },
) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {number(side.records)} <small>{plural(side.peers, peers)}</small>
      </dd>
    </div>
  );
}

function seen(a: HostSide, b: HostSide): [number | null, number | null] {
  const firsts = [a.firstTs, b.firstTs].filter((ts) => ts !== null);
  const lasts = [a.lastTs, b.lastTs].filter((ts) => ts !== null);
  if (firsts.length === 0) return [null, null];
  return [Math.min(...firsts), Math.max(...lasts)];
}

/** From the first to the last record with each peer, on the dataset's axis. */
function When(
  { dataset, host }: { dataset: DatasetSummary; host: HostOverview },
) {
  const { firstTs, lastTs } = dataset;
  const pairs = [...host.asSource.top, ...host.asDestination.top];
  if (firstTs === null || lastTs === null || pairs.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="when">
      <header>
        <h2 id="when">When</h2>
        <span class="small soft">
          first to last record with each of its busiest peers, {zoneName()}
        </span>
      </header>
      <Spans
        pairs={pairs}
        own={host.address}
        from={firstTs}
        to={Math.max(lastTs, firstTs + 1)}
      />
    </section>
  );
}

function Side(
  { id, title, side, dataset }: {
    id: string;
    title: string;
    side: HostSide;
    dataset: string;
  },
) {
  if (side.top.length === 0) return null;
  return (
    <section class="panel pad0" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span class="small soft">
          {side.top.length < 20
            ? "busiest first"
            : `the busiest 20 of ${plural(side.peers, "peer")}, by port`}
        </span>
      </header>
      <PairTable dataset={dataset} pairs={side.top} label={title} />
    </section>
  );
}

function Findings({ dataset, findings }: Data) {
  const query = new URLSearchParams({ dataset: dataset.name });
  return (
    <section class="panel pad0" aria-labelledby="findings">
      <header>
        <h2 id="findings">{plural(findings.length, "finding")}</h2>
        <span class="small soft">of the last run, best first</span>
      </header>
      {findings.length === 0
        ? (
          <p class="inset soft">
            The last run lists none that names this host.
          </p>
        )
        : (
          <div class="scroll" tabIndex={0} role="region" aria-label="Findings">
            <table class="blocks">
              <thead>
                <tr>
                  <th scope="col">Finding</th>
                  <th scope="col">Detector</th>
                  <th scope="col" class="num">Score</th>
                  <th scope="col">Verdict</th>
                </tr>
              </thead>
              <tbody>
                {findings.map((finding) => (
                  <tr key={finding.id}>
                    <td class="wrap">
                      <a href={`/findings/${finding.id}?${query}`}>
                        {cut(visible(finding.summary), 240)}
                      </a>
                    </td>
                    <td>{finding.detector}</td>
                    <td class="num" data-k="score">
                      {number(finding.score, 2)}
                    </td>
                    <td>{finding.verdict ?? "none yet"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </section>
  );
}

function Notes(
  { notes, dataset }: { notes: readonly Note[]; dataset: string },
) {
  if (notes.length === 0) return null;
  const query = new URLSearchParams({ dataset });
  return (
    <section class="panel" aria-labelledby="notes">
      <header>
        <h2 id="notes">Notes</h2>
        <span class="small soft">on its findings, newest first</span>
      </header>
      <dl class="kv">
        {notes.map((note, i) => (
          <div key={i} class="contents">
            <dt>{time(note.at, "min")}</dt>
            <dd>
              {cut(visible(note.text), 1000)}{" "}
              <a href={`/findings/${note.about.id}?${query}`}>the finding</a>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
