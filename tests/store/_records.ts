import {
  BatchBuilder,
  isNumeric,
  type RecordBatch,
  type Schema,
} from "../../pipeline/record_batch.ts";
import type {
  BatchQuery,
  Dataset,
  ImportedFile,
  SessionStore,
} from "../../pipeline/store/session_store.ts";

export type Row = Record<string, string | number>;

/** 2023-01-04 15:04:16.914972 UTC, a time that whole milliseconds would lose. */
export const TS = 1672843056.914972;

/** What the smallest record has. */
export function connRow(more: Row = {}): Row {
  return {
    ts: TS,
    uid: "CQcP9j3ND8E2aaU1N1",
    "id.orig_h": "10.55.100.100",
    "id.orig_p": 50123,
    "id.resp_h": "34.223.124.45",
    "id.resp_p": 443,
    ...more,
  };
}

export function batchOf(schema: Schema, rows: readonly Row[]): RecordBatch {
  const builder = new BatchBuilder(schema);
  for (const row of rows) {
    schema.fields.forEach(({ name, type }, f) => {
      if (!(name in row)) return;
      if (isNumeric(type)) builder.setNumber(f, row[name] as number);
      else builder.setText(f, row[name] as string);
    });
    builder.endRow();
  }
  return builder.finish();
}

export function fileOf(hash: string, path = `/logs/${hash}.log`): ImportedFile {
  const report = {
    path,
    logType: "conn",
    format: "zeek-tsv",
    records: 2,
    skipped: 1,
    firstTs: TS,
    lastTs: null,
    errors: [{ line: 9, field: "ts", value: "x\0'", reason: "no number" }],
    status: "new",
  } as const;
  return {
    path,
    hash,
    size: 1234,
    modifiedAt: TS,
    content: { hash, from: 0, end: 2345, tail: "none" },
    continues: null,
    reports: [report],
    otherRecords: { weird: 131 },
    notes: ["the compressed data ends early at byte 65,536"],
  };
}

/** One finished import of the batches. */
export async function importBatches(
  store: SessionStore,
  dataset: Dataset,
  ...batches: RecordBatch[]
): Promise<void> {
  const writer = await store.beginImport(dataset);
  for (const batch of batches) await writer.add(batch);
  await writer.finish();
}

/** All records of a log type, as rows. */
export async function rowsOf(
  store: SessionStore,
  dataset: Dataset,
  logType: string,
  query?: BatchQuery,
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of store.batches(dataset, logType, query)) {
    for (let i = 0; i < batch.length; i++) rows.push(batch.row(i));
  }
  return rows;
}
