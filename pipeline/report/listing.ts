import type { DatasetSummary } from "../store/session_store.ts";
import { count, plural, time } from "../wording.ts";
import { csv } from "./csv.ts";
import type { Terminal } from "./terminal.ts";
import { styled } from "./terminal.ts";
import { visible } from "./visible.ts";

type Row = Readonly<Record<string, string | number>>;

/** Records as CSV, columns in the order in which they are first met. */
export function recordsCsv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return csv(columns, rows.map((row) => columns.map((column) => row[column])));
}

/** One line for a connection or request: when, who, to whom, what. */
export function recordLine(row: Row, timeZone: string): string {
  const port = row["id.resp_p"] === undefined ? "" : `:${row["id.resp_p"]}`;
  const what = row.host ?? row.service ?? row.proto ?? "";
  const sizes = row.trans_depth !== undefined || row.method
    ? `${row.method ?? "–"} ${row.uri ?? ""}`
    : `${row.orig_bytes ?? "–"} B up, ${row.resp_bytes ?? "–"} B down, ${
      row.duration ?? "–"
    } s`;
  const text = `${time(Number(row.ts), timeZone)}  ${row["id.orig_h"]} → ${
    row["id.resp_h"]
  }${port}  ${what}  ${sizes}  ${row.uid ?? ""}`;
  return visible(text.length > 300 ? text.slice(0, 300) + "…" : text);
}

/** Records in the order in which they come, and whether there are more. */
export function recordsText(
  rows: readonly Row[],
  timeZone: string,
  more: boolean,
): string {
  if (rows.length === 0) return "\n  There is none.\n";
  const lines = rows.map((row) => `  ${recordLine(row, timeZone)}`);
  if (more) lines.push("  … there are more: --limit N");
  return ["", ...lines, ""].join("\n");
}

/** What the store holds, a block per dataset. */
export function datasetsText(
  datasets: readonly DatasetSummary[],
  terminal: Terminal,
  timeZone: string,
): string {
  if (datasets.length === 0) {
    return "\n  The store is empty. Fill it with   skerry run DIR\n";
  }
  const blocks = datasets.map((dataset) => {
    const records = Object.entries(dataset.records)
      .map(([type, n]) => `${type} ${count(n)}`).join(", ");
    const window = dataset.firstTs === null || dataset.lastTs === null
      ? "no records"
      : `${time(dataset.firstTs, timeZone)} to ${
        time(dataset.lastTs, timeZone)
      } ${timeZone}`;
    return [
      "  " + styled(terminal, "bold", visible(dataset.name)),
      `    ${plural(dataset.files, "file")}, ${records || "no records"}; ${
        plural(dataset.skipped, "line")
      } skipped; ${plural(dataset.runs, "run")}`,
      `    ${window}`,
    ].join("\n");
  });
  return "\n" + blocks.join("\n\n") + "\n";
}
