import { cut, visible } from "../../islands/_visible.ts";

/** More than this is cut, with its length and a way to see it all. */
const LONG = 160;

/** Text out of a log, as it is, in mono; what hides in it made visible. */
export function LogText({ text }: { text: string }) {
  const shown = visible(text);
  const short = cut(shown, LONG);
  if (short === shown) return <span class="mono">{shown}</span>;
  return (
    <details class="long">
      <summary class="mono">{short}</summary>
      <span class="mono">{shown}</span>
    </details>
  );
}

/** A sentence in which the given names stand in mono. */
export function Sentence(
  { text, names }: { text: string; names: readonly (string | null)[] },
) {
  const shown = visible(text);
  const marked = names.filter((n) => n !== null && n.length > 2) as string[];
  const parts = splitAt(shown, marked.map(visible));
  return (
    <>
      {parts.map((part, i) =>
        i % 2 === 0 ? part : <span key={i} class="mono">{part}</span>
      )}
    </>
  );
}

/** Text and names in turn, beginning with text. */
function splitAt(text: string, names: readonly string[]): string[] {
  if (names.length === 0) return [text];
  const longestFirst = [...names].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((n) =>
    n.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  );
  return text.split(new RegExp(`(${escaped.join("|")})`));
}
