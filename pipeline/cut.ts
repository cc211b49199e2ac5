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

/** Characters of text that are handed on at once. */
const PIECE = 1 << 16;

/**
 * Some fields of the records of some logs, as text in pieces: logs in the order
 * of their paths, records in theirs; those of logs with none of the fields are
 * left out. Unset is "-" and empty "(empty)" in
 * TSV, tabs and ends of lines are escaped as Zeek does; in CSV both are empty;
 * JSON leaves unset fields out and has numbers where the log's types say so.
 *
 * @param paths files or folders; "-" is standard input.
 * @param fields Zeek's names: "id.orig_h".
 * @returns lines that were skipped, for they could not be read.
 * @throws SkerryError when a path holds no log, or no log has any of the fields.
 */
export async function* cut(
  paths: readonly string[],
  fields: readonly string[],
  options: CutOptions = {},
): AsyncGenerator<string, number> {
  const { format = "tsv", header = format === "csv", logType } = options;
  if (format !== "json" && header) {
    yield fields.join(format === "csv" ? "," : "\t") +
      (format === "csv" ? "\r\n" : "\n");
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
        yield* LINES[format](batch, fields);
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

type Lines = (
  batch: RecordBatch,
  fields: readonly string[],
) => Generator<string>;

const LINES: Readonly<Record<CutFormat, Lines>> = {
  tsv: (batch, fields) => joined(batch, fields, tsvCell, "-", "\t", "\n"),
  csv: (batch, fields) => joined(batch, fields, csvCell, "", ",", "\r\n"),
  json: jsonLines,
};

/** Each distinct text is written once: most come many times. */
function* joined(
  batch: RecordBatch,
  fields: readonly string[],
  cell: (text: string) => string,
  unset: string,
  separator: string,
  end: string,
): Generator<string> {
  const columns = fields.map((name, i) => {
    const { codes, values } = batch.texts(name);
    const after = i === fields.length - 1 ? end : separator;
    const cells = values.map((text, code) =>
      (code === 0 ? unset : cell(text)) + after
    );
    return { codes, cells };
  });
  let piece = "";
  for (let i = 0; i < batch.length; i++) {
    for (const { codes, cells } of columns) piece += cells[codes[i]];
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/** As Zeek's ASCII writer has it. */
function tsvCell(text: string): string {
  if (text === "") return "(empty)";
  if (text === "-" || text === "(empty)") {
    return escaped(text[0]) + text.slice(1);
  }
  // deno-lint-ignore no-control-regex
  return /[\x00-\x1f\x7f\\]/.test(text)
    // deno-lint-ignore no-control-regex
    ? text.replace(/[\x00-\x1f\x7f]|\\/g, escaped)
    : text;
}

function escaped(c: string): string {
  return c === "\\"
    ? "\\\\"
    : "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0");
}

/** RFC 4180, with spreadsheet formulas made harmless by an apostrophe. */
function csvCell(text: string): string {
  const number = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !number && /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function* jsonLines(
  batch: RecordBatch,
  fields: readonly string[],
): Generator<string> {
  const types = new Map(batch.schema.fields.map((f) => [f.name, f.type]));
  const columns = fields.filter((name) => batch.has(name)).map((name) => {
    const { codes, values } = batch.texts(name);
    const type = typeOfRaw(types.get(name) ?? "") ?? "string";
    const key = JSON.stringify(name) + ":";
    return { codes, cells: values.map((text) => key + jsonCell(text, type)) };
  });
  let piece = "";
  for (let i = 0; i < batch.length; i++) {
    let line = "";
    for (const { codes, cells } of columns) {
      const code = codes[i];
      if (code !== 0) line += (line === "" ? "" : ",") + cells[code];
    }
    piece += `{${line}}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function jsonCell(text: string, type: string): string {
  if (isNumeric(type) && JSON_NUMBER.test(text)) return text;
  if (type === "bool" && (text === "T" || text === "F")) {
    return text === "T" ? "true" : "false";
  }
  return JSON.stringify(text);
}
