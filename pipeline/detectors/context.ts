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
/** Reasons that say how rare a thing is; each program of its own is rare. */
const RARITY = new Set([
  "prevalence",
  "breadth",
  "first-seen",
  "referrer",
  "ja3",
  "user-agent",
]);
/** Log-odds that something unusual adds up to. */
const UNUSUAL = 0.6;
/** Left between what is held back, so that it keeps its order. */
const SPREAD = 0.2;
/** The top of medium, as log-odds. */
const TOP = Math.log(0.59 / 0.41);
/** How far what is not even rare stays below it. */
const NOT_RARE = 0.4;

/** Whether more speaks for a finding than what it does and how rare it is. */
export function isStrange(reasons: readonly Reason[]): boolean {
  return sum(unusualOf(reasons).filter(({ name }) => !RARITY.has(name))) >=
    UNUSUAL;
}

const unusualOf = (reasons: readonly Reason[]) =>
  reasons.filter(({ name, effect }) => effect > 0 && !ACTIVITY.has(name));

/**
 * Rhythm and steady sizes alone are medium at most, however rare the
 * destination: every poller has them, and each office has pollers of its own.
 * High and critical are kept for what is also strange in where it goes or how.
 */
function plainReason(reasons: readonly Reason[]): Reason | null {
  if (isStrange(reasons)) return null;
  const isRare = sum(unusualOf(reasons)) >= UNUSUAL;
  const over = sum(reasons) - TOP + (isRare ? 0 : NOT_RARE);
  return over <= 0 ? null : reason(
    "plain",
    -over - SPREAD * Math.exp(-over),
    isRare
      ? "nothing about the destination is strange: rhythm and rarity are not high"
      : "nothing about the destination is unusual: rhythm alone is not high",
  );
}

function sum(reasons: readonly Reason[]): number {
  return reasons.reduce((total, { effect }) => total + effect, 0);
}
