import { addressText } from "../address.ts";
import type { RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { importRecords } from "./imports.ts";
import { compareBytes, seconds } from "./keys.ts";
import type { Dataset, HostSummary } from "./session_store.ts";

interface HostRow {
  readonly address: Uint8Array;
  readonly records: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

/** See `SessionStore.hosts`. */
export async function hosts(
  engine: Engine,
  dataset: Dataset,
  { signal }: RunOptions,
): Promise<HostSummary[]> {
  signal?.throwIfAborted();
  const held = await importRecords(engine, dataset);
  // Every connection has a record in conn; without that log the others count.
  const conn = held.some(({ logType }) => logType === "conn");
  const ids = [...new Set(held.map(({ importId }) => importId))];
  if (ids.length === 0) return [];
  const rows = await engine.aside<HostRow>(
    `SELECT orig_h AS address, sum(nrows) AS records,
        min(first_us) AS firstUs, max(last_us) AS lastUs
      FROM hosts WHERE import_id IN (${ids.join(", ")})
        ${conn ? "AND log_type = 'conn'" : ""}
      GROUP BY orig_h`,
    [],
    signal,
  );
  // Records without a source are nobody's.
  return rows.filter(({ address }) => address.length > 0)
    .sort((a, b) => b.records - a.records || compareBytes(a.address, b.address))
    .map(({ address, records, firstUs, lastUs }) => ({
      address: addressText(address),
      records,
      firstTs: seconds(firstUs),
      lastTs: seconds(lastUs),
    }));
}
