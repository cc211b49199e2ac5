import type { Verdict } from "../finding.ts";
import type { Engine } from "./engine.ts";
import type { Author, Decision, Mark, Opinion } from "./session_store.ts";
import { type Sql, type SqlValue, textOf, textOrNull } from "./sql.ts";

export async function opinion(sql: Sql, findingId: string): Promise<Opinion> {
  const row = await sql.get<OpinionRow>(
    "SELECT verdict, regular, tags, owner FROM opinions WHERE finding_id = ?",
    findingId,
  );
  const notes = await sql.all<{ at: number; text: string | Uint8Array }>(
    "SELECT at, text FROM notes WHERE finding_id = ? ORDER BY id",
    findingId,
  );
  return {
    ...markOf(row),
    notes: notes.map(({ at, text }) => ({ at, text: textOf(text) })),
    history: await history(sql, findingId),
  };
}

/** A column of an opinion, its value and what the history says of it. */
type Answer = readonly [column: Column, value: SqlValue, said?: string | null];

type Column = "verdict" | "regular" | "owner" | "tags";

export function setVerdict(
  engine: Engine,
  findingId: string,
  verdict: Verdict | null,
  author: Author,
): Promise<void> {
  return set(engine, findingId, ["verdict", verdict, verdict], author);
}

export function setRegular(
  engine: Engine,
  findingId: string,
  regular: boolean | null,
  author: Author,
): Promise<void> {
  const [value, said] = regular === null
    ? [null, null]
    : [Number(regular), regular ? "yes" : "no"];
  return set(engine, findingId, ["regular", value, said], author);
}

export function setOwner(
  engine: Engine,
  findingId: string,
  owner: string | null,
  author: Author,
): Promise<void> {
  return set(engine, findingId, ["owner", owner, owner], author);
}

export function setTags(
  engine: Engine,
  findingId: string,
  tags: readonly string[],
): Promise<void> {
  return set(engine, findingId, ["tags", JSON.stringify(tags)], {});
}

export async function addNote(
  sql: Sql,
  findingId: string,
  text: string,
): Promise<void> {
  await sql.run(
    "INSERT INTO notes (finding_id, at, text) VALUES (?, ?, ?)",
    findingId,
    Date.now() / 1000,
    text,
  );
}

export async function verdicts(sql: Sql): Promise<Map<string, Verdict>> {
  const rows = await sql.all<{ id: string | Uint8Array; verdict: Verdict }>(
    "SELECT finding_id AS id, verdict FROM opinions WHERE verdict IS NOT NULL",
  );
  return new Map(rows.map(({ id, verdict }) => [textOf(id), verdict]));
}

/** Of all findings about which anything was said. */
export async function marks(sql: Sql): Promise<Map<string, Mark>> {
  const rows = await sql.all<OpinionRow & { id: string | Uint8Array }>(
    "SELECT finding_id AS id, verdict, regular, tags, owner FROM opinions",
  );
  return new Map(rows.map((row) => [textOf(row.id), markOf(row)]));
}

function markOf(row: OpinionRow | null | undefined): Mark {
  return {
    verdict: row?.verdict ?? null,
    regular: row?.regular == null ? null : row.regular === 1,
    tags: row ? JSON.parse(textOf(row.tags)) : [],
    owner: row ? textOrNull(row.owner) : null,
  };
}

interface OpinionRow {
  readonly verdict: Verdict | null;
  readonly regular: number | null;
  readonly tags: string | Uint8Array;
  readonly owner: string | Uint8Array | null;
}

function set(
  engine: Engine,
  findingId: string,
  [column, value, said]: Answer,
  { who = "", why = "" }: Author,
): Promise<void> {
  return engine.transaction(async (sql) => {
    await sql.run(
      `${engine.insertIgnore} INTO opinions (finding_id, tags) VALUES (?, '[]')`,
      findingId,
    );
    await sql.run(
      `UPDATE opinions SET ${column} = ? WHERE finding_id = ?`,
      value,
      findingId,
    );
    if (said === undefined) return;
    await sql.run(
      `INSERT INTO decisions (finding_id, at, who, why, about, value)
        VALUES (?, ?, ?, ?, ?, ?)`,
      findingId,
      Date.now() / 1000,
      who,
      why,
      column,
      said,
    );
  });
}

async function history(sql: Sql, findingId: string): Promise<Decision[]> {
  const rows = await sql.all<
    Record<keyof Decision, string | Uint8Array> & { at: number }
  >(
    `SELECT at, who, why, about, value FROM decisions
      WHERE finding_id = ? ORDER BY id`,
    findingId,
  );
  return rows.map(({ at, who, why, about, value }) => ({
    at,
    who: textOf(who),
    why: textOf(why),
    about: textOf(about) as Decision["about"],
    value: textOrNull(value),
  }));
}
