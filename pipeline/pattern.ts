/**
 * A test whether text fits a pattern in which * stands for any characters;
 * any case. Takes time in proportion to the text, whatever the pattern.
 *
 * ```ts
 * import { patternTest } from "./pattern.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(patternTest("*.example.org")("WWW.example.org"));
 * assert.ok(!patternTest("*.example.org")("example.org"));
 * ```
 */
export function patternTest(pattern: string): (text: string) => boolean {
  const parts = pattern.toLowerCase().split("*");
  const whole = parts.length === 1;
  const first = parts.shift()!, last = parts.pop() ?? "";
  return (given) => {
    const text = given.toLowerCase();
    if (whole) return text === first;
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const part of parts) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}
