import {
  type Finding,
  findingId,
  type Reason,
  severityOf,
} from "../finding.ts";
import { clamp } from "../features/distributions.ts";
import type { Params, ValuesOf } from "../options.ts";
import type { RunOptions } from "../progress.ts";
import { contextOf, scoreOf } from "./context.ts";
import {
  type Detector,
  type MeasuredPair,
  MIN_SCORE,
  type Scene,
} from "./detector.ts";
import { clientsOf, placeOf, seriesOf, uidsOf } from "./evidence.ts";
import { bytes, count, seconds, share } from "../wording.ts";

export const LONG_CONNECTION_PARAMS = {
  minDuration: {
    kind: "number",
    default: 300,
    min: 1,
    max: 31_536_000,
    unit: "s",
    doc: "Connections shorter than this are not long.",
  },
  minScore: MIN_SCORE,
} as const satisfies Params;

type Values = ValuesOf<typeof LONG_CONNECTION_PARAMS>;

/** Pairs with a connection that stays open: a tunnel, a shell, a channel. */
export const longConnection: Detector<typeof LONG_CONNECTION_PARAMS> = {
  name: "long-connection",
  doc: "A connection that stays open for hours, or for most of the window.",
  logTypes: ["conn"],
  params: LONG_CONNECTION_PARAMS,

  // deno-lint-ignore require-await -- one quick pass over measured pairs
  async detect(scene: Scene, values: Values, { signal }: RunOptions) {
    signal?.throwIfAborted();
    return scene.measured
      .filter(({ facts }) =>
        facts.longest >= values.minDuration && facts.answered
      )
      .map((measured) => judge(measured, scene))
      .filter(({ score }) => score >= values.minScore);
  },
};

function judge(
  measured: MeasuredPair,
  scene: Scene,
): Finding {
  const { pair, facts, heartbeat } = measured;
  const level = lengthLevel(facts.longest, scene.span);
  const { score, reasons } = scoreOf(measured, scene, [
    lengthReason(measured, level, scene),
    ...contextOf(measured, scene, 0.85 * Math.min(1, level)),
  ]);
  const { uids, uidCount } = uidsOf(scene.flows, pair);
  const begin = scene.flows.ts.at(facts.longestFlow);
  return {
    ...pair.subject,
    id: findingId(longConnection.name, pair.subject),
    detector: longConnection.name,
    score,
    severity: severityOf(score),
    direction: pair.direction,
    firstTs: begin,
    lastTs: begin + facts.longest,
    count: facts.connections,
    uids: longestFirst(uids, scene.flows.uid.at(facts.longestFlow)),
    uidCount,
    evidence: {
      longestSeconds: facts.longest,
      stillOpen: facts.longestOpen,
      heartbeats: facts.heartbeats.length > 1 ? facts.heartbeats.length : 0,
      heartbeatPeriod: finite(heartbeat.period),
      heartbeatJitter: finite(heartbeat.jitter),
      connections: facts.connections,
      bytesSent: facts.up,
      bytesReceived: facts.down,
      shareOfWindow: scene.span > 0
        ? Math.min(1, facts.longest / scene.span)
        : 0,
      internalHosts: scene.around.hosts,
      ...clientsOf(scene.flows, facts),
    },
    reasons,
    summary: summaryOf(measured),
    series: seriesOf(facts),
  };
}

/** The longest connection's uid leads the list. */
function longestFirst(uids: string[], uid: string): string[] {
  return uid === ""
    ? uids
    : [uid, ...uids.filter((other) => other !== uid)].slice(0, 100);
}

/** By its length in absolute terms (2 minutes 0, 4 hours 1), or by its share of the window. */
function lengthLevel(longest: number, span: number): number {
  const absolute = clamp(Math.log(longest / 120) / Math.log(120), 0, 1.6);
  const ofSpan = span > 0 ? clamp((longest / span - 0.1) / 0.4) : 0;
  return Math.max(absolute, ofSpan);
}

function lengthReason(
  { facts }: MeasuredPair,
  level: number,
  scene: Scene,
): Reason {
  return {
    name: "duration",
    value: facts.longest,
    unit: "s",
    effect: 2.6 * level,
    text:
      `one connection lasts ${seconds(facts.longest)}, ${
        share(Math.min(1, facts.longest / scene.span))
      } of the window` +
      (facts.longestOpen ? ", and is still open" : ""),
  };
}

const finite = (value: number) => Number.isFinite(value) ? value : null;

function summaryOf({ pair, facts, heartbeat }: MeasuredPair): string {
  const { src } = pair.subject;
  const open = facts.longestOpen ? ", still open" : "";
  const others = facts.connections > 1
    ? `, the longest of ${count(facts.connections)} connections`
    : "";
  const beats = heartbeat.score > 0.1
    ? `, with a heartbeat every ${seconds(heartbeat.period)}`
    : "";
  return `${src} stays connected to ${placeOf(pair.subject)} for ${
    seconds(facts.longest)
  }${beats}${open}${others}, ${bytes(facts.up)} sent and ${
    bytes(facts.down)
  } received`;
}
