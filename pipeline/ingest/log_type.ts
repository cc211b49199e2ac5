import type { Field, Schema } from "../record_batch.ts";
import { conn } from "./log_types/conn.ts";
import { dns } from "./log_types/dns.ts";
import { http } from "./log_types/http.ts";
import { open } from "./log_types/open.ts";
import { ssl } from "./log_types/ssl.ts";

/** A kind of log that is kept. */
export interface LogType {
  readonly schema: Schema;
  /** Whether a log that does not name its path is of this type, by its fields. */
  readonly looksLike: (names: ReadonlySet<string>) => boolean;
}

/** All that are kept. A new one is a file in `log_types/` and a line here. */
export const logTypes: readonly LogType[] = [
  conn,
  http,
  dns,
  ssl,
  open(conn),
  open(http),
  open(ssl),
];

/** Schemas of {@link logTypes}, by path. */
export const schemas: ReadonlyMap<string, Schema> = new Map(
  logTypes.map(({ schema }) => [schema.path, schema]),
);

/** Where a record must have a value; without one it says nothing usable. */
export const REQUIRED: ReadonlySet<string> = new Set([
  "ts",
  "id.orig_h",
  "id.orig_p",
  "id.resp_h",
  "id.resp_p",
]);

/**
 * Keys of which a record of one type has none unless it looks like another, or
 * like that one itself: those that `looksLike` of some type asks for.
 */
const TELLING = [
  ["conn_state"],
  ["trans_depth", "call_id", "seq", "request_from", "response_from"],
  ["trans_id"],
  ["resumed", "established", "ssl_history", "ja3", "cert_chain_fps"],
];

/** Keys that may make a record without a path one of another type. */
export function tellingKeys(path: string): string[] {
  const closed = path.replace(/^open_/, "");
  const own = ["conn", "http", "dns", "ssl"].indexOf(closed);
  // What http must not have tells of another type, too.
  return TELLING.flatMap((names, i) =>
    i !== own ? names : i === 1 ? names.slice(1) : []
  );
}

/**
 * The path of the first log type that has such fields, else undefined.
 *
 * @param hint what the file is taken for: its name may tell "open_conn" from
 * "conn", its fields cannot.
 */
export function recognise(
  names: Iterable<string>,
  hint?: string,
): string | undefined {
  const set = new Set(names);
  const path = logTypes.find((type) => type.looksLike(set))?.schema.path;
  return path && hint === `open_${path}` ? hint : path;
}

/** The schema with the fields that it lacks added at its end. */
export function extend(schema: Schema, extra: readonly Field[]): Schema {
  const known = new Set(schema.fields.map(({ name }) => name));
  const more = extra.filter(({ name }) => !known.has(name));
  return { path: schema.path, fields: [...schema.fields, ...more] };
}

/**
 * Not `_node_name` or `peer`: those are workers of one sensor, among which the
 * connections of a pair are spread.
 */
const SENSOR = ["_system_name", "@system"];

/**
 * The names under which logs have a field, the best first: "id.orig_h" is
 * "id_orig_h" where dots cannot stand; shippers name the sensor differently.
 */
export function spellings(name: string): readonly string[] {
  if (name === "_system_name") return SENSOR;
  return name.includes(".") ? [name, name.replaceAll(".", "_")] : [name];
}
