import { SkerryError } from "../errors.ts";
import { Pacer } from "../progress.ts";
import {
  BATCH_ROWS,
  type Field,
  isNumeric,
  type RecordBatch,
} from "../record_batch.ts";
import type { Engine } from "./engine.ts";
import { pathsOf } from "./files.ts";
import { type ImportRecords, importRecords, importsOf } from "./imports.ts";
import { firstMicrosecond } from "./keys.ts";
import { mergedRows } from "./merge.ts";
import { fileNoOf, lineOf, RecordColumns, type Row } from "./record_columns.ts";
import type { BatchQuery, Dataset, StoredRecord } from "./session_store.ts";
import { type RecordTable, schemaOf, tableOf } from "./tables.ts";

/** Microseconds, from ≤ ts_us < to. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** See `SessionStore.batches`. */
export async function* readBatches(
  engine: Engine,
  dataset: Dataset,
  logType: string,
  query: BatchQuery,
): AsyncGenerator<RecordBatch> {
  const { table, imports, schema, queries } = await reading(
    engine,
    dataset,
    logType,
    query,
  );
  const pacer = new Pacer(query.signal);
  const total = imports.reduce((sum, { nrows }) => sum + nrows, 0);
  const capacity = Math.min(total, BATCH_ROWS);
  const columns = new RecordColumns(schema, table, engine.layout, capacity);
  let done = 0;
  for await (const rows of mergedRows(engine, table, queries)) {
    for (let at = 0; at < rows.length;) {
      at += columns.add(rows, at);
      if (columns.room === 0) yield columns.finish();
    }
    done += rows.length;
    query.onProgress?.({ stage: "reading", done, total, unit: "rows" });
    query.signal?.throwIfAborted();
    if (pacer.due) await pacer.rest();
  }
  if (columns.length > 0) yield columns.finish();
  await checkStillThere(engine, dataset, logType, imports);
}

/** See `SessionStore.listed`. */
export async function* listed(
  engine: Engine,
  dataset: Dataset,
  logType: string,
  query: BatchQuery,
): AsyncGenerator<StoredRecord> {
  const { table, schema, queries } = await reading(
    engine,
    dataset,
    logType,
    query,
  );
  const paths = await pathsOf(engine, dataset);
  const columns = new RecordColumns(schema, table, engine.layout, LISTED_ROWS);
  const pacer = new Pacer(query.signal);
  const placed = queries.map((query) => ({ ...query, placed: true }));
  for await (const rows of mergedRows(engine, table, placed)) {
    for (let at = 0; at < rows.length;) {
      const from = at;
      at += columns.add(rows, at);
      const batch = columns.finish();
      for (let i = 0; i < batch.length; i++) {
        const place = placeIn(rows[from + i], paths);
        yield { logType, ...place, fields: batch.row(i) };
      }
    }
    query.signal?.throwIfAborted();
    if (pacer.due) await pacer.rest();
  }
}

/** Rows that are made into records at once: whoever lists may soon stop. */
const LISTED_ROWS = 256;

/** What is to be read, and of which imports. */
async function reading(
  engine: Engine,
  dataset: Dataset,
  logType: string,
  query: BatchQuery,
) {
  engine.check();
  query.signal?.throwIfAborted();
  const table = tableOf(logType);
  const span = spanOf(query);
  const held = await importRecords(engine, dataset);
  const imports = held.filter((records) =>
    records.logType === logType && records.lastUs >= span.from &&
    records.firstUs < span.to
  );
  const schema = schemaOf(logType, table, moreFields(imports));
  const queries = imports.map((records) => ({
    importId: records.importId,
    logType,
    ...span,
    all: records.firstUs >= span.from && records.lastUs < span.to &&
      isAlone(records, table, held),
  }));
  return { table, imports, schema, queries };
}

/** Whether the import's table holds no other log type. */
function isAlone(
  { importId, logType }: ImportRecords,
  { name }: RecordTable,
  held: readonly ImportRecords[],
): boolean {
  return !held.some((other) =>
    other.importId === importId && other.logType !== logType &&
    tableOf(other.logType).name === name
  );
}

/**
 * A dataset that is cleared while it is read would look shorter than it was.
 *
 * @throws SkerryError when an import is gone.
 */
async function checkStillThere(
  engine: Engine,
  dataset: Dataset,
  logType: string,
  read: readonly ImportRecords[],
): Promise<void> {
  const there = new Set(
    (await importsOf(engine, dataset, logType)).map((held) => held.importId),
  );
  if (read.every(({ importId }) => there.has(importId))) return;
  throw new SkerryError(
    `Cannot read all of ${dataset.name}: it was cleared meanwhile`,
    { hint: "Begin again." },
  );
}

export function spanOf({ from, to }: BatchQuery): Span {
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

/** @param row one that was selected as placed. */
export function placeIn(
  row: Row,
  paths: ReadonlyMap<number, string>,
): Pick<StoredRecord, "file" | "line"> {
  const file = paths.get(fileNoOf(row)), line = lineOf(row);
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === null ? {} : { line }),
  };
}
