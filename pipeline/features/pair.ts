import type { Direction, Subject } from "../finding.ts";
import type { Flows } from "./flows.ts";
import {
  type InternalHosts,
  kindOfAddress,
  type Unicastness,
} from "./networks.ts";

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
    readonly by: "domain" | "ja3" | "user-agent";
    readonly value: string;
    /** Names or addresses of the pairs in it. */
    readonly members: readonly string[];
  };
}

/**
 * Groups the flows: by name where Host, SNI or CONNECT target tells one, else
 * by address. Each flow is in one pair only, so an address pair whose
 * connections are all told by a name is not there again. A flow without a name
 * takes the name of its destination and port when every named flow to them has
 * the same one (the sensor misses some handshakes).
 */
export function pairsOf(flows: Flows, internal: InternalHosts): Pair[] {
  const names = namesOf(flows);
  const groups = groupsOf(flows, names);
  return groups.map((group) => {
    const ordered = Uint32Array.from(group).sort((a, b) =>
      flows.ts[a] - flows.ts[b] || compare(flows.uid[a], flows.uid[b])
    );
    return pairOf(flows, internal, ordered, names[group[0]]);
  });
}

/**
 * Flows by source, destination and service. The keys are numbers in two steps,
 * each below 2^53: building a text per flow would cost more than all the rest.
 */
function groupsOf(flows: Flows, names: Int32Array): number[][] {
  const targets = flows.addresses.values.length + flows.names.values.length;
  const ends = new Numbering(), services = new Numbering();
  const pairs = new Numbering();
  const groups: number[][] = [];
  for (let f = 0; f < flows.length; f++) {
    const to = names[f] >= 0
      ? flows.addresses.values.length + names[f]
      : flows.dst[f];
    const end = ends.of(flows.src[f] * targets + to);
    // Ports are below 2^16 or unset, protocols and sensors are few.
    const port = flows.port[f] >= 0 ? flows.port[f] : 65_536;
    const proto = flows.proto[f] + 1, sensor = (flows.sensor[f] ?? -1) + 1;
    const service = services.of((sensor * 1024 + proto) * 65_537 + port);
    const pair = pairs.of(end * 16_777_216 + service);
    if (pair === groups.length) groups.push([f]);
    else groups[pair].push(f);
  }
  return groups;
}

/** Gives each distinct number the next small one. */
class Numbering {
  readonly #known = new Map<number, number>();

  of(key: number): number {
    let code = this.#known.get(key);
    if (code === undefined) {
      code = this.#known.size;
      this.#known.set(key, code);
    }
    return code;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Per flow the code of its name, own or repaired; −1 where unknown. */
function namesOf(flows: Flows): Int32Array {
  const A = flows.applications;
  const own = new Int32Array(flows.length).fill(-1);
  const only = new Map<string, number>();
  for (let f = 0; f < flows.length; f++) {
    const a = flows.application[f];
    if (a < 0 || A.name[a] < 0) continue;
    own[f] = A.name[a];
    const to = `${flows.dst[f]} ${flows.port[f]}`;
    const known = only.get(to);
    only.set(to, known === undefined || known === own[f] ? own[f] : -1);
  }
  for (let f = 0; f < flows.length; f++) {
    if (own[f] >= 0 || isTold(flows, f)) continue;
    own[f] = only.get(`${flows.dst[f]} ${flows.port[f]}`) ?? -1;
  }
  return own;
}

/** Whether http or ssl spoke of the flow and gave no name: it has none. */
function isTold(flows: Flows, f: number): boolean {
  return flows.application[f] >= 0;
}

function pairOf(
  flows: Flows,
  internal: InternalHosts,
  ordered: Uint32Array,
  name: number,
): Pair {
  const first = ordered[0];
  const src = flows.src[first], dst = mostFrequent(flows.dst, ordered);
  const port = flows.port[first], sensor = flows.sensor[first];
  const source = name < 0 ? null : nameSource(flows, ordered);
  return {
    subject: {
      src: flows.addresses.values[src],
      dst: flows.addresses.values[dst],
      port: Number.isNaN(port) ? null : port,
      proto: flows.protos.values[flows.proto[first]] ?? "",
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
    const a = flows.application[f];
    if (a >= 0 && flows.applications.source[a]) {
      return flows.applications.source[a];
    }
  }
  return null;
}

function mostFrequent(column: readonly number[], rows: Uint32Array): number {
  const counts = new Map<number, number>();
  let best = column[rows[0]], most = 0;
  for (const row of rows) {
    const n = (counts.get(column[row]) ?? 0) + 1;
    counts.set(column[row], n);
    if (n > most || (n === most && column[row] < best)) {
      most = n;
      best = column[row];
    }
  }
  return best;
}

/** Why a pair is no candidate for a beacon, or null when it is one. */
export function outOfScope(flows: Flows, pair: Pair): string | null {
  const { dst, proto } = pair.subject;
  if (proto === "icmp") return "icmp";
  const kinds = kindsOf(flows);
  if (kinds[pair.dst] !== "unicast") return kinds[pair.dst];
  if (kinds[pair.src] !== "unicast") return kinds[pair.src];
  if (proto === "udp" && dst.endsWith(".255") && !answers(flows, pair)) {
    return "broadcast";
  }
  return null;
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

function answers(flows: Flows, pair: Pair): boolean {
  return pair.flows.some((f) => flows.down[f] > 0);
}
