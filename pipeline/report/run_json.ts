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
    mergedCount: report.mergedCount ?? null,
    organisations: report.organisations ?? null,
    benignFile: report.benignFile ?? null,
    bands: report.bands ?? null,
    values: report.values ?? null,
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
  "laneRank",
  "src",
  "dst",
  "port",
  "proto",
  "name",
  "nameSource",
  "sensor",
  "srcHost",
  "dstHost",
  "organisation",
  "proxy",
  "firstTs",
  "lastTs",
  "firstSeen",
  "count",
  "uids",
  "uidCount",
  "alsoSeenAs",
  "evidence",
  "reasons",
  "verdict",
  "state",
  "summary",
] as const;

/** Keys that findings of older runs lack. */
const ADDED: ReadonlySet<string> = new Set([
  "laneRank",
  "srcHost",
  "dstHost",
  "organisation",
  "proxy",
]);

/** A finding without the series behind its picture. */
export function findingJson(finding: RankedFinding): Record<string, unknown> {
  return Object.fromEntries(KEYS.map((key) => [key, valueOf(finding, key)]));
}

function valueOf(finding: RankedFinding, key: typeof KEYS[number]): unknown {
  if (key === "alsoSeenAs") return alsoOf(finding);
  return ADDED.has(key) ? finding[key] ?? null : finding[key];
}

/** Other keys that saw the same contacts, as the detector merged them. */
const alsoOf = ({ evidence }: RankedFinding): readonly unknown[] =>
  Array.isArray(evidence.alsoSeenAs) ? evidence.alsoSeenAs : [];

const NO_COLUMN: ReadonlySet<string> = new Set([
  ...["uids", "evidence", "reasons", "firstSeen", "alsoSeenAs"],
  ...ADDED,
]);

const COLUMNS = KEYS.filter((key) => !NO_COLUMN.has(key));

/** One line per finding, with a header. */
export function findingsCsv(findings: readonly RankedFinding[]): string {
  return csv(
    [
      ...COLUMNS,
      "srcName",
      "srcNameSource",
      "dstName",
      "organisation",
      "laneRank",
      "alsoSeenAs",
    ],
    findings.map((f) => [
      ...COLUMNS.map((column) => valueOf(f, column) as string | number | null),
      f.srcHost?.name,
      f.srcHost?.name ? f.srcHost.source : null,
      f.dstHost?.name,
      f.organisation?.name,
      f.laneRank,
      alsoOf(f).join("; "),
    ]),
  );
}
