import { cellsOf, type CellWriter, rowsOf } from "./cut_cells.ts";
import { elementType, fieldToJson } from "./field_json.ts";
import { SkerryError } from "./errors.ts";
import {
  findLogs,
  type LogFile,
  logOfStdin,
  readLogs,
  STDIN,
  typeOfRaw,
  whyNothing,
} from "./ingest/mod.ts";
import type { RunOptions } from "./progress.ts";
import { isNumeric, type RecordBatch } from "./record_batch.ts";

export const CUT_FORMATS = ["tsv", "csv", "json"] as const;
export type CutFormat = typeof CUT_FORMATS[number];

export interface CutOptions extends RunOptions {
  /** TSV as zeek-cut has it where absent. */
  readonly format?: CutFormat;
  /** Only records of this log type. */
  readonly logType?: string;
  /** A line with the fields' names before TSV; CSV always has one. */
  readonly header?: boolean;
}

/**
 * Some fields of the records of some logs, as UTF-8 in pieces: logs in the order
 * of their paths, records in theirs; those of logs with none of the fields are
 * left out. Unset is "-" and empty "(empty)" in
 * TSV, tabs and ends of lines are escaped as Zeek does; in CSV both are empty;
 * JSON leaves unset fields out and has numbers where the log's types say so.
 *
 * @param paths files or folders; "-" is standard input.
 * @param fields Zeek's names: "id.orig_h".
 * @returns pieces, each valid until the next is asked for; then how many
 * lines were skipped, for they could not be read.
 * @throws SkerryError when a path holds no log, or no log has any of the fields.
 */
export async function* cut(
  paths: readonly string[],
  fields: readonly string[],
  options: CutOptions = {},
): AsyncGenerator<Uint8Array, number> {
  const { format = "tsv", header = format === "csv", logType } = options;
  if (format !== "json" && header) {
    const [separator, end] = format === "csv" ? [",", "\r\n"] : ["\t", "\n"];
    yield new TextEncoder().encode(fields.join(separator) + end);
  }
  let skipped = 0, met = false;
  for (const log of await logsOf(paths, options)) {
    const events = readLogs([log], {
      signal: options.signal,
      onProgress: options.onProgress,
      logTypes: logType === undefined ? "all" : new Set([logType]),
      onlyFields: fields,
      lend: true,
      ...(log.path === STDIN ? { workers: 1 } : {}),
    });
    for await (const event of events) {
      if ("batch" in event) {
        const { batch } = event;
        if (!fields.some((name) => hasField(log, batch, name))) continue;
        met = true;
        yield* linesOf(format, batch, fields);
      } else {
        for (const stream of event.report.streams) skipped += stream.skipped;
      }
    }
  }
  if (!met) {
    throw new SkerryError(
      `Cannot cut ${fields.join(", ")}: no record has ${
        fields.length === 1 ? "that field" : "any of these fields"
      }`,
      { hint: "Fields are named as in the log's #fields line: id.orig_h" },
    );
  }
  return skipped;
}

async function logsOf(
  paths: readonly string[],
  options: RunOptions,
): Promise<LogFile[]> {
  const all: LogFile[] = [];
  for (const path of paths) {
    if (path === STDIN) {
      all.push(await logOfStdin());
      continue;
    }
    const { logs, ignored } = await findLogs(path, { signal: options.signal });
    if (logs.length === 0) {
      throw new SkerryError(`Cannot read ${path}: ${whyNothing(ignored)}`);
    }
    all.push(...logs);
  }
  return all;
}

/** JSON leaves unset fields out, so there only a value tells of a field. */
function hasField(log: LogFile, batch: RecordBatch, name: string): boolean {
  return batch.has(name) &&
    (log.format === "zeek-tsv" || batch.texts(name).codes.some((c) => c > 0));
}

function linesOf(
  format: CutFormat,
  batch: RecordBatch,
  fields: readonly string[],
): Generator<Uint8Array> {
  const { texts } = batch.toParts();
  const types = new Map(batch.schema.fields.map((f) => [f.name, f.type]));
  const names = format === "json" ? fields.filter((f) => texts.has(f)) : fields;
  const columns = names.map((name, i) => {
    const after = i < names.length - 1 ? AFTER[format] : END[format];
    const type = typeOfRaw(types.get(name) ?? "") ?? "string";
    const writer = format === "json" ? jsonWriter(name, type) : {
      ...(format === "csv" ? CSV : elementType(type) ? TSV_LIST : TSV),
      after,
    };
    const column = texts.get(name) ?? {
      codes: new Uint32Array(batch.length),
      bytes: new Uint8Array(0),
      ends: new Int32Array(1),
    };
    return cellsOf(column, writer);
  });
  return rowsOf(
    batch.length,
    columns,
    format === "json"
      ? { open: "{", between: ",", close: "}\n" }
      : { open: "", between: "", close: "" },
  );
}

const AFTER = { tsv: "\t", csv: ",", json: "" };
const END = { tsv: "\n", csv: "\r\n", json: "" };

type Separated = Omit<CellWriter, "after">;

/** As Zeek's ASCII writer has it. */
const TSV: Separated = {
  isPlain: (bytes, from, to) => {
    // "-" and "(empty)" begin with what is seldom there.
    if (from === to || bytes[from] === 45 || bytes[from] === 40) return false;
    for (let i = from; i < to; i++) {
      const b = bytes[i];
      if (b < 32 || b === 127 || b === 92) return false;
    }
    return true;
  },
  cell: tsvCell,
  before: "",
  quote: "",
  unset: "-",
};

/** A list: what parts its elements, and their escapes, are as in the log. */
const TSV_LIST: Separated = {
  ...TSV,
  // Not "-": that is one unset element, and no other text of a list.
  cell: (text) =>
    // deno-lint-ignore no-control-regex
    text === "" ? "(empty)" : text.replace(/[\x00-\x1f\x7f]/g, escaped),
};

function tsvCell(text: string): string {
  if (text === "") return "(empty)";
  if (text === "-" || text === "(empty)") {
    return escaped(text[0]) + text.slice(1);
  }
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x1f\x7f]|\\/g, escaped);
}

function escaped(c: string): string {
  return c === "\\"
    ? "\\\\"
    : "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0");
}

/** RFC 4180, with spreadsheet formulas made harmless by an apostrophe. */
const CSV: Separated = {
  isPlain: (bytes, from, to) => {
    if (from < to && !isWord(bytes[from])) return false;
    for (let i = from; i < to; i++) {
      const b = bytes[i];
      if (b < 32 || b === 34 || b === 44) return false;
    }
    return true;
  },
  cell: (text) => {
    const number = /^-?\d+(\.\d+)?$/.test(text);
    const safe = !number && /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  },
  before: "",
  quote: "",
  unset: "",
};

/** A digit, a letter, or a part of one in UTF-8. */
function isWord(b: number): boolean {
  return b >= 48 && b <= 57 || b >= 65 && b <= 90 || b >= 97;
}

function jsonWriter(name: string, type: string): CellWriter {
  const around = { before: JSON.stringify(name) + ":", after: "", unset: null };
  if (isNumeric(type)) {
    return {
      ...around,
      quote: "",
      isPlain: isPlainNumber,
      cell: (text) => JSON_NUMBER.test(text) ? text : JSON.stringify(text),
    };
  }
  if (elementType(type) !== undefined) {
    return {
      ...around,
      quote: "",
      isPlain: () => false,
      cell: (text) => JSON.stringify(fieldToJson(type, text)),
    };
  }
  const flag = type === "bool";
  return {
    ...around,
    quote: '"',
    isPlain: (bytes, from, to) => !flag && isPlainText(bytes, from, to),
    cell: (text) =>
      flag && (text === "T" || text === "F")
        ? String(text === "T")
        : JSON.stringify(text),
  };
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Digits with a point among them; what begins with "0" is looked at closely. */
function isPlainNumber(bytes: Uint8Array, from: number, to: number): boolean {
  if (from === to || bytes[from] === 48 || bytes[to - 1] === 46) return false;
  let points = 0;
  for (let i = from; i < to; i++) {
    if (bytes[i] === 46 && i > from) points++;
    else if (bytes[i] < 48 || bytes[i] > 57) return false;
  }
  return points <= 1;
}

function isPlainText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (bytes[i] < 32 || bytes[i] === 34 || bytes[i] === 92) return false;
  }
  return true;
}
