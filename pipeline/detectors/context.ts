import type { Reason } from "../finding.ts";
import { benignReason, PRIOR } from "./benign.ts";
import { CROWD_PARTS } from "./context_crowd.ts";
import { HTTP_PARTS } from "./context_http.ts";
import { NAME_PARTS } from "./context_name.ts";
import { type Part, reason } from "./context_part.ts";
import { SERVICE_PARTS } from "./context_service.ts";
import type { MeasuredPair, Scene } from "./detector.ts";

const PARTS: readonly Part[] = [
  ...SERVICE_PARTS,
  ...CROWD_PARTS,
  ...NAME_PARTS,
  ...HTTP_PARTS,
];

/**
 * The reasons that the surroundings give.
 *
 * @param activity in [0, 1]: context without repetition is no evidence, so
 * what speaks for the pair is scaled by min(1, 0.3 + 1.6 activity).
 */
export function contextOf(
  measured: MeasuredPair,
  scene: Scene,
  activity: number,
): Reason[] {
  const gate = Math.min(1, 0.3 + 1.6 * activity);
  const reasons: Reason[] = [];
  for (const part of PARTS) {
    const said = part(measured, scene);
    if (!said) continue;
    reasons.push(
      said.effect > 0 ? { ...said, effect: said.effect * gate } : said,
    );
  }
  return reasons;
}

/**
 * All reasons, strongest first, and the score they add up to. What the pair
 * is known to be comes last, since it caps what the others say.
 */
export function scoreOf(
  measured: MeasuredPair,
  scene: Scene,
  given: readonly Reason[],
): { score: number; reasons: Reason[] } {
  const counted = given.filter(({ name }) => !scene.without.has(name));
  const all = [
    reason("prior", PRIOR, "most repeated traffic is benign"),
    ...counted,
  ];
  if (!scene.without.has("class")) {
    const known = benignReason(measured, scene, sum(all));
    if (known) all.push(known);
  }
  if (!scene.without.has("plain")) {
    const plain = plainReason(all);
    if (plain) all.push(plain);
  }
  return {
    score: 1 / (1 + Math.exp(-sum(all))),
    reasons: all.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)),
  };
}

/** Reasons of what a pair does; all others say what is seen around it. */
const ACTIVITY = new Set([
  "timing",
  "persistence",
  "strobe",
  "failing",
  "duration",
  "size",
]);
const UNUSUAL = 0.6;
/** The top of high, as log-odds. */
const TOP_OF_HIGH = Math.log(0.79 / 0.21);

/**
 * Rhythm and steady sizes alone are high at most: every poller has them, and
 * critical is kept for what is also unusual in where it goes or how.
 */
function plainReason(reasons: readonly Reason[]): Reason | null {
  const unusual = reasons
    .filter(({ name, effect }) => effect > 0 && !ACTIVITY.has(name));
  const over = sum(reasons) - TOP_OF_HIGH;
  return over <= 0 || sum(unusual) >= UNUSUAL ? null : reason(
    "plain",
    -over,
    "nothing about the destination is unusual: rhythm alone is not critical",
  );
}

function sum(reasons: readonly Reason[]): number {
  return reasons.reduce((total, { effect }) => total + effect, 0);
}
