import { type Database, textOf } from "./database.ts";
import type { Dataset, Label } from "./session_store.ts";

/** A label of the same uid and source is replaced. */
export function addLabels(
  db: Database,
  dataset: Dataset,
  labels: readonly Label[],
): void {
  db.transaction(() => {
    for (const { uid, value, source } of labels) {
      db.run(
        `INSERT INTO labels (dataset_id, uid, source, value)
          VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET value = excluded.value`,
        dataset.id,
        uid,
        source,
        value,
      );
    }
  });
}

export function labels(db: Database, dataset: Dataset): Label[] {
  const rows = db.all<
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
