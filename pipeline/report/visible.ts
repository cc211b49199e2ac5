/**
 * What hides, reorders or breaks text: control and format characters (bidi
 * overrides, zero widths), line separators, lone surrogates, blank fillers.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0]/gu;

/**
 * Log text is hostile: what a terminal would obey or hide becomes a tag.
 *
 * ```ts
 * import { visible } from "./visible.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(visible("a\u001b[31m\u202eb"), "a<0x1B>[31m<U+202E>b");
 * ```
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (c) => {
    const code = c.codePointAt(0)!;
    const hex = code.toString(16).toUpperCase();
    return code < 0x100
      ? `<0x${hex.padStart(2, "0")}>`
      : `<U+${hex.padStart(4, "0")}>`;
  });
}
