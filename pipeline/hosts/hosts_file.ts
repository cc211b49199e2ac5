import {
  addressBytes,
  contains,
  type Network,
  parseNetwork,
} from "../address.ts";
import { parseTime } from "../config.ts";
import { messageOf, SkerryError } from "../errors.ts";
import { type CsvRow, csvRows } from "../csv_rows.ts";

/** A line of the user's hosts file. */
export interface HostEntry {
  readonly network: Network;
  /** Epoch seconds, from ≤ ts < to; always where infinite. */
  readonly from: number;
  readonly to: number;
  /** "" where the file does not say. */
  readonly name: string;
  readonly owner: string;
  readonly role: string;
}

/** The columns that there may be; only the address must be. */
export const HOST_COLUMNS = [
  "address",
  "from",
  "to",
  "name",
  "owner",
  "role",
] as const;

type Column = typeof HOST_COLUMNS[number];

/**
 * The hosts of a CSV file with a header: `address` (one, or a CIDR), `from`,
 * `to` (2024-04-19T12:00 in UTC, or epoch seconds), `name`, `owner`, `role`.
 *
 * ```ts
 * import { parseHosts } from "./hosts_file.ts";
 * import assert from "node:assert/strict";
 *
 * const [host] = parseHosts("address,name\n10.0.0.7,printer\n", "hosts.csv");
 * assert.equal(host.name, "printer");
 * ```
 * @param path for messages.
 * @throws SkerryError with file, line, column and value for the first that
 * cannot be read.
 */
export function parseHosts(text: string, path: string): HostEntry[] {
  const [header, ...rows] = csvRows(text);
  const columns = header?.cells.map((cell) => cell.toLowerCase()) ?? [];
  const unknown = columns.filter((name) =>
    !(HOST_COLUMNS as readonly string[]).includes(name)
  );
  if (!columns.includes("address") || unknown.length > 0) {
    const why = unknown.length > 0
      ? `there is no column ${JSON.stringify(unknown[0])}`
      : "its first line names no column address";
    throw new SkerryError(`Cannot read ${path}: ${why}`, {
      hint: `the first line names columns out of ${HOST_COLUMNS.join(", ")}`,
    });
  }
  return rows.map((row) => entryOf(row, columns, path));
}

function entryOf(
  { line, cells }: CsvRow,
  columns: readonly string[],
  path: string,
): HostEntry {
  const cell = (name: Column) => cells[columns.indexOf(name)] ?? "";
  const parsed = <T>(name: Column, parse: (text: string) => T): T => {
    try {
      return parse(cell(name));
    } catch (cause) {
      throw unreadable(path, line, name, cell(name), messageOf(cause), cause);
    }
  };
  const time = (name: Column, otherwise: number) =>
    cell(name) === "" ? otherwise : parsed(name, parseTime);
  const entry = {
    network: parsed("address", parseNetwork),
    from: time("from", -Infinity),
    to: time("to", Infinity),
    name: cell("name"),
    owner: cell("owner"),
    role: cell("role"),
  };
  if (cells.length > columns.length) {
    const extra = cells[columns.length];
    throw unreadable(path, line, "", extra, "the header has fewer columns");
  }
  if (entry.from >= entry.to) {
    throw unreadable(path, line, "to", cell("to"), "it is not after from");
  }
  if (!entry.name && !entry.owner && !entry.role) {
    throw unreadable(path, line, "name", "", "nothing is said of the host");
  }
  return entry;
}

function unreadable(
  path: string,
  line: number,
  column: string,
  value: string,
  why: string,
  cause?: unknown,
): SkerryError {
  const what = column === "" ? "" : ` ${column}`;
  return new SkerryError(
    `Cannot read ${path}:${line}:${what} ${
      JSON.stringify(value.slice(0, 200))
    }: ${why}`,
    { cause },
  );
}

/**
 * What the file says of an address in a stretch of time: the narrowest network
 * counts, of two the later line.
 *
 * @param from epoch seconds.
 */
export function entryFor(
  entries: readonly HostEntry[],
  address: string,
  from: number,
  to: number,
): HostEntry | null {
  const bytes = addressBytes(address);
  let best: HostEntry | null = null;
  if (bytes === null) return best;
  for (const entry of entries) {
    if (entry.network.prefix < (best?.network.prefix ?? 0)) continue;
    if (entry.from > to || entry.to <= from) continue;
    if (contains(entry.network, bytes)) best = entry;
  }
  return best;
}
