import { FLOW, type Flows } from "./flows.ts";
import { type InternalHosts, kindOfAddress } from "./networks.ts";
import { type RitaBeacon, ritaBeacon, ritaBucket } from "./rita_scores.ts";

/** RITA's word for a scored pair: source → address, or source → name. */
export interface RitaThreat {
  /** Codes in `flows.addresses`; `dst` is the most recent one of a name. */
  readonly src: number;
  readonly dst: number;
  /** Host, SNI or CONNECT target; null for an address pair. */
  readonly fqdn: string | null;
  /** Closed connections in the window; open ones; those through a proxy. */
  readonly count: number;
  readonly open: number;
  readonly proxy: number;
  readonly uniqueTs: number;
  /** Seconds, sum over closed and open. */
  readonly duration: number;
  readonly bytes: number;
  readonly missingHost: number;
  /** Share of the internal hosts that contact the destination. */
  readonly prevalence: number;
  readonly beacon: RitaBeacon | null;
  readonly strobe: boolean;
  readonly beaconBucket: number;
  readonly longBucket: number;
  readonly final: number;
  /** Flows, in time order. */
  readonly flows: readonly number[];
}

export interface RitaOptions {
  /** Drop what comes in from outside; RITA's default. */
  readonly dropIngress: boolean;
  /** Epoch seconds of the end of the 24 hours; the newest record if absent. */
  readonly until?: number;
}

const DAY = 86_400;
/** RITA keeps sums by hour: the one in which the window begins counts whole. */
const HOUR = 3600;
const LONG = 3600;
const MISSING_HOST = 0.1;

/** One pair as it is collected. */
interface Group {
  readonly src: number;
  readonly fqdn: string | null;
  /** The end outside: prevalence counts the internal hosts that meet it. */
  readonly far: string;
  readonly flows: number[];
}

/** The 24 hours up to the newest closed connection, whole epoch seconds. */
export function ritaWindow(
  flows: Flows,
  until = Infinity,
): { min: number; max: number } {
  let oldest = Infinity, newest = -Infinity;
  for (let f = 0; f < flows.length; f++) {
    if (flows.flags.at(f) & FLOW.open) continue;
    const ts = Math.floor(flows.ts.at(f));
    if (ts > until) continue;
    oldest = Math.min(oldest, ts);
    newest = Math.max(newest, ts);
  }
  if (newest < oldest) return { min: 0, max: 0 };
  return { min: Math.max(oldest, newest - DAY), max: newest };
}

/**
 * RITA v5's threats of one window with its code defaults: filter, address and
 * name pairs, removal of address pairs that a name tells, sub-scores, buckets,
 * the missing-Host modifier. Prevalence and rare signatures change nothing in
 * its defaults; first seen, MIME mismatch and threat feeds are not computed.
 */
export function ritaThreats(
  flows: Flows,
  internal: InternalHosts,
  options: RitaOptions,
): RitaThreat[] {
  const window = ritaWindow(flows, options.until);
  const byAddress = new Map<string, Group>(), byName = new Map<string, Group>();
  const sources = new Map<string, Set<number>>(), hosts = new Set<number>();
  for (let f = 0; f < flows.length; f++) {
    if (!isIn(flows, f, window)) continue;
    const src = flows.src.at(f), dst = flows.dst.at(f);
    const fqdn = saidName(flows, f);
    const direct = isKept(flows, internal, f, options);
    // What is asked of a proxy lies beyond it.
    const named = isProxied(flows, f) ? internal.has(src) : direct;
    if (!direct && !(named && fqdn !== null)) continue;
    const own = internal.has(src) ? src : dst;
    hosts.add(own);
    const add = (groups: Map<string, Group>, to: string, far: string) => {
      const key = `${src} ${to}`;
      const group = groups.get(key);
      const name = groups === byName ? fqdn : null;
      if (group) group.flows.push(f);
      else groups.set(key, { src, fqdn: name, far, flows: [f] });
      const seen = sources.get(far) ?? new Set();
      sources.set(far, seen.add(own));
    };
    if (fqdn !== null && named) add(byName, fqdn, fqdn);
    if (direct) {
      add(byAddress, String(dst), String(own === src ? dst : src));
    }
  }
  const told = new Set<number>();
  const threats: RitaThreat[] = [];
  const judge = (group: Group) => {
    const contacting = sources.get(group.far)?.size ?? 0;
    return threatOf(flows, group, contacting / hosts.size, window);
  };
  for (const group of byName.values()) {
    const threat = judge(group);
    const strong = isBeaconable(threat) || threat.duration >= LONG;
    for (const f of group.flows) {
      if (strong || flows.flags.at(f) & FLOW.open) told.add(f);
    }
    if (isShown(threat)) threats.push(threat);
  }
  for (const group of byAddress.values()) {
    if (group.flows.some((f) => told.has(f))) continue;
    const threat = judge(group);
    if (isShown(threat)) threats.push(threat);
  }
  return threats.sort((a, b) => b.final - a.final);
}

function isIn(
  flows: Flows,
  f: number,
  { min, max }: { min: number; max: number },
): boolean {
  if (flows.flags.at(f) & FLOW.open) return true;
  const ts = Math.floor(flows.ts.at(f));
  return ts >= HOUR * Math.floor(min / HOUR) && ts <= max;
}

/** An address as Host or SNI is no name. */
function saidName(flows: Flows, f: number): string | null {
  const A = flows.applications, a = flows.application.at(f);
  if (a < 0 || A.said[a] < 0 || A.literal[a]) return null;
  return flows.said.values[A.said[a]];
}

const isProxied = (flows: Flows, f: number) =>
  flows.application.at(f) >= 0 &&
  flows.applications.source[flows.application.at(f)] === "connect";

/** RITA's filter in its default order, without always- and never-lists. */
function isKept(
  flows: Flows,
  internal: InternalHosts,
  f: number,
  { dropIngress }: RitaOptions,
): boolean {
  const src = flows.src.at(f), dst = flows.dst.at(f);
  const { values } = flows.addresses;
  if (kindOfAddress(values[src]) !== "unicast") return false;
  if (kindOfAddress(values[dst]) !== "unicast") return false;
  const direction = internal.direction(src, dst);
  return direction === "egress" || (direction === "ingress" && !dropIngress);
}

const isBeaconable = ({ uniqueTs, count }: RitaThreat) =>
  uniqueTs >= 4 && count < DAY;

const isShown = (threat: RitaThreat) =>
  threat.beacon !== null || threat.strobe || threat.longBucket > 0;

function threatOf(
  flows: Flows,
  { src, fqdn, flows: rows }: Group,
  prevalence: number,
  { min, max }: { min: number; max: number },
): RitaThreat {
  const A = flows.applications;
  rows.sort((a, b) => flows.ts.at(a) - flows.ts.at(b));
  const closed = rows.filter((f) => !(flows.flags.at(f) & FLOW.open));
  const seconds = closed.map((f) => Math.floor(flows.ts.at(f)));
  const sizes = closed.map((f) => flows.up.at(f) || 0);
  let duration = 0, bytes = 0, missingHost = 0, proxy = 0;
  for (const f of rows) {
    duration += flows.duration.at(f) || 0;
    bytes += (flows.up.at(f) || 0) + (flows.down.at(f) || 0);
    if (isProxied(flows, f)) proxy++;
    if (fqdn === null && flows.application.at(f) >= 0) {
      missingHost += A.missingHost[flows.application.at(f)];
    }
  }
  const uniqueTs = new Set(seconds).size;
  const strobe = closed.length >= DAY;
  const beacon = uniqueTs >= 4 && !strobe
    ? ritaBeacon(seconds, sizes, min, max)
    : null;
  const beaconBucket = beacon ? ritaBucket("beacon", 100 * beacon.score) : 0;
  const longBucket = ritaBucket("long", duration);
  return {
    src,
    dst: flows.dst.at(rows[rows.length - 1]),
    fqdn,
    count: closed.length,
    open: rows.length - closed.length,
    proxy,
    uniqueTs,
    duration,
    bytes,
    missingHost,
    prevalence,
    beacon,
    strobe,
    beaconBucket,
    longBucket,
    final: Math.max(beaconBucket, longBucket, strobe ? 0.8 : 0) +
      (missingHost > 0 ? MISSING_HOST : 0),
    flows: rows,
  };
}
