/**
 * How a set or vector stands in one text: its elements joined by ",". A comma
 * within an element is `\x2c`, as Zeek's own logs have it (`LogAscii`), and a
 * backslash before what would be read as such an escape is `\x5c`; all else
 * stands as it is.
 */
const TO_ESCAPE = /,|\\(?=x2c|x5c)/g;
const ESCAPED = /\\x(2c|5c)/g;

/**
 * The text of these elements.
 *
 * ```ts
 * import { joinList, splitList } from "./list_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(joinList(["a,b", "c"]), "a\\x2cb,c");
 * assert.deepEqual(splitList("a\\x2cb,c"), ["a,b", "c"]);
 * ```
 */
export function joinList(elements: readonly string[]): string {
  return elements.map(escaped).join(",");
}

/** The opposite of {@link joinList}; the empty text has no elements. */
export function splitList(text: string): string[] {
  if (text === "") return [];
  const elements = text.split(",");
  return text.includes("\\") ? elements.map(plain) : elements;
}

function escaped(element: string): string {
  if (!element.includes(",") && !element.includes("\\")) return element;
  return element.replace(
    TO_ESCAPE,
    (character) => character === "," ? "\\x2c" : "\\x5c",
  );
}

function plain(element: string): string {
  return element.replace(ESCAPED, (_, code) => code === "2c" ? "," : "\\");
}
