import type { Direction, Subject } from "../finding.ts";
import { FLOW, type Flows } from "./flows.ts";
import { type InternalHosts, kindOfAddress } from "./networks.ts";

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
  const groups = new Map<string, number[]>();
  for (let f = 0; f < flows.length; f++) {
    const name = names[f];
    const to = name >= 0 ? `n${name}` : `${flows.dst[f]}`;
    const key = `${flows.src[f]} ${to} ${flows.port[f]} ${flows.proto[f]} ${
      flows.sensor[f]
    }`;
    const group = groups.get(key);
    if (group) group.push(f);
    else groups.set(key, [f]);
  }
  return Array.from(groups.values(), (group) => {
    const ordered = Uint32Array.from(group).sort((a, b) =>
      flows.ts[a] - flows.ts[b] || compare(flows.uid[a], flows.uid[b])
    );
    return pairOf(flows, internal, ordered, names[group[0]]);
  });
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
  const { dst, src, proto } = pair.subject;
  if (proto === "icmp") return "icmp";
  const kind = kindOfAddress(dst);
  if (kind !== "unicast") return kind;
  const from = kindOfAddress(src);
  if (from !== "unicast") return from;
  if (proto === "udp" && dst.endsWith(".255") && !answers(flows, pair)) {
    return "broadcast";
  }
  return null;
}

function answers(flows: Flows, pair: Pair): boolean {
  return pair.flows.some((f) => flows.down[f] > 0);
}

/** What the connections of one pair add up to. */
export interface PairFacts {
  /**
   * Epoch seconds, ascending: connection starts (a connection that the sensor
   * cut counts once), or HTTP requests where there are more of these.
   */
  readonly ts: Float64Array;
  /** Bytes source → destination of each; NaN where unset. Same length. */
  readonly bytes: Float64Array;
  /** Connections after joining what the sensor cut, open ones included. */
  readonly connections: number;
  /** Seconds of the longest connection, joined; 0 where unknown. */
  readonly longest: number;
  /** Index of the flow that is, or begins, the longest connection. */
  readonly longestFlow: number;
  /** Whether the longest connection is still open. */
  readonly longestOpen: boolean;
  /** Bytes of all connections. */
  readonly up: number;
  readonly down: number;
  readonly failed: number;
  readonly midStream: number;
  readonly answered: boolean;
  readonly requests: number;
  /** Shares of the requests, in [0, 1]; 0 without requests. */
  readonly posts: number;
  readonly referrers: number;
  readonly images: number;
  readonly missingHost: number;
  readonly blankAgents: number;
  /** Distinct codes. */
  readonly agents: readonly number[];
  readonly ja3: readonly number[];
  /** TLS connections; those established without a server name. */
  readonly tls: number;
  readonly tlsWithoutName: number;
  readonly selfSigned: number;
  /** Connections whose Host or SNI is an address. */
  readonly literal: number;
}

export function factsOf(flows: Flows, pair: Pair): PairFacts {
  const joined = joinCut(flows, pair.flows);
  const requests = requestTimes(flows, pair.flows);
  const closed = joined.starts.filter((f) => !(flows.flags[f] & FLOW.open));
  const useRequests = requests.length > closed.length;
  const ts = useRequests
    ? requests
    : Float64Array.from(closed, (f) => flows.ts[f]);
  const bytes = useRequests
    ? new Float64Array(requests.length).fill(NaN)
    : Float64Array.from(closed, (f) => flows.up[f]);
  return {
    ts,
    bytes,
    connections: joined.starts.length,
    longest: joined.longest,
    longestFlow: joined.longestFlow,
    longestOpen: (flows.flags[joined.longestFlow] & FLOW.open) !== 0,
    ...countsOf(flows, pair.flows),
    ...applicationFacts(flows, pair.flows),
  };
}

interface Joined {
  /** Flows that begin a connection. */
  readonly starts: number[];
  readonly longest: number;
  readonly longestFlow: number;
}

/**
 * Records of one TCP socket that begin midway are parts of the connection
 * before them, not check-ins: the sensor cuts at its inactivity timeout.
 */
function joinCut(flows: Flows, ordered: Uint32Array): Joined {
  const begun = new Map<number, number>();
  const starts: number[] = [];
  let longest = 0, longestFlow = ordered[0];
  for (const f of ordered) {
    const socket = flows.origPort[f];
    let start = begun.get(socket);
    if (start === undefined || !(flows.flags[f] & FLOW.midStream)) {
      begun.set(socket, start = f);
      starts.push(f);
    }
    const end = flows.ts[f] + (flows.duration[f] || 0);
    if (end - flows.ts[start] > longest) {
      longest = end - flows.ts[start];
      longestFlow = start;
    }
  }
  return { starts, longest, longestFlow };
}

const requestIndex = new WeakMap<Flows, Map<number, number[]>>();

/** Request times by application entry; built once per hunt. */
function requestsByApplication(flows: Flows): Map<number, number[]> {
  let index = requestIndex.get(flows);
  if (!index) {
    index = new Map();
    for (let r = 0; r < flows.requestTs.length; r++) {
      const a = flows.requestApplication[r];
      const times = index.get(a);
      if (times) times.push(flows.requestTs[r]);
      else index.set(a, [flows.requestTs[r]]);
    }
    requestIndex.set(flows, index);
  }
  return index;
}

function requestTimes(flows: Flows, ordered: Uint32Array): Float64Array {
  const index = requestsByApplication(flows);
  const times: number[] = [];
  for (const f of ordered) {
    const own = index.get(flows.application[f]);
    if (own) { for (const t of own) times.push(t); }
  }
  return Float64Array.from(times).sort();
}

function countsOf(flows: Flows, ordered: Uint32Array) {
  const A = flows.applications;
  let up = 0, down = 0, failed = 0, midStream = 0, spoken = 0;
  for (const f of ordered) {
    if (flows.up[f] > 0) up += flows.up[f];
    if (flows.down[f] > 0) down += flows.down[f];
    if (flows.flags[f] & FLOW.failed) failed++;
    if (flows.flags[f] & FLOW.midStream) midStream++;
    const a = flows.application[f];
    if (a >= 0 && (A.requests[a] > 0 || A.established[a])) spoken++;
  }
  return { up, down, failed, midStream, answered: down > 0 || spoken > 0 };
}

function applicationFacts(flows: Flows, ordered: Uint32Array) {
  const A = flows.applications;
  const sums = {
    requests: 0,
    posts: 0,
    referrers: 0,
    images: 0,
    missingHost: 0,
    blankAgents: 0,
  };
  const agents = new Set<number>(), ja3 = new Set<number>();
  let tls = 0, tlsWithoutName = 0, selfSigned = 0, literal = 0;
  for (const f of ordered) {
    const a = flows.application[f];
    if (a < 0) continue;
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) {
      sums[key] += A[key][a];
    }
    if (A.agent[a] >= 0) agents.add(A.agent[a]);
    if (A.ja3[a] >= 0) ja3.add(A.ja3[a]);
    if (A.literal[a]) literal++;
    if (A.selfSigned[a]) selfSigned++;
    if (A.tls[a]) tls++;
    if (A.tls[a] && A.established[a] && A.name[a] < 0) tlsWithoutName++;
  }
  const share = (n: number) => sums.requests > 0 ? n / sums.requests : 0;
  return {
    requests: sums.requests,
    posts: share(sums.posts),
    referrers: share(sums.referrers),
    images: share(sums.images),
    missingHost: share(sums.missingHost),
    blankAgents: share(sums.blankAgents),
    agents: [...agents],
    ja3: [...ja3],
    tls,
    tlsWithoutName,
    selfSigned,
    literal,
  };
}

/** The largest share of the sizes that lie within +5 % + 4 B of one of them. */
export function steadySize(
  bytes: Float64Array,
): { share: number; size: number } {
  const sizes = bytes.filter((b) => !Number.isNaN(b)).sort();
  let most = 0, from = 0;
  for (let i = 0, j = 0; i < sizes.length; i++) {
    while (sizes[i] > sizes[j] * 1.05 + 4) j++;
    if (i - j + 1 > most) {
      most = i - j + 1;
      from = j;
    }
  }
  return {
    share: sizes.length === 0 ? 0 : most / sizes.length,
    size: sizes.length === 0 ? NaN : sizes[from + (most >> 1)],
  };
}
