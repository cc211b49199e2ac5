/**
 * What hides, reorders or breaks text: control and format characters (bidi
 * overrides, zero widths), line separators, lone surrogates, blank fillers.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0]/gu;

/**
 * Text out of a log as a page may show it: "a\u202eb" becomes "a<U+202E>b".
 * Markup is not escaped here; the renderer does that. The terminal's twin is
 * `pipeline/report/visible.ts`; a test holds them together.
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

/** The first `max` characters, and how long the whole is where that is less. */
export function cut(text: string, max: number): string {
  const all = Array.from(text.slice(0, 2 * max + 2));
  if (all.length <= max) return text;
  return `${all.slice(0, max).join("")}… (${text.length} characters)`;
}
