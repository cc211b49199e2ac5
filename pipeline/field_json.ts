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
 * stands as a text.
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
  return elementsOf(value).map((part) =>
    part === null ? null : scalarOf(element, part)
  );
}

/** The opposite of {@link fieldToJson}; undefined where it is unset. */
export function fieldFromJson(json: JsonField): string | number | undefined {
  if (json === null) return undefined;
  if (typeof json === "boolean") return json ? "T" : "F";
  if (typeof json === "string" || typeof json === "number") return json;
  return json.map((part) =>
    part === null ? UNSET : elementText(String(fieldFromJson(part)))
  ).join(",");
}

/** As Zeek writes an unset element. */
const UNSET = "-";

/**
 * An element as it stands in the text of a list, where "," parts the elements
 * and "-" is an unset one: as in Zeek's own logs, what would say something else
 * is escaped, "\\x2c", "\\x2d" and "\\\\".
 *
 * ```ts
 * import { elementsOf, elementText } from "./field_json.ts";
 * import assert from "node:assert/strict";
 *
 * const list = ["CN=a,O=b", "c"].map(elementText).join(",");
 * assert.equal(list, "CN=a\\x2cO=b,c");
 * assert.deepEqual(elementsOf(list), ["CN=a,O=b", "c"]);
 * ```
 */
export function elementText(element: string): string {
  if (element === UNSET) return "\\x2d";
  if (!/[,\\]/.test(element)) return element;
  return element.replace(/[,\\]/g, (c) => c === "," ? "\\x2c" : "\\\\");
}

/** The elements of the text of a list; null for an unset one. */
export function elementsOf(list: string): (string | null)[] {
  if (list === "") return [];
  return list.split(",").map((part) => part === UNSET ? null : unescaped(part));
}

function unescaped(part: string): string {
  if (!part.includes("\\")) return part;
  return part.replace(
    /\\(\\|x2c|x2d)/g,
    (_, c) => c === "\\" ? c : c === "x2c" ? "," : UNSET,
  );
}

function boolOf(text: string): JsonScalar {
  return text === "T" ? true : text === "F" ? false : text;
}

function scalarOf(element: string, part: string): JsonScalar {
  if (element === "bool") return boolOf(part);
  if (!isNumeric(element)) return part;
  const value = Number(part);
  return String(value) === part && Number.isFinite(value) ? value : part;
}
