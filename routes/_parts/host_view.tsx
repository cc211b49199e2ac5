import {
  number,
  percent,
  plural,
  span,
  zoneName,
} from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type {
  DatasetSummary,
  HostOverview,
  HostSide,
} from "../../pipeline/mod.ts";
import { HourGrid } from "./hours.tsx";
import { PairTable } from "./pair_table.tsx";
import { portsOf, Spans } from "./spans.tsx";

/** Sensors that are named. */
const SENSORS = 5;

/** When it was active, with whom, and the names it asked for. */
export function HostView(
  { dataset, host }: { dataset: DatasetSummary; host: HostOverview },
) {
  const { asSource, asDestination, names } = host;
  return (
    <>
      <Activity host={host} />
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

/** Its counts and when it was seen. */
export function HostFacts(
  { host: { asSource, asDestination } }: { host: HostOverview },
) {
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

function Activity({ host: { hours, sensors } }: { host: HostOverview }) {
  if (hours.length === 0) return null;
  const named = sensors.filter(({ sensor }) => sensor !== null);
  return (
    <section class="panel" aria-labelledby="activity">
      <header>
        <h2 id="activity">Connections from it by hour</h2>
        <span class="small soft">
          each day a row, {zoneName()}; the last 31 days
          {named.length === 0
            ? ""
            : ` · seen by ${
              named.slice(0, SENSORS).map(({ sensor, records }) =>
                `${cut(visible(sensor!), 60)} (${number(records)})`
              ).join(", ")
            }${
              named.length > SENSORS
                ? ` and ${number(named.length - SENSORS)} more`
                : ""
            }`}
        </span>
      </header>
      <HourGrid hours={hours} what="connections" />
    </section>
  );
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
