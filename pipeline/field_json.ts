// How a field's value stands in JSON, by its Zeek type.
import { isNumeric } from "./record_batch.ts";

export type JsonScalar = string | number | boolean | null;
export type JsonField = JsonScalar | readonly JsonScalar[];

/** "interval" of "vector[interval]"; undefined for a type that is no list. */
export function elementType(type: string): string | undefined {
  return /^(?:set|table|vector)\[(.*)\]$/.exec(type)?.[1];
}

/**
 * The JSON of a value as a batch holds it: a bool is true or false, a set or
 * vector an array, empty where the log has "(empty)". JSON has no infinity: it
 * stands as a text. A batch joins a list by ",", so that an element with a
 * comma in it becomes two.
 *
 * ```ts
 * import { fieldToJson } from "./field_json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(fieldToJson("vector[interval]", "60,-"), [60, null]);
 * assert.deepEqual(fieldToJson("set[string]", ""), []);
 * assert.equal(fieldToJson("bool", "T"), true);
 * ```
 */
export function fieldToJson(type: string, value: string | number): JsonField {
  if (typeof value === "number") {
    return Number.isFinite(value) ? value : String(value);
  }
  if (type === "bool") return boolOf(value);
  const element = elementType(type);
  if (element === undefined) return value;
  if (value === "") return [];
  return value.split(",").map((part) => scalarOf(element, part));
}

/** The opposite of {@link fieldToJson}; undefined where it is unset. */
export function fieldFromJson(json: JsonField): string | number | undefined {
  if (json === null) return undefined;
  if (typeof json === "boolean") return json ? "T" : "F";
  if (typeof json === "string" || typeof json === "number") return json;
  return json.map((part) => part === null ? UNSET : String(fieldFromJson(part)))
    .join(",");
}

/** As Zeek writes an unset element. */
const UNSET = "-";

function boolOf(text: string): JsonScalar {
  return text === "T" ? true : text === "F" ? false : text;
}

function scalarOf(element: string, part: string): JsonScalar {
  if (element === "bool") return boolOf(part);
  if (!isNumeric(element)) return part;
  if (part === UNSET) return null;
  const value = Number(part);
  return String(value) === part && Number.isFinite(value) ? value : part;
}
