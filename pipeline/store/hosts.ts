import { addressText } from "../address.ts";
import { breathe, type RunOptions } from "../progress.ts";
import { importRecords } from "./imports.ts";
import { seconds } from "./keys.ts";
import type { Dataset, HostSummary } from "./session_store.ts";
import type { Sql } from "./sql.ts";

interface HostRow {
  readonly address: Uint8Array;
  readonly records: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

/**
 * See `SessionStore.hosts`. Import by import, in the order of the key: grouped
 * over all of them at once a database would sort every pair.
 */
export async function hosts(
  sql: Sql,
  dataset: Dataset,
  { signal, onProgress }: RunOptions,
): Promise<HostSummary[]> {
  const held = await importRecords(sql, dataset);
  // Every connection has a record in conn; without that log the others count.
  const conn = held.some(({ logType }) => logType === "conn");
  const counted = held.filter(({ logType }) => !conn || logType === "conn");
  const found = new Map<string, HostSummary>();
  for (const [done, { importId, logType }] of counted.entries()) {
    const rows = await sql.all<HostRow>(
      `SELECT orig_h AS address, sum(nrows) AS records,
          min(first_us) AS firstUs, max(last_us) AS lastUs
        FROM pairs WHERE import_id = ? AND log_type = ? GROUP BY orig_h`,
      importId,
      logType,
    );
    for (const row of rows) add(found, row);
    onProgress?.({
      stage: "counting hosts",
      done: done + 1,
      total: counted.length,
      unit: "imports",
    });
    await breathe(signal);
  }
  return [...found.values()].sort((a, b) =>
    b.records - a.records || (a.address < b.address ? -1 : 1)
  );
}

function add(found: Map<string, HostSummary>, row: HostRow): void {
  // Records without a source are nobody's.
  if (row.address.length === 0) return;
  const address = addressText(row.address);
  const before = found.get(address);
  found.set(address, {
    address,
    records: row.records + (before?.records ?? 0),
    firstTs: Math.min(seconds(row.firstUs), before?.firstTs ?? Infinity),
    lastTs: Math.max(seconds(row.lastUs), before?.lastTs ?? -Infinity),
  });
}
