import type { Verdict } from "../finding.ts";
import { type Database, type SqlValue, textOf } from "./database.ts";
import type { Opinion } from "./session_store.ts";

export function opinion(db: Database, findingId: string): Opinion {
  const row = db.get<
    { verdict: Verdict | null; regular: number | null; tags: string }
  >(
    "SELECT verdict, regular, tags FROM opinions WHERE finding_id = ?",
    findingId,
  );
  const notes = db.all<{ at: number; text: string | Uint8Array }>(
    "SELECT at, text FROM notes WHERE finding_id = ? ORDER BY id",
    findingId,
  );
  return {
    verdict: row?.verdict ?? null,
    regular: row?.regular == null ? null : row.regular === 1,
    notes: notes.map(({ at, text }) => ({ at, text: textOf(text) })),
    tags: row ? JSON.parse(row.tags) : [],
  };
}

export function setVerdict(
  db: Database,
  findingId: string,
  verdict: Verdict | null,
): void {
  set(db, findingId, "verdict", verdict);
}

export function setRegular(
  db: Database,
  findingId: string,
  regular: boolean | null,
): void {
  set(db, findingId, "regular", regular === null ? null : Number(regular));
}

export function setTags(
  db: Database,
  findingId: string,
  tags: readonly string[],
): void {
  set(db, findingId, "tags", JSON.stringify(tags));
}

export function addNote(db: Database, findingId: string, text: string): void {
  db.run(
    "INSERT INTO notes (finding_id, at, text) VALUES (?, ?, ?)",
    findingId,
    Date.now() / 1000,
    text,
  );
}

export function verdicts(db: Database): Map<string, Verdict> {
  const rows = db.all<{ id: string | Uint8Array; verdict: Verdict }>(
    "SELECT finding_id AS id, verdict FROM opinions WHERE verdict IS NOT NULL",
  );
  return new Map(rows.map(({ id, verdict }) => [textOf(id), verdict]));
}

function set(
  db: Database,
  findingId: string,
  column: "verdict" | "regular" | "tags",
  value: SqlValue,
): void {
  db.run(
    `INSERT INTO opinions (finding_id, ${column}) VALUES (?, ?)
      ON CONFLICT (finding_id) DO UPDATE SET ${column} = excluded.${column}`,
    findingId,
    value,
  );
}
