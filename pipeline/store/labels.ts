import type { Engine } from "./engine.ts";
import { type Sql, textOf } from "./sql.ts";
import type { Dataset, Label } from "./session_store.ts";

/** A label of the same uid and source is replaced. */
export function addLabels(
  engine: Engine,
  dataset: Dataset,
  labels: readonly Label[],
): Promise<void> {
  return engine.transaction(async (sql) => {
    for (const { uid, value, source } of labels) {
      await sql.run(
        `REPLACE INTO labels (dataset_id, uid, source, value)
          VALUES (?, ?, ?, ?)`,
        dataset.id,
        uid,
        source,
        value,
      );
    }
  });
}

export async function labels(sql: Sql, dataset: Dataset): Promise<Label[]> {
  const rows = await sql.all<
    { uid: string | Uint8Array; value: number; source: string | Uint8Array }
  >(
    `SELECT uid, value, source FROM labels WHERE dataset_id = ?
      ORDER BY uid, source`,
    dataset.id,
  );
  return rows.map(({ uid, value, source }) => ({
    uid: textOf(uid),
    value,
    source: textOf(source),
  }));
}
