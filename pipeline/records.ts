import { SkerryError } from "./errors.ts";
import { findLogs, readBatches } from "./ingest/mod.ts";
import type { RunOptions } from "./progress.ts";
import type { Field, RecordBatch } from "./record_batch.ts";
import type { Dataset, SessionStore } from "./store/session_store.ts";

/** Where an analysis reads: logs on disk, or what a store holds. */
export type RecordSource =
  | { readonly path: string }
  | { readonly store: SessionStore; readonly dataset: Dataset };

/** The records of one log type, kept as batches so that rows can be listed. */
export class Records {
  readonly batches: RecordBatch[] = [];
  readonly #offsets: number[] = [];
  #length = 0;
  /** Lines that were not read. */
  skipped = 0;

  get length(): number {
    return this.#length;
  }

  add(batch: RecordBatch): void {
    this.#offsets.push(this.#length);
    this.batches.push(batch);
    this.#length += batch.length;
  }

  /** Record i, fields under Zeek's names; not for loops. */
  row(i: number): Record<string, string | number> {
    let b = this.#offsets.length - 1;
    while (this.#offsets[b] > i) b--;
    return this.batches[b].row(i - this.#offsets[b]);
  }
}

export interface RecordsOptions extends RunOptions {
  /** Kept besides the log type's own fields. */
  readonly extraFields?: readonly Field[];
}

/**
 * Reads all records of one log type, files in the order of their paths.
 *
 * @throws SkerryError when there is none.
 */
export async function readRecords(
  source: RecordSource,
  logType: string,
  options: RecordsOptions = {},
): Promise<Records> {
  const records = new Records();
  if ("path" in source) await readFiles(source.path, logType, records, options);
  else {
    const { store, dataset } = source;
    for await (
      const batch of store.batches(dataset, logType, {
        signal: options.signal,
        onProgress: options.onProgress,
      })
    ) records.add(batch);
  }
  if (records.length === 0) {
    const where = "path" in source ? source.path : source.dataset.name;
    throw new SkerryError(
      `Cannot analyse ${where}: it has no ${logType} records`,
      {
        hint:
          `give a Zeek ${logType} log, a folder with one, or a dataset that holds some`,
      },
    );
  }
  return records;
}

async function readFiles(
  path: string,
  logType: string,
  records: Records,
  options: RecordsOptions,
): Promise<void> {
  const { logs } = await findLogs(path, options);
  const wanted = logs.filter((log) =>
    log.logType === logType || log.logType === "mixed"
  );
  for (const log of wanted) {
    const report = await readBatches(log, (batch) => records.add(batch), {
      ...options,
      logTypes: new Set([logType]),
    });
    for (const { skipped } of report.streams) records.skipped += skipped;
  }
}
