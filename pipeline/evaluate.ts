import { hunt, type HuntOptions } from "./hunt.ts";
import { importLogs } from "./import_logs.ts";
import type { RunReport } from "./run_report.ts";
import type { SessionStore } from "./store/session_store.ts";
import {
  isJudged,
  type RankedSubject,
  type Role,
  roleOf,
  tells,
  type TruthRow,
} from "./truth.ts";

/** One line of any ranking, best first. */
export interface Ranked extends RankedSubject {
  readonly score: number;
  /** Whether it would be shown as high or critical. */
  readonly alarm: boolean;
}

/** What became of one row of the truth. */
export interface TruthResult {
  readonly truth: TruthRow;
  readonly role: Role;
  readonly judged: boolean;
  /** Rank from 1 of the best line that it tells; null where none was listed. */
  readonly rank: number | null;
  readonly score: number | null;
  readonly alarm: boolean;
}

/** How good one ranking is, against the truth. */
export interface Evaluation {
  /** Lines that were ranked. */
  readonly ranked: number;
  readonly rows: readonly TruthResult[];
  /**
   * Mean over the judged positives of the precision at their rank, a missed
   * one counting 0; null where there are none. Unlabelled lines count as
   * wrong, neutral and inferred ones neither way.
   */
  readonly averagePrecision: number | null;
  /** Share of right ones among the first k that count, by k. */
  readonly precisionAt: Readonly<Record<number, number | null>>;
  /** Judged benign rows, and those of them shown as high or critical. */
  readonly benign: number;
  readonly benignAlarms: number;
  /** Lines shown as high or critical that are no positive. */
  readonly falseAlarms: number;
}

const K = [1, 3, 5, 10] as const;

/**
 * Holds a ranking against the truth.
 *
 * ```ts
 * import { evaluateRanking } from "./evaluate.ts";
 * import { parseTruth } from "./truth.ts";
 * import assert from "node:assert/strict";
 *
 * const truth = parseTruth(
 *   "src\tdst\tport\tproto\tname\tlabel\tconfidence\n" +
 *     "10.0.0.1\t192.0.2.1\t443\ttcp\t-\tc2-demo\tlabelled\n",
 *   "TRUTH.tsv",
 * );
 * const line = { src: "10.0.0.1", port: 443, proto: "tcp", name: null };
 * const found = evaluateRanking([
 *   { ...line, dst: "192.0.2.9", score: 0.9, alarm: true },
 *   { ...line, dst: "192.0.2.1", score: 0.8, alarm: true },
 * ], truth);
 * assert.equal(found.averagePrecision, 0.5);
 * assert.equal(found.rows[0].rank, 2);
 * ```
 */
export function evaluateRanking(
  ranking: readonly Ranked[],
  truth: readonly TruthRow[],
): Evaluation {
  const rows = truth.map((row) => resultOf(row, ranking));
  const positives = positivesOf(truth);
  const found = new Set<TruthRow>();
  const verdicts: boolean[] = [];
  let right = 0, precision = 0, falseAlarms = 0;
  for (const line of ranking) {
    const own = truth.filter((row) => tells(row, line));
    const hits = own.filter((row) => positives.includes(row));
    const fresh = hits.filter((row) => !found.has(row));
    if (line.alarm && !own.some((row) => roleOf(row) === "positive")) {
      falseAlarms++;
    }
    if (fresh.length === 0 && isNeutral(own, hits)) continue;
    verdicts.push(fresh.length > 0);
    if (fresh.length > 0) right++;
    for (const row of fresh) {
      found.add(row);
      precision += right / verdicts.length;
    }
  }
  const judgedBenign = rows.filter(({ role, judged }) =>
    role === "benign" && judged
  );
  return {
    ranked: ranking.length,
    rows,
    averagePrecision: positives.length === 0
      ? null
      : precision / positives.length,
    precisionAt: Object.fromEntries(
      K.map((k) => [k, precisionOf(verdicts.slice(0, k))]),
    ),
    benign: judgedBenign.length,
    benignAlarms: judgedBenign.filter(({ alarm }) => alarm).length,
    falseAlarms,
  };
}

function resultOf(
  truth: TruthRow,
  ranking: readonly Ranked[],
): TruthResult {
  const at = ranking.findIndex((line) => tells(truth, line));
  const line = ranking[at];
  return {
    truth,
    role: roleOf(truth),
    judged: isJudged(truth),
    rank: line ? at + 1 : null,
    score: line?.score ?? null,
    alarm: line?.alarm ?? false,
  };
}

/** Judged positives, a pair that two logs tell of once. */
function positivesOf(truth: readonly TruthRow[]): TruthRow[] {
  const byPair = new Map<string, TruthRow>();
  for (const row of truth) {
    if (roleOf(row) !== "positive" || !isJudged(row)) continue;
    const key = [row.src, row.dst, row.port, row.proto, row.name].join(" ");
    if (!byPair.has(key)) byPair.set(key, row);
  }
  return [...byPair.values()];
}

/** Found before, or malicious without being a beacon, or not certain. */
function isNeutral(
  own: readonly TruthRow[],
  hits: readonly TruthRow[],
): boolean {
  if (hits.length > 0) return true;
  return own.some((row) =>
    roleOf(row) === "neutral" || roleOf(row) === "positive"
  );
}

function precisionOf(verdicts: readonly boolean[]): number | null {
  return verdicts.length === 0
    ? null
    : verdicts.filter(Boolean).length / verdicts.length;
}

/** A run as a ranking; of one detector where it is named. */
export function rankingOf(
  { findings }: Pick<RunReport, "findings">,
  detector?: string,
): Ranked[] {
  return findings
    .filter((finding) => !detector || finding.detector === detector)
    .map(({ src, dst, port, proto, name, score, severity, evidence }) => ({
      src,
      dst,
      port,
      proto,
      name,
      score,
      ...(Array.isArray(evidence.members)
        ? { members: evidence.members.map(String) }
        : {}),
      alarm: severity === "high" || severity === "critical",
    }));
}

/** How good a run is, overall and by detector. */
export interface RunEvaluation {
  readonly overall: Evaluation;
  readonly byDetector: Readonly<Record<string, Evaluation>>;
}

export function evaluateRun(
  report: Pick<RunReport, "findings">,
  truth: readonly TruthRow[],
): RunEvaluation {
  const detectors = [...new Set(report.findings.map((f) => f.detector))].sort();
  return {
    overall: evaluateRanking(rankingOf(report), truth),
    byDetector: Object.fromEntries(
      detectors.map((name) => [
        name,
        evaluateRanking(rankingOf(report, name), truth),
      ]),
    ),
  };
}

/**
 * Reads the logs under a path into an empty store, hunts in them and holds
 * the ranking against the truth.
 *
 * @throws SkerryError when the path has no Zeek logs or cannot be read.
 */
export async function evaluate(
  store: SessionStore,
  path: string,
  truth: readonly TruthRow[],
  options: HuntOptions = {},
): Promise<RunEvaluation & { readonly report: RunReport }> {
  const dataset = await store.openDataset(path);
  const { newFiles } = await importLogs(store, dataset, path, options);
  const report = await hunt(store, dataset, { ...options, newFiles });
  return { ...evaluateRun(report, truth), report };
}
