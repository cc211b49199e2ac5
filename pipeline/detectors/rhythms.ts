import type { Pair } from "../features/pair.ts";
import type { PairFacts } from "../features/pair_facts.ts";
import type { MeasuredPair } from "./detector.ts";

/** Above every port: what has none. */
export const UNSET_PORT = 65_536;

export const portOf = (port: number | null) =>
  port !== null && port >= 0 ? port : UNSET_PORT;

const PORTS = UNSET_PORT + 1;

/** How far periods that are one pace lie apart, as natural logarithm. */
const IN_STEP = 0.15;
const POLLED = 0.05;

/** Who contacts what at which pace: programs that several hosts have show by it. */
export class Rhythms {
  /** By site, or user agent, and port: which sources at which period, seconds. */
  readonly #sources = new Map<number, { src: number; period: number }[]>();
  /** By source and port: which sites at which period, seconds. */
  readonly #sites = new Map<number, { site: number; period: number }[]>();
  readonly #siteOf: (pair: Pair) => number;

  /** @param siteOf a number for the domain of a pair's name, else its address. */
  constructor(
    measured: readonly MeasuredPair[],
    siteOf: (pair: Pair) => number,
  ) {
    this.#siteOf = siteOf;
    for (const one of measured) this.#add(one);
  }

  #add({ pair, timing, facts }: MeasuredPair): void {
    if (timing.score < 0.3 || pair.direction === "ingress" || pair.group) {
      return;
    }
    const { period } = timing, { src } = pair, site = this.#siteOf(pair);
    if (pair.name >= 0) push(this.#sites, sourceKey(pair), { site, period });
    for (const key of [this.#siteKey(pair), ...agentKeys(pair, facts)]) {
      push(this.#sources, key, { src, period });
    }
  }

  #siteKey(pair: Pair): number {
    return this.#siteOf(pair) * PORTS + portOf(pair.subject.port);
  }

  /** Sites by name that the pair's source contacts at its period. */
  polled({ pair, timing }: MeasuredPair): number {
    const sites = new Set<number>();
    for (const { site, period } of this.#sites.get(sourceKey(pair)) ?? []) {
      if (isNear(period, timing.period, POLLED)) sites.add(site);
    }
    return sites.size;
  }

  /** Sources that contact the pair's site at its period. */
  inStep({ pair, timing }: MeasuredPair): number {
    return this.#count(this.#siteKey(pair), timing.period);
  }

  /** Sources that present the pair's user agent anywhere at its period. */
  inStepAs({ pair, timing, facts }: MeasuredPair): number {
    const counts = agentKeys(pair, facts)
      .map((key) => this.#count(key, timing.period));
    return Math.max(0, ...counts);
  }

  #count(key: number, own: number): number {
    const sources = new Set<number>();
    for (const { src, period } of this.#sources.get(key) ?? []) {
      if (isNear(period, own, IN_STEP)) sources.add(src);
    }
    return sources.size;
  }
}

const isNear = (a: number, b: number, most: number) =>
  Math.abs(Math.log(a / b)) < most;

const sourceKey = ({ src, subject }: Pair) =>
  src * PORTS + portOf(subject.port);

/** Keys by user agent and port; below zero, where no site is. */
const agentKeys = ({ subject }: Pair, { agents }: PairFacts) =>
  agents.map((agent) => -1 - (agent * PORTS + portOf(subject.port)));

function push<T>(lists: Map<number, T[]>, key: number, one: T): void {
  const known = lists.get(key);
  if (known) known.push(one);
  else lists.set(key, [one]);
}
