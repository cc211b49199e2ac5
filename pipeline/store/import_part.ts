import {
  type Field,
  isNumeric,
  type RecordBatch,
  type Schema,
} from "../record_batch.ts";
import { type LineRuns, putLines } from "../line_runs.ts";
import { CollectedRows, type ColumnMemory } from "./collected.ts";
import type { FileEntry } from "./files.ts";
import { type RecordRows, recordRows } from "./record_rows.ts";
import { type RecordTable, tableOf } from "./tables.ts";

/** Records of one log type, and per record its file's number and its line. */
export class Group {
  readonly logType: string;
  readonly #rows: CollectedRows;
  /** File numbers, each up to a row. */
  readonly #files: {
    readonly fileNo: number;
    readonly to: number;
    readonly lines?: LineRuns;
  }[] = [];

  constructor(logType: string, memory: ColumnMemory) {
    this.logType = logType;
    this.#rows = new CollectedRows(logType, memory);
  }

  fits(schema: Schema): boolean {
    return this.#rows.fits(schema);
  }

  /** Copies the batch. */
  add(batch: RecordBatch, fileNo: number): void {
    this.#rows.add(batch);
    const { lines } = batch;
    this.#files.push({ fileNo, to: this.#rows.length, lines });
  }

  /** In the order of the table's key; the group is used up. */
  sorted(): SortedGroup {
    const { logType } = this, table = tableOf(logType);
    const files = new Float64Array(this.#rows.length);
    const lines = new Float64Array(this.#rows.length).fill(NaN);
    let at = 0;
    for (const { fileNo, to, lines: runs } of this.#files) {
      if (runs) putLines(runs, to - at, lines, at);
      files.fill(fileNo, at, at = to);
    }
    return {
      logType,
      table,
      rows: recordRows(this.#rows.finish(), table, { files, lines }),
      free: () => this.#rows.free(),
    };
  }
}

/** What is loaded together and becomes visible with the rest of the import. */
export interface Part {
  readonly groups: Group[];
  readonly files: Omit<FileEntry, "importId">[];
  /** Records, those of other logs twice: their texts take as much again. */
  weight: number;
}

export const emptyPart = (): Part => ({ groups: [], files: [], weight: 0 });

/** A group in the order of the table's key. */
export interface SortedGroup {
  readonly logType: string;
  readonly table: RecordTable;
  readonly rows: RecordRows;
  /** Gives the memory of the rows back. */
  free(): void;
}

/** What a part holds of one log type. */
export interface Tally {
  nrows: number;
  firstUs: number;
  lastUs: number;
  readonly bins: Map<number, number>;
  readonly moreFields: Map<string, Field>;
}

export function talliesOf(groups: readonly SortedGroup[]): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const { logType, rows } of groups) {
    const held = tallies.getOrInsertComputed(logType, (): Tally => ({
      nrows: 0,
      firstUs: Infinity,
      lastUs: -Infinity,
      bins: new Map(),
      moreFields: new Map(),
    }));
    count(held, rows);
  }
  return tallies;
}

function count(held: Tally, rows: RecordRows): void {
  held.nrows += rows.order.length;
  held.firstUs = Math.min(held.firstUs, rows.firstUs);
  held.lastUs = Math.max(held.lastUs, rows.lastUs);
  for (const [bin, n] of rows.bins) {
    held.bins.set(bin, (held.bins.get(bin) ?? 0) + n);
  }
  for (const field of rows.moreFields) {
    const known = held.moreFields.get(field.name);
    if (!known || !isNumeric(field.type)) {
      held.moreFields.set(field.name, field);
    }
  }
}
