import { removeClusterMembers } from "./cluster_members.ts";
import type { Engine } from "./engine.ts";
import type { StoredModel } from "./session_store.ts";
import { type Sql, textOf, textOrNull } from "./sql.ts";

interface ModelRow {
  readonly id: number;
  readonly name: string | Uint8Array;
  readonly kind: string | Uint8Array;
  readonly createdAt: number;
  readonly dataset: string | Uint8Array | null;
}

const COLUMNS = "id, name, kind, created_at AS createdAt, dataset";

export async function saveModel(
  engine: Engine,
  name: string,
  kind: string,
  model: unknown,
  dataset: string | null,
): Promise<StoredModel> {
  await engine.transaction(async (sql) => {
    const values = [Date.now() / 1000, JSON.stringify(model), dataset];
    const known = await sql.run(
      `UPDATE models SET created_at = ?, model = ?, dataset = ?
        WHERE name = ? AND kind = ?`,
      ...values,
      name,
      kind,
    );
    if (known > 0) return await forgetMembers(sql, name, kind);
    await sql.run(
      `INSERT INTO models (created_at, model, dataset, name, kind)
        VALUES (?, ?, ?, ?, ?)`,
      ...values,
      name,
      kind,
    );
  });
  return (await findModel(engine, name, kind))!;
}

export async function models(
  sql: Sql,
): Promise<Omit<StoredModel, "model">[]> {
  const rows = await sql.all<ModelRow>(
    `SELECT ${COLUMNS} FROM models ORDER BY id`,
  );
  return rows.map(entryOf);
}

export async function findModel(
  sql: Sql,
  name: string,
  kind: string,
): Promise<StoredModel | null> {
  const row = await sql.get<ModelRow & { model: string | Uint8Array }>(
    `SELECT ${COLUMNS}, model FROM models WHERE name = ? AND kind = ?`,
    name,
    kind,
  );
  return row && { ...entryOf(row), model: JSON.parse(textOf(row.model)) };
}

export function deleteModel(
  engine: Engine,
  name: string,
  kind: string,
): Promise<boolean> {
  return engine.transaction(async (sql) => {
    await forgetMembers(sql, name, kind);
    const deleted = await sql.run(
      "DELETE FROM models WHERE name = ? AND kind = ?",
      name,
      kind,
    );
    return deleted > 0;
  });
}

async function forgetMembers(
  sql: Sql,
  name: string,
  kind: string,
): Promise<void> {
  const model = await findModel(sql, name, kind);
  if (model) await removeClusterMembers(sql, model.id);
}

function entryOf({ id, name, kind, createdAt, dataset }: ModelRow) {
  return {
    id,
    name: textOf(name),
    kind: textOf(kind),
    createdAt,
    dataset: textOrNull(dataset),
  };
}
