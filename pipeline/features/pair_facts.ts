import type { Column } from "./column.ts";
import { FLOW, type Flows } from "./flows.ts";
import { joinCut } from "./join_cut.ts";
import type { Pair } from "./pair.ts";

const NO_TIMES = new Float64Array(0);

/**
 * What the connections of one pair add up to. Times and bytes of the contacts
 * are read again whenever they are asked for: pairs by the hundred thousand
 * would keep the flows twice. Those of the pair that was asked last are kept.
 */
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
  /**
   * Epoch seconds of the records that the sensor made of one connection, of
   * the one cut most often; none where none was cut.
   */
  readonly heartbeats: Float64Array;
  /** Bytes of all connections. */
  readonly up: number;
  readonly down: number;
  readonly failed: number;
  readonly midStream: number;
  /** Connections in which neither side sent data. */
  readonly empty: number;
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
  readonly certificates: readonly number[];
  /** TLS connections; those established without a server name. */
  readonly tls: number;
  readonly tlsWithoutName: number;
  readonly selfSigned: number;
  /** Connections whose certificate bears the server's name, or another. */
  readonly certMatches: number;
  readonly certDiffers: number;
  /** Connections whose TLS name lies in another domain than Host or CONNECT. */
  readonly fronted: number;
  /** Connections whose Host or SNI is an address. */
  readonly literal: number;
}

export function factsOf(flows: Flows, pair: Pair): PairFacts {
  const joined = joinCut(flows, pair.flows);
  const requests = requestTimes(flows, pair.flows);
  const closed = closedOf(flows, joined.starts);
  const useRequests = requests.length > closed.length;
  return ofContacts(useRequests ? REQUESTS : CONNECTIONS, {
    contacts: useRequests ? requests : closed,
    reader: readerOf(flows),
    connections: joined.starts.length,
    longest: joined.longest,
    longestFlow: joined.longestFlow,
    longestOpen: (flows.flags.at(joined.longestFlow) & FLOW.open) !== 0,
    heartbeats: joined.mostCut.length < 2
      ? NO_TIMES
      : flows.ts.valuesOf(joined.mostCut),
    ...countsOf(flows, pair.flows),
    ...beginnings(flows, joined.starts),
    ...applicationFacts(flows, pair.flows),
  });
}

/**
 * The facts with getters of times and bytes. They are the prototype of what was
 * made as a literal: properties that are added later are kept in a table, which
 * takes five times the memory.
 */
function ofContacts<T extends object, G extends object>(
  getters: G,
  facts: T,
): T & G {
  return Object.setPrototypeOf(facts, getters);
}

interface Read<Contacts> {
  readonly contacts: Contacts;
  readonly reader: ConnectionReader;
}

/** Contacts that are HTTP requests, by their times: no bytes are known of these. */
const REQUESTS = {
  get ts(): Float64Array {
    return (this as unknown as Read<Float64Array>).contacts;
  },
  get bytes(): Float64Array {
    return new Float64Array(this.ts.length).fill(NaN);
  },
};

/** Contacts that are connections, by the flows that begin them. */
const CONNECTIONS = {
  get ts(): Float64Array {
    const { reader, contacts } = this as unknown as Read<Uint32Array>;
    return reader.ts.of(contacts);
  },
  get bytes(): Float64Array {
    const { reader, contacts } = this as unknown as Read<Uint32Array>;
    return reader.bytes.of(contacts);
  },
};

interface ConnectionReader {
  readonly ts: LastRead;
  readonly bytes: LastRead;
}

/** Values of some rows of a column, kept until others are asked for. */
class LastRead {
  readonly #column: Column;
  #rows: Uint32Array | null = null;
  #values: Float64Array = NO_TIMES;

  constructor(column: Column) {
    this.#column = column;
  }

  of(rows: Uint32Array): Float64Array {
    if (rows === this.#rows) return this.#values;
    this.#rows = rows;
    return this.#values = this.#column.valuesOf(rows);
  }
}

const readers = new WeakMap<Flows, ConnectionReader>();

function readerOf(flows: Flows): ConnectionReader {
  let reader = readers.get(flows);
  if (!reader) {
    reader = { ts: new LastRead(flows.ts), bytes: new LastRead(flows.up) };
    readers.set(flows, reader);
  }
  return reader;
}

/** Most pairs have no connection that is still open. */
function closedOf(flows: Flows, starts: Uint32Array): Uint32Array {
  const isOpen = (f: number) => (flows.flags.at(f) & FLOW.open) !== 0;
  return starts.some(isOpen) ? starts.filter((f) => !isOpen(f)) : starts;
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
  if (index.size === 0) return NO_TIMES;
  const times: number[] = [];
  for (const f of ordered) {
    const own = index.get(flows.application.at(f));
    if (own) { for (const t of own) times.push(t); }
  }
  return Float64Array.from(times).sort();
}

function countsOf(flows: Flows, ordered: Uint32Array) {
  const A = flows.applications;
  let up = 0, down = 0, spoken = 0;
  for (const f of ordered) {
    const sent = flows.up.at(f), received = flows.down.at(f);
    if (sent > 0) up += sent;
    if (received > 0) down += received;
    const a = flows.application.at(f);
    if (a >= 0 && (A.requests[a] > 0 || A.established[a])) spoken++;
  }
  return { up, down, answered: down > 0 || spoken > 0 };
}

/** How the connections begin; the parts that follow say nothing of it. */
function beginnings(flows: Flows, starts: Uint32Array) {
  let failed = 0, midStream = 0, empty = 0;
  for (const f of starts) {
    const flags = flows.flags.at(f);
    if (flags & FLOW.failed) failed++;
    if (flags & FLOW.midStream) midStream++;
    if (flags & FLOW.empty) empty++;
  }
  return { failed, midStream, empty };
}

/** Of pairs that neither http nor ssl speaks of: shared by most of them. */
const UNTOLD = Object.freeze({
  ...{ requests: 0, posts: 0, referrers: 0, images: 0, missingHost: 0 },
  ...{ blankAgents: 0, agents: [], ja3: [], certificates: [], tls: 0 },
  ...{ tlsWithoutName: 0, selfSigned: 0, certMatches: 0, certDiffers: 0 },
  ...{ fronted: 0, literal: 0 },
});

function applicationFacts(flows: Flows, ordered: Uint32Array) {
  const A = flows.applications;
  if (!ordered.some((f) => flows.application.at(f) >= 0)) return UNTOLD;
  const sums = {
    requests: 0,
    posts: 0,
    referrers: 0,
    images: 0,
    missingHost: 0,
    blankAgents: 0,
  };
  const agents = new Set<number>(), ja3 = new Set<number>();
  const certificates = new Set<number>();
  let tls = 0, tlsWithoutName = 0, selfSigned = 0, literal = 0;
  let certMatches = 0, certDiffers = 0, fronted = 0;
  for (const f of ordered) {
    const a = flows.application.at(f);
    if (a < 0) continue;
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) {
      sums[key] += A[key][a];
    }
    if (A.agent[a] >= 0) agents.add(A.agent[a]);
    if (A.ja3[a] >= 0) ja3.add(A.ja3[a]);
    if (A.certificate[a] >= 0) certificates.add(A.certificate[a]);
    if (A.literal[a]) literal++;
    if (A.selfSigned[a]) selfSigned++;
    if (A.certMatches[a]) certMatches++;
    if (A.certDiffers[a]) certDiffers++;
    if (A.fronted[a]) fronted++;
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
    certificates: [...certificates],
    tls,
    tlsWithoutName,
    selfSigned,
    certMatches,
    certDiffers,
    fronted,
    literal,
  };
}

/** The largest share of the sizes that lie within +5 % + 4 B of one of them. */
export function steadySize(
  bytes: Float64Array,
): { share: number; size: number } {
  const sizes = new Float64Array(bytes).sort();
  // What is unset comes last.
  let set = sizes.length;
  while (set > 0 && Number.isNaN(sizes[set - 1])) set--;
  let most = 0, from = 0;
  for (let i = 0, j = 0; i < set; i++) {
    while (sizes[i] > sizes[j] * 1.05 + 4) j++;
    if (i - j + 1 > most) {
      most = i - j + 1;
      from = j;
    }
  }
  return {
    share: set === 0 ? 0 : most / set,
    size: set === 0 ? NaN : sizes[from + (most >> 1)],
  };
}
