import type { Flows } from "../features/flows.ts";
import { steadySize } from "../features/pair_facts.ts";
import { ritaBeacon } from "../features/rita_scores.ts";
import { ritaWindow } from "../features/rita_threats.ts";
import type { Timing } from "../features/timing.ts";
import { type Finding, findingId, severityOf } from "../finding.ts";
import { bytes, count, seconds } from "../wording.ts";
import { type Activity, sizeReason } from "./activity.ts";
import { contextOf, scoreOf } from "./context.ts";
import { CLOCK_PORT } from "./context_service.ts";
import type { MeasuredPair, Scene } from "./detector.ts";
import { clientsOf, placeOf, seriesOf, uidsOf } from "./evidence.ts";
import type { Significant } from "./significance.ts";

/** Findings below this are not listed unless asked for: RITA's score is not computed. */
const SHOWN = 0.2;

type Size = ReturnType<typeof steadySize>;

/** What a pair is worth: most are worth too little to be told of. */
export interface Judged extends ReturnType<typeof scoreOf> {
  readonly size: Size;
}

/** Judges one pair by what it does and where. */
export function judgedBy(
  activity: Activity,
  measured: MeasuredPair,
  scene: Scene,
): Judged {
  const size = steadySize(measured.facts.bytes);
  const judged = scoreOf(measured, scene, [
    ...activity.reasons,
    ...sizeReason(size, measured),
    ...contextOf(measured, scene, activity.level),
  ]);
  return { ...judged, size };
}

/** A finding about the contacts of one pair. */
export function contactsFinding(
  detector: string,
  measured: MeasuredPair,
  scene: Scene,
  { score, reasons, size }: Judged,
  significant: Significant,
): Finding {
  const { pair, facts } = measured;
  const shown = score >= SHOWN;
  const { uids, uidCount } = uidsOf(scene.flows, pair);
  return {
    ...pair.subject,
    id: findingId(
      pair.group ? `${detector} by ${pair.group.by}` : detector,
      pair.subject,
    ),
    detector,
    score,
    severity: severityOf(score),
    direction: pair.direction,
    firstTs: facts.ts[0],
    lastTs: facts.ts[facts.ts.length - 1],
    count: facts.ts.length,
    uids,
    uidCount,
    evidence: {
      ...evidenceOf(measured, size, scene, significant),
      ritaBeaconScore: shown ? ritaScoreOf(measured, scene) : null,
      nullLog10p: shown ? significant.nullLog10p : [],
    },
    reasons,
    summary: summaryOf(measured, size),
    series: seriesOf(facts),
  };
}

const windows = new WeakMap<Flows, ReturnType<typeof ritaWindow>>();

/** What RITA would say of the same contacts in the newest 24 hours. */
function ritaScoreOf(
  { facts: { ts, bytes } }: MeasuredPair,
  { flows }: Scene,
): number | null {
  const window = windows.get(flows) ?? ritaWindow(flows);
  windows.set(flows, window);
  const seconds: number[] = [], sizes: number[] = [];
  ts.forEach((t, i) => {
    const second = Math.floor(t);
    if (second < window.min || second > window.max) return;
    seconds.push(second);
    sizes.push(bytes[i] || 0);
  });
  return new Set(seconds).size < 4
    ? null
    : ritaBeacon(seconds, sizes, window.min, window.max).score;
}

const number = (value: number) => Number.isFinite(value) ? value : null;

function evidenceOf(
  { pair, facts, timing }: MeasuredPair,
  size: Size,
  scene: Scene,
  significant: Significant,
): Finding["evidence"] {
  return {
    ...(pair.group
      ? {
        groupedBy: pair.group.by,
        group: pair.group.value,
        members: pair.group.members,
      }
      : {}),
    period: number(timing.period),
    jitter: number(timing.jitter),
    shortestInterval: number(timing.shortest),
    medianInterval: number(timing.median),
    longestInterval: number(timing.longest),
    jitterLaw: lawText(timing.law),
    jitterShare: number(timing.law.share),
    checkIns: timing.checkIns,
    missedCheckIns: timing.missed,
    coverage: coverageOf(timing),
    otherPeriods: timing.cadences,
    burstGap: timing.collapse,
    log10p: number(timing.log10p),
    log10q: number(significant.log10q),
    pairsTested: significant.tested,
    testedAgainst: significant.against,
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
    ...clientsOf(scene.flows, facts),
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

function groupText(
  { by, value, members }: NonNullable<MeasuredPair["pair"]["group"]>,
): string {
  const n = count(members.length);
  switch (by) {
    case "domain":
      return `${n} names under ${value}`;
    case "address":
      return `${n} names at ${value}`;
    case "ja3":
      return `${n} destinations with the TLS fingerprint ${value}`;
    case "user-agent":
      return `${n} destinations as ${value}`;
  }
}

function summaryOf({ pair, facts, timing }: MeasuredPair, size: Size): string {
  const { src } = pair.subject;
  const to = pair.group ? groupText(pair.group) : placeOf(pair.subject);
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
