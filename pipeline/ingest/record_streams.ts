import type {
  Field,
  RecordBatch,
  RowBuilder,
  Schema,
} from "../record_batch.ts";
import type { BadField } from "../errors.ts";
import {
  type FileReport,
  type LogFormat,
  type StreamReport,
  StreamTally,
} from "./file_report.ts";
import { isLogType } from "../log_type_name.ts";
import { MOST_FIELDS, rawType } from "./generic_schema.ts";
import { extend, REQUIRED, schemas } from "./log_type.ts";
import { TOO_LARGE } from "./values.ts";

/** What of a file is kept. */
export interface Keeping {
  /** Log types, or all. */
  readonly logTypes: ReadonlySet<string> | "all";
  /** Fields to keep besides the schema's. */
  readonly extraFields?: readonly Field[];
  /** Of the schema's fields only these; all where absent. */
  readonly fields?: ReadonlySet<string>;
  /**
   * Only these fields, of whatever log, each as a text as the log has it; the
   * schemas here play no part.
   */
  readonly onlyFields?: readonly string[];
  /** Of logs that have no schema here only what a store takes. */
  readonly storable?: boolean;
}

/** Log types without a schema that one file may have: JSON can name any. */
const MOST_OTHERS = 256;

/** Without it a store cannot keep a record. */
const TIME: Field = { name: "ts", type: "time" };

/** Records of one log type on their way from a file into batches. */
export class RecordStream {
  readonly schema: Schema;
  readonly tally: StreamTally;
  readonly builder: RowBuilder;
  /** Fields without which a record says nothing usable. */
  readonly required: ReadonlySet<string>;
  /** Whether its fields are those that its records have, for want of a schema. */
  readonly grown: boolean;
  readonly #full: RecordBatch[];
  /** Of the record that is being set. */
  readonly #large: BadField[] = [];

  constructor(
    builder: RowBuilder,
    { required, grown }: Pick<RecordStream, "required" | "grown">,
    tally: StreamTally,
    full: RecordBatch[],
  ) {
    this.required = required;
    this.grown = grown;
    this.schema = builder.schema;
    this.tally = tally;
    this.builder = builder;
    this.#full = full;
  }

  /** Keeps the record of line `line` that was set in the builder. */
  keep(ts: number, line: number): void {
    this.builder.endRow(line);
    this.tally.keep(ts);
    for (const value of this.#large.splice(0)) this.tally.addLarge(value);
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

  /**
   * Takes a number that is no value of its field. One that is only too large
   * stays unset and is told of when the record is kept.
   *
   * @returns whether the record can be kept.
   */
  unfit(line: number, field: string, value: string, reason: string): boolean {
    if (reason !== TOO_LARGE || this.required.has(field)) {
      this.skip(line, field, value, reason);
      return false;
    }
    this.#large.push({ line, field, value, reason });
    return true;
  }

  /** Forgets the record that was being set; says why. */
  skip(line: number, field: string, value: string, reason: string): void {
    this.builder.dropRow();
    this.#large.length = 0;
    this.tally.skip({ line, field, value, reason });
  }
}

/** The streams of one file, each made when its log type is first met. */
export class RecordStreams {
  readonly #format: LogFormat;
  readonly #keeping: Keeping;
  readonly #newBuilder: (schema: Schema) => RowBuilder;
  /** Lines that hold data: neither blank nor part of a header. */
  lines = 0;
  readonly #streams = new Map<string, RecordStream>();
  readonly #tallies = new Map<string, StreamTally>();
  readonly #others = new Map<string, number>();
  #full: RecordBatch[] = [];

  constructor(
    format: LogFormat,
    keeping: Keeping,
    newBuilder: (schema: Schema) => RowBuilder,
  ) {
    this.#newBuilder = newBuilder;
    this.#format = format;
    this.#keeping = keeping;
  }

  /** Null for a log type that is not kept, or has no schema here. */
  of(logType: string): RecordStream | null {
    const known = this.#streams.get(logType);
    if (known) return known;
    const schema = schemas.get(logType);
    return schema && !this.#keeping.onlyFields && this.#keeps(logType)
      ? this.#add(schema, { required: REQUIRED, grown: false })
      : null;
  }

  #keeps(logType: string): boolean {
    const { logTypes } = this.#keeping;
    return logTypes === "all" || logTypes.has(logType);
  }

  /** Whether records of a log type are kept without a schema from here. */
  keepsOther(logType: string): boolean {
    const { logTypes, onlyFields, storable } = this.#keeping;
    if (onlyFields) return this.#keeps(logType);
    if (storable && !isLogType(logType)) return false;
    if (schemas.has(logType) || !this.#keeps(logType)) return false;
    // What was asked for by name is kept, however many others there are.
    return logTypes !== "all" || this.#streams.has(logType) ||
      this.#streams.size < MOST_OTHERS;
  }

  /** Whether a log type gets the fields that its records turn out to have. */
  growsWith(logType: string): boolean {
    return this.keepsOther(logType) && !this.#keeping.onlyFields;
  }

  /**
   * The stream of a log type, also of one that has no schema here.
   *
   * @param fields those that its records have; asked where there is no schema.
   */
  fitting(logType: string, fields: () => readonly Field[]) {
    if (!this.keepsOther(logType)) return this.of(logType);
    const { onlyFields } = this.#keeping;
    if (!onlyFields) return this.#other(logType, fields());
    const own = [...fields(), ...schemas.get(logType)?.fields ?? []];
    return this.#other(
      logType,
      onlyFields.map((name) => ({
        name,
        type: rawType(own.find((field) => field.name === name)?.type),
      })),
    );
  }

  /**
   * The stream of such a log type, which has at least these fields. Where it
   * had others, the batch with those ends. Null where they are too many.
   */
  #other(logType: string, fields: readonly Field[]): RecordStream | null {
    const known = this.#streams.get(logType);
    const { storable } = this.#keeping;
    const begun = known?.schema.fields ?? (storable ? [TIME] : []);
    const schema = merged(logType, begun, fields);
    if (known && isSame(known.schema.fields, schema.fields)) return known;
    if (schema.fields.length > MOST_FIELDS) return null;
    known?.takeBatch();
    const required = new Set(storable ? [TIME.name] : []);
    return this.#add(schema, { required, grown: true });
  }

  #add(
    schema: Schema,
    { required, grown }: Pick<RecordStream, "required" | "grown">,
  ): RecordStream {
    const { fields, extraFields = [] } = this.#keeping;
    const kept = fields
      ? schema.fields.filter(({ name }) => fields.has(name))
      : schema.fields;
    const stream = new RecordStream(
      this.#newBuilder(
        extend({ path: schema.path, fields: kept }, extraFields),
      ),
      {
        required: fields ? required.intersection(fields) : required,
        grown,
      },
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
    ending: Pick<FileReport, "end" | "tail" | "problem" | "contentHash">,
  ): FileReport {
    const streams: StreamReport[] = [...this.#tallies.values()]
      .map((tally) => tally.finish());
    const otherTypes = Object.fromEntries(this.#others);
    return Object.freeze({
      path,
      streams,
      otherTypes,
      lines: this.lines,
      clock: clockSuspicion(streams),
      ...ending,
    });
  }
}

/** Seconds that clocks may differ by without a word. */
const CLOCK_SLACK = 300;

/** @param now epoch seconds by this machine. */
export function clockSuspicion(
  streams: readonly StreamReport[],
  now = Date.now() / 1000,
): string | undefined {
  const last = Math.max(...streams.map(({ lastTs }) => lastTs || 0));
  const ahead = last - now;
  if (!(ahead > CLOCK_SLACK)) return undefined;
  const [n, unit] = ahead < 7200
    ? [ahead / 60, "minutes"]
    : ahead < 172_800
    ? [ahead / 3600, "hours"]
    : [ahead / 86_400, "days"];
  return `its newest record lies ${Math.round(n)} ${unit} ahead of this ` +
    "machine's clock";
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
