import type { Flows } from "../features/flows.ts";
import { FLOW } from "../features/flows.ts";
import { Interner } from "../features/interner.ts";
import { registrableDomain } from "../features/names.ts";
import type { InternalHosts } from "../features/networks.ts";
import { NumberSets } from "../features/number_sets.ts";
import type { Pair } from "../features/pair.ts";
import { blockOf, siteNetwork } from "./address_blocks.ts";
import { type Cover, coverOf } from "./cover.ts";
import { portOf, Rhythms, UNSET_PORT } from "./rhythms.ts";
import type { MeasuredPair, Scene } from "./detector.ts";

/** Places of a source that are told apart; more are many. */
export const MOST_PLACES = 16;

/**
 * What a pair is judged against: who else contacts the destination, what else
 * the source does. Built once per hunt from all flows, then given all pairs.
 */
export class Surroundings {
  /** Internal hosts seen as a source. */
  readonly hosts: number;
  /** Seconds from the first to the last record. */
  readonly history: number;
  /** What http and ssl tell of. */
  readonly cover: Cover;
  /** Share of the names of connections that dns.log holds a query for. */
  readonly dnsCover: number;
  readonly #flows: Flows;
  /** Registrable domains, and which of them each name is under. */
  readonly #domains = new Interner();
  readonly #domainOfName: number[];
  /** One more than any code, so that two codes make one key below 2^53. */
  readonly #codes: number;
  /** /24 or /64 of each address, by code. */
  readonly #block: Int32Array;
  readonly #sources = new NumberSets();
  readonly #breadth = new NumberSets();
  readonly #ports = new NumberSets();
  readonly #failing = new NumberSets();
  readonly #agentSources = new NumberSets();
  readonly #agentNames = new NumberSets();
  readonly #ja3Names = new NumberSets();
  readonly #ja3Sources = new NumberSets();
  readonly #crowd = new NumberSets();
  #rhythms = this.#rhythmsOf([]);
  readonly #service = new NumberSets();
  readonly #served = new NumberSets();
  /** Of internal sources: pairs by port, ports by source, all destinations. */
  readonly #portPairs = new NumberSets();
  readonly #sourcePorts = new NumberSets();
  readonly #destinations = new Set<number>();
  /** Epoch seconds of the first contact, by site. */
  readonly #since: Float64Array;
  /** Networks of the internal hosts seen as a source. */
  readonly #networks = new Set<string>();

  constructor({ flows, internal }: Pick<Scene, "flows" | "internal">) {
    this.#flows = flows;
    const addresses = flows.addresses.values.length;
    this.#domainOfName = flows.names.values.map((name) =>
      this.#domains.code(registrableDomain(name))
    );
    this.#codes = Math.max(
      UNSET_PORT,
      addresses + flows.names.values.length,
      flows.agents.values.length,
      flows.ja3.values.length,
    ) + 1;
    this.#since = new Float64Array(addresses + this.#domains.values.length)
      .fill(Infinity);
    const blocks = new Interner();
    this.#block = Int32Array.from(
      flows.addresses.values,
      (address) => blocks.code(blockOf(address)),
    );
    this.history = Math.max(0, flows.lastTs - flows.firstTs);
    this.cover = coverOf(flows);
    const asked = flows.names.values.filter((name) => flows.queried.has(name));
    this.dnsCover = asked.length / Math.max(1, flows.names.values.length);
    const hosts = new Set<number>();
    for (let f = 0; f < flows.length; f++) {
      if (internal.has(flows.src.at(f))) hosts.add(flows.src.at(f));
      this.#addFlow(f, internal);
    }
    this.hosts = hosts.size;
    for (const host of hosts) {
      this.#networks.add(siteNetwork(flows.addresses.values[host]));
    }
  }

  /** Adds what is known of pairs only when they are measured, to be done once. */
  addRhythms(measured: readonly MeasuredPair[]): void {
    for (const pair of measured) this.#addCrowd(pair);
    this.#rhythms = this.#rhythmsOf(measured);
  }

  #rhythmsOf(measured: readonly MeasuredPair[]): Rhythms {
    return new Rhythms(measured, ({ dst, name }) => this.#siteOf(dst, name));
  }

  /** The last flow that was added: the next one is often of the same pair. */
  readonly #last = { src: -1, dst: -1, port: -1, kind: -1, since: Infinity };

  #addFlow(f: number, internal: InternalHosts): void {
    const flows = this.#flows, A = flows.applications, last = this.#last;
    const src = flows.src.at(f),
      dst = flows.dst.at(f),
      port = portOf(flows.port.at(f));
    const a = flows.application.at(f);
    const kind = a >= 0
      ? -1
      : (flows.flags.at(f) & FLOW.failed) | (flows.down.at(f) > 0 ? 2 : 0);
    if (
      kind >= 0 && kind === last.kind && src === last.src &&
      dst === last.dst && port === last.port && flows.ts.at(f) >= last.since
    ) return;
    Object.assign(last, { src, dst, port, kind, since: flows.ts.at(f) });
    const name = a < 0 ? -1 : A.name[a];
    const addresses = flows.addresses.values.length;
    const to = name < 0 ? dst : addresses + name;
    const site = this.#siteOf(dst, name);
    if (internal.has(src)) {
      this.#sources.add(site, src);
      if ((flows.flags.at(f) & FLOW.failed) === 0) {
        this.#portPairs.add(port, this.#key(src, dst));
        this.#sourcePorts.add(src, port);
        this.#destinations.add(dst);
      }
    }
    if (name >= 0) this.#breadth.add(this.#breadthKey(dst, name), to);
    else if (flows.down.at(f) > 0) {
      this.#breadth.add(this.#breadthKey(dst, name), dst);
    }
    if (flows.ts.at(f) < this.#since[site]) this.#since[site] = flows.ts.at(f);
    this.#service.add(this.#key(dst, port), src);
    this.#served.add(this.#key(src, port), dst);
    this.#ports.add(this.#key(src, dst), port);
    if (flows.flags.at(f) & FLOW.failed) {
      this.#failing.add(this.#key(src, port), dst);
    }
    if (a < 0) return;
    if (A.agent[a] >= 0) {
      this.#agentSources.add(A.agent[a], src);
      this.#agentNames.add(this.#key(src, A.agent[a]), to);
    }
    if (A.ja3[a] < 0) return;
    this.#ja3Names.add(this.#key(src, A.ja3[a]), to);
    this.#ja3Sources.add(A.ja3[a], src);
  }

  #key(a: number, b: number): number {
    return a * this.#codes + b;
  }

  /** A domain where a name is told, else the address. */
  #siteOf(dst: number, name: number): number {
    return name < 0
      ? dst
      : this.#flows.addresses.values.length + this.#domainOfName[name];
  }

  /** Blocks of addresses and domains are numbered apart. */
  #breadthKey(dst: number, name: number): number {
    return name < 0 ? -1 - this.#block[dst] : this.#domainOfName[name];
  }

  #pairPort({ dst, subject }: Pair): number {
    return this.#key(dst, portOf(subject.port));
  }

  #sourcePort({ src, subject }: Pair): number {
    return this.#key(src, portOf(subject.port));
  }

  #addCrowd({ pair, timing }: MeasuredPair): void {
    if (pair.direction !== "ingress" || timing.score < 0.4) return;
    this.#crowd.add(this.#pairPort(pair), pair.src);
  }

  /** Domains that the pair's source contacts at its period, give or take 5 %. */
  polled(measured: MeasuredPair): number {
    return this.#rhythms.polled(measured);
  }

  /** Sources that contact the site at the pair's period, give or take 15 %. */
  inStep(measured: MeasuredPair): number {
    return this.#rhythms.inStep(measured);
  }

  /** Sources that present the pair's user agent anywhere at its period. */
  inStepAs(measured: MeasuredPair): number {
    return this.#rhythms.inStepAs(measured);
  }

  /** Registrable domain of the name, or the address. */
  site(pair: Pair): string {
    return pair.name < 0
      ? pair.subject.dst
      : this.#domains.values[this.#domainOfName[pair.name]];
  }

  /** Internal hosts that contact the site; at least 1 for an internal source. */
  sources(pair: Pair): number {
    return this.#sources.count(this.#siteOf(pair.dst, pair.name));
  }

  /** Names under the registrable domain, or answering addresses in the /24 (IPv6: /64). */
  breadth(pair: Pair): number {
    return this.#breadth.count(this.#breadthKey(pair.dst, pair.name));
  }

  /** Whether any internal host of the address's network was active. */
  livesIn(address: string): boolean {
    return this.#networks.has(siteNetwork(address));
  }

  /** Seconds before the last record at which the site was first contacted. */
  since(pair: Pair): number {
    return this.#flows.lastTs - this.#since[this.#siteOf(pair.dst, pair.name)];
  }

  #places?: ReadonlyMap<number, ReadonlySet<number>>;

  /** Sites that a source contacts, at most {@link MOST_PLACES}. */
  places(src: number): number {
    this.#places ??= this.#placesOfAll();
    return this.#places.get(src)?.size ?? 0;
  }

  /** In one pass, when first asked: few hunts do. */
  #placesOfAll(): Map<number, Set<number>> {
    const flows = this.#flows, places = new Map<number, Set<number>>();
    for (let f = 0; f < flows.length; f++) {
      const src = flows.src.at(f), known = places.get(src);
      if (known && known.size >= MOST_PLACES) continue;
      const a = flows.application.at(f);
      const name = a < 0 ? -1 : flows.applications.name[a];
      const site = this.#siteOf(flows.dst.at(f), name);
      if (known) known.add(site);
      else places.set(src, new Set([site]));
    }
    return places;
  }

  /** Sources of the destination on this port. */
  sourcesOfService(pair: Pair): number {
    return this.#service.count(this.#pairPort(pair));
  }

  /** Destinations that the source contacts on this port. */
  servedBy(pair: Pair): number {
    return this.#served.count(this.#sourcePort(pair));
  }

  /** Ports that the source tries on the destination. */
  ports(pair: Pair): number {
    return this.#ports.count(this.#key(pair.src, pair.dst));
  }

  /**
   * Whether no other pair of an internal source uses its port, in a network
   * that has been seen to go to many places, by a source that does not use a
   * port each time, as peers do.
   */
  hasPortAlone({ src, subject }: Pair): boolean {
    return this.#destinations.size >= MANY &&
      this.#portPairs.count(portOf(subject.port)) === 1 &&
      this.#sourcePorts.count(src) < MANY;
  }

  /** Destinations that do not answer this source on this port. */
  failing(pair: Pair): number {
    return this.#failing.count(this.#sourcePort(pair));
  }

  /** Other regular outside sources of the same internal service. */
  crowd(pair: Pair): number {
    return this.#crowd.count(this.#pairPort(pair));
  }

  /** Sources that use a user agent; destinations that `src` uses it for. */
  agent(src: number, agent: number): { sources: number; names: number } {
    return {
      sources: this.#agentSources.count(agent),
      names: this.#agentNames.count(this.#key(src, agent)),
    };
  }

  /** Destinations that `src` shows this JA3 to. */
  ja3Names(src: number, ja3: number): number {
    return this.#ja3Names.count(this.#key(src, ja3));
  }

  /** Sources that show this JA3 anywhere. */
  ja3Sources(ja3: number): number {
    return this.#ja3Sources.count(ja3);
  }
}

/** Destinations of a network, or ports of a source, that are many. */
const MANY = 20;
