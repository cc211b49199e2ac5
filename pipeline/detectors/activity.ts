import { clamp } from "../features/distributions.ts";
import type { Reason } from "../finding.ts";
import { bytes, count, fewerThan, plural } from "../wording.ts";
import type { MeasuredPair, Scene } from "./detector.ts";
import { gateOf } from "./gate.ts";
import type { Significant } from "./significance.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a pair does, as reasons and as one level. */
export interface Activity {
  readonly reasons: Reason[];
  /** In [0, 1]. */
  readonly level: number;
}

/**
 * The strongest kind of repetition counts, and a quarter of the next.
 * Significance opens the gate for the rhythm and raises nothing beyond: clock
 * traffic is the most significant of all.
 */
export function repetition(
  measured: MeasuredPair,
  scene: Scene,
  significant: Significant,
): Activity {
  const regular = measured.timing.score * gateOf(significant.log10q);
  const persistent = persistence(measured, scene);
  const strobe = strobeLevel(measured);
  return {
    reasons: strongestTwo([
      timingReason(measured, 4 * regular, significant),
      {
        name: "persistence",
        value: persistent,
        unit: "share",
        effect: 1.5 * persistent,
        text: "the contacts are spread over the window",
      },
      {
        name: "strobe",
        value: measured.facts.ts.length,
        unit: "contacts",
        effect: 2.2 * strobe,
        text: `${count(measured.facts.ts.length)} contacts are unusually many`,
      },
    ]),
    level: Math.max(regular, 0.5 * persistent, 0.7 * strobe),
  };
}

/** What a source does that keeps trying a place where nobody answers. */
export function retrying(
  measured: MeasuredPair,
  scene: Scene,
  significant: Significant,
): Activity {
  const failing = failingLevel(measured, scene.around);
  const inward = measured.pair.direction === "ingress";
  const regular = measured.timing.score * gateOf(significant.log10q);
  const reasons: Reason[] = [
    {
      name: "failing",
      value: measured.facts.failed,
      unit: "connections",
      effect: 2.8 * failing,
      text: `${count(measured.facts.failed)} failed attempts towards one place`,
    },
    {
      name: "unanswered",
      value: 1,
      unit: "share",
      effect: inward ? -3 : -1.2,
      text: inward
        ? "nobody answers what comes in from outside: it is a probe"
        : "nobody answers: what once listened there is gone",
    },
    timingReason(measured, 1.2 * regular * failing, significant),
  ];
  return {
    reasons: reasons.filter(({ effect }) => Math.abs(effect) > 0.005),
    level: failing,
  };
}

function strongestTwo(kinds: Reason[]): Reason[] {
  kinds.sort((a, b) => b.effect - a.effect);
  const [first, second] = kinds;
  return [first, { ...second, effect: 0.25 * second.effect }]
    .filter(({ effect }) => effect > 0.005);
}

function timingReason(
  measured: MeasuredPair,
  effect: number,
  significant: Significant,
): Reason {
  return {
    name: "timing",
    value: measured.timing.period || null,
    unit: "s",
    effect,
    text: timingText(measured, significant),
  };
}

const AGAINST = {
  memoryless: "",
  source: " against what else the source does",
  network: " against what else the network does",
};

function timingText(
  { timing, facts }: MeasuredPair,
  { log10q, tested, against }: Significant,
): string {
  if (Number.isNaN(timing.period)) return "too few contacts for a rhythm";
  const of = facts.ts.length > timing.checkIns
    ? ` of ${count(facts.ts.length)} contacts`
    : "";
  const checkIns = `${count(timing.checkIns)} check-ins${of}`;
  return log10q < -1
    ? `${checkIns}, by chance ${fewerThan(log10q)}${
      AGAINST[against]
    }, after correction for ${plural(tested, "pair")}`
    : `${checkIns}, hardly more regular than chance`;
}

/**
 * A dead C2 is tried again and again at one place for minutes at least; a
 * scanner fans out, a flood is over in seconds.
 */
function failingLevel(
  { pair, facts }: MeasuredPair,
  around: Surroundings,
): number {
  if (facts.failed < 10) return 0;
  const many = Math.min(1, Math.log10(facts.failed / 3) / 1.5);
  const lasts = facts.ts[facts.ts.length - 1] - facts.ts[0];
  const long = clamp(Math.log10(lasts / 60));
  return long * many / (1 + Math.max(0, around.failing(pair) - 2) / 3);
}

/** Share of fifty time bins with a contact. */
function persistence({ facts }: MeasuredPair, scene: Scene): number {
  if (facts.ts.length < 20) return 0;
  const width = Math.max(60, scene.span / 100);
  const bins = new Set<number>();
  for (const t of facts.ts) bins.add(Math.floor(t / width));
  return Math.min(1, bins.size / 50);
}

/** Many contacts, or more than one in three seconds kept up for minutes. */
function strobeLevel({ facts }: MeasuredPair): number {
  const n = facts.ts.length;
  if (facts.referrers > 0.3 || n < 100) return 0;
  const lasts = Math.max(60, facts.ts[n - 1] - facts.ts[0]);
  const fast = clamp(Math.log10(n / 100) / 1.2) *
    clamp((n / lasts - 0.3) / 0.7);
  return Math.max(fast, clamp(Math.log10(n / 200) / 1.5));
}

/**
 * Steady sizes confirm a rhythm; scattered ones speak against it. Attempts
 * that nobody answers are all of one size.
 */
export function sizeReason(
  { share, size }: { share: number; size: number },
  { timing, facts }: MeasuredPair,
): Reason[] {
  if (!(size > 0) || facts.failed >= 0.9 * facts.connections) return [];
  return [{
    name: "size",
    value: size,
    unit: "B",
    effect: 2 * (share - 0.4) * Math.min(1, timing.score + 0.2),
    text: share >= 0.95
      ? `it always sends ${bytes(size)}`
      : `${Math.round(100 * share)} % of the contacts send about ${
        bytes(size)
      }`,
  }];
}
