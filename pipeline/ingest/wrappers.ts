import { typeOfName } from "./record_types.ts";
import type { JsonRecord } from "./zeek_json.ts";

/** Keys by which a record is known to be one, and not what it came in. */
const OWN = ["ts", "_path", "@path", "@stream", "_stream"];

/**
 * Where shippers put a record, or its text: Filebeat (`message`,
 * `event.original`), Splunk (`event`, `result._raw`, `_raw`), Elasticsearch's
 * exports (`_source`), Fluentd and Docker (`log`).
 */
const PLACES = [
  ["message"],
  ["event", "original"],
  ["event"],
  ["_source"],
  ["result", "_raw"],
  ["result"],
  ["_raw"],
  ["log"],
];

/** Wrappers within wrappers that are opened. */
const DEEPEST = 4;

/** The record within what a shipper made of it; the same where it is bare. */
export function unwrapped(record: JsonRecord, depth = 0): JsonRecord {
  if (depth === DEEPEST || OWN.some((key) => key in record)) return record;
  for (const place of PLACES) {
    const inner = asRecord(at(record, place));
    if (!inner) continue;
    const found = unwrapped(inner, depth + 1);
    if (OWN.some((key) => key in found)) return withPath(found, record);
  }
  return record;
}

/** Keys by which a record names its log type. */
const PATHS = OWN.slice(1);

/** Filebeat says which file a record is from; by default Zeek's JSON does not. */
function withPath(record: JsonRecord, wrapper: JsonRecord): JsonRecord {
  const path = at(wrapper, ["log", "file", "path"]);
  if (typeof path !== "string" || PATHS.some((key) => key in record)) {
    return record;
  }
  const type = typeOfName(path);
  return type === undefined ? record : { _path: type, ...record };
}

function at(record: JsonRecord, place: readonly string[]): unknown {
  let value: unknown = record;
  for (const key of place) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as JsonRecord)[key];
  }
  return value;
}

function asRecord(value: unknown): JsonRecord | undefined {
  if (typeof value === "string" && value.trimStart().startsWith("{")) {
    try {
      value = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonRecord
    : undefined;
}
