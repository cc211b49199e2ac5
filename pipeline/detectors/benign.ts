import type { Reason, Severity } from "../finding.ts";
import {
  type Behaviour,
  type BenignClass,
  type Lift,
  LIFT_DOCS,
} from "./benign_class.ts";
import { BEHAVIOURS, LIFTS } from "./benign_signals.ts";
import { reason } from "./context_part.ts";
import type { MeasuredPair, Scene } from "./detector.ts";

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
  const shows = (behaviour: Behaviour) => {
    const seen = BEHAVIOURS[behaviour](measured, scene);
    if (seen) signals.add(behaviour);
    return seen;
  };
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
  // What must be goes first: most pairs are nothing of the kind.
  const must = known.must.every((signal) =>
    signals.has(signal) || (isBehaviour(signal) && shows(signal))
  );
  if (!must || known.oneOf?.some((signal) => signals.has(signal)) === false) {
    return false;
  }
  known.behaviours.forEach(shows);
  return signals.size >= known.needs;
}

const isBehaviour = (signal: string): signal is Behaviour =>
  Object.hasOwn(BEHAVIOURS, signal);

/** Whether a name is a domain, or lies under it. */
export function isUnder(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}
