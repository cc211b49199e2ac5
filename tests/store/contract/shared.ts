import assert from "node:assert/strict";
import { schemas } from "../../../pipeline/ingest/log_type.ts";
import type { SessionStore } from "../../../pipeline/store/session_store.ts";
import { connRow, type Row } from "../_records.ts";

/** An empty store, and how to be rid of it. */
export interface StoreFixture extends AsyncDisposable {
  readonly store: SessionStore;
}

export type Body = (store: SessionStore) => Promise<void>;

export type Test = (sentence: string, body: Body) => void;

export const conn = schemas.get("conn")!;

/** Quotes, NUL, control characters, a bidi override, an emoji, SQL. */
export const HOSTILE: readonly string[] = [
  "'; DROP TABLE conn; --",
  `"quoted" 'twice' \\back\\`,
  "a\0b",
  "\0",
  "\t\r\n\x1b[31m\x7f\u0085\u2028",
  "\u202egpj.exe\u200b",
  "🦀 ünïcödé 中文",
  "-",
  "(empty)",
  "NULL",
  "null",
  "[1,2]",
  "12",
  "",
  "🦀'\0".repeat(180_000), // 1 MB
];

/** Names and ids are shorter: a server keeps them in an index. */
export const HOSTILE_KEYS = HOSTILE.filter((text) => text.length < 60);

/** Records of a few pairs, one per millisecond, in no order. */
export function manyRows(length = 70_000): Row[] {
  return Array.from({ length }, (_, i) =>
    connRow({
      ts: (1672843056914972 + (i * 7919) % length * 1000) / 1e6,
      uid: `C${i}`,
      "id.orig_h": `10.0.0.${i % 3}`,
      "id.resp_p": [443, 80][i % 2],
    }));
}

/** The same records, whatever their order. */
export function sameRows(
  actual: readonly Row[],
  expected: readonly Row[],
): void {
  const text = (row: Row) =>
    JSON.stringify(
      Object.entries(row).toSorted().map(([name, value]) =>
        typeof value === "number" ? [name, String(value)] : [name, value]
      ),
    );
  const sorted = (rows: readonly Row[]) => rows.map(text).toSorted();
  assert.deepEqual(sorted(actual), sorted(expected));
}

export function keyOfRow(row: Row): (string | number)[] {
  return [row["id.orig_h"], row["id.resp_p"], row.ts];
}

export function compareKeys(
  a: readonly (string | number)[],
  b: readonly (string | number)[],
): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  if (at < 0) return 0;
  return a[at] < b[at] ? -1 : 1;
}
