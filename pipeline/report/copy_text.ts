import type { CopyReport } from "../store/copy_store.ts";
import { count, plural } from "../wording.ts";
import { csv } from "./csv.ts";
import { styled, type Terminal } from "./terminal.ts";

/** What was copied, table by table; the checksum's first digits tell it apart. */
export function copyText({ tables }: CopyReport, terminal: Terminal): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const width = Math.max(5, ...tables.map(({ name }) => name.length));
  return [
    "",
    styled(
      terminal,
      "dim",
      `  ${"table".padEnd(width)}  ${"rows".padStart(11)}  sha256`,
    ),
    ...tables.map(({ name, rows, checksum }) =>
      `  ${name.padEnd(width)}  ${count(rows).padStart(11)}  ${
        checksum.slice(0, 16)
      }`
    ),
    "",
    `  ${plural(rows, "row")} copied; counts and checksums agree on both sides`,
    "",
  ].join("\n");
}

export function copyCsv({ tables }: CopyReport): string {
  return csv(
    ["table", "rows", "checksum"],
    tables.map(({ name, rows, checksum }) => [name, rows, checksum]),
  );
}
