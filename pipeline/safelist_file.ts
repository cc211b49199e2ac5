import { parseTime } from "./config.ts";
import { csvRows } from "./csv_rows.ts";
import { type BadField, messageOf, SkerryError } from "./errors.ts";
import { SAFELIST_KINDS, safelistValue } from "./safelist.ts";
import type {
  SafelistEntry,
  SafelistKind,
  SessionStore,
} from "./store/session_store.ts";

export type NewSafelistEntry = Omit<SafelistEntry, "id" | "createdAt">;

/** What a file says. */
export interface SafelistFile {
  readonly entries: readonly NewSafelistEntry[];
  readonly skipped: readonly BadField[];
}

/** Entries of one file. */
const MOST = 10_000;
/** Characters of a reason or a name. */
const LONGEST = 500;

const COLUMNS = ["kind", "value", "reason", "author", "expiresAt"] as const;

type Row = Readonly<Record<typeof COLUMNS[number], string>>;

/**
 * The entries of a file as `skerry safelist --csv` or `--json` writes it. Only
 * kind, value and reason are needed. What cannot be read, or has expired, is
 * left out and told with its line (of JSON: the entry's number, from 1).
 *
 * ```ts
 * import { parseSafelist } from "./safelist_file.ts";
 * import assert from "node:assert/strict";
 *
 * const { entries, skipped } = parseSafelist(
 *   "kind,value,reason\nport,123/udp,clocks\nport,http,web",
 *   { path: "list.csv", now: 0 },
 * );
 * assert.equal(entries[0].value, "123/udp");
 * assert.deepEqual(skipped.map(({ line, field }) => [line, field]), [[3, "value"]]);
 * ```
 * @throws SkerryError for a text that is neither, without a needed column, or
 * with more than 10,000 entries.
 */
export function parseSafelist(
  text: string,
  { path, now }: { readonly path: string; readonly now: number },
): SafelistFile {
  const fail = (why: string): never => {
    throw new SkerryError(`Cannot read the safelist ${path}: ${why}`, {
      hint: "skerry safelist --csv FILE writes one; kind, value and reason " +
        "are needed",
    });
  };
  const rows = text.trimStart().startsWith("[")
    ? jsonRows(text, fail)
    : tableRows(text, fail);
  if (rows.length > MOST) {
    fail(`it has ${rows.length} entries, at most ${MOST} are taken`);
  }
  const entries: NewSafelistEntry[] = [];
  const skipped: BadField[] = [];
  for (const { line, row } of rows) {
    const bad = (field: keyof Row, reason: string) =>
      skipped.push({ line, field, value: row[field].slice(0, 200), reason });
    const entry = entryOf(row, now, bad);
    if (entry !== null) entries.push(entry);
  }
  return { entries, skipped };
}

type Fail = (why: string) => never;

interface Numbered {
  readonly line: number;
  readonly row: Row;
}

function tableRows(text: string, fail: Fail): Numbered[] {
  const [head, ...rows] = csvRows(text);
  if (!head) return fail("it is empty");
  for (const needed of ["kind", "value", "reason"]) {
    if (!head.cells.includes(needed)) {
      fail(`line ${head.line} names no column ${needed}`);
    }
  }
  return rows.map(({ line, cells }) => ({
    line,
    row: rowOf((name) => cells[head.cells.indexOf(name)]),
  }));
}

function jsonRows(text: string, fail: Fail): Numbered[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    return fail(messageOf(error));
  }
  return (list as unknown[]).map((item, i) => {
    const fields = (item ?? {}) as Record<string, unknown>;
    return { line: i + 1, row: rowOf((name) => fields[name]) };
  });
}

function rowOf(value: (name: string) => unknown): Row {
  return Object.fromEntries(
    COLUMNS.map((name) => [name, plain(String(value(name) ?? "").trim())]),
  ) as unknown as Row;
}

/** Without the apostrophe that our CSV sets before what a spreadsheet would compute. */
function plain(cell: string): string {
  return /^'[=+\-@]/.test(cell) ? cell.slice(1) : cell;
}

function entryOf(
  row: Row,
  now: number,
  bad: (field: keyof Row, reason: string) => void,
): NewSafelistEntry | null {
  if (!Object.hasOwn(SAFELIST_KINDS, row.kind)) {
    bad("kind", `is none of ${Object.keys(SAFELIST_KINDS).join(", ")}`);
    return null;
  }
  const kind = row.kind as SafelistKind;
  if (row.reason === "") {
    bad("reason", "is missing: it says why the entry is harmless");
    return null;
  }
  let at: keyof Row = "value";
  try {
    const value = safelistValue(kind, row.value);
    at = "expiresAt";
    const expiresAt = row.expiresAt === "" ? null : parseTime(row.expiresAt);
    if (expiresAt !== null && expiresAt <= now) {
      bad("expiresAt", "is over: the entry would count no more");
      return null;
    }
    const reason = row.reason.slice(0, LONGEST);
    return {
      kind,
      value,
      reason,
      author: row.author.slice(0, LONGEST),
      expiresAt,
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    bad(at, error.message);
    return null;
  }
}

export interface SafelistImport {
  readonly added: number;
  /** Kind and value were there already; those entries stay as they are. */
  readonly known: number;
  readonly skipped: readonly BadField[];
}

/**
 * Adds what a file says to a store's safelist.
 *
 * @param author of entries that name none.
 * @throws SkerryError as {@link parseSafelist}; then nothing was added.
 */
export async function importSafelist(
  store: SessionStore,
  text: string,
  { path, author }: { readonly path: string; readonly author: string },
): Promise<SafelistImport> {
  const now = Date.now() / 1000;
  const { entries, skipped } = parseSafelist(text, { path, now });
  const key = ({ kind, value }: NewSafelistEntry) => `${kind} ${value}`;
  const there = new Set((await store.safelist()).map(key));
  let added = 0;
  for (const entry of entries) {
    if (there.has(key(entry))) continue;
    there.add(key(entry));
    await store.addSafelistEntry({ ...entry, author: entry.author || author });
    added++;
  }
  return { added, known: entries.length - added, skipped };
}
