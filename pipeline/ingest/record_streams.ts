import type {
  Field,
  RecordBatch,
  RowBuilder,
  Schema,
} from "../record_batch.ts";
import {
  type FileReport,
  type LogFormat,
  type StreamReport,
  StreamTally,
} from "./file_report.ts";
import { MOST_FIELDS } from "./generic_schema.ts";
import { extend, REQUIRED, schemas } from "./log_type.ts";

/** Records of one log type on their way from a file into batches. */
export class RecordStream {
  readonly schema: Schema;
  readonly tally: StreamTally;
  readonly builder: RowBuilder;
  /** Fields without which a record says nothing usable. */
  readonly required: ReadonlySet<string>;
  readonly #full: RecordBatch[];

  constructor(
    builder: RowBuilder,
    required: ReadonlySet<string>,
    tally: StreamTally,
    full: RecordBatch[],
  ) {
    this.required = required;
    this.schema = builder.schema;
    this.tally = tally;
    this.builder = builder;
    this.#full = full;
  }

  /** Keeps the record that was set in the builder. */
  keep(ts: number): void {
    this.builder.endRow();
    this.tally.keep(ts);
    if (this.builder.full) this.takeBatch();
  }

  /** Counts `n` records that the builder has got all at once. */
  made(n: number, firstTs: number, lastTs: number): void {
    this.tally.keepMany(n, firstTs, lastTs);
    if (this.builder.full) this.takeBatch();
  }

  takeBatch(): void {
    if (this.builder.length > 0) this.#full.push(this.builder.finish());
  }

  /** Forgets the record that was being set; says why. */
  skip(line: number, field: string, value: string, reason: string): void {
    this.builder.dropRow();
    this.tally.skip({ line, field, value, reason });
  }
}

/** The streams of one file, each made when its log type is first met. */
export class RecordStreams {
  readonly #format: LogFormat;
  readonly #kept: ReadonlySet<string> | "all";
  readonly #extraFields: readonly Field[];
  readonly #newBuilder: (schema: Schema) => RowBuilder;
  /** Lines that hold data: neither blank nor part of a header. */
  lines = 0;
  readonly #streams = new Map<string, RecordStream>();
  readonly #tallies = new Map<string, StreamTally>();
  readonly #others = new Map<string, number>();
  #full: RecordBatch[] = [];

  constructor(
    format: LogFormat,
    kept: ReadonlySet<string> | "all",
    extraFields: readonly Field[],
    newBuilder: (schema: Schema) => RowBuilder,
  ) {
    this.#newBuilder = newBuilder;
    this.#format = format;
    this.#kept = kept;
    this.#extraFields = extraFields;
  }

  /** Null for a log type that is not kept, or has no schema here. */
  of(logType: string): RecordStream | null {
    const known = this.#streams.get(logType);
    if (known) return known;
    const schema = schemas.get(logType);
    if (!schema || !(this.#kept === "all" || this.#kept.has(logType))) {
      return null;
    }
    return this.#add(schema, REQUIRED);
  }

  /** Whether records of a log type are kept that has no schema here. */
  keepsOther(logType: string): boolean {
    return this.#kept === "all" && !schemas.has(logType);
  }

  /**
   * The stream of a log type, also of one that has no schema here.
   *
   * @param fields those that its records have; asked where there is no schema.
   */
  fitting(logType: string, fields: () => readonly Field[]) {
    return this.keepsOther(logType)
      ? this.#other(logType, fields())
      : this.of(logType);
  }

  /**
   * The stream of such a log type, which has at least these fields. Where it
   * had others, the batch with those ends. Null where they are too many.
   */
  #other(logType: string, fields: readonly Field[]): RecordStream | null {
    const known = this.#streams.get(logType);
    const schema = merged(logType, known?.schema.fields ?? [], fields);
    if (known && isSame(known.schema.fields, schema.fields)) return known;
    if (schema.fields.length > MOST_FIELDS) return null;
    known?.takeBatch();
    return this.#add(schema, new Set());
  }

  #add(schema: Schema, required: ReadonlySet<string>): RecordStream {
    const stream = new RecordStream(
      this.#newBuilder(extend(schema, this.#extraFields)),
      required,
      this.tally(schema.path),
      this.#full,
    );
    this.#streams.set(schema.path, stream);
    return stream;
  }

  /** Counts of a log type, also where its records cannot be read. */
  tally(logType: string): StreamTally {
    let tally = this.#tallies.get(logType);
    if (!tally) {
      tally = new StreamTally(logType, this.#format);
      this.#tallies.set(logType, tally);
    }
    return tally;
  }

  /** Counts records of a log type that is not kept. */
  countOther(logType: string, n = 1): void {
    if (n > 0) this.#others.set(logType, (this.#others.get(logType) ?? 0) + n);
  }

  /** The batches filled since the last call. */
  takeFull(): RecordBatch[] {
    return this.#full.splice(0);
  }

  /** The batches that are not full. */
  takeRest(): RecordBatch[] {
    return [...this.#streams.values()]
      .filter(({ builder }) => builder.length > 0)
      .map(({ builder }) => builder.finish());
  }

  /** Records kept so far, of all log types. */
  get records(): number {
    let sum = 0;
    for (const { records } of this.#tallies.values()) sum += records;
    return sum;
  }

  /** Lines skipped so far, of all log types. */
  get skipped(): number {
    let sum = 0;
    for (const { skipped } of this.#tallies.values()) sum += skipped;
    return sum;
  }

  finish(
    path: string,
    ending: Pick<FileReport, "end" | "tail" | "problem">,
  ): FileReport {
    const streams: StreamReport[] = [...this.#tallies.values()]
      .map((tally) => tally.finish());
    const otherTypes = Object.fromEntries(this.#others);
    return Object.freeze({
      path,
      streams,
      otherTypes,
      lines: this.lines,
      ...ending,
    });
  }
}

/** The fields of both, those that both have as the second has them. */
function merged(
  path: string,
  before: readonly Field[],
  fields: readonly Field[],
): Schema {
  const all = new Map([...before, ...fields].map((f) => [f.name, f]));
  return { path, fields: [...all.values()] };
}

function isSame(a: readonly Field[], b: readonly Field[]): boolean {
  return a.length === b.length &&
    a.every(({ name, type }, i) => name === b[i].name && type === b[i].type);
}
