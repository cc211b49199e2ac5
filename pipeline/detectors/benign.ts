import type { Reason, Severity } from "../finding.ts";
import {
  type Behaviour,
  type BenignClass,
  type Lift,
  LIFT_DOCS,
} from "./benign_classes.ts";
import { failedShare, isMidStream, reason } from "./context_part.ts";
import type { MeasuredPair, Scene } from "./detector.ts";

type Signal = (measured: MeasuredPair, scene: Scene) => boolean;

/** Bytes that one contact sends and gets. */
function perContact({ pair, facts }: MeasuredPair) {
  const n = Math.max(1, pair.flows.length);
  return { up: facts.up / n, down: facts.down / n };
}

const BEHAVIOURS: Readonly<Record<Behaviour, Signal>> = {
  /** A request of 48 B to a few of them, and as much back or nothing. */
  "clock-sized": (measured) => {
    const { up, down } = perContact(measured);
    return up >= 40 && up <= 800 && down <= 1.3 * up + 60;
  },
  "download": ({ facts }) => facts.down > 4 * facts.up,
  "small": (measured) => perContact(measured).up < 3000,
  /**
   * Open for an hour, alive with less than 20 B a second each way, and TLS as
   * far as its beginning was seen.
   */
  "idle-channel": (measured) => {
    const { facts, heartbeat } = measured;
    return (facts.tls > 0 || isMidStream(measured)) && facts.longest >= 3600 &&
      facts.up < 20 * facts.longest &&
      facts.down < 20 * facts.longest &&
      (heartbeat.checkIns >= 5 || facts.up < 2 * facts.longest + 5000);
  },
  "fans-in": ({ pair }, { around }) => around.sourcesOfService(pair) >= 3,
  "fans-out": ({ pair }, { around }) => around.servedBy(pair) >= 5,
  "certificate": ({ facts }) => facts.certMatches > 0 && facts.selfSigned === 0,
  "resolved": ({ pair }, { flows }) => flows.resolved.has(pair.subject.dst),
  "shared-agent": ({ pair, facts }, { around }) =>
    facts.agents.some((agent) => {
      const { sources, names } = around.agent(pair.src, agent);
      return sources >= 2 || names >= 4;
    }),
  "shared-ja3": ({ pair, facts }, { around }) =>
    facts.ja3.some((code) => around.ja3Names(pair.src, code) >= 5),
  "inside": ({ pair }) => pair.direction === "internal",
  "from-outside": ({ pair }) => pair.direction === "ingress",
  "unanswered": (measured) => failedShare(measured) >= 0.9,
  "many-ports": ({ pair }, { around }) => around.ports(pair) >= 5,
};

/** See {@link LIFT_DOCS}. */
const LIFTS: Readonly<Record<Lift, (measured: MeasuredPair) => boolean>> = {
  "self-signed": ({ facts }) => facts.selfSigned > 0,
  "other-subject": ({ facts }) => facts.certDiffers > 0,
  "literal-name": ({ pair, facts }) => pair.name >= 0 && facts.literal > 0,
  "sends-more": ({ facts }) => facts.up > 5e6 && facts.up > 5 * facts.down,
};
const EVERY_LIFT = Object.keys(LIFTS) as Lift[];

/** What lifts the cap of a class from a pair, or undefined. */
const liftOf = (
  { liftedBy = EVERY_LIFT }: BenignClass,
  measured: MeasuredPair,
) => liftedBy.find((lift) => LIFTS[lift](measured));

/** Log-odds of a pair of which nothing is known: most traffic is benign. */
export const PRIOR = -3.8;

/** Highest score of each severity; a hair below the next one. */
export const TOP: Readonly<Record<Severity, number>> = {
  critical: 1,
  high: 0.79,
  medium: 0.59,
  low: 0.39,
  none: 0.19,
};

/**
 * The class of benign traffic that fits best, as a reason: it lowers the score
 * by the class's effect, and at least to its cap.
 *
 * @param logit what all other reasons add up to.
 */
export function benignReason(
  measured: MeasuredPair,
  scene: Scene,
  logit: number,
): Reason | null {
  // Of what comes in, only classes speak that say so.
  const inward = measured.pair.direction === "ingress";
  const fitting = scene.benign.pairs
    .filter((known) => !inward || known.must.includes("from-outside"))
    .filter((known) => fits(known, measured, scene))
    .sort((a, b) => a.effect - b.effect);
  if (fitting.length === 0) return null;
  const [{ name, doc, effect, cap }] = fitting;
  const lift = liftOf(fitting[0], measured);
  if (lift !== undefined) {
    const text = `it looks like ${name}, but ${LIFT_DOCS[lift]}`;
    return reason("class", 0, text, name);
  }
  if (cap === "critical") {
    return reason("class", effect, `${name}: ${doc}`, name);
  }
  const top = Math.log(TOP[cap] / (1 - TOP[cap]));
  return reason(
    "class",
    Math.min(effect, top - logit),
    `${name}: ${doc}`,
    name,
  );
}

function fits(
  known: BenignClass,
  measured: MeasuredPair,
  scene: Scene,
): boolean {
  const signals = new Set<string>();
  const { port, proto, name } = measured.pair.subject;
  if (name !== null && known.names?.some((domain) => isUnder(name, domain))) {
    signals.add("name");
  }
  if (known.ports?.includes(`${proto}/${port}`)) signals.add("port");
  if (
    known.agents && measured.facts.agents.length > 0 &&
    measured.facts.agents.every((code) =>
      known.agents!.test(scene.flows.agents.values[code])
    )
  ) signals.add("agent");
  for (const behaviour of known.behaviours) {
    if (BEHAVIOURS[behaviour](measured, scene)) signals.add(behaviour);
  }
  return signals.size >= known.needs &&
    known.must.every((signal) => signals.has(signal)) &&
    (!known.oneOf || known.oneOf.some((signal) => signals.has(signal)));
}

/** Whether a name is a domain, or lies under it. */
export function isUnder(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}
