import type { SafelistEntry, SafelistKind } from "./session_store.ts";
import { type Sql, textOf } from "./sql.ts";

export async function addSafelistEntry(
  sql: Sql,
  entry: Omit<SafelistEntry, "id" | "createdAt">,
): Promise<SafelistEntry> {
  const createdAt = Date.now() / 1000;
  const id = await sql.insert(
    `INSERT INTO safelist (kind, value, reason, author, created_at, expires_at)
      VALUES (?, ?, ?, ?, ?, ?)`,
    entry.kind,
    entry.value,
    entry.reason,
    entry.author,
    createdAt,
    entry.expiresAt,
  );
  return { ...entry, id, createdAt };
}

export async function safelist(sql: Sql): Promise<SafelistEntry[]> {
  const rows = await sql.all<SafelistRow>(
    `SELECT id, kind, value, reason, author, created_at AS createdAt,
        expires_at AS expiresAt
      FROM safelist ORDER BY id`,
  );
  return rows.map((
    { id, kind, value, reason, author, createdAt, expiresAt },
  ) => ({
    id,
    kind: textOf(kind) as SafelistKind,
    value: textOf(value),
    reason: textOf(reason),
    author: textOf(author),
    createdAt,
    expiresAt,
  }));
}

export async function removeSafelistEntry(
  sql: Sql,
  id: number,
): Promise<boolean> {
  return await sql.run("DELETE FROM safelist WHERE id = ?", id) > 0;
}

interface SafelistRow {
  readonly id: number;
  readonly kind: string | Uint8Array;
  readonly value: string | Uint8Array;
  readonly reason: string | Uint8Array;
  readonly author: string | Uint8Array;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}
