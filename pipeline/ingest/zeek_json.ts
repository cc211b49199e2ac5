import { elementText, elementType } from "../field_json.ts";
import { type Field, isNumeric } from "../record_batch.ts";
import type { Parsers } from "../parser_kernels.ts";
import type { BulkReader, LineSink } from "./block_scanner.ts";
import { JsonBulk } from "./json_bulk.ts";
import { fieldsOfRecord, typeOfRaw } from "./generic_schema.ts";
import { recognise, spellings } from "./log_type.ts";
import type { RecordStream, RecordStreams } from "./record_streams.ts";
import { fromSuricata } from "./suricata.ts";
import { latin1, utf8Text } from "./text_cache.ts";
import {
  listText,
  numberOf,
  numberProblem,
  textProblem,
  timeOf,
} from "./values.ts";
import { unwrapped } from "./wrappers.ts";

/** A record as JSON.parse gives it. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Where JSON logs name their log type; the first that exists. */
const PATH_KEYS = ["_path", "@path", "@stream", "_stream", "event_type"];

/** The same keys in the text of a line, to pass over records not kept. */
const PATH_IN_TEXT = /"(?:_path|@path|@stream|_stream)"\s*:\s*"([^"\\]+)"/;

/** The log type that a line names, without reading all of it. */
function typeAt(line: Uint8Array): string | undefined {
  return PATH_IN_TEXT.exec(latin1(line, 0, line.length))?.[1];
}

/** The log type that a record names, else undefined. */
export function pathOf(record: JsonRecord): string | undefined {
  for (const key of PATH_KEYS) {
    if (typeof record[key] === "string") return record[key];
  }
}

/** Names of a record's fields as the schemas have them. */
export function namesOf(record: JsonRecord): string[] {
  return Object.entries(record).flatMap(([key, value]) =>
    isRecord(value) ? Object.keys(value).map((k) => `${key}.${k}`) : [key]
  );
}

/**
 * The record that a line holds, out of what a shipper may have put it in, as
 * Zeek would write it; undefined where it holds none.
 */
export function parseRecord(line: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isRecord(value)) return undefined;
    const record = unwrapped(value);
    return fromSuricata(record) ?? record;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Zeek's JSON logs: one object per line, each of any log type. */
export class ZeekJsonReader implements LineSink {
  readonly #streams: RecordStreams;
  /** The type of records that neither name one nor look like one, or "mixed". */
  readonly #logType: string;
  readonly #readers = new Map<RecordStream, JsonStreamReader>();
  readonly bulk: BulkReader | null;

  /** @param parsers read many records at once; without them, one by one. */
  constructor(
    streams: RecordStreams,
    logType: string,
    parsers: Parsers | null = null,
  ) {
    this.#streams = streams;
    this.#logType = logType;
    this.bulk = parsers &&
      new JsonBulk(parsers, streams, logType, PATH_KEYS, typeAt);
  }

  onLine(bytes: Uint8Array, from: number, to: number, line: number): void {
    const text = utf8Text(bytes, from, to);
    if (text.trim() === "") return;
    this.#streams.lines++;
    const named = PATH_IN_TEXT.exec(text)?.[1];
    if (
      named && !this.#streams.of(named) && !this.#streams.keepsOther(named)
    ) {
      return this.#streams.countOther(named);
    }
    const record = parseRecord(text);
    if (!record) return this.#skipLine(text, line, "is not a JSON object");
    const path = this.#pathOf(record);
    const stream = this.#streams.fitting(
      path,
      () => fieldsOfRecord(path, namesOf(record), PATH_KEYS),
    );
    if (!stream) return this.#streams.countOther(path);
    this.#readerOf(stream).read(record, text, line);
  }

  onLongLine(head: Uint8Array, line: number): void {
    this.#streams.lines++;
    this.#skipLine(utf8Text(head), line, "the line is longer than 1 MiB");
  }

  #pathOf(record: JsonRecord): string {
    const named = pathOf(record);
    if (named !== undefined) return named;
    const type = recognise(namesOf(record), this.#logType);
    if (type !== undefined) return type;
    return this.#logType === "mixed" ? "unknown" : this.#logType;
  }

  #skipLine(text: string, line: number, reason: string): void {
    const value = text.slice(0, 200);
    const tally = this.#streams.tally(this.#logType);
    tally.skip({ line, field: "", value, reason });
  }

  #readerOf(stream: RecordStream): JsonStreamReader {
    let reader = this.#readers.get(stream);
    if (!reader) {
      reader = new JsonStreamReader(stream);
      this.#readers.set(stream, reader);
    }
    return reader;
  }
}

/** A field of the schema and where a record may have it. */
interface JsonField extends Field {
  readonly keys: readonly string[];
  /** ["id", "orig_h"], for logs that nest the endpoints. */
  readonly nested: readonly [string, string] | null;
  readonly numeric: boolean;
  readonly element: string | undefined;
  readonly required: boolean;
  /** Whether any value has a text: the field's type is not known. */
  readonly loose: boolean;
}

/** Puts the fields of parsed records into the columns of one stream. */
class JsonStreamReader {
  readonly #stream: RecordStream;
  readonly #fields: readonly JsonField[];

  constructor(stream: RecordStream) {
    this.#stream = stream;
    this.#fields = stream.schema.fields.map((field) =>
      jsonField(field, stream)
    );
  }

  /** @param text the line that holds the record. */
  read(record: JsonRecord, text: string, line: number): void {
    const { builder } = this.#stream;
    let ts = NaN;
    for (let f = 0; f < this.#fields.length; f++) {
      const field = this.#fields[f];
      const value = valueOf(field, record);
      if (value === undefined) {
        if (!field.required) continue;
        return this.#stream.skip(line, field.name, "", "is unset");
      }
      if (field.numeric) {
        const number = numberIn(field.type, value);
        const problem = numberProblem(field.type, number);
        if (problem) {
          const shown = digitsOf(field, text) ?? textShown(value);
          if (this.#stream.unfit(line, field.name, shown, problem)) continue;
          return;
        }
        builder.setNumber(f, number);
        if (field.name === "ts") ts = number;
      } else {
        const own = textIn(field, value);
        const problem = own === null
          ? `is not a ${field.type}`
          : textProblem(field.type, own);
        if (problem) {
          return this.#stream.skip(line, field.name, textShown(value), problem);
        }
        builder.setText(f, own!);
      }
    }
    this.#stream.keep(ts, line);
  }
}

function textShown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A long number as the line has it: parsed, its last digits are lost. */
function digitsOf({ keys }: JsonField, line: string): string | undefined {
  for (const key of keys) {
    const at = line.indexOf(`${JSON.stringify(key)}:`);
    const digits = at < 0
      ? null
      : /^"[^"]*":\s*(-?\d{16,})\b/.exec(line.slice(at));
    if (digits) return digits[1];
  }
}

function jsonField(
  field: Field,
  { required, grown }: RecordStream,
): JsonField {
  const { name, type } = field;
  const dot = name.indexOf(".");
  return {
    ...field,
    keys: spellings(name),
    nested: dot < 0 ? null : [name.slice(0, dot), name.slice(dot + 1)],
    numeric: isNumeric(type),
    element: elementType(type),
    required: required.has(name),
    loose: grown &&
      (type === "string" || typeOfRaw(type) !== undefined),
  };
}

/** Null and a missing key are both unset. */
function valueOf({ keys, nested }: JsonField, record: JsonRecord): unknown {
  for (const key of keys) {
    const value = record[key];
    if (value !== undefined && value !== null) return value;
  }
  const parent = nested && record[nested[0]];
  return isRecord(parent) ? parent[nested![1]] ?? undefined : undefined;
}

function numberIn(type: string, value: unknown): number {
  if (typeof value !== "number" && typeof value !== "string") return NaN;
  if (type === "time") return timeOf(value);
  return typeof value === "number" ? value : numberOf(value);
}

/** The text of a value, or null where it has none of that type. */
function textIn(field: JsonField, value: unknown): string | null {
  const { type, element } = field;
  if (field.loose) return looseText(field, value);
  if (type === "bool") return boolText(value);
  if (!Array.isArray(value)) {
    const text = scalarText(value);
    if (!text || element === undefined) return text;
    const parts = text.split(",");
    return listText(element, parts.map((p) => p === "-" ? p : elementText(p)));
  }
  if (element === undefined) return null;
  const parts = elementTexts(value);
  return parts && listText(element, parts);
}

/** Null where an element is itself a list or an object. */
function elementTexts(list: readonly unknown[]): string[] | null {
  const texts: string[] = [];
  for (const value of list) {
    const text = value === null ? null : scalarText(value);
    if (text === null && value !== null) return null;
    texts.push(text === null ? "-" : elementText(text));
  }
  return texts;
}

/**
 * Scalars as they are, lists of them joined by ",", all else in JSON: also a
 * list that would not be told from another one, where it is not known for one.
 */
function looseText({ type }: JsonField, value: unknown): string {
  if (!Array.isArray(value)) return scalarText(value) ?? JSON.stringify(value);
  const texts = elementTexts(value);
  if (!texts) return JSON.stringify(value);
  const list = texts.join(",");
  const isList = elementType(typeOfRaw(type) ?? type) !== undefined;
  return isList || !list.includes("\\") ? list : JSON.stringify(value);
}

function boolText(value: unknown): string | null {
  if (value === true || value === "true") return "T";
  if (value === false || value === "false") return "F";
  return scalarText(value);
}

function scalarText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "T" : "F";
  return typeof value === "number" ? String(value) : null;
}
