import {
  type Finding,
  findingId,
  severityOf,
  type Subject,
} from "../finding.ts";
import type { NameSource } from "../features/applications.ts";
import { type RitaThreat, ritaThreats } from "../features/rita_threats.ts";
import type { Params, ValuesOf } from "../options.ts";
import type { RunOptions } from "../progress.ts";
import { count, seconds } from "../wording.ts";
import type { Detector, Scene } from "./detector.ts";
import { UIDS } from "./evidence.ts";

export const RITA_PARAMS = {
  ingress: {
    kind: "boolean",
    default: false,
    doc: "Also score what comes in from outside; RITA's default drops it.",
  },
} as const satisfies Params;

/**
 * RITA v5's list: its pairs, sub-scores, buckets and final score, for those
 * who know its numbers. Its findings have no reasons: the sub-scores are the
 * evidence.
 */
export const rita: Detector<typeof RITA_PARAMS> = {
  name: "rita",
  doc: "RITA v5's beacon, long-connection and strobe scores, to compare with.",
  logTypes: ["conn", "http", "ssl"],
  params: RITA_PARAMS,

  // deno-lint-ignore require-await -- one pass over sorted times
  async detect(
    scene: Scene,
    { ingress }: ValuesOf<typeof RITA_PARAMS>,
    { signal }: RunOptions,
  ) {
    signal?.throwIfAborted();
    return ritaThreats(scene.flows, scene.internal, { dropIngress: !ingress })
      .filter(({ final }) => final > 0)
      .map((threat) => findingOf(threat, scene));
  },
};

function findingOf(threat: RitaThreat, scene: Scene): Finding {
  const { flows } = scene;
  const subject = subjectOf(threat, scene);
  const uids = threat.flows.map((f) => flows.uid.at(f)).filter(Boolean);
  const last = threat.flows[threat.flows.length - 1];
  const score = Math.min(1, threat.final);
  return {
    ...subject,
    id: findingId(rita.name, subject),
    detector: rita.name,
    score,
    severity: severityOf(score),
    direction: threat.proxy > 0
      ? "egress"
      : scene.internal.direction(threat.src, threat.dst),
    firstTs: flows.ts.at(threat.flows[0]),
    lastTs: flows.ts.at(last),
    count: threat.count + threat.open,
    uids: uids.slice(0, UIDS),
    uidCount: uids.length,
    evidence: {
      beaconScore: threat.beacon?.score ?? null,
      timestampScore: threat.beacon?.ts ?? null,
      dataSizeScore: threat.beacon?.ds ?? null,
      durationScore: threat.beacon?.dur ?? null,
      histogramScore: threat.beacon?.hist ?? null,
      beaconBucket: threat.beaconBucket,
      longConnectionBucket: threat.longBucket,
      strobe: threat.strobe,
      connections: threat.count,
      openConnections: threat.open,
      proxiedConnections: threat.proxy,
      totalDuration: threat.duration,
      totalBytes: threat.bytes,
      missingHost: threat.missingHost,
      prevalence: threat.prevalence,
    },
    reasons: [],
    summary: summaryOf(threat, subject),
    series: {
      ts: Float64Array.from(threat.flows, (f) => flows.ts.at(f)),
      bytes: Float64Array.from(threat.flows, (f) => flows.up.at(f)),
    },
  };
}

/** RITA's keys have no port and no protocol. */
function subjectOf({ src, dst, fqdn, flows: rows }: RitaThreat, scene: Scene) {
  const { flows } = scene;
  const source = (f: number): NameSource | null =>
    flows.application.at(f) < 0
      ? null
      : flows.applications.source[flows.application.at(f)];
  return {
    src: flows.addresses.values[src],
    dst: flows.addresses.values[dst],
    port: null,
    proto: "",
    name: fqdn,
    nameSource: fqdn === null ? null : source(rows[0]),
    sensor: null,
  } satisfies Subject;
}

function summaryOf(
  { beacon, count: n, duration, strobe }: RitaThreat,
  { src, dst, name }: Subject,
): string {
  const what = strobe
    ? "strobe"
    : beacon
    ? `beacon score ${beacon.score.toFixed(3)}`
    : "long connection";
  return `${src} → ${name ?? dst}: ${what}, ${count(n)} connections, ${
    seconds(duration)
  } in total, as RITA scores it`;
}
