/** A record of a CSV file and the line on which it begins, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The records of a CSV text (RFC 4180): quoted cells may hold commas, doubled
 * quotes and line ends. Blank lines and lines that begin with # are left out.
 *
 * ```ts
 * import { csvRows } from "./csv_rows.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(csvRows('a,"b, ""c"""\n# no\n1,2'), [
 *   { line: 1, cells: ["a", 'b, "c"'] },
 *   { line: 3, cells: ["1", "2"] },
 * ]);
 * ```
 */
export function csvRows(text: string, separator = ","): CsvRow[] {
  return [...eachCsvRow(text, separator)];
}

/** As {@link csvRows}, one after the other, for files of many. */
export function* eachCsvRow(
  text: string,
  separator = ",",
): Generator<CsvRow> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1;
    if (lines[i].trim() === "" || lines[i].startsWith("#")) continue;
    let record = lines[i];
    // An odd number of quotes: the cell goes on in the next line.
    while (isOpen(record) && i + 1 < lines.length) record += "\n" + lines[++i];
    yield { line, cells: cellsOf(record, separator) };
  }
}

function isOpen(record: string): boolean {
  return record.includes('"') && record.split('"').length % 2 === 0;
}

function cellsOf(record: string, separator: string): string[] {
  if (!record.includes('"')) {
    return record.split(separator).map((cell) => cell.trim());
  }
  const cells: string[] = [];
  let cell = "", quoted = false;
  for (let i = 0; i < record.length; i++) {
    const c = record[i];
    if (c === '"' && quoted && record[i + 1] === '"') cell += record[++i];
    else if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += c;
  }
  cells.push(cell.trim());
  return cells;
}
