import { COVERAGE_BIN, coverageOf } from "./coverage.ts";
import type { BadField } from "./errors.ts";
import type { ImportReport, Window } from "./run_report.ts";
import type {
  DatasetSummary,
  Histogram,
  ImportedFile,
  RunSummary,
} from "./store/session_store.ts";

/** What is held of one log type of one file. */
export interface FileLog {
  readonly logType: string;
  readonly format: ImportReport["format"];
  readonly records: number;
  readonly skipped: number;
  /** Epoch seconds; null where no record was kept. */
  readonly firstTs: number | null;
  readonly lastTs: number | null;
  /** The first of the skipped lines; `skipped` counts all. */
  readonly errors: readonly BadField[];
}

/** A file with all its parts, if it grew between imports. */
export interface DatasetFile {
  /** Where it was read last. */
  readonly path: string;
  /** Bytes on disk then. */
  readonly size: number;
  /** What was read of it, in seconds; null where that is not known. */
  readonly seconds: number | null;
  /** How often it was read on: 1 for a file that did not grow. */
  readonly parts: number;
  readonly logs: readonly FileLog[];
  /** Records of log types that are not kept, by type. */
  readonly otherRecords: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

/** How a dataset came to be: what was read, what not, and why. */
export interface DatasetReport {
  readonly dataset: DatasetSummary;
  readonly files: readonly DatasetFile[];
  /** Over all files. */
  readonly otherRecords: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly coverage: Window;
  /** Newest first. */
  readonly runs: readonly RunSummary[];
}

/** Nineteen years in bins of five minutes; more would not fit in memory. */
const MOST_BINS = 2_000_000;

/** How many bins to ask a histogram for, so that each is as narrow as coverage's. */
export function coverageBins({ firstTs, lastTs }: DatasetSummary): number {
  const span = (lastTs ?? 0) - (firstTs ?? 0);
  return Math.min(MOST_BINS, Math.ceil(span / COVERAGE_BIN) + 2);
}

/** @param histogram with the number of bins of {@link coverageBins}. */
export function datasetReport(
  dataset: DatasetSummary,
  imported: readonly ImportedFile[],
  histogram: Histogram,
  runs: readonly RunSummary[],
): DatasetReport {
  const files = chainsOf(imported).map(fileOf);
  return {
    dataset,
    files,
    otherRecords: sumOf(files.map(({ otherRecords }) => otherRecords)),
    notes: files.flatMap(({ notes }) => notes),
    coverage: coverageOf(filledBins(histogram), {
      firstTs: dataset.firstTs ?? 0,
      lastTs: dataset.lastTs ?? 0,
    }),
    runs,
  };
}

/** A wider bin counts as filled throughout. */
function filledBins({ from, width, counts }: Histogram): Set<number> {
  const first = Math.floor(from / COVERAGE_BIN), each = width / COVERAGE_BIN;
  const out = new Set<number>();
  counts.forEach((n, i) => {
    if (n === 0) return;
    for (let b = 0; b < each; b++) out.add(first + i * each + b);
  });
  return out;
}

/** Files with those that they continue, oldest first, in the order of import. */
function chainsOf(files: readonly ImportedFile[]): ImportedFile[][] {
  const chains: ImportedFile[][] = [];
  const ends = new Map<string, ImportedFile[]>();
  for (const file of files) {
    const known = file.continues === null
      ? undefined
      : ends.get(file.continues);
    const chain = known ?? [];
    if (!known) chains.push(chain);
    chain.push(file);
    ends.set(file.hash, chain);
  }
  return chains;
}

function fileOf(parts: readonly ImportedFile[]): DatasetFile {
  const { path, size } = parts[parts.length - 1];
  const byType = Map.groupBy(
    parts.flatMap(({ reports }) => reports),
    ({ logType }) => logType,
  );
  return {
    path,
    size,
    seconds: secondsOf(parts),
    parts: parts.length,
    logs: Array.from(byType.values(), logOf),
    otherRecords: sumOf(parts.map(({ otherRecords }) => otherRecords)),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** Of parts that were read before this was kept, nothing is known. */
function secondsOf(parts: readonly ImportedFile[]): number | null {
  const known = parts.map(({ content }) => content?.seconds)
    .filter((seconds) => seconds !== undefined);
  return known.length === 0 ? null : known.reduce((sum, s) => sum + s, 0);
}

function logOf(reports: readonly ImportReport[]): FileLog {
  const total = (what: "records" | "skipped") =>
    reports.reduce((sum, report) => sum + report[what], 0);
  const times = (what: "firstTs" | "lastTs") =>
    reports.map((report) => report[what]).filter((ts) => ts !== null);
  const firsts = times("firstTs"), lasts = times("lastTs");
  return {
    logType: reports[0].logType,
    format: reports[0].format,
    records: total("records"),
    skipped: total("skipped"),
    firstTs: firsts.length === 0 ? null : Math.min(...firsts),
    lastTs: lasts.length === 0 ? null : Math.max(...lasts),
    errors: reports.flatMap(({ errors }) => errors),
  };
}

function sumOf(
  counts: readonly Readonly<Record<string, number>>[],
): Record<string, number> {
  const out: Record<string, number> = {};
  for (const [type, n] of counts.flatMap((each) => Object.entries(each))) {
    out[type] = (out[type] ?? 0) + n;
  }
  return out;
}
