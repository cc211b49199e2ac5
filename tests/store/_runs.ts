import { findingId, severityOf } from "../../pipeline/finding.ts";
import type { RankedFinding, RunReport } from "../../pipeline/run_report.ts";

/** A finding whose name tells it from the others. */
export function rankedFinding(
  name: string,
  rank: number,
  score: number,
): RankedFinding {
  const subject = {
    src: "10.55.100.100",
    dst: "34.223.124.45",
    port: 443,
    proto: "tcp",
    name,
    nameSource: "sni",
    sensor: null,
  } as const;
  return {
    ...subject,
    id: findingId("beacon", subject),
    detector: "beacon",
    score,
    severity: severityOf(score),
    direction: "egress",
    firstTs: 1672843056.914972,
    lastTs: 1672846656.000001,
    count: 3,
    uids: ["C1", "C2"],
    uidCount: 2,
    evidence: {
      medianInterval: 60.25,
      jitter: null,
      quiet: true,
      top: [1, "a"],
    },
    reasons: [
      {
        name: "timing",
        value: null,
        unit: "s",
        effect: -0.5,
        text: "no rhythm",
      },
    ],
    summary: `contacts ${name} every minute`,
    series: {
      ts: Float64Array.of(1672843056.914972, 1672843116.914973, 1672846656),
      bytes: Float64Array.of(-0, NaN, 1e300),
    },
    rank,
    verdict: null,
    state: "new",
  };
}

export function runReport(
  dataset: string,
  findings: readonly RankedFinding[],
): RunReport {
  return {
    version: "0.1.0",
    dataset,
    startedAt: 1700000000.25,
    window: {
      from: 1672843056.914972,
      to: null,
      logCoverage: 0.5,
      gaps: [{ from: 1, to: 2.5 }],
    },
    internalNetworks: { networks: ["10.0.0.0/8"], foundBy: "RFC 1918" },
    sensors: ["zeek-1"],
    hostCount: 3,
    connectionCount: 463,
    imports: [],
    findings,
    hidden: { rare: 2 },
    notLookedAt: ["131 records of weird"],
    timings: { reading: 0.25 },
    peakRssBytes: 1,
  };
}
