import { Column } from "./column.ts";
import { FLOW, type Flows } from "./flows.ts";
import { NumberIndex } from "./number_index.ts";
import { sensorIndex, type Sites } from "./sites.ts";

/** Seconds within which two taps log the start of one connection. */
const WITHIN = 2;

/**
 * Share of a sensor's connections that another must have seen, too, for both
 * to watch one network. Two sites that use the same private addresses agree in
 * both ports and the second about once in ten thousand look-ups.
 */
const SHARED = 0.01;

/** Ports below are the same every time, as NTP's: they tell no connection. */
const EPHEMERAL = 1024;

/** A connection of a second tap, and the one of the first that it repeats. */
interface Twin {
  readonly first: number;
  readonly second: number;
}

/**
 * Counts a connection once that two taps have logged, and says which sensors
 * watch one network.
 *
 * Compared is what Community ID hashes (protocol, both addresses, both ports,
 * whichever way round; github.com/corelight/community-id-spec): the same as
 * `community_id`, also for logs that have none. Sensors are taken for taps of
 * one network where they share a hundredth of their connections; between sites
 * nothing is merged. What one tap missed is taken from the other.
 *
 * @returns the sites, and how many connections were merged.
 */
export function joinTaps(flows: Flows): { sites: Sites; merged: number } {
  const sensors = flows.sensors.values.length + 1;
  const seen = new Uint32Array(sensors);
  for (let f = 0; f < flows.length; f++) {
    seen[sensorIndex(flows.sensor.at(f))]++;
  }
  if (seen.filter((n) => n > 0).length < 2) {
    return { sites: { of: new Uint32Array(sensors), count: 1 }, merged: 0 };
  }
  const twins = twinsOf(flows);
  const sites = sitesOf(flows, twins, seen);
  const site = (f: number) => sites.of[sensorIndex(flows.sensor.at(f))];
  const same = twins.filter(({ first, second }) =>
    site(first) === site(second)
  );
  merge(flows, same);
  nameSites(flows, sites);
  return { sites, merged: same.length };
}

/** Connections of the same ends that begin within two seconds, by two sensors. */
function twinsOf(flows: Flows): Twin[] {
  const twins: Twin[] = [];
  for (const rows of sameEnds(flows)) {
    rows.sort((a, b) => flows.ts.at(a) - flows.ts.at(b) || a - b);
    let open: { f: number; sensors: Set<number> }[] = [];
    for (const f of rows) {
      const sensor = sensorIndex(flows.sensor.at(f));
      open = open.filter((one) =>
        flows.ts.at(f) - flows.ts.at(one.f) <= WITHIN
      );
      const first = open.find(({ sensors }) => !sensors.has(sensor));
      if (first === undefined) open.push({ f, sensors: new Set([sensor]) });
      else {
        first.sensors.add(sensor);
        twins.push({ first: first.f, second: f });
      }
    }
  }
  return twins;
}

/** Groups of two connections or more with the same protocol, addresses, ports. */
function sameEnds(flows: Flows): number[][] {
  const ends = new NumberIndex();
  const endOf = (address: number, port: number) =>
    ends.of(address * 65_537 + (port >= 0 ? port : 65_536));
  /** Codes of what is compared, and the first connection of each. */
  const keys = new NumberIndex(), heads = new Column();
  const groups = new Map<number, number[]>();
  for (let f = 0; f < flows.length; f++) {
    const from = endOf(flows.src.at(f), flows.origPort.at(f));
    const to = endOf(flows.dst.at(f), flows.port.at(f));
    // One number below 2^53: 2^25 ends, 8 protocols. A text costs thrice that.
    const proto = Math.min(flows.proto.at(f) + 1, 7);
    const key = (Math.min(from, to) * 2 ** 25 + Math.max(from, to)) * 8 + proto;
    const code = keys.of(key);
    if (code === heads.length) {
      heads.push(f);
      continue;
    }
    const head = heads.at(code), group = groups.get(head);
    if (group) group.push(f);
    else groups.set(head, [head, f]);
  }
  return [...groups.values()];
}

function sitesOf(
  flows: Flows,
  twins: readonly Twin[],
  seen: Uint32Array,
): Sites {
  const shared = new Map<string, number>();
  const add = (a: number, b: number, n: number) => {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    shared.set(key, (shared.get(key) ?? 0) + n);
  };
  for (const { first, second } of twins) {
    if (!isTelling(flows, first)) continue;
    add(
      sensorIndex(flows.sensor.at(first)),
      sensorIndex(flows.sensor.at(second)),
      1,
    );
  }
  for (const [codes, n] of flows.sharedUids) {
    const [a, b] = codes.split(" ").map(Number);
    add(sensorIndex(a), sensorIndex(b), n);
  }
  const of = Uint32Array.from(seen, (_, sensor) => sensor);
  for (const [key, n] of shared) {
    const [a, b] = key.split(" ").map(Number);
    if (n < SHARED * Math.min(seen[a], seen[b])) continue;
    const [into, from] = [of[a], of[b]];
    of.forEach((site, sensor) => {
      if (site === from) of[sensor] = into;
    });
  }
  const count = new Set(of.filter((_, s) => seen[s] > 0)).size;
  return count === 1 ? { of: of.fill(0), count } : { of, count };
}

function isTelling(flows: Flows, f: number): boolean {
  return flows.origPort.at(f) >= EPHEMERAL &&
    flows.origPort.at(f) !== flows.port.at(f);
}

function merge(flows: Flows, twins: readonly Twin[]): void {
  if (twins.length === 0) return;
  const dropped = new Uint8Array(flows.length);
  const repeated = new Set<number>();
  for (const { first, second } of twins) {
    dropped[second] = 1;
    for (const column of [flows.duration, flows.up, flows.down]) {
      column.set(first, larger(column.at(first), column.at(second)));
    }
    // What one tap saw of it is true, although the other missed it.
    flows.flags.set(
      first,
      flows.flags.at(first) & (flows.flags.at(second) | FLOW.open),
    );
    const a = flows.application.at(second);
    if (flows.application.at(first) < 0) flows.application.set(first, a);
    else if (a >= 0 && a !== flows.application.at(first)) repeated.add(a);
  }
  dropRows(flows, (f) => dropped[f] === 1);
  dropRequests(flows, (a) => repeated.has(a));
}

function larger(a: number, b: number): number {
  return Number.isNaN(a) || b > a ? b : a;
}

function dropRows(flows: Flows, isDropped: (f: number) => boolean): void {
  let to = 0;
  const { length } = flows;
  for (let f = 0; f < length; f++) {
    if (isDropped(f)) continue;
    for (const column of flows.columns) column.set(to, column.at(f));
    to++;
  }
  flows.uid = flows.uid.filter((f) => !isDropped(f));
  for (const column of flows.columns) column.truncate(to);
}

function dropRequests(flows: Flows, isDropped: (a: number) => boolean): void {
  const { requestTs, requestApplication } = flows;
  let to = 0;
  for (let r = 0; r < requestTs.length; r++) {
    if (isDropped(requestApplication[r])) continue;
    requestTs[to] = requestTs[r];
    requestApplication[to++] = requestApplication[r];
  }
  requestTs.length = requestApplication.length = to;
}

/** The sensors of one site go by one name, so that a pair is not torn apart. */
function nameSites(flows: Flows, { of }: Sites): void {
  const byName = flows.sensors.values.map((name, code) => ({ name, code }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  const leaders = new Map<number, number>();
  for (const { code } of byName) {
    const site = of[sensorIndex(code)];
    if (!leaders.has(site)) leaders.set(site, code);
  }
  for (let f = 0; f < flows.length; f++) {
    const site = of[sensorIndex(flows.sensor.at(f))];
    flows.sensor.set(f, leaders.get(site) ?? flows.sensor.at(f));
  }
}
