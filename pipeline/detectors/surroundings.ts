import { addressBytes } from "../address.ts";
import type { Flows } from "../features/flows.ts";
import { FLOW } from "../features/flows.ts";
import { registrableDomain } from "../features/names.ts";
import type { InternalHosts } from "../features/networks.ts";
import type { Pair } from "../features/pair.ts";
import type { MeasuredPair, Scene } from "./detector.ts";

/** A set of texts or numbers under each key. */
class Index<K, V> {
  readonly #sets = new Map<K, Set<V>>();

  add(key: K, value: V): void {
    const set = this.#sets.get(key);
    if (set) set.add(value);
    else this.#sets.set(key, new Set([value]));
  }

  count(key: K): number {
    return this.#sets.get(key)?.size ?? 0;
  }
}

/**
 * What a pair is judged against: who else contacts the destination, what else
 * the source does. Built once per hunt from all flows.
 */
export class Surroundings {
  /** Internal hosts seen as a source. */
  readonly hosts: number;
  /** Seconds from the first to the last record. */
  readonly history: number;
  /**
   * Share of the answered TCP connections to ports 80 and 443, seen from their
   * start, that http or ssl tells of, and of those a name is known of.
   */
  readonly webCover: number;
  readonly nameCover: number;
  readonly #flows: Flows;
  readonly #siteOfName: string[];
  readonly #sources = new Index<string, number>();
  readonly #breadth = new Index<string, string>();
  readonly #ports = new Index<string, number>();
  readonly #failing = new Index<string, number>();
  readonly #agentSources = new Index<number, number>();
  readonly #agentNames = new Index<string, string>();
  readonly #ja3Names = new Index<string, string>();
  readonly #crowd = new Index<string, number>();
  /** By site and port: which sources contact it at which period, seconds. */
  readonly #rhythms = new Map<string, { src: number; period: number }[]>();
  readonly #service = new Index<string, number>();
  readonly #served = new Index<string, number>();
  readonly #since = new Map<string, number>();
  /** Networks of the internal hosts seen as a source. */
  readonly #networks = new Set<string>();

  constructor(
    { flows, internal, measured }: Pick<
      Scene,
      "flows" | "internal" | "measured"
    >,
  ) {
    this.#flows = flows;
    this.#siteOfName = flows.names.values.map(registrableDomain);
    this.history = Math.max(0, flows.lastTs - flows.firstTs);
    ({ webCover: this.webCover, nameCover: this.nameCover } = coverOf(flows));
    const hosts = new Set<number>();
    for (let f = 0; f < flows.length; f++) {
      if (internal.has(flows.src[f])) hosts.add(flows.src[f]);
      this.#addFlow(f, internal);
    }
    this.hosts = hosts.size;
    for (const host of hosts) {
      this.#networks.add(siteNetwork(flows.addresses.values[host]));
    }
    for (const pair of measured) {
      this.#addCrowd(pair);
      this.#addRhythm(pair);
    }
  }

  #addFlow(f: number, internal: InternalHosts): void {
    const flows = this.#flows, A = flows.applications;
    const src = flows.src[f], dst = flows.dst[f], port = flows.port[f];
    const a = flows.application[f];
    const name = a < 0 ? -1 : A.name[a];
    const address = flows.addresses.values[dst];
    const to = name < 0 ? address : flows.names.values[name];
    const site = name < 0 ? address : this.#siteOfName[name];
    if (internal.has(src)) this.#sources.add(site, src);
    if (name >= 0) this.#breadth.add(site, to);
    else if (flows.down[f] > 0) this.#breadth.add(blockOf(address), address);
    const since = this.#since.get(site) ?? Infinity;
    if (flows.ts[f] < since) this.#since.set(site, flows.ts[f]);
    this.#service.add(`${dst} ${port}`, src);
    this.#served.add(`${src} ${port}`, dst);
    this.#ports.add(`${src} ${dst}`, port);
    if (flows.flags[f] & FLOW.failed) this.#failing.add(`${src} ${port}`, dst);
    if (a < 0) return;
    if (A.agent[a] >= 0) {
      this.#agentSources.add(A.agent[a], src);
      this.#agentNames.add(`${src} ${A.agent[a]}`, to);
    }
    if (A.ja3[a] >= 0) this.#ja3Names.add(`${src} ${A.ja3[a]}`, to);
  }

  #addCrowd({ pair, timing }: MeasuredPair): void {
    if (pair.direction !== "ingress" || timing.score < 0.4) return;
    this.#crowd.add(`${pair.dst} ${pair.subject.port}`, pair.src);
  }

  #addRhythm({ pair, timing }: MeasuredPair): void {
    if (timing.score < 0.3 || pair.direction === "ingress") return;
    const key = `${this.site(pair)} ${pair.subject.port}`;
    const known = this.#rhythms.get(key);
    const own = { src: pair.src, period: timing.period };
    if (known) known.push(own);
    else this.#rhythms.set(key, [own]);
  }

  /** Sources that contact the site at the pair's period, give or take 15 %. */
  inStep({ pair, timing }: MeasuredPair): number {
    const key = `${this.site(pair)} ${pair.subject.port}`;
    const sources = new Set<number>();
    for (const { src, period } of this.#rhythms.get(key) ?? []) {
      if (Math.abs(Math.log(period / timing.period)) < 0.15) sources.add(src);
    }
    return sources.size;
  }

  /** Registrable domain of the name, or the address. */
  site(pair: Pair): string {
    return pair.name < 0 ? pair.subject.dst : this.#siteOfName[pair.name];
  }

  /** Internal hosts that contact the site; at least 1 for an internal source. */
  sources(pair: Pair): number {
    return this.#sources.count(this.site(pair));
  }

  /** Names under the registrable domain, or answering addresses in the /24 (IPv6: /64). */
  breadth(pair: Pair): number {
    return this.#breadth.count(
      pair.name < 0 ? blockOf(pair.subject.dst) : this.site(pair),
    );
  }

  /** Whether any internal host of the address's network was active. */
  livesIn(address: string): boolean {
    return this.#networks.has(siteNetwork(address));
  }

  /** Seconds before the last record at which the site was first contacted. */
  since(pair: Pair): number {
    const first = this.#since.get(this.site(pair)) ?? this.#flows.lastTs;
    return this.#flows.lastTs - first;
  }

  /** Sources of the destination on this port. */
  sourcesOfService(pair: Pair): number {
    return this.#service.count(`${pair.dst} ${pair.subject.port}`);
  }

  /** Destinations that the source contacts on this port. */
  servedBy(pair: Pair): number {
    return this.#served.count(`${pair.src} ${pair.subject.port}`);
  }

  /** Ports that the source tries on the destination. */
  ports(pair: Pair): number {
    return this.#ports.count(`${pair.src} ${pair.dst}`);
  }

  /** Destinations that do not answer this source on this port. */
  failing(pair: Pair): number {
    return this.#failing.count(`${pair.src} ${pair.subject.port}`);
  }

  /** Other regular outside sources of the same internal service. */
  crowd(pair: Pair): number {
    return this.#crowd.count(`${pair.dst} ${pair.subject.port}`);
  }

  /** Sources that use a user agent; destinations that `src` uses it for. */
  agent(src: number, agent: number): { sources: number; names: number } {
    return {
      sources: this.#agentSources.count(agent),
      names: this.#agentNames.count(`${src} ${agent}`),
    };
  }

  /** Destinations that `src` shows this JA3 to. */
  ja3Names(src: number, ja3: number): number {
    return this.#ja3Names.count(`${src} ${ja3}`);
  }
}

function coverOf(flows: Flows): { webCover: number; nameCover: number } {
  const A = flows.applications, tcp = flows.protos.values.indexOf("tcp");
  let web = 0, told = 0, named = 0;
  const unseen = FLOW.failed | FLOW.midStream | FLOW.empty;
  for (let f = 0; f < flows.length; f++) {
    const port = flows.port[f];
    if (flows.proto[f] !== tcp || (port !== 80 && port !== 443)) continue;
    if ((flows.flags[f] & unseen) !== 0 || !(flows.down[f] > 0)) continue;
    web++;
    const a = flows.application[f];
    if (a >= 0) told++;
    if (a >= 0 && (A.name[a] >= 0 || A.literal[a])) named++;
  }
  // Without web traffic a name can come from elsewhere, or from nowhere.
  if (web === 0) {
    return { webCover: 0, nameCover: flows.names.values.length > 0 ? 1 : 0 };
  }
  return { webCover: told / web, nameCover: named / web };
}

/** What one site usually has: a /16 of IPv4, a /48 of IPv6. */
export function siteNetwork(address: string): string {
  return address.includes(":")
    ? address.split(":").slice(0, 3).join(":")
    : address.split(".").slice(0, 2).join(".");
}

/** The /24 of an IPv4 address, the /64 of an IPv6 one. */
function blockOf(address: string): string {
  if (!address.includes(":")) {
    return address.slice(0, address.lastIndexOf(".")) + "/24";
  }
  const bytes = addressBytes(address);
  return bytes ? bytes.subarray(0, 8).join(".") + "/64" : address;
}
