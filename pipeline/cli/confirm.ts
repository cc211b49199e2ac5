import { type Flag, UsageError, visible } from "../mod.ts";
import type { Call } from "./command.ts";
import { note } from "./output.ts";

export const YES: Flag = {
  name: "yes",
  short: "y",
  doc: "remove without asking",
};

/**
 * Says what is about to be removed, and goes on with `--yes`, or when somebody
 * at the terminal answers y.
 *
 * @param action as in "delete office".
 * @throws UsageError without `--yes` where nobody can be asked.
 */
export async function confirmed(
  call: Call,
  action: string,
  about: readonly string[],
): Promise<boolean> {
  call.progress.clear();
  note(about.map((line) => `  ${visible(line)}\n`).join(""));
  if (call.flags.on("yes")) return true;
  if (!Deno.stdin.isTerminal()) {
    throw new UsageError(
      `Cannot ${action}: nobody can be asked whether it is meant`,
      { hint: "add --yes" },
    );
  }
  note("  Go on? [y/N] ");
  const answer = await lineFrom(Deno.stdin.readable, call.signal);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  note("  Nothing was removed.\n");
  return false;
}

/** One line, without its end; what was there when the input ended. */
export async function lineFrom(
  input: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<string> {
  const reader = input.getReader();
  const stop = () => reader.cancel();
  signal.addEventListener("abort", stop);
  const text = new TextDecoder();
  let line = "";
  try {
    while (!line.includes("\n")) {
      const { value, done } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      line += text.decode(value, { stream: true });
    }
  } finally {
    signal.removeEventListener("abort", stop);
    reader.releaseLock();
  }
  return line.split(/\r?\n/)[0];
}
