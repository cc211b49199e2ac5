import type { StoredRecord } from "../store/session_store.ts";
import { count, time } from "../wording.ts";
import { visible } from "./visible.ts";

/** Longer lines are cut: the fields are in JSON and CSV. */
const LINE = 300;

/**
 * Records of any log, a line each: when, which log, then its fields under
 * Zeek's names, those that are unset left out; at the end file and line.
 */
export function storedRecordsText(
  records: readonly StoredRecord[],
  timeZone: string,
  more: boolean,
): string {
  if (records.length === 0) return "\n  There is none.\n";
  const lines = records.map(({ logType, file, line, fields }) => {
    const { ts, ...others } = fields;
    const told = Object.entries(others).map(([name, value]) =>
      `${name}=${value}`
    );
    const text = [time(Number(ts), timeZone), logType, ...told].join("  ");
    const place = file === undefined
      ? ""
      : `  ${file}${line === undefined ? "" : `:${line}`}`;
    return "  " +
      visible((text.length > LINE ? text.slice(0, LINE) + "…" : text) + place);
  });
  if (more) lines.push("  … there are more: --limit N");
  return ["", ...lines, ""].join("\n");
}

/**
 * Records as rows, each with its log as `_path`, as Zeek's JSON has it, and
 * behind its fields the file and line where it stands, as `_file` and `_line`.
 */
export function rowsOf(
  records: readonly StoredRecord[],
): Record<string, string | number>[] {
  return records.map(({ logType, file, line, fields }) => ({
    _path: logType,
    ...fields,
    ...(file === undefined ? {} : { _file: file }),
    ...(line === undefined ? {} : { _line: line }),
  }));
}

/** Which logs a dataset holds, most records first. */
export function logTypesText(
  records: Readonly<Record<string, number>>,
): string {
  const types = Object.entries(records).sort(([, a], [, b]) => b - a);
  if (types.length === 0) return "\n  There is none.\n";
  return [
    "",
    ...types.map(([logType, n]) =>
      `  ${count(n).padStart(12)}  ${visible(logType)}`
    ),
    "",
  ].join("\n");
}
