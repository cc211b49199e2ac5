const CONTROL =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Log text is hostile: control and direction characters become visible tags.
 *
 * ```ts
 * import { visible } from "./visible.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(visible("a\u001b[31m\u202eb"), "a<0x1B>[31m<U+202E>b");
 * ```
 */
export function visible(text: string): string {
  return text.replace(CONTROL, (c) => {
    const hex = c.charCodeAt(0).toString(16).toUpperCase();
    return c < "\u0100"
      ? `<0x${hex.padStart(2, "0")}>`
      : `<U+${hex.padStart(4, "0")}>`;
  });
}
