import { fileProblem, messageOf, SkerryError, UsageError } from "../mod.ts";
import type { Call } from "./command.ts";

/** What a command shows, each made only when it is asked for. */
export interface Output {
  json(): unknown;
  csv(): string;
  text(): string;
}

/**
 * Whether what a command finds can be written where it is asked for: better
 * known before a hunt of an hour than after it.
 *
 * @throws UsageError, SkerryError
 */
export async function checkOutput({ flags }: Pick<Call, "flags">) {
  const json = flags.text("json"), csv = flags.text("csv");
  if (json === "-" && csv === "-") {
    throw new UsageError(
      "Cannot write JSON and CSV to the same stdout: give one of them a file",
    );
  }
  for (const path of [json, csv]) {
    if (!path || path === "-") continue;
    try {
      await Deno.stat(path.replace(/[^/\\]*$/, "") || ".");
    } catch (error) {
      throw unwritable(path, error);
    }
  }
}

/** Files for --json and --csv; text on stdout unless one of them is "-". */
export async function deliver(call: Call, output: Output): Promise<void> {
  call.progress.clear();
  const json = call.flags.text("json"), csv = call.flags.text("csv");
  if (json) await write(json, JSON.stringify(output.json(), null, 2) + "\n");
  if (csv) await write(csv, output.csv());
  if (json !== "-" && csv !== "-") print(output.text());
}

/** @throws SkerryError when the file cannot be written. */
export async function write(path: string, text: string): Promise<void> {
  if (path === "-") return print(text, "");
  try {
    await Deno.writeTextFile(path, text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): SkerryError {
  return new SkerryError(
    `Cannot write ${path}: ${fileProblem(error, "there is no such folder")}`,
    { cause: error },
  );
}

/** Results, to stdout. */
export function print(text: string, end = "\n"): void {
  printBytes(new TextEncoder().encode(text + end));
}

/** @throws SkerryError where stdout takes no more; BrokenPipe where nobody reads on. */
export function printBytes(bytes: Uint8Array): void {
  try {
    writeAll(Deno.stdout, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw error;
    throw new SkerryError(
      `Cannot write to standard output: ${messageOf(error)}`,
      { hint: "Free some space, or write elsewhere.", cause: error },
    );
  }
}

/** Everything else, to stderr. */
export function note(text: string): void {
  writeAll(Deno.stderr, new TextEncoder().encode(text));
}

function writeAll(
  to: { writeSync(p: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
}
