import type { RankedFinding, RunReport } from "../run_report.ts";
import { csv } from "./csv.ts";

/** The document of `run --json`: its keys are only ever added to. */
export function runJson(report: RunReport): Record<string, unknown> {
  return {
    version: report.version,
    dataset: report.dataset,
    window: report.window,
    internalNetworks: report.internalNetworks,
    sensors: report.sensors,
    hostCount: report.hostCount,
    connectionCount: report.connectionCount,
    mergedCount: report.mergedCount,
    imports: report.imports,
    findings: report.findings.map(findingJson),
    hidden: report.hidden,
    notLookedAt: report.notLookedAt,
    timings: report.timings,
    peakRssBytes: report.peakRssBytes,
  };
}

/** In this order, wherever the finding comes from: a run, or the store. */
const KEYS = [
  "rank",
  "id",
  "detector",
  "score",
  "severity",
  "direction",
  "src",
  "dst",
  "port",
  "proto",
  "name",
  "nameSource",
  "sensor",
  "firstTs",
  "lastTs",
  "firstSeen",
  "count",
  "uids",
  "uidCount",
  "evidence",
  "reasons",
  "verdict",
  "state",
  "summary",
] as const;

/** A finding without the series behind its picture. */
export function findingJson(finding: RankedFinding): Record<string, unknown> {
  return Object.fromEntries(KEYS.map((key) => [key, finding[key]]));
}

const COLUMNS = KEYS.filter((key) =>
  key !== "uids" && key !== "evidence" && key !== "reasons" &&
  key !== "firstSeen"
);

/** One line per finding, with a header. */
export function findingsCsv(findings: readonly RankedFinding[]): string {
  return csv(COLUMNS, findings.map((f) => COLUMNS.map((column) => f[column])));
}
