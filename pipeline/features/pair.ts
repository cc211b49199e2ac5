import type { Direction, Subject } from "../finding.ts";
import { type Column, eachChunk } from "./column.ts";
import type { Flows } from "./flows.ts";
import {
  type InternalHosts,
  kindOfAddress,
  type Unicastness,
} from "./networks.ts";
import { NumberIndex } from "./number_index.ts";

/** What the pairs of a group have in common, the most specific first. */
export const GROUP_KEYS = ["domain", "address", "ja3", "user-agent"] as const;

export type GroupKey = typeof GROUP_KEYS[number];

/** All connections of one source → one destination, port and protocol. */
export interface Pair {
  readonly subject: Subject;
  readonly direction: Direction;
  /** Codes in `flows.addresses`. */
  readonly src: number;
  readonly dst: number;
  /** Code in `flows.names`, or −1 for an address pair. */
  readonly name: number;
  /** Indices into the flows, in time order. */
  readonly flows: Uint32Array;
  /** Several pairs taken together; see `grouped_pairs.ts`. */
  readonly group?: {
    readonly by: GroupKey;
    readonly value: string;
    /** Names or addresses of the pairs in it. */
    readonly members: readonly string[];
    readonly pairs: readonly Pair[];
  };
}

/** The flows by source, destination and service, before any pair is made. */
export interface PairGroups {
  readonly length: number;
  /** Indices into the flows, in time order: a view, not a copy. */
  rows(group: number): Uint32Array;
  pair(group: number): Pair;
}

/**
 * Groups the flows: by name where Host, SNI or CONNECT target tells one, else
 * by address. Each flow is in one pair only, so an address pair whose
 * connections are all told by a name is not there again. A flow without a name
 * takes the name of its destination and port when every named flow to them has
 * the same one (the sensor misses some handshakes).
 *
 * Most pairs are met once or twice and judged by their rows alone: only
 * {@link PairGroups.pair} builds what costs memory.
 */
export function pairGroups(
  flows: Flows,
  internal: InternalHosts,
): PairGroups {
  const names = namesOf(flows);
  const { starts, order } = groupsOf(flows, names);
  const rows = (group: number) =>
    order.subarray(starts[group], starts[group + 1]);
  return {
    length: starts.length - 1,
    rows,
    pair: (group) =>
      pairOf(flows, internal, rows(group), names[order[starts[group]]] ?? -1),
  };
}

/** All pairs of the flows; see {@link pairGroups}. */
export function pairsOf(flows: Flows, internal: InternalHosts): Pair[] {
  const groups = pairGroups(flows, internal);
  return Array.from({ length: groups.length }, (_, g) => groups.pair(g));
}

/**
 * Flows by source, destination and service. The keys are numbers in two steps,
 * each below 2^53: building a text per flow would cost more than all the rest.
 *
 * @returns the rows of all groups one after the other, in time order within
 * each, and where each group starts; 8 B per flow and 4 B per group.
 */
function groupsOf(
  flows: Flows,
  names: Int32Array,
): { starts: Uint32Array; order: Uint32Array } {
  const targets = flows.addresses.values.length + flows.names.values.length;
  const ends = new NumberIndex(), services = new NumberIndex();
  const pairs = new NumberIndex();
  const groups = new Uint32Array(flows.length);
  const { src, dst, port, proto, sensor } = flows;
  let lastEnd = -1, lastService = -1;
  eachChunk([src, dst, port, proto, sensor], (values, from, n) => {
    const [sources, destinations, ports, protos, sensors] = values;
    for (let i = 0; i < n; i++) {
      const f = from + i;
      const to = names[f] >= 0
        ? flows.addresses.values.length + names[f]
        : destinations[i];
      const end = sources[i] * targets + to;
      // Ports are below 2^16 or unset, protocols and sensors are few.
      const known = ports[i] >= 0 ? ports[i] : 65_536;
      const kind = (sensors[i] + 1) * 1024 + protos[i] + 1;
      const service = kind * 65_537 + known;
      // The store gives most flows of a pair one after the other.
      groups[f] = end === lastEnd && service === lastService
        ? groups[f - 1]
        : pairs.of(ends.of(end) * 16_777_216 + services.of(service));
      lastEnd = end;
      lastService = service;
    }
  });
  return inOrder(flows, groups, pairs.size);
}

/** Counting sort by group; rows of one group are then put in time order. */
function inOrder(
  flows: Flows,
  groups: Uint32Array,
  count: number,
): { starts: Uint32Array; order: Uint32Array } {
  const starts = new Uint32Array(count + 1);
  for (const group of groups) starts[group + 1]++;
  for (let g = 0; g < count; g++) starts[g + 1] += starts[g];
  const next = starts.slice();
  const order = new Uint32Array(groups.length);
  for (let f = 0; f < groups.length; f++) order[next[groups[f]]++] = f;
  const before = (a: number, b: number) =>
    flows.ts.at(a) - flows.ts.at(b) ||
    compare(flows.uid.at(a), flows.uid.at(b));
  for (let g = 0; g < count; g++) {
    if (starts[g + 1] - starts[g] < 2) continue;
    const own = order.subarray(starts[g], starts[g + 1]);
    const ts = flows.ts.valuesOf(own);
    let i = 1;
    while (
      i < own.length &&
      (ts[i] > ts[i - 1] || before(own[i - 1], own[i]) <= 0)
    ) i++;
    if (i < own.length) own.sort(before);
  }
  return { starts, order };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Per flow the code of its name, own or repaired; −1 where unknown. Empty where
 * no flow has one.
 */
function namesOf(flows: Flows): Int32Array {
  const A = flows.applications;
  const named = flows.names.values.length > 0;
  const own = new Int32Array(named ? flows.length : 0).fill(-1);
  if (!named) return own;
  const only = new Map<number, number>();
  const place = (f: number) =>
    flows.dst.at(f) * 65_537 + (flows.port.at(f) || 0);
  for (let f = 0; f < flows.length; f++) {
    const a = flows.application.at(f);
    if (a < 0 || A.name[a] < 0) continue;
    own[f] = A.name[a];
    const known = only.get(place(f));
    only.set(
      place(f),
      known === undefined || known === own[f] ? own[f] : -1,
    );
  }
  for (let f = 0; f < flows.length; f++) {
    if (own[f] >= 0 || isTold(flows, f)) continue;
    own[f] = only.get(place(f)) ?? -1;
  }
  return own;
}

/** Whether http or ssl spoke of the flow and gave no name: it has none. */
function isTold(flows: Flows, f: number): boolean {
  return flows.application.at(f) >= 0;
}

function pairOf(
  flows: Flows,
  internal: InternalHosts,
  ordered: Uint32Array,
  name: number,
): Pair {
  const first = ordered[0];
  const src = flows.src.at(first), dst = mostFrequent(flows.dst, ordered);
  const port = flows.port.at(first), sensor = flows.sensor.at(first);
  const source = name < 0 ? null : nameSource(flows, ordered);
  return {
    subject: {
      src: flows.addresses.values[src],
      dst: flows.addresses.values[dst],
      port: Number.isNaN(port) ? null : port,
      proto: flows.protos.values[flows.proto.at(first)] ?? "",
      name: name < 0 ? null : flows.names.values[name],
      nameSource: source,
      sensor: sensor === undefined || sensor < 0
        ? null
        : flows.sensors.values[sensor],
    },
    // What a proxy is asked for lies beyond it.
    direction: source === "connect" && internal.has(src)
      ? "egress"
      : internal.direction(src, dst),
    src,
    dst,
    name,
    flows: ordered,
  };
}

function nameSource(flows: Flows, ordered: Uint32Array): Subject["nameSource"] {
  for (const f of ordered) {
    const a = flows.application.at(f);
    if (a >= 0 && flows.applications.source[a]) {
      return flows.applications.source[a];
    }
  }
  return null;
}

function mostFrequent(column: Column, rows: Uint32Array): number {
  if (rows.every((row) => column.at(row) === column.at(rows[0]))) {
    return column.at(rows[0]);
  }
  const counts = new Map<number, number>();
  let best = column.at(rows[0]), most = 0;
  for (const row of rows) {
    const n = (counts.get(column.at(row)) ?? 0) + 1;
    counts.set(column.at(row), n);
    if (n > most || (n === most && column.at(row) < best)) {
      most = n;
      best = column.at(row);
    }
  }
  return best;
}

/** Why a pair of these flows is no candidate for a beacon, or null when it is one. */
export function outOfScope(flows: Flows, rows: Uint32Array): string | null {
  const [first] = rows, proto = flows.protos.values[flows.proto.at(first)];
  if (proto === "icmp" && !isEchoWithData(flows, rows)) return "icmp";
  const kinds = kindsOf(flows), dst = mostFrequent(flows.dst, rows);
  if (kinds[dst] !== "unicast") return kinds[dst];
  const src = flows.src.at(first);
  if (kinds[src] !== "unicast") return kinds[src];
  return proto === "udp" && flows.addresses.values[dst].endsWith(".255") &&
      !rows.some((f) => flows.down.at(f) > 0)
    ? "broadcast"
    : null;
}

const knownKinds = new WeakMap<Flows, Unicastness[]>();

/** By code of the address; built once per hunt. */
function kindsOf(flows: Flows): Unicastness[] {
  let kinds = knownKinds.get(flows);
  if (!kinds || kinds.length < flows.addresses.values.length) {
    kinds = flows.addresses.values.map(kindOfAddress);
    knownKinds.set(flows, kinds);
  }
  return kinds;
}

/** ICMP and ICMPv6 echo request, as Zeek puts the type in place of the port. */
const ECHOES = new Set([8, 128]);
/** By how much answers exceed what they answer before they are no echo. */
const NO_ECHO = 1.1;
/** Bytes per second that no ping sends: once a second it is 84. */
const PING_RATE = 500;

/**
 * Whether echoes carry something: an answer brings back what was sent and no
 * more (RFC 792), and a ping sends little.
 */
function isEchoWithData(flows: Flows, rows: Uint32Array): boolean {
  let up = 0, down = 0, lasts = 0;
  for (const f of rows) {
    if (!ECHOES.has(flows.origPort.at(f))) return false;
    up += flows.up.at(f) || 0;
    down += flows.down.at(f) || 0;
    lasts += flows.duration.at(f) || 0;
  }
  return down > NO_ECHO * up && up > 0 ||
    (down > 0 && lasts >= 60 && up > PING_RATE * lasts);
}
