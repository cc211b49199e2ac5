import type { RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { type ImportRecords, importRecords } from "./imports.ts";
import { addressKey } from "./keys.ts";
import { pathsOf } from "./files.ts";
import { RecordColumns, type Row } from "./record_columns.ts";
import { moreFields, placeIn, spanOf } from "./record_reader.ts";
import type {
  Dataset,
  SessionPage,
  SessionQuery,
  StoredRecord,
} from "./session_store.ts";
import { keysOf } from "./links.ts";
import { marks, type SqlValue } from "./sql.ts";
import {
  RECORD_TABLES,
  type RecordTable,
  schemaOf,
  tableOf,
} from "./tables.ts";
import { indexUids, placesOf } from "./uids.ts";

/** Parameters of every query, so that there is one statement per table. */
const UIDS_PER_QUERY = 100;

/** See `SessionStore.recordsOf`. */
export async function recordsOf(
  engine: Engine,
  dataset: Dataset,
  uids: readonly string[],
  pair: { readonly src: string; readonly dst?: string } | undefined,
  options: RunOptions,
): Promise<StoredRecord[]> {
  const held = await importRecords(engine, dataset);
  const wanted = new Set(uids);
  if (held.length === 0 || wanted.size === 0) return [];
  const rows = pair
    ? await rowsOfPair(engine, held, [...wanted], pair)
    : await rowsOfUids(engine, dataset, held, [...wanted], options);
  return (await decoded(engine, dataset, held, rows))
    .filter(({ logType, fields }) =>
      keysOf(logType, fields).some((key) => wanted.has(key)) ||
      wanted.has(fields.uid as string)
    )
    .sort((a, b) => (a.fields.ts as number) - (b.fields.ts as number));
}

/** A row as the layout says, behind the import and the log type. */
export type Found = readonly [
  importId: number,
  logType: string,
  ...row: SqlValue[],
];

async function rowsOfPair(
  engine: Engine,
  held: readonly ImportRecords[],
  uids: readonly string[],
  { src, dst }: { readonly src: string; readonly dst?: string },
): Promise<Found[]> {
  const out: Found[] = [];
  const addresses = [addressKey(src), ...(dst ? [addressKey(dst)] : [])];
  for (const [table, importIds] of tablesOf(held)) {
    const where = `import_id = ? AND orig_h = ?${
      dst ? " AND resp_h = ?" : ""
    } AND uid IN ${marks(UIDS_PER_QUERY)}`;
    for (const importId of importIds) {
      for (const some of padded(uids)) {
        const params = [importId, ...addresses, ...some];
        out.push(...await select(engine, table, where, params));
      }
    }
  }
  return out;
}

async function rowsOfUids(
  engine: Engine,
  dataset: Dataset,
  held: readonly ImportRecords[],
  uids: readonly string[],
  options: RunOptions,
): Promise<Found[]> {
  const indexed = await indexUids(engine, dataset, options);
  const out: Found[] = [];
  if (!indexed) {
    const where = `import_id = ? AND uid IN ${marks(UIDS_PER_QUERY)}`;
    for (const [table, importIds] of tablesOf(held)) {
      for (const importId of importIds) {
        for (const some of padded(uids)) {
          out.push(...await select(engine, table, where, [importId, ...some]));
        }
      }
    }
    return out;
  }
  for (const { logType, key } of await placesOf(engine, dataset, uids)) {
    const where =
      "import_id = ? AND orig_h = ? AND resp_h = ? AND resp_p = ? AND ts_us = ? AND seq = ?";
    out.push(...await select(engine, tableOf(logType), where, key));
  }
  return out;
}

/** See `SessionStore.sessions`. */
export async function sessions(
  engine: Engine,
  dataset: Dataset,
  query: SessionQuery,
): Promise<SessionPage> {
  const { logType = "conn", limit = 100, src, dst, port } = query;
  const table = tableOf(logType);
  const span = spanOf(query);
  const held = (await importRecords(engine, dataset)).filter((records) =>
    records.logType === logType && records.lastUs >= span.from &&
    records.firstUs < span.to
  );
  const after = query.after ? placeOf(query.after) : null;
  const where = [
    "import_id = ? AND log_type = ? AND orig_h = ?",
    ...(dst === undefined ? [] : ["resp_h = ?"]),
    ...(port === undefined ? [] : ["resp_p = ?"]),
    "ts_us >= ? AND ts_us < ? AND (ts_us > ? OR (ts_us = ? AND seq > ?))",
  ].join(" AND ");
  const found: Found[] = [];
  for (const { importId } of held) {
    const [us, seq] = startIn(importId, after);
    const params = [
      importId,
      logType,
      addressKey(src),
      ...(dst === undefined ? [] : [addressKey(dst)]),
      ...(port === undefined ? [] : [port]),
      ...[span.from, span.to, us, us, seq],
    ];
    found.push(...await firstRows(engine, table, where, params, limit + 1));
  }
  found.sort(inTimeOrder);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    sessions: await decoded(engine, dataset, held, page),
    next: found.length > limit && last ? nextOf(last) : null,
  };
}

/** Where time and seq stand in what is found. */
const TS = 5, SEQ = 6;

/** Where a page goes on that ends with the row. */
export function nextOf(row: Found): string {
  return [row[TS], row[0], row[SEQ]].join(".");
}

/** By time, import and place in it. */
export function inTimeOrder(a: Found, b: Found): number {
  return Number(a[TS]) - Number(b[TS]) || a[0] - b[0] ||
    Number(a[SEQ]) - Number(b[SEQ]);
}

interface Place {
  readonly us: number;
  readonly importId: number;
  readonly seq: number;
}

/** @throws RangeError for what no page gave as its `next`. */
export function placeOf(cursor: string): Place {
  const [us, importId, seq] = cursor.split(".").map(Number);
  if (![us, importId, seq].every(Number.isInteger)) {
    throw new RangeError(
      `Cannot list sessions: after must be the next of a page, got ${
        JSON.stringify(cursor)
      }`,
    );
  }
  return { us, importId, seq };
}

/** Time and seq behind which an import's rows follow the place. */
export function startIn(
  importId: number,
  after: Place | null,
): [number, number] {
  if (!after) return [Number.MIN_SAFE_INTEGER, -1];
  if (importId === after.importId) return [after.us, after.seq];
  return [after.us, importId > after.importId ? -1 : Number.MAX_SAFE_INTEGER];
}

/** Tables that hold something, and in which imports. */
function tablesOf(
  held: readonly ImportRecords[],
): [RecordTable, ReadonlySet<number>][] {
  return RECORD_TABLES.map((table) => [
    table,
    new Set(
      held.filter(({ logType }) => tableOf(logType) === table)
        .map(({ importId }) => importId),
    ),
  ]);
}

/**
 * The first rows in time order. Which they are is found out by their keys: a
 * source may have a million rows, and whole ones are slow to sort.
 */
async function firstRows(
  engine: Engine,
  table: RecordTable,
  where: string,
  params: readonly SqlValue[],
  limit: number,
): Promise<Found[]> {
  const list = engine.layout.selectList(table, true);
  const rows = await engine.asideArrays(
    `SELECT import_id, log_type, ${list} FROM (
        SELECT import_id AS i, orig_h AS o, resp_h AS r, resp_p AS p,
          ts_us AS t, seq AS n
        FROM ${table.sql} WHERE ${where} ORDER BY ts_us, seq LIMIT ${limit}
      ) AS first CROSS JOIN ${table.sql}
      WHERE import_id = i AND orig_h = o AND resp_h = r AND resp_p = p
        AND ts_us = t AND seq = n`,
    params,
  );
  return rows as unknown as Found[];
}

export async function select(
  engine: Engine,
  table: RecordTable,
  where: string,
  params: readonly SqlValue[],
): Promise<Found[]> {
  const list = engine.layout.selectList(table, true);
  const rows = await engine.arrays(
    `SELECT import_id, log_type, ${list} FROM ${table.sql} WHERE ${where}`,
    params,
  );
  return rows as unknown as Found[];
}

/** Records in the order of the rows. */
export async function decoded(
  engine: Engine,
  dataset: Dataset,
  held: readonly ImportRecords[],
  found: readonly Found[],
): Promise<StoredRecord[]> {
  const paths = await pathsOf(engine, dataset);
  const out = new Array<StoredRecord>(found.length);
  const byType = Map.groupBy(found.keys(), (i) => String(found[i][1]));
  for (const [logType, places] of byType) {
    const table = tableOf(logType);
    const more = moreFields(held.filter((h) => h.logType === logType));
    const schema = schemaOf(logType, table, more);
    const columns = new RecordColumns(
      schema,
      table,
      engine.layout,
      places.length,
    );
    const rows = places.map((i): Row => found[i].slice(2) as SqlValue[]);
    columns.add(rows);
    const batch = columns.finish();
    places.forEach((i, at) =>
      out[i] = {
        logType,
        ...placeIn(rows[at], paths),
        fields: batch.row(at),
      }
    );
  }
  return out;
}

function* padded(uids: readonly string[]): Generator<(string | null)[]> {
  for (let at = 0; at < uids.length; at += UIDS_PER_QUERY) {
    const some = uids.slice(at, at + UIDS_PER_QUERY);
    yield [...some, ...new Array(UIDS_PER_QUERY - some.length).fill(null)];
  }
}
