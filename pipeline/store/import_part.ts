import {
  type Field,
  isNumeric,
  type RecordBatch,
  type Schema,
} from "../record_batch.ts";
import { concatenated } from "./concat.ts";
import type { FileEntry } from "./files.ts";
import { type RecordRows, recordRows } from "./record_rows.ts";
import { type RecordTable, tableOf } from "./tables.ts";

/** Batches of one log type in which no field is a number here and a text there. */
export class Group {
  readonly logType: string;
  readonly batches: RecordBatch[] = [];
  /** Per batch the number of its file. */
  readonly fileNos: number[] = [];
  readonly #numeric = new Map<string, boolean>();

  constructor(logType: string) {
    this.logType = logType;
  }

  fits({ path, fields }: Schema): boolean {
    return path === this.logType &&
      fields.every(({ name, type }) =>
        (this.#numeric.get(name) ?? isNumeric(type)) === isNumeric(type)
      );
  }

  add(batch: RecordBatch, fileNo: number): void {
    this.batches.push(batch);
    this.fileNos.push(fileNo);
    for (const { name, type } of batch.schema.fields) {
      this.#numeric.set(name, isNumeric(type));
    }
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
}

export function sortedGroup({ logType, batches, fileNos }: Group): SortedGroup {
  const table = tableOf(logType);
  const batch = concatenated(batches);
  const files = new Float64Array(batch.length);
  let at = 0;
  batches.forEach(({ length }, b) => files.fill(fileNos[b], at, at += length));
  return { logType, table, rows: recordRows(batch, table, files) };
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
