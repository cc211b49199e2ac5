import { findingId, type Reason, severityOf } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { steadySize } from "../features/pair_facts.ts";
import { clamp } from "../features/distributions.ts";
import type { Timing } from "../features/timing.ts";
import type { Params, ValuesOf } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { CLOCK_PORT, contextOf, scoreOf } from "./context.ts";
import type { Detector, MeasuredPair, Scene } from "./detector.ts";
import { seriesOf, uidsOf } from "./evidence.ts";
import type { Surroundings } from "./surroundings.ts";
import { bytes, count, seconds } from "../wording.ts";

export const BEACON_PARAMS = {
  minCheckIns: {
    kind: "integer",
    default: 5,
    min: 5,
    max: 1000,
    unit: "check-ins",
    doc: "Fewer contacts of a pair than this have no rhythm to judge.",
  },
  minScore: {
    kind: "number",
    default: 0.05,
    min: 0,
    max: 1,
    doc: "Findings below this score are not kept.",
  },
} as const satisfies Params;

type Values = ValuesOf<typeof BEACON_PARAMS>;

/**
 * Pairs that a source keeps contacting by itself. Rhythm opens the score,
 * steady sizes confirm it, the surroundings decide: a clock poll is the most
 * regular of all and benign.
 */
export const beacon: Detector<typeof BEACON_PARAMS> = {
  name: "beacon",
  doc: "A source that contacts one destination again and again by itself.",
  logTypes: ["conn", "http", "ssl"],
  params: BEACON_PARAMS,

  async detect(scene: Scene, values: Values, options: RunOptions) {
    const pacer = new Pacer(options.signal);
    const findings: Finding[] = [];
    for (const [i, measured] of scene.measured.entries()) {
      if (pacer.due) {
        options.onProgress?.({
          stage: "scoring",
          done: i,
          total: scene.measured.length,
          unit: "pairs",
        });
        await pacer.rest();
      }
      if (measured.facts.ts.length < values.minCheckIns) continue;
      const found = judge(measured, scene);
      if (found.score >= values.minScore) findings.push(found);
    }
    return findings;
  },
};

function judge(
  measured: MeasuredPair,
  scene: Scene,
): Finding {
  const { pair, facts, timing } = measured;
  const activity = activityOf(measured, scene);
  const size = steadySize(facts.bytes);
  const { score, reasons } = scoreOf([
    ...activity.reasons,
    ...sizeReason(size, timing.score),
    ...contextOf(measured, scene, activity.level),
  ]);
  const { uids, uidCount } = uidsOf(scene.flows, pair);
  return {
    ...pair.subject,
    id: findingId(beacon.name, pair.subject),
    detector: beacon.name,
    score,
    severity: severityOf(score),
    direction: pair.direction,
    firstTs: facts.ts[0],
    lastTs: facts.ts[facts.ts.length - 1],
    count: facts.ts.length,
    uids,
    uidCount,
    evidence: evidenceOf(measured, size, scene),
    reasons,
    summary: summaryOf(measured, size),
    series: seriesOf(facts),
  };
}

interface Activity {
  readonly reasons: Reason[];
  /** In [0, 1]. */
  readonly level: number;
}

/** The strongest kind of repetition counts, and a quarter of the next. */
function activityOf(
  measured: MeasuredPair,
  scene: Scene,
): Activity {
  const { timing } = measured;
  const failing = failingLevel(measured, scene.around);
  const persistent = persistence(measured, scene);
  const strobe = strobeLevel(measured);
  const kinds: Reason[] = [
    {
      name: "timing",
      value: timing.period || null,
      unit: "s",
      effect: 4 * timing.score,
      text: timingText(measured),
    },
    {
      name: "failing",
      value: measured.facts.failed,
      unit: "connections",
      effect: 2.4 * failing,
      text: `${count(measured.facts.failed)} failed attempts towards one place`,
    },
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
      unit: "connections",
      effect: 2.2 * strobe,
      text: `${count(measured.facts.ts.length)} contacts are unusually many`,
    },
  ];
  kinds.sort((a, b) => b.effect - a.effect);
  const [first, second] = kinds;
  return {
    reasons: [first, { ...second, effect: 0.25 * second.effect }]
      .filter(({ effect }) => effect > 0.005),
    level: Math.max(
      timing.score,
      0.8 * failing,
      0.5 * persistent,
      0.7 * strobe,
    ),
  };
}

function timingText({ timing, facts }: MeasuredPair): string {
  if (Number.isNaN(timing.period)) return "too few contacts for a rhythm";
  const of = facts.ts.length > timing.checkIns
    ? ` of ${count(facts.ts.length)} contacts`
    : "";
  const checkIns = `${count(timing.checkIns)} check-ins${of}`;
  return timing.log10p < -1
    ? `${checkIns}, by chance under 1 in 10^${Math.floor(-timing.log10p)}`
    : `${checkIns}, hardly more regular than chance`;
}

/** A dead C2 is tried again and again at one place; a scanner fans out. */
function failingLevel(
  { pair, facts }: MeasuredPair,
  around: Surroundings,
): number {
  if (facts.failed < 10 || facts.failed < 0.5 * facts.connections) return 0;
  const many = Math.min(1, Math.log10(facts.failed / 3) / 1.5);
  return many / (1 + Math.max(0, around.failing(pair) - 2) / 3);
}

/** Share of fifty time bins with a contact. */
function persistence({ facts }: MeasuredPair, scene: Scene): number {
  if (facts.ts.length < 20) return 0;
  const width = Math.max(60, scene.span / 100);
  const bins = new Set<number>();
  for (const t of facts.ts) bins.add(Math.floor(t / width));
  return Math.min(1, bins.size / 50);
}

function strobeLevel({ facts }: MeasuredPair): number {
  if (facts.ts.length < 200 || facts.referrers > 0.3) return 0;
  return clamp(Math.log10(facts.ts.length / 200) / 1.5);
}

function sizeReason(
  { share, size }: { share: number; size: number },
  timingScore: number,
): Reason[] {
  if (!(size > 0)) return [];
  const effect = 2 * (share - 0.4) * Math.min(1, timingScore + 0.2);
  return [{
    name: "size",
    value: size,
    unit: "B",
    effect,
    text: share >= 0.95
      ? `it always sends ${bytes(size)}`
      : `${Math.round(100 * share)} % of the contacts send about ${
        bytes(size)
      }`,
  }];
}

function evidenceOf(
  { pair, facts, timing }: MeasuredPair,
  size: { share: number; size: number },
  scene: Scene,
): Finding["evidence"] {
  const number = (value: number) => Number.isFinite(value) ? value : null;
  return {
    period: number(timing.period),
    jitter: number(timing.jitter),
    shortestInterval: number(timing.shortest),
    medianInterval: number(timing.median),
    longestInterval: number(timing.longest),
    checkIns: timing.checkIns,
    missedCheckIns: timing.missed,
    coverage: coverageOf(timing),
    jitterLaw: lawText(timing.law),
    jitterShare: number(timing.law.share),
    otherPeriods: timing.cadences,
    burstGap: timing.collapse,
    log10p: number(timing.log10p),
    timingScore: timing.score,
    timingTest: timing.test,
    activeSeconds: timing.active,
    activeShare: scene.span > 0 ? Math.min(1, timing.active / scene.span) : 0,
    size: number(size.size),
    sizeShare: size.share,
    bytesSent: facts.up,
    bytesReceived: facts.down,
    connections: facts.connections,
    failedConnections: facts.failed,
    answered: facts.answered,
    clock: pair.subject.port === CLOCK_PORT,
    requests: facts.requests,
    longestSeconds: facts.longest,
    internalHosts: scene.around.hosts,
  };
}

/** Share of the beats within the active hours that were seen. */
function coverageOf({ checkIns, missed }: Timing): number | null {
  const expected = checkIns + missed;
  return expected > 0 ? checkIns / expected : null;
}

function lawText({ kind, sleep, share }: Timing["law"]): string | null {
  const percent = `${Math.round(100 * share)} %`;
  switch (kind) {
    case "constant":
      return `constant, ${seconds(sleep)}`;
    case "shortened":
      return `a sleep of ${seconds(sleep)}, shortened by up to ${percent}`;
    case "two-sided":
      return `${seconds(sleep)} ± ${percent}`;
    default:
      return null;
  }
}

function summaryOf(
  { pair, facts, timing }: MeasuredPair,
  size: { share: number; size: number },
): string {
  const { src, name, dst, port } = pair.subject;
  const to = name ?? (port === null ? dst : `${dst} port ${port}`);
  const over = facts.ts[facts.ts.length - 1] - facts.ts[0];
  const rhythm = timing.score > 0.1
    ? ` every ${seconds(timing.period)} ± ${seconds(timing.jitter)},`
    : "";
  const always = size.size > 0 && size.share >= 0.5
    ? `, ${size.share >= 0.95 ? "always" : "mostly"} ${bytes(size.size)}`
    : "";
  const answer = facts.answered ? "" : ", never answered";
  return `${src} contacts ${to}${rhythm} ${count(facts.ts.length)} times over ${
    seconds(over)
  }${always}${answer}`;
}
