import {
  CELL_KINDS,
  MEANING_BYTES,
  MOST_KEYS,
  type Parsers,
  STOPS,
} from "../parser_kernels.ts";
import { BATCH_ROWS } from "../record_batch.ts";
import type { BulkReader } from "./block_scanner.ts";
import { cellKind, KernelColumns } from "./kernel_columns.ts";
import { spellings, tellingKeys } from "./log_type.ts";
import type { RecordStream, RecordStreams } from "./record_streams.ts";

const LF = 10;
const FIELD_BYTES = 20;

/** What a key means that is no field: the list that assembly/json.ts has. */
const TYPE = -2, TELLING = -3, PARENT = -4;

const utf8 = new TextEncoder();

/** A dictionary of keys, and what each of them means. */
interface Keys {
  readonly dictionary: number;
  readonly actions: number;
}

/**
 * Reads JSON records of the log types of one file in bulk: each has a plan, and
 * the plan follows the type that records name.
 */
export class JsonBulk implements BulkReader {
  readonly separator = LF;
  readonly width = 1;
  readonly #parsers: Parsers;
  readonly #streams: RecordStreams;
  /** What records count as that name no type; "mixed" where that differs. */
  readonly #logType: string;
  readonly #typeKeys: readonly string[];
  readonly #typeAt: (line: Uint8Array) => string | undefined;
  readonly #plans = new Map<string, JsonPlan | null>();
  #plan: JsonPlan | null;

  /**
   * @param typeKeys keys that name a record's log type.
   * @param typeAt the type that a line names, at a glance.
   */
  constructor(
    parsers: Parsers,
    streams: RecordStreams,
    logType: string,
    typeKeys: readonly string[],
    typeAt: (line: Uint8Array) => string | undefined,
  ) {
    this.#parsers = parsers;
    this.#streams = streams;
    this.#logType = logType;
    this.#typeKeys = typeKeys;
    this.#typeAt = typeAt;
    this.#plan = this.#planOf(logType);
  }

  read(line: number, start: number, number: number): number {
    const { run } = this.#parsers;
    /** What stands before the indexed text. */
    const before = number - line;
    run.stoppedAt(line, start, 0);
    // What the host has read since may have given its log type more fields.
    this.#plan &&= this.#planOf(this.#plan.stream.schema.path);
    for (let asked = -1;;) {
      const next = run.nextLine.value;
      const stop = this.#plan?.read(next, run.nextStart.value, before + next) ??
        STOPS.forHost;
      if (stop !== STOPS.forHost) return stop;
      // A record of another type: once per line.
      const at = run.nextLine.value;
      if (at === asked) return stop;
      asked = at;
      const from = run.nextStart.value >>> 0;
      const to = run.endOfLine(at) >>> 0;
      const type = this.#typeAt(this.#parsers.u8(from, to - from));
      const plan = this.#planOf(type ?? this.#logType);
      if (!plan || plan === this.#plan) return stop;
      this.#plan = plan;
    }
  }

  #planOf(type: string): JsonPlan | null {
    const known = this.#plans.get(type);
    const stream = this.#streams.of(type);
    // A stream is another one when its log type has got more fields.
    if (known && known.stream === stream) return known;
    const plan = stream?.builder instanceof KernelColumns
      ? new JsonPlan(
        this.#parsers,
        this.#streams,
        stream,
        stream.builder,
        this.#typeKeys,
        type !== this.#logType,
      )
      : null;
    this.#plans.set(type, plan);
    return plan;
  }
}

/** How the records of one log type are read into its columns. */
class JsonPlan {
  readonly #parsers: Parsers;
  readonly #streams: RecordStreams;
  readonly stream: RecordStream;
  readonly #columns: KernelColumns;
  readonly #fields: readonly number[];
  readonly #mustName: boolean;
  /** Whether a key that is no field is for the host, who makes one of it. */
  readonly #strict: boolean;
  readonly #at: number;
  readonly #time: number;
  readonly #keys: Keys;
  readonly #innerKeys: Keys;
  readonly #logType: number;
  readonly #logTypeLength: number;

  constructor(
    parsers: Parsers,
    streams: RecordStreams,
    stream: RecordStream,
    columns: KernelColumns,
    typeKeys: readonly string[],
    mustName: boolean,
  ) {
    this.#parsers = parsers;
    this.#streams = streams;
    this.stream = stream;
    this.#columns = columns;
    this.#mustName = mustName;
    this.#strict = streams.growsWith(stream.schema.path);
    const { path, fields } = stream.schema;
    this.#fields = fields.map((_, f) => f);
    this.#time = fields.findIndex(({ name }) => name === "ts");
    const type = utf8.encode(path);
    this.#logType = parsers.bytes(type);
    this.#logTypeLength = type.length;
    this.#at = parsers.alloc(fields.length * FIELD_BYTES);
    const keys = new Map<string, number>();
    const inner = new Map<string, number>();
    if (!stream.grown) {
      for (const key of tellingKeys(path)) keys.set(key, TELLING);
    }
    for (const key of typeKeys) keys.set(key, TYPE);
    keys.set("id", PARENT);
    fields.forEach(({ name, type }, f) => {
      const { at, dictionary } = columns.place(f);
      const kind = CELL_KINDS[cellKind(type)];
      // A record without a time may be one within another.
      const required = Number(
        stream.required.has(name) || (this.#strict && name === "ts"),
      );
      parsers.run.planField(this.#at, f, kind, required, at, dictionary);
      for (const key of spellings(name)) keys.set(key, f);
      if (name.startsWith("id.")) inner.set(name.slice(3), f);
    });
    this.#keys = keysOf(parsers, keys);
    this.#innerKeys = keysOf(parsers, inner);
  }

  read(line: number, start: number, number: number): number {
    const { run } = this.#parsers;
    run.planJson(
      this.#at,
      this.#fields.length,
      this.#time,
      this.#keys.dictionary,
      this.#keys.actions,
      this.#innerKeys.dictionary,
      this.#innerKeys.actions,
      this.#logType,
      this.#logTypeLength,
      Number(this.#mustName),
      Number(this.#strict),
    );
    const stop = run.parseJson(line, start, this.#columns.length, BATCH_ROWS);
    const rows = run.rowsMade.value;
    if (rows > 0) {
      this.#streams.lines += rows;
      this.#columns.made(rows, this.#fields, number);
      this.stream.made(rows, run.firstTs.value, run.lastTs.value);
    }
    if (stop === STOPS.full) this.stream.takeBatch();
    return stop;
  }
}

function keysOf(parsers: Parsers, meanings: Map<string, number>): Keys {
  const { run } = parsers;
  const dictionary = run.newDictionary(0, 0) >>> 0;
  // By code what the key means; the kernel adds those that mean nothing.
  const size = (Math.max(meanings.size, MOST_KEYS) + 1) * MEANING_BYTES;
  const actions = parsers.alloc(size);
  parsers.u8(actions, size).fill(0);
  for (const [key, action] of meanings) {
    const bytes = utf8.encode(key), at = parsers.bytes(bytes);
    run.planKey(dictionary, actions, at, bytes.length, action);
  }
  return { dictionary, actions };
}
