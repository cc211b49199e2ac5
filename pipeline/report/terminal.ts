import { wrap } from "../wording.ts";

export { wrap };

/** What the terminal can show; decided once by the command line. */
export interface Terminal {
  /** Columns to fill. */
  readonly width: number;
  readonly colour: boolean;
  /** Box and bar characters; "-" and "#" otherwise. */
  readonly unicode: boolean;
}

export const PLAIN: Terminal = { width: 100, colour: false, unicode: true };

type Style = "bold" | "dim" | "accent";

const CODES: Record<Style, string> = {
  bold: "1",
  dim: "2",
  accent: "38;5;208",
};

export function styled(terminal: Terminal, style: Style, text: string): string {
  return terminal.colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
}

/** A label and its text, further lines under the text. */
export function labelled(
  terminal: Terminal,
  label: string,
  text: string,
  indent = 13,
): string {
  const head = "  " + label.padEnd(indent - 2);
  const lines = wrap(text, terminal.width - indent);
  return styled(terminal, "dim", head) + lines.join("\n" + " ".repeat(indent));
}

export function rule(terminal: Terminal): string {
  const char = terminal.unicode ? "─" : "-";
  return "  " + styled(terminal, "dim", char.repeat(terminal.width - 2));
}

const BLOCKS = ["▂", "▄", "▆", "█"];

/** Four bars and a word: severity is never a colour. */
export function severityMark(terminal: Terminal, severity: string): string {
  const level = ["none", "low", "medium", "high", "critical"].indexOf(severity);
  const bars = Array.from(
    { length: 4 },
    (_, i) => i < level ? (terminal.unicode ? BLOCKS[i] : "#") : " ",
  ).join("");
  return `${bars} ${severity}`;
}
