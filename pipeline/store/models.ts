import { type Database, textOf } from "./database.ts";
import type { StoredModel } from "./session_store.ts";

interface ModelRow {
  readonly id: number;
  readonly name: string | Uint8Array;
  readonly kind: string | Uint8Array;
  readonly createdAt: number;
}

const COLUMNS = "id, name, kind, created_at AS createdAt";

export function saveModel(
  db: Database,
  name: string,
  kind: string,
  model: unknown,
): StoredModel {
  db.run(
    `INSERT INTO models (name, kind, created_at, model) VALUES (?, ?, ?, ?)
      ON CONFLICT (name, kind) DO UPDATE
      SET created_at = excluded.created_at, model = excluded.model`,
    name,
    kind,
    Date.now() / 1000,
    JSON.stringify(model),
  );
  return findModel(db, name, kind)!;
}

export function models(db: Database): Omit<StoredModel, "model">[] {
  return db.all<ModelRow>(`SELECT ${COLUMNS} FROM models ORDER BY id`)
    .map(entryOf);
}

export function findModel(
  db: Database,
  name: string,
  kind: string,
): StoredModel | null {
  const row = db.get<ModelRow & { model: string }>(
    `SELECT ${COLUMNS}, model FROM models WHERE name = ? AND kind = ?`,
    name,
    kind,
  );
  return row && { ...entryOf(row), model: JSON.parse(row.model) };
}

function entryOf({ id, name, kind, createdAt }: ModelRow) {
  return { id, name: textOf(name), kind: textOf(kind), createdAt };
}
