import type { RunOptions } from "../progress.ts";
import { concat, LogBytes } from "./log_bytes.ts";
import type { LogFile } from "./log_file.ts";
import { latin1 } from "./text_cache.ts";

/** More than any header has. */
const MOST_BYTES = 1 << 20;
/**
 * Bytes read at once: most headers are shorter. Every part of a log reads its
 * header, and fresh memory for more costs above a millisecond.
 */
const READ_BYTES = 1 << 12;
const HASH = 35, LF = 10, CR = 13, SPACE = 32, TAB = 9;
const BOM = [0xef, 0xbb, 0xbf];

/**
 * The lines that a log begins with and that start with "#", as latin-1
 * characters.
 */
export async function headerLines(
  log: LogFile,
  { signal }: RunOptions,
): Promise<string[]> {
  let head = new Uint8Array(0);
  for await (const chunk of beginning(log, signal)) {
    head = concat(head, chunk);
    const lines = linesOf(head);
    if (lines || head.length >= MOST_BYTES) return lines ?? [];
  }
  // A line that is no header ends it, as any record would.
  return linesOf(concat(head, Uint8Array.of(LF, 0, LF))) ?? [];
}

/** The first line of a log, which is the header of a table of flows. */
export async function firstLine(
  log: LogFile,
  { signal }: RunOptions,
): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  for await (const chunk of beginning(log, signal)) {
    head = concat(head, chunk);
    const lf = head.indexOf(LF);
    if (lf >= 0) return head.slice(0, lf);
    if (head.length >= MOST_BYTES) break;
  }
  return head;
}

function beginning(
  log: LogFile,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const room = new Uint8Array(READ_BYTES);
  return new LogBytes(log, { signal, room: () => room }).chunks();
}

/** Null where more bytes are needed to know where the header ends. */
function linesOf(head: Uint8Array): string[] | null {
  const lines: string[] = [];
  let from = BOM.every((b, i) => head[i] === b) ? BOM.length : 0;
  for (;;) {
    const lf = head.indexOf(LF, from);
    if (lf < 0) return null;
    const to = lf > from && head[lf - 1] === CR ? lf - 1 : lf;
    if (to > from) {
      // Some files indent their first line.
      while (head[from] === SPACE || head[from] === TAB) from++;
      if (head[from] !== HASH) return lines;
      lines.push(latin1(head, from, to));
    }
    from = lf + 1;
  }
}
