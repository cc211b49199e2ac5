import type { Pair } from "../features/pair.ts";
import type { Reason } from "../finding.ts";
import type { MeasuredPair, Scene } from "./detector.ts";
import { isBrowser, isUnanswered, type Part, reason } from "./context_part.ts";
import type { Surroundings } from "./surroundings.ts";

/** Fewer hosts than this say nothing of what is common. */
export const MIN_HOSTS = 20;
/** Less history than this says nothing of what is new; seconds. */
export const MIN_HISTORY = 7 * 86_400;
const RECENT = 86_400;

const scanner: Part = ({ pair }, { around }) => {
  const ports = around.ports(pair);
  const limit = pair.direction === "ingress" ? 5 : 20;
  return ports <= limit ? null : reason(
    "scanner",
    pair.direction === "ingress" ? -3 : -2,
    `the source tries ${ports} ports of this host`,
    ports,
    "ports",
  );
};

/** A service that many outside sources contact as regularly is polled or probed. */
const crowd: Part = ({ pair, timing, facts }, { around, span }) => {
  if (pair.direction !== "ingress") return null;
  const k = around.crowd(pair);
  if (k <= 3 || facts.longest > 3600) return null;
  const elsewhere = 1 - Math.min(1, 2 * timing.active / span);
  const effect = -Math.min(2, 0.9 * Math.log10(k / 3)) * elsewhere;
  return effect > -0.05 ? null : reason(
    "crowd",
    effect,
    `${k} outside sources contact this service as regularly`,
    k,
    "sources",
  );
};

const isOutward = ({ pair }: MeasuredPair) =>
  pair.direction === "egress" || pair.direction === "internal";

/** A domain is one place; what else a group has in common leads to many. */
const isManyPlaces = ({ pair: { group } }: MeasuredPair) =>
  group !== undefined && group.by !== "domain";

const isNamed = ({ name }: Pair) => name >= 0;

/** Internal hosts that contact the place; of many places, the middle one. */
function sourcesOf(measured: MeasuredPair, around: Surroundings): number {
  const { pair } = measured;
  if (!isManyPlaces(measured)) return around.sources(pair);
  const counts = pair.group!.pairs.map((member) => around.sources(member))
    .sort((a, b) => a - b);
  return counts[counts.length >> 1];
}

const placeOf = (measured: MeasuredPair, around: Surroundings) =>
  isManyPlaces(measured)
    ? `most of its ${measured.pair.group!.members.length} destinations`
    : around.site(measured.pair);

const prevalence: Part = (measured, { around }) => {
  if (!isOutward(measured)) return null;
  const { hosts } = around;
  const k = Math.max(1, sourcesOf(measured, around));
  const told = `${k} of ${hosts} internal hosts contact ${
    placeOf(measured, around)
  }`;
  if (hosts < MIN_HOSTS) {
    return reason(
      "prevalence",
      0,
      `${told}: not enough hosts to say what is common (${MIN_HOSTS} are needed)`,
      k / Math.max(1, hosts),
      "share",
    );
  }
  const effect = k === 1 ? 0.6 : commonEffect(k, hosts);
  return reason("prevalence", effect, told, k / hosts, "share");
};

/** What it says that `k` of all hosts contact a place. */
const commonEffect = (k: number, hosts: number) =>
  hosts < MIN_HOSTS ? 0 : -3 * Math.min(1, 2 * (k - 1) / (hosts - 1));

/** A program that asks so many domains in step has them on a list. */
const MANY_POLLED = 5;

/** Feeds, mailboxes and mirrors: one program, many known domains, one pace. */
const poller = (measured: MeasuredPair, { around }: Scene): Reason | null => {
  if (!isNamed(measured.pair) || measured.pair.group) return null;
  const k = around.polled(measured);
  return k < MANY_POLLED ? null : reason(
    "fleet",
    -Math.min(3, Math.log2(k / 2)),
    `the source contacts ${k} domains at the same pace`,
    k,
    "domains",
  );
};

/**
 * Three hosts and more that contact one place at the same pace, or present one
 * program's user agent at it, have the same program installed: in a small
 * network, where prevalence says nothing, and in a large one, where the program
 * is not everybody's. A browser's agent is anybody's; where nobody answers, no
 * program has its service.
 */
const fleet: Part = (measured, scene) => {
  const { around, flows } = scene;
  if (!isOutward(measured) || isUnanswered(measured)) return null;
  const polls = poller(measured, scene);
  if (polls) return polls;
  const atSite = around.inStep(measured);
  const alike = isBrowser(measured, flows) ? 0 : around.inStepAs(measured);
  const k = Math.max(atSite, alike);
  if (k < 3) return null;
  const known = commonEffect(sourcesOf(measured, around), around.hosts);
  const effect = -Math.min(3, Math.log2(k / 2)) - known;
  return effect > -0.05 ? null : reason(
    "fleet",
    effect,
    atSite === k
      ? `${k} hosts contact ${around.site(measured.pair)} at the same pace`
      : `${k} hosts present this user agent at the same pace`,
    k,
    "hosts",
  );
};

const firstSeen: Part = (measured, { around }) => {
  if (!isOutward(measured)) return null;
  const { pair } = measured;
  const age = around.since(pair), history = around.history;
  if (history < MIN_HISTORY) {
    return reason(
      "first-seen",
      0,
      "not enough history to say what is new (7 days are needed)",
      history,
      "s",
    );
  }
  const isNew = age < history - RECENT;
  return isNew
    ? reason(
      "first-seen",
      0.4,
      "the destination is new in this network",
      age,
      "s",
    )
    : reason(
      "first-seen",
      -0.3,
      "the destination was there from the start",
      age,
      "s",
    );
};

const breadth: Part = (measured, { around }) => {
  const { pair } = measured;
  if (pair.direction !== "egress") return null;
  // The busiest member's network says nothing of what names they have.
  if (isManyPlaces(measured) && pair.group!.pairs.some(isNamed)) return null;
  const b = around.breadth(pair);
  if (b <= 1) {
    return reason(
      "breadth",
      0.3,
      "nothing else of this organisation is contacted",
      b,
    );
  }
  const what = whatOf(measured, around);
  return reason(
    "breadth",
    Math.max(-2.5, -0.7 * Math.log2(b)),
    `${b} ${what} are contacted`,
    b,
    what,
  );
};

const whatOf = ({ pair }: MeasuredPair, around: Surroundings) =>
  pair.name < 0
    ? "addresses in its network"
    : `names under ${around.site(pair)}`;

export const CROWD_PARTS: readonly Part[] = [
  scanner,
  crowd,
  prevalence,
  fleet,
  firstSeen,
  breadth,
];
