import type { Series, Verdict } from "../finding.ts";
import type { RunOptions } from "../progress.ts";
import type { RankedFinding, RunReport } from "../run_report.ts";
import type { Engine } from "./engine.ts";
import { type Sql, textOf } from "./sql.ts";
import type { Dataset, FindingsQuery, RunSummary } from "./session_store.ts";

export function saveRun(
  engine: Engine,
  dataset: Dataset,
  { findings, ...report }: RunReport,
): Promise<number> {
  return engine.transaction(async (sql) => {
    const runId = await sql.insert(
      `INSERT INTO runs (dataset_id, started_at, finding_count, report)
        VALUES (?, ?, ?, ?)`,
      dataset.id,
      report.startedAt,
      findings.length,
      JSON.stringify(report),
    );
    for (const finding of findings) await saveFinding(sql, runId, finding);
    return runId;
  });
}

/** Newest first. */
export async function runs(
  sql: Sql,
  dataset?: Dataset,
  limit = ALL,
): Promise<RunSummary[]> {
  const where = dataset ? "WHERE dataset_id = ?" : "";
  const rows = await sql.all<RunRow>(
    `SELECT r.id AS id, d.name AS dataset, started_at AS startedAt,
        finding_count AS findingCount, report
      FROM runs r JOIN datasets d ON d.id = dataset_id ${where}
      ORDER BY r.id DESC LIMIT ?`,
    ...(dataset ? [dataset.id] : []),
    limit,
  );
  return rows.map((row) => ({
    ...row,
    dataset: textOf(row.dataset),
    report: JSON.parse(textOf(row.report)),
  }));
}

export async function findings(
  sql: Sql,
  runId: number,
  { limit = ALL, minScore = 0, after = 0, withSeries = true, host }:
    FindingsQuery,
): Promise<RankedFinding[]> {
  const rows = await sql.all<FindingRow>(
    `${selectFindings(withSeries)}
      WHERE run_id = ? AND score >= ? AND \`rank\` > ?
        ${host === undefined ? "" : `AND \`rank\` IN (${RANKS_OF_HOST})`}
      ORDER BY \`rank\` LIMIT ?`,
    runId,
    minScore,
    after,
    ...(host === undefined ? [] : [runId, host, runId, host]),
    limit,
  );
  return rows.map(findingOf);
}

/** By the index of ids: ordered by the bare rank, all that rank before are read. */
export async function finding(
  sql: Sql,
  runId: number,
  findingId: string,
): Promise<RankedFinding | null> {
  const row = await sql.get<FindingRow>(
    `${selectFindings(true)}
      WHERE run_id = ? AND f.finding_id = ? ORDER BY \`rank\` + 0 LIMIT 1`,
    runId,
    findingId,
  );
  return row && findingOf(row);
}

/**
 * Each end by its own index: an OR would have every finding read, as would a
 * union of bare ranks, which are merged in their order.
 */
const RANKS_OF_HOST =
  `SELECT \`rank\` + 0 FROM findings WHERE run_id = ? AND src = ?
  UNION SELECT \`rank\` + 0 FROM findings WHERE run_id = ? AND dst = ?`;

/** By an index: no finding is read. */
export async function findingCounts(
  engine: Engine,
  runId: number,
  by: "severity" | "src",
  { signal }: RunOptions,
): Promise<Map<string, number>> {
  const rows = await engine.aside<{ value: string | Uint8Array; n: number }>(
    `SELECT ${by} AS value, count(*) AS n FROM findings
      WHERE run_id = ? GROUP BY ${by}`,
    [runId],
    signal,
  );
  return new Map(rows.map(({ value, n }) => [textOf(value), Number(n)]));
}

export async function scores(
  sql: Sql,
  runId: number,
): Promise<Map<string, number>> {
  const rows = await sql.all<{ id: string | Uint8Array; score: number }>(
    "SELECT finding_id AS id, score FROM findings WHERE run_id = ?",
    runId,
  );
  return new Map(rows.map(({ id, score }) => [textOf(id), score]));
}

/** As a limit: more than there will ever be. */
const ALL = 2 ** 31;

interface RunRow {
  readonly id: number;
  readonly dataset: string | Uint8Array;
  readonly startedAt: number;
  readonly findingCount: number;
  readonly report: string | Uint8Array;
}

interface FindingRow {
  readonly document: string | Uint8Array;
  readonly ts: Uint8Array;
  readonly bytes: Uint8Array;
  readonly verdict: Verdict | null;
}

/**
 * With the verdict of today, not that of the day when the run was saved. A
 * series lies at the end of its row: SQLite reads its pages only when asked.
 */
function selectFindings(withSeries: boolean): string {
  const series = withSeries
    ? "series_ts AS ts, series_bytes AS bytes"
    : "x'' AS ts, x'' AS bytes";
  return `SELECT document, ${series}, verdict
    FROM findings f LEFT JOIN opinions o ON o.finding_id = f.finding_id`;
}

async function saveFinding(
  sql: Sql,
  runId: number,
  { series, verdict: _, ...document }: RankedFinding,
): Promise<void> {
  await sql.run(
    `INSERT INTO findings
      (run_id, \`rank\`, finding_id, score, severity, detector, src, dst, name,
        document, series_ts, series_bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    runId,
    document.rank,
    document.id,
    document.score,
    document.severity,
    document.detector,
    document.src,
    document.dst,
    document.name,
    JSON.stringify(document),
    bytesOf(series.ts),
    bytesOf(series.bytes),
  );
}

function findingOf(
  { document, ts, bytes, verdict }: FindingRow,
): RankedFinding {
  const series: Series = { ts: doublesOf(ts), bytes: doublesOf(bytes) };
  return { ...JSON.parse(textOf(document)), series, verdict };
}

/** Little-endian, as every machine that Deno runs on is. */
function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Copied, since doubles must begin at a multiple of 8 bytes. */
function doublesOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(new Uint8Array(bytes).buffer);
}
