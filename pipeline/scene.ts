import {
  type BenignList,
  type MeasuredPair,
  type Scene,
  SHIPPED,
  Significance,
  Surroundings,
} from "./detectors/mod.ts";
import { joinDevices, type JoinedDevice } from "./features/devices.ts";
import { FLOW, type Flows } from "./features/flows.ts";
import { InternalHosts } from "./features/networks.ts";
import { groupedPairs } from "./features/grouped_pairs.ts";
import { realSources } from "./features/proxied.ts";
import { separateSites, siteNamed, type Sites } from "./features/sites.ts";
import { joinTaps } from "./features/taps.ts";
import { outOfScope, pairGroups } from "./features/pair.ts";
import { factsOf } from "./features/pair_facts.ts";
import { timingHelpers, TimingPool } from "./features/timing_pool.ts";
import type { HostNames } from "./hosts/mod.ts";
import { Measuring, MIN_CONTACTS } from "./measure.ts";
import { Pacer, type RunOptions } from "./progress.ts";

export interface SceneOptions extends RunOptions {
  /** Networks that count as internal, as CIDR; found where absent. */
  readonly internal?: readonly string[];
  /** Names of reasons that do not count: "prevalence", "class", "name". */
  readonly without?: readonly string[];
  /** Kinds of benign traffic; the shipped list where absent. */
  readonly benign?: BenignList;
  /** What the logs say of hosts, unfinished. */
  readonly hostNames?: HostNames;
}

/** Pairs met more rarely, with a shorter longest connection, are passed over. */
const MIN_SECONDS = 60;

/** What of the flows was put right before they were looked at. */
export interface Corrections {
  /** Connections that a second tap had logged, too. */
  readonly merged: number;
  /** Addresses of the proxies whose connections got their real source, by uid. */
  readonly proxies: ReadonlyMap<string, string>;
  readonly sites: Sites;
  /** Hosts that had several addresses, by their MAC. */
  readonly devices: readonly JoinedDevice[];
}

/**
 * Groups the flows into pairs and measures those that any detector could
 * speak of.
 *
 * @returns the scene, and how many pairs each rule left out.
 */
export async function sceneOf(
  flows: Flows,
  options: SceneOptions = {},
): Promise<
  {
    scene: Scene;
    hidden: Record<string, number>;
    pairs: number;
    corrections: Corrections;
  }
> {
  const { sites, merged } = joinTaps(flows);
  separateSites(flows, sites);
  const internal = InternalHosts.find(flows, options.internal);
  const proxies = realSources(flows, internal);
  const names = options.hostNames?.finish((sensor) =>
    siteNamed(flows, sites, sensor)
  );
  const devices = names && !names.isEmpty
    ? joinDevices(
      flows,
      sites,
      (address, site) => names.stretchesOf(address, site),
    )
    : [];
  const groups = pairGroups(flows, internal);
  const hidden: Record<string, number> = {};
  const measured: MeasuredPair[] = [];
  const pacer = new Pacer(options.signal);
  using pool = new TimingPool(timingHelpers(flows.length), options.signal);
  const pairs = new Measuring(pool, (own) => measured.push(own));
  for (let g = 0; g < groups.length; g++) {
    if (pairs.isFull) await pairs.flush();
    if (pacer.due) {
      options.onProgress?.({
        stage: "measuring",
        done: g,
        total: groups.length,
        unit: "pairs",
      });
      await pacer.rest();
    }
    const rows = groups.rows(g);
    const rule = outOfScope(flows, rows);
    if (rule) {
      hidden[rule] = (hidden[rule] ?? 0) + 1;
      continue;
    }
    if (!mayRepeat(flows, rows)) continue;
    const pair = groups.pair(g);
    const facts = factsOf(flows, pair);
    const often = facts.ts.length >= MIN_CONTACTS;
    if (!often && facts.longest < MIN_SECONDS) continue;
    pairs.add(pair, facts);
  }
  await pairs.flush();
  // Takes about as long as helpers take for what they have ahead of them.
  const around = new Surroundings({ flows, internal });
  await pairs.finish();
  await measureGroups(flows, pool, measured, pacer);
  around.addRhythms(measured);
  return {
    scene: {
      flows,
      internal,
      measured,
      span: flows.span,
      around,
      significance: new Significance(flows, measured),
      benign: options.benign ?? SHIPPED,
      without: new Set(options.without),
    },
    hidden,
    pairs: groups.length,
    corrections: { merged, proxies, sites, devices },
  };
}

/**
 * A look that spares the measuring of most pairs, which are met once or twice:
 * by their requests, by the length of a connection, or of what may be the
 * parts of one that the sensor cut.
 */
function mayRepeat(flows: Flows, rows: Uint32Array): boolean {
  if (rows.length >= MIN_CONTACTS) return true;
  let end = 0, mayBeCut = false;
  for (const f of rows) {
    const a = flows.application.at(f);
    if (a >= 0 && flows.applications.requests[a] > 0) return true;
    if (flows.duration.at(f) >= MIN_SECONDS) return true;
    end = Math.max(end, flows.ts.at(f) + (flows.duration.at(f) || 0));
    mayBeCut ||= (flows.flags.at(f) & FLOW.midStream) !== 0 ||
      flows.protos.values[flows.proto.at(f)] === "udp";
  }
  return mayBeCut && end - flows.ts.at(rows[0]) >= MIN_SECONDS;
}

/** A group explains what its members do only where it is the more regular. */
const CLEARER = 0.2;

/** Adds those groups of pairs to them that are more regular than any of theirs. */
async function measureGroups(
  flows: Flows,
  pool: TimingPool,
  measured: MeasuredPair[],
  pacer: Pacer,
): Promise<void> {
  const scores = new Map(
    measured.map(({ pair, timing }) => [pair, timing.score]),
  );
  const wholes = new Measuring(pool, (whole) => {
    const members = whole.pair.group!.pairs;
    const best = members.reduce(
      (most, member) => Math.max(most, scores.get(member)!),
      0,
    );
    if (whole.timing.score >= best + CLEARER) measured.push(whole);
  });
  for (const { pair } of groupedPairs(flows, [...scores.keys()])) {
    if (pacer.due) await pacer.rest();
    if (wholes.isFull) await wholes.flush();
    wholes.add(pair, factsOf(flows, pair), { withHeartbeat: false });
  }
  await wholes.finish();
}
