import { findingId, severityOf, type Subject } from "../../pipeline/finding.ts";
import type { RankedFinding, RunReport } from "../../pipeline/run_report.ts";

const SUBJECT: Subject = {
  src: "10.20.0.17",
  dst: "203.0.113.77",
  port: 443,
  proto: "tcp",
  name: "cdn.lanternfish.example",
  nameSource: "sni",
  sensor: null,
};

/** A finding of a beacon, unless told otherwise. */
export function finding(more: Partial<RankedFinding> = {}): RankedFinding {
  const subject = { ...SUBJECT, ...more };
  const score = more.score ?? 0.9;
  return {
    ...SUBJECT,
    id: findingId("beacon", subject),
    detector: "beacon",
    score,
    severity: severityOf(score),
    direction: "egress",
    firstTs: 1.7e9,
    lastTs: 1.7e9 + 7200,
    count: 120,
    uids: ["CNgqqB1XePZgDVq0Kj"],
    uidCount: 120,
    evidence: {
      period: 60,
      jitter: 3,
      timingScore: 0.9,
      answered: true,
      longestSeconds: 1,
    },
    reasons: [
      {
        name: "timing",
        value: 60,
        unit: "s",
        effect: 3.6,
        text: "120 check-ins",
      },
      {
        name: "prior",
        value: null,
        unit: "",
        effect: -3.8,
        text: "most is benign",
      },
    ],
    summary: "10.20.0.17 contacts cdn.lanternfish.example",
    series: { ts: Float64Array.of(1.7e9), bytes: Float64Array.of(500) },
    rank: 1,
    verdict: null,
    state: "new",
    ...more,
  };
}

/** A run with these findings and nothing amiss. */
export function report(
  findings: readonly RankedFinding[],
  more: Partial<RunReport> = {},
): RunReport {
  return {
    version: "1.0.0",
    dataset: "office",
    startedAt: 1.7e9,
    window: { from: 1.7e9, to: 1.7e9 + 86_400, logCoverage: 1, gaps: [] },
    internalNetworks: { networks: ["10.0.0.0/8"], foundBy: "private ranges" },
    sensors: [],
    hostCount: 14,
    connectionCount: 5000,
    imports: [],
    findings,
    hidden: {},
    notLookedAt: [],
    timings: {},
    peakRssBytes: 1e8,
    ...more,
  };
}
