import type { Field } from "../record_batch.ts";
import { spellings } from "./log_type.ts";
import { knownTypes } from "./record_types.ts";

/** More fields than any log has; a log with more is not read. */
export const MOST_FIELDS = 1000;

/** What these are in every log; all other types come from the log, or none. */
const KNOWN: Readonly<Record<string, string>> = {
  ts: "time",
  uid: "string",
  _system_name: "string",
  "id.orig_h": "addr",
  "id.orig_p": "port",
  "id.resp_h": "addr",
  "id.resp_p": "port",
};

const RAW = "raw ";

/** The type of a field that is kept as the text in which the log has it. */
export function rawType(type = "string"): string {
  return RAW + type;
}

/** The type that a field kept as text has in its log; else undefined. */
export function typeOfRaw(type: string): string | undefined {
  return type.startsWith(RAW) ? type.slice(RAW.length) : undefined;
}

const CANONICAL = new Map(
  Object.keys(KNOWN).flatMap((name) => spellings(name).map((s) => [s, name])),
);

/**
 * The fields of a log that has no schema here, as its header names them.
 *
 * @param types the header's types; what has none is a text.
 */
export function fieldsOfHeader(
  names: readonly string[],
  types: readonly string[] = [],
): Field[] {
  const fields = new Map<string, Field>();
  names.forEach((given, i) => {
    const name = CANONICAL.get(given) ?? given;
    const type = KNOWN[name] ?? (types[i] || "string");
    if (name !== "" && !fields.has(name)) fields.set(name, { name, type });
  });
  return [...fields.values()];
}

/**
 * The fields of a JSON record: texts, but for when and who and where Zeek's
 * documentation says otherwise.
 *
 * @param passed keys that are no fields.
 */
export function fieldsOfRecord(
  logType: string,
  keys: readonly string[],
  passed: readonly string[],
): Field[] {
  const names = keys.filter((key) => !passed.includes(key));
  const types = knownTypes(logType);
  return fieldsOfHeader(names, names.map((name) => types.get(name) ?? ""));
}
