import { SkerryError } from "../errors.ts";
import { Pacer } from "../progress.ts";
import {
  BATCH_ROWS,
  type Field,
  isNumeric,
  type RecordBatch,
} from "../record_batch.ts";
import type { Database, SqlValue } from "./database.ts";
import { type ImportRecords, importsOf } from "./imports.ts";
import { firstMicrosecond } from "./keys.ts";
import {
  FIRST_KEY,
  keyOf,
  LAST_KEY,
  RecordColumns,
  selectList,
} from "./record_columns.ts";
import type { BatchQuery, Dataset } from "./session_store.ts";
import { type RecordTable, schemaOf, tableOf } from "./tables.ts";

/**
 * Rows per query, about 3 ms: small enough for the young generation of the
 * heap. Asking for chunks by key costs half of what `iterate()` does, and
 * holds no read lock while the caller works.
 */
const CHUNK_ROWS = 1024;

/** Rows that one query may pass over where few are in the window; 10 ms. */
const STRETCH_ROWS = 32_768;

const KEY = "orig_h, resp_h, resp_p, ts_us, seq";

/** Microseconds, from ≤ ts_us < to. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** See `SessionStore.batches`. */
export async function* readBatches(
  db: Database,
  dataset: Dataset,
  logType: string,
  query: BatchQuery,
): AsyncGenerator<RecordBatch> {
  db.check();
  query.signal?.throwIfAborted();
  const table = tableOf(logType);
  if (!table) return;
  const span = spanOf(query);
  const imports = importsOf(db, dataset, logType)
    .filter(({ firstUs, lastUs }) => lastUs >= span.from && firstUs < span.to);
  const schema = schemaOf(logType, table, moreFields(imports));
  const pacer = new Pacer(query.signal);
  const total = imports.reduce((sum, { nrows }) => sum + nrows, 0);
  const capacity = Math.min(total, BATCH_ROWS);
  const columns = new RecordColumns(schema, table, capacity);
  let done = 0;
  for (const { importId } of imports) {
    for (const rows of chunks(db, table, logType, importId, span)) {
      for (let at = 0; at < rows.length;) {
        at += columns.add(rows, at);
        if (columns.room === 0) yield columns.finish();
      }
      done += rows.length;
      query.onProgress?.({ stage: "reading", done, total, unit: "rows" });
      query.signal?.throwIfAborted();
      if (pacer.due) await pacer.rest();
    }
  }
  if (columns.length > 0) yield columns.finish();
  checkStillThere(db, dataset, logType, imports);
}

/**
 * A dataset that is cleared while it is read would look shorter than it was.
 *
 * @throws SkerryError when an import is gone.
 */
function checkStillThere(
  db: Database,
  dataset: Dataset,
  logType: string,
  read: readonly ImportRecords[],
): void {
  const there = new Set(
    importsOf(db, dataset, logType).map(({ importId }) => importId),
  );
  if (read.every(({ importId }) => there.has(importId))) return;
  throw new SkerryError(
    `Cannot read all of ${dataset.name}: it was cleared meanwhile`,
    { hint: "Begin again." },
  );
}

/**
 * The rows of one import in key order, each chunk after the last one's end;
 * an empty one where a stretch has none, so that the reader can rest.
 */
function* chunks(
  db: Database,
  table: RecordTable,
  logType: string,
  importId: number,
  { from, to }: Span,
): Generator<SqlValue[][]> {
  const after = `FROM ${table.name}
    WHERE import_id = ? AND (${KEY}) > (?, ?, ?, ?, ?)`;
  const stretch = `SELECT ${KEY} ${after}
    ORDER BY ${KEY} LIMIT 1 OFFSET ${STRETCH_ROWS - 1}`;
  const sql = `SELECT ${selectList(table)} ${after}
      AND (${KEY}) <= (?, ?, ?, ?, ?)
      AND log_type = ? AND ts_us >= ? AND ts_us < ?
    ORDER BY ${KEY} LIMIT ${CHUNK_ROWS}`;
  let key = FIRST_KEY;
  while (true) {
    const [end] = db.arrays(stretch, [importId, ...key]);
    const last = end ?? LAST_KEY;
    let rows: SqlValue[][];
    do {
      rows = db.arrays(sql, [importId, ...key, ...last, logType, from, to]);
      yield rows;
      if (rows.length > 0) key = keyOf(rows[rows.length - 1]);
    } while (rows.length === CHUNK_ROWS);
    if (!end) return;
    key = end;
  }
}

function spanOf({ from, to }: BatchQuery): Span {
  return {
    from: from === undefined ? Number.MIN_SAFE_INTEGER : firstMicrosecond(from),
    to: to === undefined ? 2 ** 53 : firstMicrosecond(to),
  };
}

/**
 * Fields that any of the imports keeps without a column; a text where one of
 * them has a text and another a number.
 */
export function moreFields(
  imports: readonly Pick<ImportRecords, "moreFields">[],
): Field[] {
  const fields = new Map<string, Field>();
  for (
    const field of imports.flatMap((i): Field[] => JSON.parse(i.moreFields))
  ) {
    const known = fields.get(field.name);
    if (!known || !isNumeric(field.type)) fields.set(field.name, field);
  }
  return [...fields.values()];
}
