import { UsageError, visible } from "../mod.ts";
import type { Call } from "./command.ts";
import { note } from "./output.ts";

/** Keys that end or edit a line, as a terminal in raw mode sends them. */
const CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, NEWLINE = 10, RETURN = 13;
const DELETE = 127, CTRL_U = 21;

/**
 * A line typed at the terminal, which does not show it.
 *
 * @throws UsageError when nothing is typed; AbortError on Ctrl-C.
 */
export async function askPassword(
  call: Call,
  location: string,
): Promise<string> {
  note(`  Password for ${visible(location.split("?")[0])}: `);
  Deno.stdin.setRaw(true);
  try {
    const password = await typedLine(Deno.stdin, call.signal);
    if (password !== "") return password;
  } finally {
    Deno.stdin.setRaw(false);
    note("\n");
  }
  throw new UsageError("Cannot open the store: no password was given");
}

/** Bytes until Return, edited by Backspace and Ctrl-U. */
export async function typedLine(
  from: { read(p: Uint8Array): Promise<number | null> },
  signal: AbortSignal,
): Promise<string> {
  let line: number[] = [];
  const buffer = new Uint8Array(256);
  for (;;) {
    const n = await from.read(buffer);
    signal.throwIfAborted();
    if (n === null) return textOf(line);
    for (const byte of buffer.subarray(0, n)) {
      if (byte === RETURN || byte === NEWLINE || byte === CTRL_D) {
        return textOf(line);
      }
      if (byte === CTRL_C) throw new DOMException("stopped", "AbortError");
      if (byte === CTRL_U) line = [];
      else if (byte === BACKSPACE || byte === DELETE) dropLast(line);
      else line.push(byte);
    }
  }
}

/** One character, of one to four bytes. */
function dropLast(line: number[]): void {
  while (line.length > 0 && (line.at(-1)! & 0xc0) === 0x80) line.pop();
  line.pop();
}

function textOf(line: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(line));
}
