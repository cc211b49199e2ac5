import { addressText } from "../address.ts";
import { SkerryError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import { addressKey } from "./keys.ts";
import type { Author, Dataset, HostMark, HostNote } from "./session_store.ts";
import { type Sql, textOf } from "./sql.ts";

interface NoteRow {
  readonly address: Uint8Array;
  readonly id: number;
  readonly at: number;
  readonly who: string | Uint8Array;
  readonly text: string | Uint8Array;
}

interface TagRow {
  readonly address: Uint8Array;
  readonly tag: string | Uint8Array;
}

/** What a key of tags can hold on a server. */
const TAG_BYTES = 256;

/** See `SessionStore.hostMarks`. */
export function hostMarks(sql: Sql, dataset: Dataset): Promise<HostMark[]> {
  return marks(sql, dataset);
}

/** See `SessionStore.hostMark`. */
export async function hostMark(
  sql: Sql,
  dataset: Dataset,
  address: string,
): Promise<HostMark> {
  const key = keyOf(address);
  const [mark] = await marks(sql, dataset, key);
  return mark ?? { address: addressText(key), tags: [], notes: [] };
}

/** See `SessionStore.addHostNote`. */
export async function addHostNote(
  sql: Sql,
  dataset: Dataset,
  address: string,
  text: string,
  { who = "" }: Author,
): Promise<HostNote> {
  const at = Date.now() / 1000;
  const id = await sql.insert(
    `INSERT INTO host_notes (dataset_id, address, at, who, text)
      VALUES (?, ?, ?, ?, ?)`,
    dataset.id,
    keyOf(address),
    at,
    who,
    text,
  );
  return { id, at, who, text };
}

/** See `SessionStore.removeHostNote`: it is hidden, so that it can come back. */
export async function removeHostNote(
  sql: Sql,
  dataset: Dataset,
  id: number,
  removed: boolean,
): Promise<boolean> {
  await sql.run(
    "UPDATE host_notes SET removed = ? WHERE id = ? AND dataset_id = ?",
    removed ? Date.now() / 1000 : null,
    id,
    dataset.id,
  );
  // A server counts only rows that have changed.
  const there = await sql.get(
    "SELECT 1 AS one FROM host_notes WHERE id = ? AND dataset_id = ?",
    id,
    dataset.id,
  );
  return there !== null;
}

/** See `SessionStore.setHostTags`. */
export async function setHostTags(
  engine: Engine,
  dataset: Dataset,
  address: string,
  tags: readonly string[],
): Promise<void> {
  const key = keyOf(address);
  const wanted = [...new Set(tags.map((tag) => tag.trim()).filter(Boolean))];
  for (const tag of wanted) checkTag(address, tag);
  await engine.transaction(async (sql) => {
    await sql.run(
      "DELETE FROM host_tags WHERE dataset_id = ? AND address = ?",
      dataset.id,
      key,
    );
    for (const tag of wanted) {
      await sql.run(
        "INSERT INTO host_tags (dataset_id, address, tag) VALUES (?, ?, ?)",
        dataset.id,
        key,
        tag,
      );
    }
  });
}

/** With the dataset itself. */
export async function forgetHosts(sql: Sql, { id }: Dataset): Promise<void> {
  for (const table of ["host_notes", "host_tags"]) {
    await sql.run(`DELETE FROM ${table} WHERE dataset_id = ?`, id);
  }
}

/** What was said in `from` is said in `into`. */
export async function moveHosts(
  { insertIgnore }: Engine,
  sql: Sql,
  from: Dataset,
  into: Dataset,
): Promise<void> {
  await sql.run(
    "UPDATE host_notes SET dataset_id = ? WHERE dataset_id = ?",
    into.id,
    from.id,
  );
  await sql.run(
    `${insertIgnore} INTO host_tags (dataset_id, address, tag)
      SELECT ?, t.address, t.tag FROM (SELECT * FROM host_tags) t
      WHERE t.dataset_id = ?`,
    into.id,
    from.id,
  );
  await forgetHosts(sql, from);
}

async function marks(
  sql: Sql,
  dataset: Dataset,
  key?: Uint8Array,
): Promise<HostMark[]> {
  const where = key ? "dataset_id = ? AND address = ?" : "dataset_id = ?";
  const params = key ? [dataset.id, key] : [dataset.id];
  const notes = await sql.all<NoteRow>(
    `SELECT address, id, at, who, text FROM host_notes
      WHERE ${where} AND removed IS NULL ORDER BY id`,
    ...params,
  );
  const tags = await sql.all<TagRow>(
    `SELECT address, tag FROM host_tags WHERE ${where} ORDER BY address, tag`,
    ...params,
  );
  const notesOf = Map.groupBy(notes, ({ address }) => addressText(address));
  const tagsOf = Map.groupBy(tags, ({ address }) => addressText(address));
  return [...new Set([...notesOf.keys(), ...tagsOf.keys()])]
    .map((address) => ({
      address,
      tags: (tagsOf.get(address) ?? []).map(({ tag }) => textOf(tag)),
      notes: (notesOf.get(address) ?? []).map(({ id, at, who, text }) => ({
        id,
        at,
        who: textOf(who),
        text: textOf(text),
      })),
    }));
}

function keyOf(address: string): Uint8Array {
  const key = addressKey(address);
  if (key.length > 0) return key;
  throw new SkerryError(`Cannot mark the host ${address}: it is no address`, {
    hint: "Write it as 10.0.0.5 or 2001:db8::5.",
  });
}

function checkTag(address: string, tag: string): void {
  const { length } = new TextEncoder().encode(tag);
  if (length <= TAG_BYTES && !tag.includes(",")) return;
  throw new SkerryError(
    `Cannot tag the host ${address} as ${
      tag.slice(0, 40)
    }: a tag has no comma and at most ${TAG_BYTES} bytes`,
  );
}
