import { isNumeric } from "../record_batch.ts";
import type { BulkReader, LineSink } from "./block_scanner.ts";
import { fieldsOfHeader } from "./generic_schema.ts";
import { recognise, spellings } from "./log_type.ts";
import type { RecordStream, RecordStreams } from "./record_streams.ts";
import { fromLatin1, latin1, TextCache, utf8Text } from "./text_cache.ts";
import type { TsvField, TsvPlan } from "./tsv_bulk.ts";
import { textReader, unescape } from "./tsv_text.ts";
import { numberProblem, parseNumber, textProblem } from "./values.ts";
import {
  DEFAULT_HEADER,
  readHeaderLine,
  splitCell,
  type TsvHeader,
} from "./zeek_tsv_header.ts";

const HASH = 35, TAB = 9, SPACE = 32;

interface Column extends TsvField {
  /** Null for numbers. */
  readonly texts: TextCache | null;
}

/**
 * Zeek's tab-separated logs: header lines that name separators, log type and
 * fields, wherever in the file they come, and one record per line between.
 */
export class ZeekTsvReader implements LineSink {
  readonly #streams: RecordStreams;
  /** What records count as that no header announces. */
  readonly #logType: string;
  #header: TsvHeader = DEFAULT_HEADER;
  /** The header's lines by their names, as far as they still say something. */
  readonly #headerLines = new Map<string, string>();
  /** Cells a line must have. */
  #width = 0;
  #columns: readonly Column[] = [];
  /** Required fields that the log does not have. */
  #missing: readonly string[] = [];
  #joined = false;
  #stream: RecordStream | null = null;
  #path?: string;
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  readonly #plan: TsvPlan | null;
  #bulk: BulkReader | null = null;

  /** @param plan reads many records at once; without it, one by one. */
  constructor(
    streams: RecordStreams,
    logType: string,
    plan: TsvPlan | null = null,
  ) {
    this.#streams = streams;
    this.#logType = logType;
    this.#plan = plan;
  }

  get bulk(): BulkReader | null {
    return this.#bulk;
  }

  /**
   * Lines, as latin-1 characters, after which another reader reads what follows
   * as this one would.
   */
  get headerLines(): string[] {
    return [...this.#headerLines.values()];
  }

  /** Takes a line of a header that stands elsewhere in the log. */
  onHeader(line: string): void {
    const header = readHeaderLine(this.#header, line);
    if (header === this.#header) return;
    this.#keepHeader(line);
    if (header.cells) this.#useFields(header, header.cells);
    else this.#forgetFields();
    this.#header = header;
  }

  #keepHeader(line: string): void {
    const name = /^#\w*/.exec(line)![0];
    if (name === "#separator") this.#headerLines.clear();
    this.#headerLines.set(name, line);
  }

  onLine(bytes: Uint8Array, from: number, to: number, line: number): void {
    if (from === to) return;
    if (isHeader(bytes, from, to)) {
      return this.onHeader(latin1(bytes, from, to).trimStart());
    }
    this.#streams.lines++;
    if (this.#stream) this.#onRecord(this.#stream, bytes, from, to, line);
    else if (this.#path !== undefined) this.#streams.countOther(this.#path);
    else this.#skipLine(bytes.subarray(from, to), line, "no #fields line yet");
  }

  onLongLine(head: Uint8Array, line: number): void {
    this.#streams.lines++;
    if (!this.#stream && this.#path !== undefined) {
      return this.#streams.countOther(this.#path);
    }
    this.#skipLine(head, line, "the line is longer than 1 MiB");
  }

  #skipLine(bytes: Uint8Array, line: number, reason: string): void {
    const value = utf8Text(bytes, 0, Math.min(bytes.length, 200));
    const tally = this.#stream?.tally ?? this.#streams.tally(this.#logType);
    tally.skip({ line, field: "", value, reason });
  }

  /** Records that follow a new header are not of the earlier log. */
  #forgetFields(): void {
    this.#path = undefined;
    this.#stream = null;
    this.#bulk = null;
  }

  #useFields(header: TsvHeader, cells: readonly (readonly string[])[]): void {
    const names = cells.flat().map(fromLatin1);
    this.#path = header.path ?? recognise(names, this.#logType) ?? "unknown";
    const types = header.types?.flat();
    this.#stream = this.#streams.fitting(
      this.#path,
      () => fieldsOfHeader(names, types),
    );
    this.#joined = names.length !== cells.length;
    this.#width = names.length;
    this.#starts = new Int32Array(this.#width + 1);
    this.#ends = new Int32Array(this.#width + 1);
    this.#bulk = null;
    if (!this.#stream) {
      this.#bulk = this.#plan?.counter(header, this.#path, this.#streams) ??
        null;
      return;
    }
    this.#columns = columnsOf(header, this.#stream, names);
    const found = new Set(this.#columns.map(({ name }) => name));
    this.#missing = [...this.#stream.required]
      .filter((name) => !found.has(name));
    if (this.#joined || this.#missing.length > 0) return;
    this.#bulk = this.#plan?.reader(
      header,
      this.#width,
      this.#streams,
      this.#stream,
      this.#columns,
    ) ?? null;
  }

  #onRecord(
    stream: RecordStream,
    bytes: Uint8Array,
    from: number,
    to: number,
    line: number,
  ): void {
    if (this.#joined) {
      bytes = this.#spread(bytes, from, to);
      from = 0;
      to = bytes.length;
    }
    const n = this.#split(bytes, from, to);
    if (n !== this.#width) {
      return this.#skipLine(
        bytes.subarray(from, to),
        line,
        "wrong number of fields",
      );
    }
    if (this.#missing.length > 0) {
      return stream.skip(line, this.#missing[0], "", "is not in #fields");
    }
    const { unsetField } = this.#header, { builder } = stream;
    const starts = this.#starts, ends = this.#ends;
    let ts = NaN;
    for (const column of this.#columns) {
      const a = starts[column.cell], b = ends[column.cell];
      if (equals(bytes, a, b, unsetField)) {
        if (!column.required) continue;
        return stream.skip(
          line,
          column.name,
          utf8Text(bytes, a, b),
          "is unset",
        );
      }
      if (column.texts) {
        const text = column.texts.get(bytes, a, b);
        if (text === null) {
          return this.#skipText(stream, column, bytes, a, b, line);
        }
        builder.setText(column.f, text);
      } else {
        const value = parseNumber(bytes, a, b);
        const problem = numberProblem(column.type, value);
        if (problem) {
          const text = utf8Text(bytes, a, b);
          if (stream.unfit(line, column.name, text, problem)) continue;
          return;
        }
        builder.setNumber(column.f, value);
        if (column.name === "ts") ts = value;
      }
    }
    stream.keep(ts, line);
  }

  #skipText(
    stream: RecordStream,
    { name, type }: Column,
    bytes: Uint8Array,
    from: number,
    to: number,
    line: number,
  ): void {
    const text = fromLatin1(unescape(latin1(bytes, from, to)));
    const problem = textProblem(type, text) ?? `is not a ${type}`;
    stream.skip(line, name, text, problem);
  }

  /** Finds the cells of a line; the number of them, at most width + 1. */
  #split(bytes: Uint8Array, from: number, to: number): number {
    const { separator } = this.#header;
    const first = separator[0], size = separator.length;
    const starts = this.#starts, ends = this.#ends;
    let n = 0;
    starts[0] = from;
    for (let i = from; i < to; i++) {
      if (bytes[i] !== first) continue;
      if (size > 1 && !startsWith(bytes, i, to, separator)) continue;
      ends[n++] = i;
      if (n > this.#width) return n;
      starts[n] = i + size;
      i += size - 1;
    }
    ends[n++] = to;
    return n;
  }

  /** A line with the cells that join several values taken apart. */
  #spread(bytes: Uint8Array, from: number, to: number): Uint8Array {
    const header = this.#header;
    const separator = latin1(header.separator, 0, header.separator.length);
    const cells = latin1(bytes, from, to).split(separator);
    const values = cells.flatMap((cell, i) =>
      (header.cells![i]?.length ?? 1) > 1 ? splitCell(header, cell) : [cell]
    );
    return Uint8Array.from(values.join(separator), (c) => c.charCodeAt(0));
  }
}

/** Zeek escapes a "#" at the start of a record; some files indent the first. */
function isHeader(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes[from] === HASH) return true;
  if (bytes[from] !== TAB && bytes[from] !== SPACE) return false;
  return /^\s*#separator /.test(latin1(bytes, from, Math.min(to, from + 32)));
}

function equals(
  bytes: Uint8Array,
  from: number,
  to: number,
  what: Uint8Array,
): boolean {
  return to - from === what.length && startsWith(bytes, from, to, what);
}

function startsWith(
  bytes: Uint8Array,
  from: number,
  to: number,
  what: Uint8Array,
): boolean {
  if (to - from < what.length) return false;
  for (let i = 0; i < what.length; i++) {
    if (bytes[from + i] !== what[i]) return false;
  }
  return true;
}

/** The kept fields among `names`, each under the best of its spellings. */
function columnsOf(
  header: TsvHeader,
  { schema, required }: RecordStream,
  names: readonly string[],
): Column[] {
  return schema.fields.flatMap(({ name, type }, f) => {
    const cell = spellings(name).map((n) => names.indexOf(n))
      .find((i) => i >= 0);
    if (cell === undefined) return [];
    const texts = isNumeric(type)
      ? null
      : new TextCache(textReader(header, type));
    return [{ name, type, cell, f, required: required.has(name), texts }];
  });
}
