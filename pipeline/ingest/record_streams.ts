import {
  BatchBuilder,
  type Field,
  type RecordBatch,
  type Schema,
} from "../record_batch.ts";
import {
  type FileReport,
  type LogFormat,
  type StreamReport,
  StreamTally,
} from "./file_report.ts";
import { extend, schemas } from "./log_type.ts";

/** Records of one log type on their way from a file into batches. */
export class RecordStream {
  readonly schema: Schema;
  readonly tally: StreamTally;
  readonly builder: BatchBuilder;
  readonly #full: RecordBatch[];

  constructor(schema: Schema, tally: StreamTally, full: RecordBatch[]) {
    this.schema = schema;
    this.tally = tally;
    this.builder = new BatchBuilder(schema);
    this.#full = full;
  }

  /** Keeps the record that was set in the builder. */
  keep(ts: number): void {
    this.builder.endRow();
    this.tally.keep(ts);
    if (this.builder.full) this.#full.push(this.builder.finish());
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
  readonly #kept: ReadonlySet<string>;
  readonly #extraFields: readonly Field[];
  readonly #streams = new Map<string, RecordStream>();
  readonly #tallies = new Map<string, StreamTally>();
  readonly #others = new Map<string, number>();
  #full: RecordBatch[] = [];

  constructor(
    format: LogFormat,
    kept: ReadonlySet<string>,
    extraFields: readonly Field[],
  ) {
    this.#format = format;
    this.#kept = kept;
    this.#extraFields = extraFields;
  }

  /** Null for a log type that is not kept. */
  of(logType: string): RecordStream | null {
    const known = this.#streams.get(logType);
    if (known) return known;
    const schema = schemas.get(logType);
    if (!schema || !this.#kept.has(logType)) return null;
    const stream = new RecordStream(
      extend(schema, this.#extraFields),
      this.tally(logType),
      this.#full,
    );
    this.#streams.set(logType, stream);
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

  /** Counts a record of a log type that is not kept. */
  countOther(logType: string): void {
    this.#others.set(logType, (this.#others.get(logType) ?? 0) + 1);
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

  finish(path: string, problem?: string): FileReport {
    const streams: StreamReport[] = [...this.#tallies.values()]
      .map((tally) => tally.finish());
    const otherTypes = Object.fromEntries(this.#others);
    return Object.freeze({ path, streams, otherTypes, problem });
  }
}
